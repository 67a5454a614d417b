/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Searching: the compiler makes SQL that yields ids, the posts of a page are read by id. */
#include "board/sqlite/booru-sqlite-search.h"

#include "base/booru-error.h"
#include "board/sqlite/booru-sqlite-posts.h"

/* Queries whose counts are kept. When there are more, all are forgotten. */
#define MAX_CACHED_COUNTS 10000

void
booru_sqlite_count_cache_init (BooruSqliteCountCache *self)
{
  self->by_query = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
booru_sqlite_count_cache_clear (BooruSqliteCountCache *self)
{
  g_clear_pointer (&self->by_query, g_hash_table_unref);
}

static char *
interim_compile (BooruSqliteDb *db, const BooruQuery *query, const char *what)
{
  g_auto (GStrv) words = g_strsplit ("", " ", -1);
  g_autoptr (GString) match = g_string_new ("s0");
  g_autoptr (GString) not = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      gint64 id;

      if (words[i][0] == '\0')
        continue;
      booru_sqlite_tag_find (db, words[i] + (words[i][0] == '-'), &id, NULL);
      if (words[i][0] == '-')
        g_string_append_printf (not, " NOT t%" G_GINT64_FORMAT, id);
      else
        g_string_append_printf (match, " AND t%" G_GINT64_FORMAT, id);
    }
  return g_strdup_printf ("SELECT %s FROM post_index WHERE post_index MATCH '(%s)%s'", what,
                          match->str, not ->str);
}

GPtrArray *
booru_sqlite_search (BooruSqliteDb *db,
                     const BooruQuery *query,
                     const BooruPage *page,
                     GError **error)
{
  g_autofree char *base = interim_compile (db, query, "rowid");
  g_autofree char *sql = NULL;
  g_autoptr (GArray) ids = booru_sqlite_tag_ids_new ();
  int code;

  if (page->kind == BOORU_PAGE_NUMBER)
    sql = g_strdup_printf ("%s ORDER BY rowid DESC LIMIT %u OFFSET %" G_GINT64_FORMAT, base,
                           page->limit, (MAX (page->value, 1) - 1) * page->limit);
  else if (page->kind == BOORU_PAGE_BEFORE)
    sql = g_strdup_printf ("%s AND rowid < %" G_GINT64_FORMAT " ORDER BY rowid DESC LIMIT %u", base,
                           page->value, page->limit);
  else
    sql = g_strdup_printf ("SELECT * FROM (%s AND rowid > %" G_GINT64_FORMAT
                           " ORDER BY rowid LIMIT %u) ORDER BY 1 DESC",
                           base, page->value, page->limit);
  {
    g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_prepare (db, sql, error);

    if (statement == NULL)
      return NULL;
    while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
      {
        gint64 id = sqlite3_column_int64 (statement, 0);

        g_array_append_val (ids, id);
      }
  }
  return code == SQLITE_DONE ? booru_sqlite_posts_get (db, ids, error) : NULL;
}

static gint64
count_now (BooruSqliteDb *db, const BooruQuery *query, GError **error)
{
  g_autofree char *sql = interim_compile (db, query, "count(*)");
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_prepare (db, sql, error);

  if (statement == NULL || booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
    return -1;
  return sqlite3_column_int64 (statement, 0);
}

gint64
booru_sqlite_count (BooruSqliteDb *db,
                    BooruSqliteCountCache *cache,
                    const BooruQuery *query,
                    GError **error)
{
  g_autofree char *key = g_strdup ("");
  gint64 *known, count;

  if (cache->generation != db->generation)
    {
      g_hash_table_remove_all (cache->by_query);
      cache->generation = db->generation;
    }
  known = g_hash_table_lookup (cache->by_query, key);
  if (known != NULL)
    return *known;

  count = count_now (db, query, error);
  if (count < 0)
    return -1;
  if (g_hash_table_size (cache->by_query) >= MAX_CACHED_COUNTS)
    g_hash_table_remove_all (cache->by_query);
  g_hash_table_insert (cache->by_query, g_steal_pointer (&key), g_memdup2 (&count, sizeof count));
  return count;
}
