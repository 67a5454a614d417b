/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The posts next to one in the order of a search, and the random orders that stay as they are. */
#include "board/sqlite/booru-sqlite-search.h"

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
booru_sqlite_neighbours_add_functions (sqlite3 *handle)
{
  return sqlite3_create_function_v2 (handle, "shuffle", 2,
                                     SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
                                     shuffle, NULL, NULL, NULL)
         == SQLITE_OK;
}

/**
 * booru_sqlite_dup_sort:
 * @selection: what a search finds
 * @seed: of a random order
 *
 * Returns: (transfer full) (nullable): the expression that it is sorted by before the id; %NULL:
 * none
 */
char *
booru_sqlite_dup_sort (const BooruSqliteSelection *selection, guint seed)
{
  if (!selection->is_random)
    return g_strdup (selection->sort);
  if (seed == 0)
    return NULL;
  return g_strdup_printf ("shuffle (%u, %s)", seed, selection->sorts_all ? "p.id" : selection->id);
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
  index = booru_sqlite_bind_parameters (statement, 1, selection->order_parameters);
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
  index = booru_sqlite_bind_parameters (statement, 1, selection->parameters);
  for (guint i = 0; i < 2; i++)
    {
      index = booru_sqlite_bind_parameters (statement, index, selection->order_parameters);
      sqlite3_bind_value (statement, index++, sqlite3_column_value (anchor, 0));
    }
  sqlite3_bind_int64 (statement, index++, page->value);
  index = booru_sqlite_bind_parameters (statement, index, selection->order_parameters);
  sqlite3_bind_int64 (statement, index, page->limit);
  return booru_sqlite_collect_ids (db, statement, ids, error);
}

gboolean
booru_sqlite_find_neighbours (BooruSqliteDb *db,
                              BooruSqliteSelection *selection,
                              const BooruPage *page,
                              GArray *ids,
                              GError **error)
{
  g_autofree char *sort = booru_sqlite_dup_sort (selection, page->seed);
  gboolean following = page->kind == BOORU_PAGE_FOLLOWING;
  BooruPage by_id = { following == selection->ids_down ? BOORU_PAGE_BEFORE : BOORU_PAGE_AFTER,
                      page->value, page->limit, 0 };

  if (sort)
    return find_beside (db, selection, page, sort, ids, error);
  if (!booru_sqlite_find_page (db, selection, &by_id, ids, error))
    return FALSE;
  if (by_id.kind == BOORU_PAGE_AFTER)
    booru_sqlite_reverse_ids (ids);
  return TRUE;
}
