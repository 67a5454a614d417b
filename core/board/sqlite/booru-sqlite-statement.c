/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prepared statements, their values and their rows. */
#include "board/sqlite/booru-sqlite-db.h"

#include <errno.h>

typedef struct
{
  BooruSqlStatement head;
  sqlite3_stmt *handle;
} Statement;

static sqlite3_stmt *
handle_of (BooruSqlStatement *statement)
{
  return ((Statement *)statement)->handle;
}

static BooruSqlStatement *
prepare (BooruSql *sql, const char *name, const char *text, const char *format, GError **error)
{
  BooruSqliteDb *db = booru_sqlite_db_of (sql);
  sqlite3_stmt *handle = NULL;
  Statement *self;
  int code = sqlite3_prepare_v3 (db->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);

  if (code != SQLITE_OK)
    {
      booru_sqlite_db_fail (db, code, error);
      return NULL;
    }
  self = g_new0 (Statement, 1);
  self->handle = handle;
  return &self->head;
}

static void
free_statement (BooruSqlStatement *statement)
{
  sqlite3_finalize (handle_of (statement));
  g_free (statement);
}

static void
reset (BooruSqlStatement *statement)
{
  sqlite3_reset (handle_of (statement));
  sqlite3_clear_bindings (handle_of (statement));
}

static void
bind_null (BooruSqlStatement *statement, guint index)
{
  sqlite3_bind_null (handle_of (statement), (int)index);
}

static void
bind_number (BooruSqlStatement *statement, guint index, gint64 value)
{
  sqlite3_bind_int64 (handle_of (statement), (int)index, value);
}

static void
bind_double (BooruSqlStatement *statement, guint index, double value)
{
  sqlite3_bind_double (handle_of (statement), (int)index, value);
}

static void
bind_text (BooruSqlStatement *statement, guint index, const char *text, gsize length)
{
  sqlite3_bind_text64 (handle_of (statement), (int)index, text, length, SQLITE_TRANSIENT,
                       SQLITE_UTF8);
}

static void
bind_bytes (BooruSqlStatement *statement, guint index, const void *bytes, gsize length)
{
  sqlite3_bind_blob64 (handle_of (statement), (int)index, length > 0 ? bytes : "", length,
                       SQLITE_TRANSIENT);
}

static BooruSqlStep
step (BooruSqlStatement *statement, GError **error)
{
  int code;

  errno = 0;
  code = sqlite3_step (handle_of (statement));
  if (code == SQLITE_ROW)
    return BOORU_SQL_ROW;
  if (code == SQLITE_DONE)
    return BOORU_SQL_DONE;
  booru_sqlite_db_fail (booru_sqlite_db_of (statement->sql), code, error);
  return BOORU_SQL_ERROR;
}

static gint64
get_number (BooruSqlStatement *statement, guint column)
{
  return sqlite3_column_int64 (handle_of (statement), (int)column);
}

static double
get_double (BooruSqlStatement *statement, guint column)
{
  return sqlite3_column_double (handle_of (statement), (int)column);
}

static const char *
get_text (BooruSqlStatement *statement, guint column)
{
  return (const char *)sqlite3_column_text (handle_of (statement), (int)column);
}

static const void *
get_bytes (BooruSqlStatement *statement, guint column, gsize *length)
{
  const void *bytes = sqlite3_column_blob (handle_of (statement), (int)column);

  *length = (gsize)sqlite3_column_bytes (handle_of (statement), (int)column);
  return bytes;
}

static gboolean
is_null (BooruSqlStatement *statement, guint column)
{
  return sqlite3_column_type (handle_of (statement), (int)column) == SQLITE_NULL;
}

void
booru_sqlite_statement_class_init (BooruSqlClass *klass)
{
  klass->prepare = prepare;
  klass->free_statement = free_statement;
  klass->reset = reset;
  klass->bind_null = bind_null;
  klass->bind_number = bind_number;
  klass->bind_double = bind_double;
  klass->bind_text = bind_text;
  klass->bind_bytes = bind_bytes;
  klass->step = step;
  klass->get_number = get_number;
  klass->get_double = get_double;
  klass->get_text = get_text;
  klass->get_bytes = get_bytes;
  klass->is_null = is_null;
}
