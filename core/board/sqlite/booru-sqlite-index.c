/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The search index: what the query compiler asks for is written here, see schema/. */
#include "board/sqlite/booru-sqlite-posts.h"

static char *
tokens_of (const BooruSqliteIndexRow *row)
{
  GString *tokens = g_string_sized_new (16 + row->tags->len * 8);

  g_string_append_printf (tokens, "r%c s%d", row->rating, (int)row->status);
  for (guint i = 0; i < row->tags->len; i++)
    g_string_append_printf (tokens, " t%" G_GINT64_FORMAT, g_array_index (row->tags, gint64, i));
  return g_string_free (tokens, FALSE);
}

static gboolean
change (BooruSqliteDb *db, const char *name, const BooruSqliteIndexRow *row, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, name, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, row->post_id);
  sqlite3_bind_text (statement, 2, tokens_of (row), -1, g_free);
  return booru_sqlite_db_run (db, statement, error);
}

gboolean
booru_sqlite_index_add (BooruSqliteDb *db, const BooruSqliteIndexRow *row, GError **error)
{
  return change (db, "index-post", row, error);
}

gboolean
booru_sqlite_index_remove (BooruSqliteDb *db, const BooruSqliteIndexRow *row, GError **error)
{
  return change (db, "unindex-post", row, error);
}
