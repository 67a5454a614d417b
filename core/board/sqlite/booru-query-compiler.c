/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a search becomes SQL. Three shapes, the leanest that can answer wins:
 *
 *  1. only tags, ratings, status: one MATCH on the search index, in order of its rowids;
 *  2. with conditions on columns: the same, joined with posts row by row;
 *  3. a list of ids or md5s: those rows of posts, each looked up in the search index.
 *
 * A tag inside an alternative with conditions on columns ("a or width:>100") is a MATCH for that
 * row.
 */
#include "board/sqlite/booru-query-compiler-private.h"

#include "base/booru-error.h"

/* Every post has one of these tokens: what NOT is taken from. */
#define UNIVERSE "(s0 OR s1 OR s2)"

void
booru_sqlite_selection_free (BooruSqliteSelection *self)
{
  g_free (self->from);
  g_free (self->order);
  g_ptr_array_unref (self->parameters);
  g_ptr_array_unref (self->order_parameters);
  g_free (self);
}

static gboolean
is_indexed (const BooruNode *node)
{
  if (node->kind == BOORU_NODE_METATAG)
    return FALSE;
  for (guint i = 0; node->children && i < node->children->len; i++)
    if (!is_indexed (node->children->pdata[i]))
      return FALSE;
  return TRUE;
}

static void append_match (const BooruNode *node, GString *match);

static void
append_joined (GPtrArray *nodes, const char *operator, GString * match)
{
  g_string_append_c (match, '(');
  for (guint i = 0; i < nodes->len; i++)
    {
      if (i > 0)
        g_string_append (match, operator);
      append_match (nodes->pdata[i], match);
    }
  g_string_append_c (match, ')');
}

/* "a AND b NOT (c OR d)": FTS5 has no NOT of its own, only "this without that". */
static void
append_conjunction (GPtrArray *nodes, GString *match)
{
  g_autoptr (GPtrArray) wanted = g_ptr_array_new (), unwanted = g_ptr_array_new ();

  for (guint i = 0; i < nodes->len; i++)
    {
      BooruNode *node = nodes->pdata[i];

      if (node->kind == BOORU_NODE_NOT)
        g_ptr_array_add (unwanted, node->children->pdata[0]);
      else
        g_ptr_array_add (wanted, node);
    }
  g_string_append_c (match, '(');
  if (wanted->len > 0)
    append_joined (wanted, " AND ", match);
  else
    g_string_append (match, UNIVERSE);
  if (unwanted->len > 0)
    {
      g_string_append (match, " NOT ");
      append_joined (unwanted, " OR ", match);
    }
  g_string_append_c (match, ')');
}

static void
append_match (const BooruNode *node, GString *match)
{
  switch (node->kind)
    {
    case BOORU_NODE_TAG:
      g_string_append (match, node->text);
      break;
    case BOORU_NODE_OR:
      append_joined (node->children, " OR ", match);
      break;
    case BOORU_NODE_AND:
      append_conjunction (node->children, match);
      break;
    case BOORU_NODE_NOT:
      g_string_append (match, "(" UNIVERSE " NOT ");
      append_match (node->children->pdata[0], match);
      g_string_append_c (match, ')');
      break;
    case BOORU_NODE_ALL:
    case BOORU_NODE_NONE:
    case BOORU_NODE_WILDCARD:
    case BOORU_NODE_METATAG:
    case BOORU_NODE_OPTION:
    default:
      g_return_if_reached ();
    }
}

/* A MATCH for one row of posts. */
static void
append_row_match (const char *match, GString *sql, GPtrArray *parameters)
{
  g_string_append (sql,
                   "EXISTS (SELECT 1 FROM post_index WHERE post_index MATCH ? AND rowid = p.id)");
  g_ptr_array_add (parameters, g_variant_ref_sink (g_variant_new_string (match)));
}

static void
append_where (const BooruNode *node, GString *sql, GPtrArray *parameters)
{
  if (is_indexed (node))
    {
      g_autoptr (GString) match = g_string_new (NULL);

      append_match (node, match);
      append_row_match (match->str, sql, parameters);
      return;
    }
  if (node->kind == BOORU_NODE_METATAG)
    {
      booru_query_append_condition (node, sql, parameters);
      return;
    }

  g_string_append (sql, node->kind == BOORU_NODE_NOT ? "NOT (" : "(");
  for (guint i = 0; i < node->children->len; i++)
    {
      if (i > 0)
        g_string_append (sql, node->kind == BOORU_NODE_AND ? " AND " : " OR ");
      append_where (node->children->pdata[i], sql, parameters);
    }
  g_string_append_c (sql, ')');
}

/* The conditions that all have to hold. */
static GPtrArray *
list_conjuncts (BooruNode *tree)
{
  GPtrArray *list = g_ptr_array_new ();

  if (tree->kind == BOORU_NODE_AND)
    g_ptr_array_extend (list, tree->children, NULL, NULL);
  else if (tree->kind != BOORU_NODE_ALL)
    g_ptr_array_add (list, tree);
  return list;
}

static const char *
get_sort_expression (BooruOrderKind kind)
{
  switch (kind)
    {
    case BOORU_ORDER_SCORE:
      return "p.score";
    case BOORU_ORDER_FAVCOUNT:
      return "p.fav_count";
    case BOORU_ORDER_CHANGED:
      return "p.updated_at";
    case BOORU_ORDER_MPIXELS:
      return "p.width * p.height";
    case BOORU_ORDER_RATIO:
      return "1.0 * p.width / max(p.height, 1)";
    case BOORU_ORDER_FILESIZE:
      return "p.size";
    case BOORU_ORDER_TAGCOUNT:
      return "p.tag_count";
    case BOORU_ORDER_DURATION:
      return "p.duration";
    case BOORU_ORDER_MD5:
      return "p.md5";
    case BOORU_ORDER_CREATED: /* ids are given in this order */
    case BOORU_ORDER_ID:
    case BOORU_ORDER_NONE:
    case BOORU_ORDER_RANDOM:
    case BOORU_ORDER_CUSTOM:
    default:
      return NULL;
    }
}

static void
set_order (BooruSqliteSelection *self, BooruOrder order, const BooruNode *list)
{
  const char *direction = order.ascending ? "ASC" : "DESC";
  const char *expression = get_sort_expression (order.kind);

  self->is_random = order.kind == BOORU_ORDER_RANDOM;
  if (order.kind == BOORU_ORDER_CUSTOM && list && list->metatag == BOORU_METATAG_ID)
    {
      self->order = g_strdup ("(SELECT min(key) FROM json_each(?) WHERE value = p.id)");
      g_ptr_array_add (self->order_parameters, booru_query_list_of_ids (list));
    }
  else if (expression)
    self->order = g_strdup_printf ("%s %s, %s DESC", expression, direction, self->id);
  else if (order.kind == BOORU_ORDER_ID || order.kind == BOORU_ORDER_CREATED)
    self->order = g_strdup_printf ("%s %s", self->id, direction);
  else
    self->order = g_strdup_printf ("%s DESC", self->id);
}

/* The FROM and WHERE of the shape that fits. */
static void
set_from (BooruSqliteSelection *self,
          const char *match,
          GPtrArray *conditions,
          const BooruNode *list,
          gboolean needs_posts)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  /* "s0" alone is a column as well, and nearly every row has it: no need to look it up. */
  gboolean only_active = g_str_equal (match, "s0");
  gboolean by_index = *match && !list && !(only_active && (needs_posts || conditions->len > 0));

  needs_posts = needs_posts || conditions->len > 0 || !by_index;
  self->id = by_index ? "post_index.rowid" : "p.id";
  if (!by_index)
    g_string_append (sql, "FROM posts AS p WHERE ");
  else
    g_string_append_printf (sql, "FROM post_index %sWHERE ",
                            needs_posts ? "CROSS JOIN posts AS p ON p.id = post_index.rowid " : "");

  if (by_index)
    {
      g_string_append (sql, "post_index MATCH ?");
      g_ptr_array_add (self->parameters, g_variant_ref_sink (g_variant_new_string (match)));
    }
  else if (only_active)
    g_string_append_printf (sql, "p.status = %d", BOORU_POST_ACTIVE);
  else if (*match)
    append_row_match (match, sql, self->parameters);
  else
    g_string_append (sql, "TRUE");

  for (guint i = 0; i < conditions->len; i++)
    {
      g_string_append (sql, " AND ");
      append_where (conditions->pdata[i], sql, self->parameters);
    }
  self->from = g_string_free (g_steal_pointer (&sql), FALSE);
}

static void
build (BooruSqliteSelection *self, BooruNode *tree, const BooruQueryTraits *traits)
{
  g_autoptr (GPtrArray) conjuncts = list_conjuncts (tree);
  g_autoptr (GPtrArray) indexed = g_ptr_array_new (), conditions = g_ptr_array_new ();
  g_autoptr (BooruNode) active = booru_node_new_text (BOORU_NODE_TAG, "s0");
  g_autoptr (GString) match = g_string_new (NULL);
  const BooruNode *list = NULL;
  gboolean needs_posts;

  if (!traits->has_status)
    g_ptr_array_add (indexed, active);
  for (guint i = 0; i < conjuncts->len; i++)
    {
      BooruNode *node = conjuncts->pdata[i];

      g_ptr_array_add (is_indexed (node) ? indexed : conditions, node);
      if (list == NULL && booru_query_is_list_of_posts (node))
        list = node;
    }
  if (indexed->len == 1 && ((BooruNode *)indexed->pdata[0])->kind == BOORU_NODE_TAG)
    g_string_append (match, ((BooruNode *)indexed->pdata[0])->text);
  else if (indexed->len > 0)
    append_conjunction (indexed, match);

  needs_posts = get_sort_expression (traits->order.kind) != NULL
                || (traits->order.kind == BOORU_ORDER_CUSTOM && list);
  set_from (self, match->str, conditions, list, needs_posts);
  set_order (self, traits->order, list);
  if (conditions->len == 0 && (*match->str == '\0' || g_str_equal (match->str, "s0")))
    self->tallied = *match->str ? "status = 0" : "TRUE";
}

/**
 * booru_sqlite_compile:
 * @db: the connection, to look up tags
 * @query: what to find
 * @error: BOORU_ERROR_LIMIT if @query is too complex
 *
 * Returns: (transfer full): the posts that @query finds
 */
BooruSqliteSelection *
booru_sqlite_compile (BooruSqliteDb *db, const BooruQuery *query, GError **error)
{
  const BooruQueryTraits *traits = booru_query_get_traits (query);
  g_autoptr (BooruSqliteSelection) self = g_new0 (BooruSqliteSelection, 1);
  g_autoptr (BooruNode) tree = NULL;

  self->parameters = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  self->order_parameters = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  if (traits->too_complex)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                   "This search is too complex: use fewer terms or fewer nested parentheses");
      return NULL;
    }
  tree = booru_query_resolve (db, booru_query_get_tree (query), error);
  if (tree == NULL)
    return NULL;

  self->empty = tree->kind == BOORU_NODE_NONE;
  if (!self->empty)
    build (self, tree, traits);
  return g_steal_pointer (&self);
}
