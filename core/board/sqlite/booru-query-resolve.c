/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From names to tokens of the search index: the same tree with ids looked up, patterns expanded,
 * and what is always or never true folded away. Its leaves are tokens (BOORU_NODE_TAG) and
 * conditions on columns (BOORU_NODE_METATAG). */
#include "board/sqlite/booru-query-compiler-private.h"

#include "board/sqlite/booru-sqlite-tags.h"

/* Danbooru's limit. */
#define MAX_WILDCARD_TAGS 100

static BooruNode *
token (const char *prefix, gint64 id)
{
  BooruNode *node = booru_node_new (BOORU_NODE_TAG);

  node->text = g_strdup_printf ("%s%" G_GINT64_FORMAT, prefix, id);
  return node;
}

static BooruNode *
resolve_tag (BooruSqliteDb *db, const char *name, GError **error)
{
  gint64 id;

  if (!booru_sqlite_tag_find (db, name, &id, error))
    return NULL;
  return id ? token ("t", id) : booru_node_new (BOORU_NODE_NONE);
}

/* An OR or AND of children, without what makes no difference. */
static BooruNode *
simplify (BooruNode *list)
{
  g_autoptr (BooruNode) node = list;
  BooruNodeKind absorbing = node->kind == BOORU_NODE_AND ? BOORU_NODE_NONE : BOORU_NODE_ALL;
  BooruNodeKind neutral = node->kind == BOORU_NODE_AND ? BOORU_NODE_ALL : BOORU_NODE_NONE;

  for (guint i = 0; node->children && i < node->children->len;)
    {
      BooruNode *child = node->children->pdata[i];

      if (child->kind == absorbing)
        return booru_node_new (absorbing);
      if (child->kind == neutral)
        g_ptr_array_remove_index (node->children, i);
      else
        i++;
    }
  if (node->children == NULL || node->children->len == 0)
    return booru_node_new (neutral);
  if (node->children->len == 1)
    return g_ptr_array_steal_index (node->children, 0);
  return g_steal_pointer (&node);
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

static BooruNode *
resolve_wildcard (BooruSqliteDb *db, const char *pattern, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "expand-wildcard", error);
  g_autoptr (BooruNode) any = booru_node_new (BOORU_NODE_OR);
  g_autofree char *glob = glob_pattern (pattern);
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_text (statement, 1, glob, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int (statement, 2, MAX_WILDCARD_TAGS);
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    booru_node_take_child (any, token ("t", sqlite3_column_int64 (statement, 0)));
  return code == SQLITE_DONE ? simplify (g_steal_pointer (&any)) : NULL;
}

static BooruNode *
status_token (const char *word)
{
  if (g_str_equal (word, "active"))
    return token ("s", BOORU_POST_ACTIVE);
  if (g_str_equal (word, "deleted"))
    return token ("s", BOORU_POST_DELETED);
  if (g_str_equal (word, "missing"))
    return token ("s", BOORU_POST_MISSING);
  return booru_node_new (BOORU_NODE_ALL);
}

static BooruNode *
copy_condition (const BooruNode *node)
{
  BooruNode *copy = booru_node_new (BOORU_NODE_METATAG);

  copy->metatag = node->metatag;
  copy->is_any = node->is_any;
  copy->is_none = node->is_none;
  copy->ranges = node->ranges ? g_array_ref (node->ranges) : NULL;
  copy->words = node->words ? g_ptr_array_ref (node->words) : NULL;
  return copy;
}

static BooruNode *
resolve_metatag (const BooruNode *node)
{
  g_autoptr (BooruNode) any = NULL;

  if (node->metatag != BOORU_METATAG_RATING && node->metatag != BOORU_METATAG_STATUS)
    return copy_condition (node);

  any = booru_node_new (BOORU_NODE_OR);
  for (guint i = 0; i < node->words->len; i++)
    {
      const char *word = node->words->pdata[i];
      g_autofree char *rating = g_strconcat ("r", word, NULL);

      booru_node_take_child (any, node->metatag == BOORU_METATAG_STATUS
                                      ? status_token (word)
                                      : booru_node_new_text (BOORU_NODE_TAG, rating));
    }
  return simplify (g_steal_pointer (&any));
}

static BooruNode *
negate (BooruNode *child)
{
  g_autoptr (BooruNode) owned = child;

  if (child->kind == BOORU_NODE_ALL)
    return booru_node_new (BOORU_NODE_NONE);
  if (child->kind == BOORU_NODE_NONE)
    return booru_node_new (BOORU_NODE_ALL);
  if (child->kind == BOORU_NODE_NOT)
    return g_ptr_array_steal_index (child->children, 0);
  return booru_node_take_child (booru_node_new (BOORU_NODE_NOT), g_steal_pointer (&owned));
}

static BooruNode *
resolve_children (BooruSqliteDb *db, const BooruNode *node, GError **error)
{
  g_autoptr (BooruNode) list = booru_node_new (node->kind);

  for (guint i = 0; i < node->children->len; i++)
    {
      BooruNode *child = booru_query_resolve (db, node->children->pdata[i], error);

      if (child == NULL)
        return NULL;
      booru_node_take_child (list, child);
    }
  if (node->kind == BOORU_NODE_NOT)
    return negate (g_ptr_array_steal_index (list->children, 0));
  return simplify (g_steal_pointer (&list));
}

/**
 * booru_query_resolve:
 * @db: the connection
 * @node: a parsed tree
 * @error: where to store an error
 *
 * Returns: (transfer full): the tree over tokens and conditions, or %NULL
 */
BooruNode *
booru_query_resolve (BooruSqliteDb *db, const BooruNode *node, GError **error)
{
  switch (node->kind)
    {
    case BOORU_NODE_TAG:
      return resolve_tag (db, node->text, error);
    case BOORU_NODE_WILDCARD:
      return resolve_wildcard (db, node->text, error);
    case BOORU_NODE_METATAG:
      return resolve_metatag (node);
    case BOORU_NODE_AND:
    case BOORU_NODE_OR:
    case BOORU_NODE_NOT:
      return resolve_children (db, node, error);
    case BOORU_NODE_ALL:
    case BOORU_NODE_NONE:
    case BOORU_NODE_OPTION:
    default:
      return booru_node_new (node->kind);
    }
}
