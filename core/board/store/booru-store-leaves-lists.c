/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pool:, favgroup: and their orders; search:. */
#include "board/store/booru-store-leaves-private.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/booru-id-list.h"
#include "board/booru-store-records.h"
#include "board/sql/booru-sql-select.h"
#include "board/store/booru-store-index-private.h"

/* Of each saved search the newest posts. */
#define SAVED_POSTS 1000
#define SAVED_SEARCHES 100

static gboolean
is_number (const char *text)
{
  return *text != '\0' && strspn (text, "0123456789") == strlen (text);
}

static gboolean
list_posts_in (BooruStore *store,
               const char *statement,
               const GArray *ids,
               GArray *hits,
               GError **error)
{
  g_autofree char *json = booru_sql_numbers_to_json ((const gint64 *)(gpointer)ids->data, ids->len);

  return booru_store_collect_hits (booru_sql_query (store->sql, error, statement, "s", json), hits,
                                   error);
}

/* Pools. */

/* Those of a category, or with a name that matches. */
static GArray *
find_pools (BooruStore *store, const char *field, const char *value, GError **error)
{
  const BooruRecordType *type = booru_record_type_get (BOORU_RECORD_POOL);
  g_autoptr (BooruFilter) filter = booru_filter_new (type->fields, type->n_fields);
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (BooruIndexHit));
  GArray *ids = booru_id_list_new ();

  booru_filter_add (filter, field, value, NULL);
  if (!booru_store_collect_hits (
          booru_sql_select_all (store->sql, "id, 0", type->table, filter, error), hits, error))
    {
      g_array_unref (ids);
      return NULL;
    }
  for (guint i = 0; i < hits->len; i++)
    g_array_append_val (ids, g_array_index (hits, BooruIndexHit, i).id);
  return ids;
}

/* 0: there is none. */
static gboolean
find_pool (BooruStore *store, const char *name, gint64 *id, GError **error)
{
  g_autoptr (GError) problem = NULL;

  *id = booru_store_find_pool (store, name, &problem);
  if (problem == NULL || booru_err_notfound (problem))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static gboolean
read_pools (BooruStore *store, const BooruQueryNode *node, GArray *hits, GError **error)
{
  const char *name = node->presence == BOORU_QUERY_ANY ? NULL : node->words->pdata[0];
  g_autoptr (GArray) ids = NULL;
  gint64 id;

  if (name == NULL)
    return booru_store_collect_hits (
        booru_sql_query (store->sql, error, "list-posts-in-any-pool", ""), hits, error);
  if (g_ascii_strcasecmp (name, "series") == 0 || g_ascii_strcasecmp (name, "collection") == 0)
    ids = find_pools (store, "category", name, error);
  else if (strchr (name, '*') != NULL)
    ids = find_pools (store, "name_like", name, error);
  else if (find_pool (store, name, &id, error))
    {
      ids = booru_id_list_new ();
      if (id != 0)
        g_array_append_val (ids, id);
    }
  return ids != NULL && list_posts_in (store, "list-posts-in-pools", ids, hits, error);
}

static gboolean
read_pool_in_order (BooruStore *store, const BooruQueryNode *node, GArray *hits, GError **error)
{
  gint64 id;

  return find_pool (store, node->words->pdata[0], &id, error)
         && booru_store_collect_hits (
             booru_sql_query (store->sql, error, "list-posts-of-pool", "x", id), hits, error);
}

/* Favourite groups: by name one of the asker's, by number any that the asker may see. */

static gboolean
find_group (BooruStore *store, const BooruQueryNode *node, gint64 *id, GError **error)
{
  const char *name = node->words->pdata[0];
  g_autofree char *plain = g_strdelimit (g_strdup (name), " ", '_');

  if (is_number (name))
    return booru_sql_read_number (store->sql, id, error, "find-visible-favorite-group", "xx",
                                  g_ascii_strtoll (name, NULL, 10), node->asker);
  return booru_sql_read_number (store->sql, id, error, "find-favorite-group", "xs", node->asker,
                                plain);
}

static gboolean
read_groups (BooruStore *store, const BooruQueryNode *node, GArray *hits, GError **error)
{
  gint64 id;

  if (node->presence == BOORU_QUERY_ANY)
    return booru_store_collect_hits (
        booru_sql_query (store->sql, error, "list-posts-in-favorite-groups", "x", node->asker),
        hits, error);
  return find_group (store, node, &id, error)
         && booru_store_collect_hits (
             booru_sql_query (store->sql, error, "list-posts-of-favorite-group", "x", id), hits,
             error);
}

/* Saved searches. */

static GPtrArray *
list_searches (BooruStore *store, const BooruQueryNode *node, GError **error)
{
  const BooruRecordType *type = booru_record_type_get (BOORU_RECORD_SAVED_SEARCH);
  const char *label = node->presence == BOORU_QUERY_ANY ? "all" : node->words->pdata[0];
  g_autoptr (BooruFilter) filter = booru_filter_new (type->fields, type->n_fields);
  g_autoptr (BooruUser) asker = booru_user_new (node->asker, "", BOORU_ACCESS_VIEWER);
  BooruPage page = { BOORU_PAGE_NUMBER, 1, SAVED_SEARCHES };

  booru_filter_set_page (filter, &page);
  if (g_ascii_strcasecmp (label, "all") != 0
      && !booru_filter_add (filter, "labels_include_all_lower", label, error))
    return NULL;
  return booru_store_list_records (store, type, filter, FALSE, asker, error);
}

static int
compare_hits (gconstpointer a, gconstpointer b)
{
  gint64 left = ((const BooruIndexHit *)a)->id, right = ((const BooruIndexHit *)b)->id;

  return (left > right) - (left < right);
}

static gboolean
add_search (BooruStore *store, const char *text, GHashTable *seen, GArray *hits, GError **error)
{
  /* By nobody: a search that asks for saved searches would never end. */
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  BooruPage page = { BOORU_PAGE_NUMBER, 1, SAVED_POSTS };
  g_autoptr (GError) problem = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  /* Of the index that asks. A search that is too complex finds nothing. */
  if (!booru_index_search (store->index->index, query, &page, ids, &problem)
      && !booru_err_limit (problem))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  for (guint i = 0; i < ids->len; i++)
    {
      BooruIndexHit hit = { g_array_index (ids, gint64, i), 0 };

      if (g_hash_table_add (seen, g_memdup2 (&hit.id, sizeof hit.id)))
        g_array_append_val (hits, hit);
    }
  return TRUE;
}

static gboolean
read_saved_searches (BooruStore *store, const BooruQueryNode *node, GArray *hits, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GPtrArray) searches = NULL;

  if (node->asker == 0)
    return TRUE;
  searches = list_searches (store, node, error);
  if (searches == NULL)
    return FALSE;
  for (guint i = 0; i < searches->len; i++)
    if (!add_search (store, booru_record_get_text (searches->pdata[i], "query"), seen, hits, error))
      return FALSE;
  g_array_sort (hits, compare_hits);
  return TRUE;
}

gboolean
booru_store_read_list_leaf (BooruStore *store,
                            const BooruQueryNode *node,
                            GArray *hits,
                            GError **error)
{
  switch (node->metatag)
    {
    case BOORU_METATAG_POOL:
      return read_pools (store, node, hits, error);
    case BOORU_METATAG_ORDPOOL:
      return read_pool_in_order (store, node, hits, error);
    case BOORU_METATAG_FAVGROUP:
    case BOORU_METATAG_ORDFAVGROUP:
      return read_groups (store, node, hits, error);
    case BOORU_METATAG_SEARCH:
      return read_saved_searches (store, node, hits, error);
    default:
      return TRUE; /* there is none of it on any post */
    }
}
