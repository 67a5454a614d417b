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
  g_clear_pointer (&self->query, booru_query_unref);
  g_clear_pointer (&self->selection, booru_sqlite_selection_free);
}

/* Mixes all bits: splitmix64, https://prng.di.unimi.it/splitmix64.c */
static guint64
mix (guint64 x)
{
  x += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ (x >> 31);
}

/* shuffle (seed, id): where a post stands in the random order of the seed. */
static void
shuffle (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  guint64 seed = (guint64)sqlite3_value_int64 (values[0]);

  sqlite3_result_int64 (context,
                        (gint64)(mix (mix (seed) ^ (guint64)sqlite3_value_int64 (values[1])) >> 1));
}

gboolean
booru_sqlite_search_add_functions (sqlite3 *handle)
{
  return sqlite3_create_function_v2 (handle, "shuffle", 2,
                                     SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
                                     shuffle, NULL, NULL, NULL)
         == SQLITE_OK;
}

/* The expression that a search is sorted by before the id; NULL: none. @seed: of a random order. */
static char *
dup_sort (const BooruSqliteSelection *selection, guint seed)
{
  if (!selection->is_random)
    return g_strdup (selection->sort);
  if (seed == 0)
    return NULL;
  return g_strdup_printf ("shuffle (%u, %s)", seed, selection->sorts_all ? "p.id" : selection->id);
}

/* Binds the parameters from @index on; returns the index behind them. */
static int
bind_parameters (BooruSqliteStatement *statement, int index, const GPtrArray *parameters)
{
  for (guint i = 0; i < parameters->len; i++, index++)
    {
      GVariant *value = parameters->pdata[i];
      guint8 md5[16];

      if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
        sqlite3_bind_int64 (statement, index, g_variant_get_int64 (value));
      else if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
        sqlite3_bind_double (statement, index, g_variant_get_double (value));
      else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
        sqlite3_bind_text (statement, index, g_variant_get_string (value, NULL), -1,
                           SQLITE_TRANSIENT);
      else if (g_variant_is_of_type (value, G_VARIANT_TYPE ("ax")))
        sqlite3_bind_blob64 (statement, index, g_variant_get_data (value),
                             g_variant_get_size (value), SQLITE_TRANSIENT);
      else if (booru_sqlite_md5_from_hex (g_variant_get_bytestring (value), md5))
        sqlite3_bind_blob (statement, index, md5, sizeof md5, SQLITE_TRANSIENT);
    }
  return index;
}

/* Appends the ids that a statement yields. */
static gboolean
collect_ids (BooruSqliteDb *db, BooruSqliteStatement *statement, GArray *ids, GError **error)
{
  int code;

  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);

      g_array_append_val (ids, id);
    }
  return code == SQLITE_DONE;
}

static void
reverse_ids (GArray *ids)
{
  for (guint i = 0; i < ids->len / 2; i++)
    {
      gint64 *first = &g_array_index (ids, gint64, i);
      gint64 *last = &g_array_index (ids, gint64, ids->len - 1 - i);
      gint64 swapped = *first;

      *first = *last;
      *last = swapped;
    }
}

/* One page in an order that the database makes. */
static gboolean
find_page (BooruSqliteDb *db,
           BooruSqliteSelection *selection,
           const BooruPage *page,
           GArray *ids,
           GError **error)
{
  gboolean numbered = page->kind == BOORU_PAGE_NUMBER;
  gboolean after = page->kind == BOORU_PAGE_AFTER;
  gboolean upwards = after != selection->is_negated;
  gint64 bound = selection->is_negated ? -page->value : page->value;
  g_autofree char *shuffle = selection->is_random ? dup_sort (selection, page->seed) : NULL;
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (BooruSqliteStatement) statement = NULL;
  int index;

  if (numbered && selection->sorts_all)
    g_string_printf (sql, "SELECT p.id %s", selection->all);
  else
    g_string_printf (sql, "SELECT %s %s", selection->id, selection->from);
  if (numbered)
    g_string_append_printf (sql, " ORDER BY %s LIMIT ? OFFSET ?",
                            !selection->is_random ? selection->order
                            : shuffle             ? shuffle
                                                  : "random()");
  else
    g_string_append_printf (sql, " AND %s %s ? ORDER BY %s %s LIMIT ?", selection->key,
                            upwards ? ">" : "<", selection->key, upwards ? "ASC" : "DESC");

  statement = booru_sqlite_db_prepare (db, sql->str, error);
  if (statement == NULL)
    return FALSE;
  index = bind_parameters (statement, 1, selection->parameters);
  if (numbered)
    index = bind_parameters (statement, index, selection->order_parameters);
  sqlite3_bind_int64 (statement, index, numbered ? page->limit : bound);
  sqlite3_bind_int64 (statement, index + 1,
                      numbered ? (MAX (page->value, 1) - 1) * page->limit : page->limit);
  if (!collect_ids (db, statement, ids, error))
    return FALSE;
  if (after)
    reverse_ids (ids);
  return TRUE;
}

/* A row with what the post at @id is sorted by; no row: there is no such post. */
static BooruSqliteStatement *
prepare_anchor (BooruSqliteDb *db,
                const BooruSqliteSelection *selection,
                const char *sort,
                gint64 id,
                GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "SELECT %s FROM posts AS p, (SELECT -? AS rowid) AS post_index WHERE p.id = ?", sort);
  BooruSqliteStatement *statement = booru_sqlite_db_prepare (db, sql, error);
  int index;

  if (statement == NULL)
    return NULL;
  index = bind_parameters (statement, 1, selection->order_parameters);
  sqlite3_bind_int64 (statement, index, id);
  sqlite3_bind_int64 (statement, index + 1, id);
  return statement;
}

static gboolean
find_beside (BooruSqliteDb *db,
             const BooruSqliteSelection *selection,
             const BooruPage *page,
             const char *sort,
             GArray *ids,
             GError **error)
{
  gboolean following = page->kind == BOORU_PAGE_FOLLOWING;
  gboolean down = !selection->is_random && selection->sorts_down;
  const char *id = selection->sorts_all ? "p.id" : selection->id;
  const char *sort_sign = down == following ? "<" : ">";
  const char *id_sign = selection->ids_down == following ? "<" : ">";
  g_autoptr (BooruSqliteStatement) anchor
      = prepare_anchor (db, selection, sort, page->value, error);
  g_autoptr (BooruSqliteStatement) statement = NULL;
  g_autofree char *sql = NULL;
  int code = anchor ? booru_sqlite_db_step (db, anchor, error) : SQLITE_ERROR, index;

  if (code != SQLITE_ROW)
    return code == SQLITE_DONE;
  sql = g_strdup_printf ("SELECT %s %s AND (%s %s ? OR (%s = ? AND %s %s ?)) "
                         "ORDER BY %s %s, %s %s LIMIT ?",
                         id, selection->sorts_all ? selection->all : selection->from, sort,
                         sort_sign, sort, id, id_sign, sort, *sort_sign == '<' ? "DESC" : "ASC", id,
                         *id_sign == '<' ? "DESC" : "ASC");
  statement = booru_sqlite_db_prepare (db, sql, error);
  if (statement == NULL)
    return FALSE;
  index = bind_parameters (statement, 1, selection->parameters);
  for (guint i = 0; i < 2; i++)
    {
      index = bind_parameters (statement, index, selection->order_parameters);
      sqlite3_bind_value (statement, index++, sqlite3_column_value (anchor, 0));
    }
  sqlite3_bind_int64 (statement, index++, page->value);
  index = bind_parameters (statement, index, selection->order_parameters);
  sqlite3_bind_int64 (statement, index, page->limit);
  return collect_ids (db, statement, ids, error);
}

static gboolean
find_neighbours (BooruSqliteDb *db,
                 BooruSqliteSelection *selection,
                 const BooruPage *page,
                 GArray *ids,
                 GError **error)
{
  g_autofree char *sort = dup_sort (selection, page->seed);
  gboolean following = page->kind == BOORU_PAGE_FOLLOWING;
  BooruPage by_id = { following == selection->ids_down ? BOORU_PAGE_BEFORE : BOORU_PAGE_AFTER,
                      page->value, page->limit, 0 };

  if (sort)
    return find_beside (db, selection, page, sort, ids, error);
  if (!find_page (db, selection, &by_id, ids, error))
    return FALSE;
  if (by_id.kind == BOORU_PAGE_AFTER)
    reverse_ids (ids);
  return TRUE;
}

static gint64
find_last_id (BooruSqliteDb *db, BooruSqliteSelection *selection, GError **error)
{
  g_autoptr (GArray) ids = booru_sqlite_tag_ids_new ();
  const BooruPage page = { BOORU_PAGE_BEFORE, G_MAXINT64, 1, 0 };

  if (!find_page (db, selection, &page, ids, error))
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
      sqlite3_bind_int64 (statement, bind_parameters (statement, 1, selection->parameters),
                          selection->is_negated ? -drawn_id : drawn_id);
      if (!collect_ids (db, statement, ids, error))
        return FALSE;
      for (guint i = 0; i < drawn && ids->len > drawn; i++)
        if (g_array_index (ids, gint64, i) == g_array_index (ids, gint64, drawn))
          g_array_set_size (ids, drawn);
    }
  return TRUE;
}

/* Transfer none, until the next call. */
static BooruSqliteSelection *
ensure_selection (BooruSqliteDb *db,
                  BooruSqliteCountCache *cache,
                  const BooruQuery *query,
                  GError **error)
{
  if (cache->query == query && cache->selected == db->generation)
    return cache->selection;
  g_clear_pointer (&cache->query, booru_query_unref);
  g_clear_pointer (&cache->selection, booru_sqlite_selection_free);
  cache->selection = booru_sqlite_compile (db, query, error);
  cache->query = cache->selection ? booru_query_ref ((BooruQuery *)query) : NULL;
  cache->selected = db->generation;
  return cache->selection;
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
  bind_parameters (statement, 1, selection->count_parameters);
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
  BooruSqliteSelection *selection = ensure_selection (db, cache, query, error);
  g_autoptr (GArray) ids = booru_sqlite_tag_ids_new ();
  gboolean found = TRUE;

  if (selection == NULL)
    return NULL;
  if (selection->empty)
    found = TRUE;
  else if (page->kind == BOORU_PAGE_PRECEDING || page->kind == BOORU_PAGE_FOLLOWING)
    found = find_neighbours (db, selection, page, ids, error);
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
          found = find_page (db, selection, page, ids, error);
        }
    }
  else
    found = find_page (db, selection, page, ids, error);
  return found ? booru_sqlite_posts_get (db, ids, error) : NULL;
}

gint64
booru_sqlite_count (BooruSqliteDb *db,
                    BooruSqliteCountCache *cache,
                    const BooruQuery *query,
                    GError **error)
{
  g_autofree char *key = booru_query_to_string (query);
  BooruSqliteSelection *selection;
  gint64 *known, count;

  if (cache->generation != db->generation)
    {
      g_hash_table_remove_all (cache->by_query);
      cache->generation = db->generation;
    }
  known = g_hash_table_lookup (cache->by_query, key);
  if (known != NULL)
    return *known;

  selection = ensure_selection (db, cache, query, error);
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
