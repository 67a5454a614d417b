/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can still be read of a damaged database, row by row.
 *
 * SQLite reads a table in the order of its rowids and stops at the first page that makes no sense.
 * The range behind that place is halved and tried again, until what is lost is known to the row.
 */
#include "board/sqlite/booru-sqlite-salvage.h"

#include "base/booru-error.h"

/* Where the table itself cannot say how far its rowids go. */
#define GUESSED_LAST_ROW 1000000

/* Derived from other tables, or of the moment only. */
static const char *const derived_tables[]
    = { "post_counts", "file_counts", "leases",         "phash_blocks",
        "board",       "changes",     "login_attempts", NULL };

typedef struct
{
  BooruSqliteDb *from, *to;
  const char *name;
  gboolean has_rowid;
  GString *columns; /* "a, b": those that both have */
  GString *key;     /* of a table without rowids: "a DESC, b DESC" */
  guint n_columns;
  sqlite3_stmt *insert;
  BooruSqliteSalvage *salvage;
} Table;

static void
table_clear (Table *self)
{
  g_string_free (self->columns, TRUE);
  g_string_free (self->key, TRUE);
  sqlite3_finalize (self->insert);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Table, table_clear)

/* NULL: the database is too damaged even for that. */
static sqlite3_stmt *
prepare (BooruSqliteDb *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  sqlite3_prepare_v2 (db->handle, sql, -1, &statement, NULL);
  return statement;
}

static GHashTable *
list_columns (BooruSqliteDb *db, const char *table)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sqlite3_stmt *statement = prepare (db, "SELECT name FROM pragma_table_info (?1)");

  sqlite3_bind_text (statement, 1, table, -1, SQLITE_STATIC);
  while (statement && sqlite3_step (statement) == SQLITE_ROW)
    g_hash_table_add (names, g_strdup ((const char *)sqlite3_column_text (statement, 0)));
  sqlite3_finalize (statement);
  return names;
}

/* FALSE: the old database has no such table. */
static gboolean
compare_columns (Table *self)
{
  g_autoptr (GHashTable) there = list_columns (self->from, self->name);
  sqlite3_stmt *statement
      = prepare (self->to, "SELECT name, pk FROM pragma_table_info (?1) ORDER BY pk");

  sqlite3_bind_text (statement, 1, self->name, -1, SQLITE_STATIC);
  while (statement && sqlite3_step (statement) == SQLITE_ROW)
    {
      const char *column = (const char *)sqlite3_column_text (statement, 0);

      if (sqlite3_column_int (statement, 1) > 0)
        g_string_append_printf (self->key, "%s%s DESC", self->key->len > 0 ? ", " : "", column);
      if (!g_hash_table_contains (there, column))
        continue;
      g_string_append_printf (self->columns, "%s%s", self->n_columns > 0 ? ", " : "", column);
      self->n_columns++;
    }
  sqlite3_finalize (statement);
  return self->n_columns > 0;
}

static gboolean
prepare_insert (Table *self, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_printf (sql, "INSERT OR IGNORE INTO %s (%s) VALUES (?1", self->name, self->columns->str);
  for (guint i = 2; i <= self->n_columns; i++)
    g_string_append_printf (sql, ", ?%u", i);
  g_string_append_c (sql, ')');
  self->insert = prepare (self->to, sql->str);
  return self->insert != NULL
         || booru_sqlite_db_fail (self->to, sqlite3_extended_errcode (self->to->handle), error);
}

/* Damage that is not noticed as such shows in texts that are none. */
static gboolean
is_sound (sqlite3_value *value)
{
  const char *text;

  if (sqlite3_value_type (value) != SQLITE_TEXT)
    return TRUE;
  text = (const char *)sqlite3_value_text (value);
  return text != NULL && g_utf8_validate (text, sqlite3_value_bytes (value), NULL);
}

static gboolean
take_row (Table *self, sqlite3_stmt *row, int first, GError **error)
{
  int code;

  sqlite3_reset (self->insert);
  for (guint i = 0; i < self->n_columns; i++)
    {
      sqlite3_value *value = sqlite3_column_value (row, first + (int)i);

      if (!is_sound (value))
        {
          self->salvage->n_gaps++;
          return TRUE;
        }
      sqlite3_bind_value (self->insert, (int)i + 1, value);
    }
  code = sqlite3_step (self->insert);
  sqlite3_reset (self->insert);
  /* A row that the schema refuses is damaged, too. */
  if ((code & 0xff) == SQLITE_CONSTRAINT)
    self->salvage->n_gaps++;
  else if (code != SQLITE_DONE)
    return booru_sqlite_db_fail (self->to, code, error);
  else
    self->salvage->n_rows += (guint64)sqlite3_changes64 (self->to->handle);
  return TRUE;
}

/* Rows after @low, up to @high. *reached: the last one before the damage; @high if there is none.
 */
static gboolean
take_rows (Table *self, gint64 low, gint64 high, gint64 *reached, GError **error)
{
  g_autofree char *sql
      = g_strdup_printf ("SELECT rowid, %s FROM %s WHERE rowid > ?1 AND rowid <= ?2 "
                         "ORDER BY rowid",
                         self->columns->str, self->name);
  sqlite3_stmt *statement = prepare (self->from, sql);
  gboolean taken = TRUE;
  int code = SQLITE_CORRUPT;

  *reached = low;
  sqlite3_bind_int64 (statement, 1, low);
  sqlite3_bind_int64 (statement, 2, high);
  while (taken && statement && (code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      *reached = CLAMP (sqlite3_column_int64 (statement, 0), low, high);
      taken = take_row (self, statement, 1, error);
    }
  sqlite3_finalize (statement);
  if (code == SQLITE_DONE)
    *reached = high;
  return taken;
}

static gboolean
take_range (Table *self, gint64 low, gint64 high, GError **error)
{
  gint64 reached, middle;

  if (!take_rows (self, low, high, &reached, error))
    return FALSE;
  if (reached >= high)
    return TRUE;
  if (high - reached == 1)
    {
      self->salvage->n_gaps++;
      return TRUE;
    }
  middle = reached + (high - reached) / 2;
  return take_range (self, reached, middle, error) && take_range (self, middle, high, error);
}

static gint64
ask_number (BooruSqliteDb *db, const char *sql)
{
  sqlite3_stmt *statement = prepare (db, sql);
  gint64 number = -1;

  if (statement && sqlite3_step (statement) == SQLITE_ROW
      && sqlite3_column_type (statement, 0) == SQLITE_INTEGER)
    number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return number;
}

static gint64
find_last_row (Table *self)
{
  g_autofree char *sql = g_strdup_printf ("SELECT max(rowid) FROM %s", self->name);
  gint64 last = ask_number (self->from, sql);

  if (last < 0)
    last = ask_number (self->from, "SELECT max(seq) FROM sqlite_sequence");
  return last >= 0 ? last : GUESSED_LAST_ROW;
}

/* Of a table without rowids: from both ends. */
static gboolean
take_from_end (Table *self, const char *order, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM %s%s%s", self->columns->str, self->name,
                                          *order ? " ORDER BY " : "", order);
  sqlite3_stmt *statement = prepare (self->from, sql);
  gboolean taken = TRUE;

  while (taken && statement && sqlite3_step (statement) == SQLITE_ROW)
    taken = take_row (self, statement, 0, error);
  sqlite3_finalize (statement);
  return taken;
}

static gboolean
take_table (Table *self, GError **error)
{
  if (!compare_columns (self))
    return TRUE;
  if (!prepare_insert (self, error))
    return FALSE;
  if (self->has_rowid)
    return take_range (self, -1, find_last_row (self), error);
  return take_from_end (self, "", error) && take_from_end (self, self->key->str, error);
}

gboolean
booru_sqlite_salvage (BooruSqliteDb *from,
                      BooruSqliteDb *to,
                      const char *const *left_out,
                      BooruSqliteSalvage *salvage,
                      GError **error)
{
  /* Tables of our own making: those of the search index of old are virtual, or shadows. */
  sqlite3_stmt *tables
      = prepare (to, "SELECT name, wr FROM pragma_table_list "
                     "WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'");
  gboolean taken = TRUE;

  while (taken && tables && sqlite3_step (tables) == SQLITE_ROW)
    {
      g_autofree char *name = g_strdup ((const char *)sqlite3_column_text (tables, 0));
      g_auto (Table) table = { .from = from, .to = to, .name = name, .salvage = salvage };

      table.has_rowid = !sqlite3_column_int (tables, 1);
      table.columns = g_string_new (NULL);
      table.key = g_string_new (NULL);
      if (!g_strv_contains (derived_tables, name)
          && (left_out == NULL || !g_strv_contains (left_out, name)))
        taken = take_table (&table, error);
    }
  sqlite3_finalize (tables);
  return taken;
}
