/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From names to tokens of the search index: the same tree with ids looked up and patterns expanded.
 * Its leaves are tokens (TAG) and conditions on columns (CONDITION). */
#include "board/sqlite/booru-query-compiler-private.h"

#include "board/sqlite/booru-sqlite-hashes.h"
#include "board/sqlite/booru-sqlite-tags.h"

/* Danbooru's limit. */
#define MAX_WILDCARD_TAGS 100

/* The nearest of those that are alike; nobody looks through more. */
#define MAX_SIMILAR_POSTS 1000

static BooruQueryNode *
new_list (BooruQueryNodeType type)
{
  return booru_query_node_new_list (
      type, g_ptr_array_new_with_free_func ((GDestroyNotify)booru_query_node_free));
}

static BooruQueryNode *
new_tag (gint64 id)
{
  BooruQueryNode *node = booru_query_node_new (BOORU_QUERY_TAG);

  node->text = g_strdup_printf ("t%" G_GINT64_FORMAT, id);
  return node;
}

static BooruQueryNode *
resolve_tag (BooruSqliteDb *db, const char *name, GError **error)
{
  gint64 id;

  if (!booru_sqlite_tag_find (db, name, &id, error))
    return NULL;
  return id ? new_tag (id) : booru_query_node_new (BOORU_QUERY_NONE);
}

/* GLOB knows more than our *: its other signs are made plain. */
static char *
glob_pattern (const char *pattern)
{
  GString *glob = g_string_new (NULL);

  for (const char *p = pattern; *p; p++)
    if (*p == '[' || *p == '?')
      g_string_append_printf (glob, "[%c]", *p);
    else
      g_string_append_c (glob, *p);
  return g_string_free (glob, FALSE);
}

static BooruQueryNode *
resolve_wildcard (BooruSqliteDb *db, const char *pattern, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "expand-wildcard", error);
  g_autoptr (BooruQueryNode) any = new_list (BOORU_QUERY_OR);
  g_autofree char *glob = glob_pattern (pattern);
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_text (statement, 1, glob, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int (statement, 2, MAX_WILDCARD_TAGS);
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    g_ptr_array_add (any->children, new_tag (sqlite3_column_int64 (statement, 0)));
  return code == SQLITE_DONE ? g_steal_pointer (&any) : NULL;
}

/* Ratings and states: any of the tokens in the mask; of more than half of all, none of the others,
 * whose lists are the shorter ones. @first_is_most: the posts of the first are more than half, as
 * active ones are. */
static BooruQueryNode *
resolve_mask (guint mask, const char *const *tokens, guint n_tokens, gboolean first_is_most)
{
  BooruQueryNode *any = new_list (BOORU_QUERY_OR);
  guint n_wanted = 0;
  gboolean invert;

  for (guint i = 0; i < n_tokens; i++)
    n_wanted += (mask >> i) & 1;
  invert = n_wanted * 2 > n_tokens || (first_is_most && (mask & 1));
  for (guint i = 0; i < n_tokens; i++)
    if (((mask >> i) & 1) != (guint)invert)
      g_ptr_array_add (any->children, booru_query_node_new_text (BOORU_QUERY_TAG, tokens[i]));
  return invert ? booru_query_node_new_not (any) : any;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  gint64 left = ((const BooruSimilar *)a)->post_id, right = ((const BooruSimilar *)b)->post_id;

  return (left > right) - (left < right);
}

/* Which posts those are is a matter of all hashes, not of a row: it is found out first. */
static BooruQueryNode *
resolve_similar (BooruSqliteDb *db, const BooruQueryNode *node, GError **error)
{
  g_autoptr (GArray) hashes = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (BooruQueryNode) copy = booru_query_node_new_condition (node->metatag);

  if (!booru_sqlite_hashes_of_post (db, g_array_index (node->ranges, BooruQueryRange, 0).low,
                                    hashes, error))
    return NULL;
  copy->distance = node->distance;
  copy->ranges = g_array_ref (node->ranges);
  copy->matches = booru_sqlite_hashes_find (db, (const guint64 *)(gpointer)hashes->data,
                                            hashes->len, node->distance, MAX_SIMILAR_POSTS, error);
  if (copy->matches == NULL)
    return NULL;
  if (copy->matches->len == 0)
    return booru_query_node_new (BOORU_QUERY_NONE);
  g_array_sort (copy->matches, compare_ids);
  return g_steal_pointer (&copy);
}

static BooruQueryNode *
resolve_condition (BooruSqliteDb *db, const BooruQueryNode *node, GError **error)
{
  static const char *const ratings[] = { "rg", "rs", "rq", "re" };
  static const char *const statuses[] = { "s0", "s1", "s2", "s3" };
  BooruQueryNode *copy;

  if (node->metatag == BOORU_METATAG_RATING)
    return resolve_mask (node->mask, ratings, G_N_ELEMENTS (ratings), FALSE);
  if (node->metatag == BOORU_METATAG_STATUS)
    return resolve_mask (node->mask, statuses, G_N_ELEMENTS (statuses), TRUE);
  if (node->metatag == BOORU_METATAG_SIMILAR)
    return resolve_similar (db, node, error);

  copy = booru_query_node_new_condition (node->metatag);
  copy->presence = node->presence;
  copy->mask = node->mask;
  copy->ranges = node->ranges ? g_array_ref (node->ranges) : NULL;
  copy->words = node->words ? g_ptr_array_ref (node->words) : NULL;
  return copy;
}

static BooruQueryNode *
look_up (BooruSqliteDb *db, const BooruQueryNode *node, GError **error)
{
  g_autoptr (BooruQueryNode) list = NULL;

  switch (node->type)
    {
    case BOORU_QUERY_TAG:
      return resolve_tag (db, node->text, error);
    case BOORU_QUERY_WILDCARD:
      return resolve_wildcard (db, node->text, error);
    case BOORU_QUERY_CONDITION:
      return resolve_condition (db, node, error);
    case BOORU_QUERY_ALL:
    case BOORU_QUERY_NONE:
      return booru_query_node_new (node->type);
    case BOORU_QUERY_NOT:
    case BOORU_QUERY_AND:
    case BOORU_QUERY_OR:
    default:
      break;
    }

  list = new_list (node->type);
  for (guint i = 0; i < node->children->len; i++)
    {
      BooruQueryNode *child = look_up (db, node->children->pdata[i], error);

      if (child == NULL)
        return NULL;
      g_ptr_array_add (list->children, child);
    }
  return g_steal_pointer (&list);
}

/**
 * booru_query_resolve:
 * @db: the connection
 * @node: a parsed tree
 * @error: where to store an error
 *
 * Returns: (transfer full): the tree over tokens and conditions, in its simple form, or %NULL. What
 *   no post has is folded away: an unknown tag finds nothing, without it is everything.
 */
BooruQueryNode *
booru_query_resolve (BooruSqliteDb *db, const BooruQueryNode *node, GError **error)
{
  BooruQueryNode *tree = look_up (db, node, error);

  return tree ? booru_query_node_simplify (tree, TRUE) : NULL;
}
