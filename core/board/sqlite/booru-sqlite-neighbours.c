/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The posts next to one in the order of a search. */
#include "board/sqlite/booru-sqlite-search.h"

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
