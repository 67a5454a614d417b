/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Searching: the compiler makes SQL that yields ids, the posts of a page are read by id. */
#include "board/sqlite/booru-sqlite-search.h"

#include "board/sqlite/booru-sqlite-posts.h"

/* Up to as many posts a random order sorts them all, beyond it draws from them. */
#define MAX_SHUFFLED_POSTS 20000

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

static gint64
find_last_id (BooruSqliteDb *db, BooruSqliteSelection *selection, GError **error)
{
  g_autoptr (GArray) ids = booru_sqlite_tag_ids_new ();
  const BooruPage page = { BOORU_PAGE_BEFORE, G_MAXINT64, 1, 0 };

  if (!booru_sqlite_find_page (db, selection, &page, ids, error))
    return -1;
  return ids->len > 0 ? g_array_index (ids, gint64, 0) : 0;
}

/* Random posts out of many: those that come next to random ids. A post behind a gap of ids is
 * likelier than others; in return nothing is sorted. */
static gboolean
draw_posts (BooruSqliteDb *db,
            BooruSqliteSelection *selection,
            guint limit,
            GArray *ids,
            GError **error)
{
  g_autofree char *sql
      = g_strdup_printf ("SELECT %s %s AND %s >= ? ORDER BY %s LIMIT 1", selection->id,
                         selection->from, selection->key, selection->key);
  gint64 last = find_last_id (db, selection, error);

  if (last < 0)
    return FALSE;
  for (guint tries = 0; ids->len < limit && tries < limit * 4; tries++)
    {
      g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_prepare (db, sql, error);
      gint64 drawn_id = 1 + (gint64)(g_random_double () * last);
      guint drawn = ids->len;

      if (statement == NULL)
        return FALSE;
      sqlite3_bind_int64 (statement,
                          booru_sqlite_bind_parameters (statement, 1, selection->parameters),
                          selection->is_negated ? -drawn_id : drawn_id);
      if (!booru_sqlite_collect_ids (db, statement, ids, error))
        return FALSE;
      for (guint i = 0; i < drawn && ids->len > drawn; i++)
        if (g_array_index (ids, gint64, i) == g_array_index (ids, gint64, drawn))
          g_array_set_size (ids, drawn);
    }
  return TRUE;
}

static gint64
count_selection (BooruSqliteDb *db, BooruSqliteSelection *selection, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = NULL;

  if (selection->empty)
    return 0;
  statement = booru_sqlite_db_prepare (db, selection->count, error);
  if (statement == NULL)
    return -1;
  booru_sqlite_bind_parameters (statement, 1, selection->count_parameters);
  if (booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
    return -1;
  return sqlite3_column_int64 (statement, 0);
}

GPtrArray *
booru_sqlite_search (BooruSqliteDb *db,
                     BooruSqliteCountCache *cache,
                     const BooruQuery *query,
                     const BooruPage *page,
                     GError **error)
{
  g_autoptr (BooruSqliteSelection) selection = booru_sqlite_compile (db, query, error);
  g_autoptr (GArray) ids = booru_sqlite_tag_ids_new ();
  gboolean found = TRUE;

  if (selection == NULL)
    return NULL;
  if (selection->empty)
    found = TRUE;
  else if (page->kind == BOORU_PAGE_PRECEDING || page->kind == BOORU_PAGE_FOLLOWING)
    found = booru_sqlite_find_neighbours (db, selection, page, ids, error);
  else if (selection->is_random && page->kind == BOORU_PAGE_NUMBER && page->seed == 0)
    {
      gint64 count = booru_sqlite_count (db, cache, query, error);

      if (count < 0)
        return NULL;
      if (count > MAX (MAX_SHUFFLED_POSTS, page->limit * 10))
        found = draw_posts (db, selection, page->limit, ids, error);
      /* Also where too few different ones were drawn, because they lie together. */
      if (found && ids->len < page->limit)
        {
          g_array_set_size (ids, 0);
          found = booru_sqlite_find_page (db, selection, page, ids, error);
        }
    }
  else
    found = booru_sqlite_find_page (db, selection, page, ids, error);
  return found ? booru_sqlite_posts_get (db, ids, error) : NULL;
}

gint64
booru_sqlite_count (BooruSqliteDb *db,
                    BooruSqliteCountCache *cache,
                    const BooruQuery *query,
                    GError **error)
{
  g_autofree char *key = booru_query_to_string (query);
  g_autoptr (BooruSqliteSelection) selection = NULL;
  gint64 *known, count;

  if (cache->generation != db->generation)
    {
      g_hash_table_remove_all (cache->by_query);
      cache->generation = db->generation;
    }
  known = g_hash_table_lookup (cache->by_query, key);
  if (known != NULL)
    return *known;

  selection = booru_sqlite_compile (db, query, error);
  if (selection == NULL)
    return -1;
  count = count_selection (db, selection, error);
  if (count < 0)
    return -1;
  if (g_hash_table_size (cache->by_query) >= MAX_CACHED_COUNTS)
    g_hash_table_remove_all (cache->by_query);
  g_hash_table_insert (cache->by_query, g_steal_pointer (&key), g_memdup2 (&count, sizeof count));
  return count;
}
