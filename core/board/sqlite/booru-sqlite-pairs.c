/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pairs of posts that look alike: listing them, and what is decided about them. */
#include "board/booru-pair.h"
#include "board/sqlite/booru-sqlite-compare.h"
#include "board/sqlite/booru-sqlite-posts.h"

static BooruPair *
read_pair (BooruSqliteDb *db, gint64 post_id, gint64 other_id, guint distance, GError **error)
{
  g_autoptr (BooruPair) pair = g_new0 (BooruPair, 1);

  pair->distance = distance;
  pair->post = booru_sqlite_post_get (db, post_id, error);
  if (pair->post)
    pair->other = booru_sqlite_post_get (db, other_id, error);
  return pair->other ? g_steal_pointer (&pair) : NULL;
}

GPtrArray *
booru_sqlite_pairs_list (BooruSqliteDb *db, guint limit, guint page, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "list-pairs", error);
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_pair_free);
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, limit);
  sqlite3_bind_int64 (statement, 2, (gint64)(MAX (page, 1) - 1) * limit);
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    {
      BooruPair *pair
          = read_pair (db, sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1),
                       (guint)sqlite3_column_int (statement, 2), error);

      if (pair == NULL)
        return NULL;
      g_ptr_array_add (pairs, pair);
    }
  return code == SQLITE_DONE ? g_steal_pointer (&pairs) : NULL;
}

gint64
booru_sqlite_pairs_count (BooruSqliteDb *db, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "count-pairs", error);

  if (statement == NULL || booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
    return -1;
  return sqlite3_column_int64 (statement, 0);
}
