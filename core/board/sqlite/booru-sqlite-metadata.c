/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of posts say of themselves. */
#include <string.h>

#include "base/booru-error.h"
#include "board/sqlite/booru-sqlite-posts.h"

char *
booru_sqlite_metadata_get (BooruSqliteDb *db, gint64 post_id, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "get-metadata", error);
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, post_id);
  code = booru_sqlite_db_step (db, statement, error);
  if (code == SQLITE_ROW)
    return g_strdup ((const char *)sqlite3_column_text (statement, 0));
  return code == SQLITE_DONE ? g_strdup ("{}") : NULL;
}

/* The web passes it on as it is. */
static gboolean
check (BooruSqliteDb *db, const char *metadata, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = NULL;
  int code = SQLITE_DONE;

  if (g_utf8_validate (metadata, -1, NULL))
    {
      statement = booru_sqlite_db_statement (db, "is-json-object", error);
      if (statement == NULL)
        return FALSE;
      sqlite3_bind_text (statement, 1, metadata, -1, SQLITE_STATIC);
      code = booru_sqlite_db_step (db, statement, error);
      if (code == SQLITE_ROW && sqlite3_column_int (statement, 0))
        return TRUE;
      if (code != SQLITE_ROW)
        return FALSE;
    }
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                       "The metadata of a file is not a JSON object; nothing was changed");
  return FALSE;
}

gboolean
booru_sqlite_metadata_put (BooruSqliteDb *db, gint64 post_id, const char *metadata, GError **error)
{
  gboolean empty = strcmp (metadata, "{}") == 0;
  g_autoptr (BooruSqliteStatement) statement = NULL;

  if (!check (db, metadata, error))
    return FALSE;
  statement = booru_sqlite_db_statement (db, empty ? "delete-metadata" : "put-metadata", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, post_id);
  if (!empty)
    sqlite3_bind_text (statement, 2, metadata, -1, SQLITE_STATIC);
  return booru_sqlite_db_run (db, statement, error);
}

gboolean
booru_sqlite_metadata_patch (BooruSqliteDb *db, gint64 post_id, const char *patch, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = NULL;
  g_autofree char *before = NULL, *after = NULL;

  if (!check (db, patch, error))
    return FALSE;
  before = booru_sqlite_metadata_get (db, post_id, error);
  statement = before != NULL ? booru_sqlite_db_statement (db, "patch-json", error) : NULL;
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, before, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, patch, -1, SQLITE_STATIC);
  if (booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
    return FALSE;
  after = g_strdup ((const char *)sqlite3_column_text (statement, 0));
  return booru_sqlite_metadata_put (db, post_id, after, error);
}
