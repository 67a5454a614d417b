/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/sql/booru-sql-copy.h"

#include <string.h>

#include "board/sql/booru-sql-private.h"

static gsize
get_first_key_length (const BooruSqlTable *table)
{
  return strcspn (table->key, ", ");
}

gboolean
booru_sql_read_last_key (BooruSql *self, const BooruSqlTable *table, gint64 *last, GError **error)
{
  g_autofree char *name = g_strdup_printf ("last-key %s", table->name);
  g_autofree char *text
      = g_strdup_printf ("SELECT coalesce (max (%.*s), -1) FROM %s",
                         (int)get_first_key_length (table), table->key, table->name);

  booru_sql_define (self, name, text);
  return booru_sql_read_number (self, last, error, name, "");
}

static BooruSqlStatement *
read_window (BooruSql *self, const BooruSqlTable *table, gint64 from, GError **error)
{
  g_autofree char *name = g_strdup_printf ("read %s of %s", table->columns, table->name);
  int length = (int)get_first_key_length (table);
  g_autofree char *text = g_strdup_printf (
      "SELECT %s FROM %s WHERE %.*s >= ?1 AND %.*s < ?2 ORDER BY %s", table->columns, table->name,
      length, table->key, length, table->key, table->key);

  booru_sql_define (self, name, text);
  return booru_sql_query (self, error, name, "xx", from, from + BOORU_SQL_WINDOW);
}

typedef gboolean (*RowFunc) (BooruSqlStatement *row, gpointer data, GError **error);

static gboolean
foreach_row (BooruSql *self,
             const BooruSqlTable *table,
             RowFunc func,
             gpointer data,
             gint64 *n_rows,
             GError **error)
{
  gint64 last;

  *n_rows = 0;
  if (!booru_sql_read_last_key (self, table, &last, error))
    return FALSE;
  for (gint64 from = 0; from <= last; from += BOORU_SQL_WINDOW)
    {
      g_autoptr (BooruSqlStatement) rows = read_window (self, table, from, error);
      BooruSqlStep step;

      while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
        {
          if (!func (rows, data, error))
            return FALSE;
          ++*n_rows;
        }
      if (step != BOORU_SQL_DONE)
        return FALSE;
    }
  return TRUE;
}

typedef struct
{
  BooruSql *to;
  const BooruSqlTable *table;
  char *insert; /* the statement */
  BooruSqlCopyFunc func;
  gpointer data;
  gint64 n_done;
} Copy;

static void
bind_column (BooruSqlStatement *to, BooruSqlStatement *from, guint column, char type)
{
  BooruSqlClass *driver = BOORU_SQL_GET_CLASS (to->sql);
  guint index = column + 1;
  const void *bytes;
  gsize length;

  if (booru_sql_is_null (from, column))
    driver->bind_null (to, index);
  else if (type == 'x')
    driver->bind_number (to, index, booru_sql_get_number (from, column));
  else if (type == 'd')
    driver->bind_double (to, index, booru_sql_get_double (from, column));
  else
    {
      bytes = booru_sql_get_bytes (from, column, &length);
      if (type == 's')
        driver->bind_text (to, index, length > 0 ? bytes : "", length);
      else
        driver->bind_bytes (to, index, length > 0 ? bytes : "", length);
    }
}

static gboolean
copy_row (BooruSqlStatement *row, gpointer data, GError **error)
{
  Copy *self = data;
  g_autoptr (BooruSqlStatement) insert
      = booru_sql_begin (self->to, self->insert, self->table->types, error);

  if (insert == NULL)
    return FALSE;
  for (guint i = 0; self->table->types[i] != '\0'; i++)
    bind_column (insert, row, i, self->table->types[i]);
  if (!booru_sql_post (insert, error))
    return FALSE;
  if (++self->n_done % BOORU_SQL_WINDOW == 0 && self->func != NULL)
    self->func (self->table->name, self->n_done, self->data);
  return TRUE;
}

static char *
make_insert (const BooruSqlTable *table)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "INSERT INTO %s (%s) VALUES (", table->name, table->columns);
  for (guint i = 0; table->types[i] != '\0'; i++)
    g_string_append_printf (text, "%s?%u", i > 0 ? ", " : "", i + 1);
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

gboolean
booru_sql_copy_table (BooruSql *from,
                      BooruSql *to,
                      const BooruSqlTable *table,
                      BooruSqlCopyFunc func,
                      gpointer data,
                      GError **error)
{
  g_autofree char *name = g_strdup_printf ("insert %s of %s", table->columns, table->name);
  g_autofree char *text = make_insert (table);
  Copy copy = { .to = to, .table = table, .insert = name, .func = func, .data = data };
  gint64 n_rows;

  booru_sql_define (to, name, text);
  return foreach_row (from, table, copy_row, &copy, &n_rows, error);
}

typedef struct
{
  const BooruSqlTable *table;
  GChecksum *checksum;
} Digest;

/* Each value with its kind and length before it, so that no two rows look alike. */
static void
add_value (GChecksum *checksum, char type, const void *bytes, gsize length)
{
  guint64 head = GUINT64_TO_LE ((guint64)length << 8 | (guint8)type);

  g_checksum_update (checksum, (const guchar *)&head, sizeof head);
  if (length > 0)
    g_checksum_update (checksum, bytes, (gssize)length);
}

static gboolean
add_row (BooruSqlStatement *row, gpointer data, GError **error)
{
  const Digest *self = data;

  for (guint i = 0; self->table->types[i] != '\0'; i++)
    {
      char type = self->table->types[i];
      gint64 number;
      double real;
      const void *bytes;
      gsize length;

      if (booru_sql_is_null (row, i))
        add_value (self->checksum, '0', NULL, 0);
      else if (type == 'x')
        {
          number = GINT64_TO_LE (booru_sql_get_number (row, i));
          add_value (self->checksum, type, &number, sizeof number);
        }
      else if (type == 'd')
        {
          real = booru_sql_get_double (row, i);
          add_value (self->checksum, type, &real, sizeof real);
        }
      else
        {
          bytes = booru_sql_get_bytes (row, i, &length);
          add_value (self->checksum, type, bytes, length);
        }
    }
  return TRUE;
}

gboolean
booru_sql_digest_table (BooruSql *self,
                        const BooruSqlTable *table,
                        gint64 *n_rows,
                        char **digest,
                        GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  Digest state = { table, checksum };

  if (!foreach_row (self, table, add_row, &state, n_rows, error))
    return FALSE;
  *digest = g_strdup (g_checksum_get_string (checksum));
  return TRUE;
}
