/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a search becomes SQL. Three shapes, the leanest that can answer wins:
 *
 *  1. tags, ratings, status: one MATCH on the search index, in order of its rowids; with conditions
 *     on columns the same, joined with posts row by row;
 *  2. a list of ids or md5s: those rows of posts, each looked up in the search index;
 *  3. nothing for the index: a walk over posts.
 *
 * A tag inside an alternative with conditions on columns ("a or width:>100") is a list of ids that
 * SQLite makes once.
 */
#include "board/sqlite/booru-query-compiler-private.h"

#include <string.h>

#include "base/booru-error.h"

/* By ascending ids. It takes longer to read, but saves more where each post is looked up or put
 * into a sorted list. The limit makes SQLite keep the order. */
#define ASCENDING_MATCH "FROM post_index WHERE post_index MATCH ? ORDER BY rowid DESC LIMIT -1"

typedef struct
{
  BooruSqliteSelection *selection;
  const BooruQuery *query;
  BooruQueryScope scope;
  GPtrArray *indexed;         /* conjuncts that the search index answers */
  GPtrArray *conditions;      /* conjuncts that need columns, or ids */
  const BooruQueryNode *list; /* among them: the few posts in question, or NULL */
} Compiler;

void
booru_sqlite_selection_free (BooruSqliteSelection *self)
{
  g_free (self->from);
  g_free (self->all);
  g_free (self->order);
  g_free (self->sort);
  g_free (self->count);
  g_ptr_array_unref (self->parameters);
  g_ptr_array_unref (self->order_parameters);
  g_ptr_array_unref (self->count_parameters);
  g_free (self);
}

static GPtrArray *
new_parameters (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
}

/* The posts that fulfil all of @conjuncts, from within another SELECT. */
static void
append_index_lookup (Compiler *self, BooruQuerySql *sql, GPtrArray *conjuncts)
{
  char *match = booru_query_get_match (conjuncts, &self->scope);

  /* One look for each of few posts, or one list for all of many. */
  if (self->list)
    g_string_append_printf (
        sql->sql, "EXISTS (SELECT 1 FROM post_index WHERE post_index MATCH ? AND rowid = -%s)",
        sql->id);
  else
    g_string_append_printf (sql->sql, "%s IN (SELECT -rowid " ASCENDING_MATCH ")", sql->id);
  g_ptr_array_add (sql->parameters, g_variant_ref_sink (g_variant_new_take_string (match)));
}

static void append_where (Compiler *self, BooruQuerySql *sql, const BooruQueryNode *node);

/* AND and OR. Of their children, those that the index answers are asked for at once. */
static void
append_list (Compiler *self, BooruQuerySql *sql, const BooruQueryNode *node)
{
  g_autoptr (GPtrArray) indexed = g_ptr_array_new ();
  const char *between = "";

  for (guint i = 0; i < node->children->len; i++)
    {
      BooruQueryNode *child = node->children->pdata[i];

      if (child->type != BOORU_QUERY_NOT && booru_query_is_indexed (child))
        {
          g_ptr_array_add (indexed, child);
          continue;
        }
      g_string_append (sql->sql, between);
      append_where (self, sql, child);
      between = node->type == BOORU_QUERY_AND ? " AND " : " OR ";
    }
  if (indexed->len == 0)
    return;

  g_string_append (sql->sql, between);
  if (node->type == BOORU_QUERY_OR && indexed->len > 1)
    {
      BooruQueryNode any = { .type = BOORU_QUERY_OR, .children = indexed };
      g_autoptr (GPtrArray) conjuncts = g_ptr_array_new ();

      g_ptr_array_add (conjuncts, &any);
      append_index_lookup (self, sql, conjuncts);
    }
  else
    append_index_lookup (self, sql, indexed);
}

static void
append_where (Compiler *self, BooruQuerySql *sql, const BooruQueryNode *node)
{
  g_autoptr (GPtrArray) alone = NULL;

  switch (node->type)
    {
    case BOORU_QUERY_CONDITION:
      booru_query_append_condition (sql, node);
      return;
    case BOORU_QUERY_NOT:
      g_string_append (sql->sql, "NOT ");
      append_where (self, sql, node->children->pdata[0]);
      return;
    case BOORU_QUERY_AND:
    case BOORU_QUERY_OR:
      g_string_append_c (sql->sql, '(');
      append_list (self, sql, node);
      g_string_append_c (sql->sql, ')');
      return;
    default:
      alone = g_ptr_array_new ();
      g_ptr_array_add (alone, (gpointer)node);
      append_index_lookup (self, sql, alone);
      return;
    }
}

/* Whether a condition looks at more than the id. */
static gboolean
needs_columns (const BooruQueryNode *node)
{
  if (node->type == BOORU_QUERY_CONDITION)
    return node->metatag != BOORU_METATAG_ID && node->metatag != BOORU_METATAG_SIMILAR;
  for (guint i = 0; node->children && i < node->children->len; i++)
    if (needs_columns (node->children->pdata[i]))
      return TRUE;
  return FALSE;
}

/* What to sort by first; NULL: by the id alone. */
static const char *
get_sort_expression (BooruQueryOrder order)
{
  static const char *const expressions[BOORU_N_ORDERS] = {
    [BOORU_ORDER_SCORE] = "p.score DESC",
    [BOORU_ORDER_SCORE_ASC] = "p.score",
    [BOORU_ORDER_UPVOTES] = "p.up_score DESC",
    [BOORU_ORDER_UPVOTES_ASC] = "p.up_score",
    [BOORU_ORDER_DOWNVOTES] = "abs(p.down_score) DESC",
    [BOORU_ORDER_DOWNVOTES_ASC] = "abs(p.down_score)",
    [BOORU_ORDER_FAVCOUNT] = "p.fav_count DESC",
    [BOORU_ORDER_FAVCOUNT_ASC] = "p.fav_count",
    [BOORU_ORDER_CHANGE] = "p.updated_at DESC",
    [BOORU_ORDER_CHANGE_ASC] = "p.updated_at",
    [BOORU_ORDER_MPIXELS] = "p.width * p.height DESC",
    [BOORU_ORDER_MPIXELS_ASC] = "p.width * p.height",
    [BOORU_ORDER_PORTRAIT] = "1.0 * p.width / max(p.height, 1)",
    [BOORU_ORDER_LANDSCAPE] = "1.0 * p.width / max(p.height, 1) DESC",
    [BOORU_ORDER_FILESIZE] = "p.size DESC",
    [BOORU_ORDER_FILESIZE_ASC] = "p.size",
    [BOORU_ORDER_TAGCOUNT] = "p.tag_count DESC",
    [BOORU_ORDER_TAGCOUNT_ASC] = "p.tag_count",
    [BOORU_ORDER_GENTAGS] = "p.tag_count_general DESC",
    [BOORU_ORDER_GENTAGS_ASC] = "p.tag_count_general",
    [BOORU_ORDER_ARTTAGS] = "p.tag_count_artist DESC",
    [BOORU_ORDER_ARTTAGS_ASC] = "p.tag_count_artist",
    [BOORU_ORDER_COPYTAGS] = "p.tag_count_copyright DESC",
    [BOORU_ORDER_COPYTAGS_ASC] = "p.tag_count_copyright",
    [BOORU_ORDER_CHARTAGS] = "p.tag_count_character DESC",
    [BOORU_ORDER_CHARTAGS_ASC] = "p.tag_count_character",
    [BOORU_ORDER_METATAGS] = "p.tag_count_meta DESC",
    [BOORU_ORDER_METATAGS_ASC] = "p.tag_count_meta",
    [BOORU_ORDER_DURATION] = "ifnull(p.duration, -1) DESC",
    [BOORU_ORDER_DURATION_ASC] = "ifnull(p.duration, 9e999)",
    [BOORU_ORDER_MD5] = "p.md5 DESC",
    [BOORU_ORDER_MD5_ASC] = "p.md5",
  };

  return expressions[order];
}

/* The distances of the posts that are near, for similar_distance(): by id. */
static GVariant *
list_distances (const GArray *matches)
{
  g_autoptr (GArray) pairs = g_array_sized_new (FALSE, FALSE, sizeof (gint64), 2 * matches->len);

  for (guint i = 0; i < matches->len; i++)
    {
      const BooruSimilar *similar = &g_array_index (matches, BooruSimilar, i);
      gint64 pair[2] = { similar->post_id, similar->distance };

      g_array_append_vals (pairs, pair, 2);
    }
  return g_variant_ref_sink (
      g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, pairs->data, pairs->len, sizeof (gint64)));
}

/* The expression without its direction. */
static void
set_sort (BooruSqliteSelection *selection, const char *expression)
{
  selection->sorts_down = g_str_has_suffix (expression, " DESC");
  selection->sort = g_strndup (expression, strlen (expression)
                                               - (selection->sorts_down ? strlen (" DESC") : 0));
}

static void
set_order (Compiler *self, const BooruQueryNode *tree)
{
  BooruSqliteSelection *selection = self->selection;
  BooruQueryOrder order = self->query->order;
  const char *expression = get_sort_expression (order);
  const BooruQueryNode *similar = booru_query_node_find_similar (tree);
  gboolean negated;

  selection->is_random = order == BOORU_ORDER_RANDOM;
  selection->sorts_all = selection->all && (expression || selection->is_random);
  negated = selection->is_negated && !selection->sorts_all;
  if (order == BOORU_ORDER_CUSTOM)
    {
      const BooruQueryNode *ids = booru_query_node_find_ids (self->query->root);

      selection->sort
          = g_strdup_printf ("(SELECT min(key) FROM json_each(?) WHERE value = %s)", selection->id);
      g_ptr_array_add (selection->order_parameters, booru_query_list_of_numbers (ids->ranges));
    }
  else if (order == BOORU_ORDER_SIMILAR && similar)
    {
      selection->sort = g_strdup_printf ("ifnull(similar_distance (?, %s), 1000)", selection->id);
      g_ptr_array_add (selection->order_parameters, list_distances (similar->matches));
    }
  else if (expression)
    set_sort (selection, expression);

  /* Ids are given in the order in which posts come to be. */
  selection->ids_down
      = !(order == BOORU_ORDER_ID || order == BOORU_ORDER_CREATED_AT_ASC
          || (expression && !selection->sorts_down && order != BOORU_ORDER_PORTRAIT));
  selection->order = g_strdup_printf (
      "%s%s%s%s %s", selection->sort ? selection->sort : "", selection->sorts_down ? " DESC" : "",
      selection->sort ? ", " : "", selection->sorts_all ? "p.id" : selection->key,
      selection->ids_down == negated ? "ASC" : "DESC");
}

/* A range of ids by itself, which the search index can start and end at. */
static gboolean
is_one_range (const BooruQueryNode *node)
{
  return node->type == BOORU_QUERY_CONDITION && node->metatag == BOORU_METATAG_ID
         && node->ranges->len == 1;
}

static void
append_conditions (Compiler *self, BooruQuerySql *sql)
{
  const char *negated_id = sql->negated_id;

  for (guint i = 0; i < self->conditions->len; i++)
    {
      const BooruQueryNode *node = self->conditions->pdata[i];

      /* Offered alternatives of rowids, SQLite looks each up in the index without the MATCH, which
       * a contentless table cannot do. An expression keeps it from that. */
      sql->negated_id = is_one_range (node) ? negated_id : NULL;
      g_string_append (sql->sql, " AND ");
      append_where (self, sql, node);
    }
  sql->negated_id = negated_id;
}

/* Shape 1. */
static void
set_from_index (Compiler *self, BooruQuerySql *sql, gboolean needs_posts)
{
  char *match = booru_query_get_match (self->indexed, &self->scope);

  sql->id = "-post_index.rowid";
  sql->negated_id = "post_index.rowid";
  /* CROSS: the index leads, whatever SQLite thinks. */
  g_string_append_printf (sql->sql, "FROM post_index %sWHERE post_index MATCH ?",
                          needs_posts ? "CROSS JOIN posts AS p ON p.id = -post_index.rowid " : "");
  g_ptr_array_add (sql->parameters, g_variant_ref_sink (g_variant_new_take_string (match)));
  append_conditions (self, sql);
}

/* Shape 1 for all posts at once. Its parameters are those of set_from_index(), but for ids, which
 * are not negated: there is none, if there is a condition on them. */
static void
set_all (Compiler *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) parameters = new_parameters ();
  BooruQuerySql sql = { text, parameters, "p.id", NULL };

  for (guint i = 0; i < self->conditions->len; i++)
    if (is_one_range (self->conditions->pdata[i]))
      return;
  g_string_append (text, "FROM (SELECT -rowid AS id " ASCENDING_MATCH
                         ") AS f CROSS JOIN posts AS p ON p.id = f.id WHERE TRUE");
  append_conditions (self, &sql);
  self->selection->all = g_string_free (g_steal_pointer (&text), FALSE);
}

/* Shapes 2 and 3. */
static void
set_from_posts (Compiler *self, BooruQuerySql *sql)
{
  sql->id = "p.id";
  g_string_append (sql->sql, "FROM posts AS p WHERE ");
  if (self->query->active_only)
    g_string_append_printf (sql->sql, "p.status = %d", BOORU_POST_ACTIVE);
  else
    g_string_append (sql->sql, "TRUE");
  append_conditions (self, sql);
  if (self->indexed->len > 0)
    {
      g_string_append (sql->sql, " AND ");
      append_index_lookup (self, sql, self->indexed);
    }
}

static void
set_from (Compiler *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  BooruQuerySql sql = { text, self->selection->parameters, NULL, NULL };
  gboolean by_index = self->indexed->len > 0 && self->list == NULL;
  gboolean needs_posts = get_sort_expression (self->query->order) != NULL;

  for (guint i = 0; i < self->conditions->len && !needs_posts; i++)
    needs_posts = needs_columns (self->conditions->pdata[i]);
  if (by_index)
    set_from_index (self, &sql, needs_posts);
  else
    set_from_posts (self, &sql);
  if (by_index && needs_posts)
    set_all (self);
  self->selection->id = sql.id;
  self->selection->key = sql.negated_id ? sql.negated_id : sql.id;
  self->selection->is_negated = sql.negated_id != NULL;
  self->selection->from = g_string_free (g_steal_pointer (&text), FALSE);
}

/* A condition on post_counts for one of a post; FALSE if it needs more than that. */
static gboolean
append_tally_condition (GString *sql, const BooruQueryNode *node)
{
  if (node->type == BOORU_QUERY_NOT)
    {
      g_string_append (sql, " AND NOT (TRUE");
      if (!append_tally_condition (sql, node->children->pdata[0]))
        return FALSE;
      g_string_append_c (sql, ')');
      return TRUE;
    }
  if (node->type == BOORU_QUERY_ALL)
    return TRUE;
  if (node->type != BOORU_QUERY_CONDITION)
    return FALSE;
  if (node->metatag == BOORU_METATAG_STATUS)
    g_string_append_printf (sql, " AND (1 << status) & %u", node->mask);
  else if (node->metatag == BOORU_METATAG_RATING)
    g_string_append_printf (sql, " AND (1 << instr('sqe', rating)) & %u", node->mask);
  else
    return FALSE;
  return TRUE;
}

/* Only of ratings and states: the answer is in a small table. */
static char *
get_tally (const BooruQuery *query)
{
  g_autoptr (GString) sql = g_string_new ("SELECT total(n) FROM post_counts WHERE TRUE");
  gboolean known = TRUE;

  if (query->active_only)
    g_string_append_printf (sql, " AND status = %d", BOORU_POST_ACTIVE);
  if (query->root->type != BOORU_QUERY_AND)
    known = append_tally_condition (sql, query->root);
  else
    for (guint i = 0; i < query->root->children->len && known; i++)
      known = append_tally_condition (sql, query->root->children->pdata[i]);
  return known ? g_string_free (g_steal_pointer (&sql), FALSE) : NULL;
}

/* How many active posts have a tag is known. */
static gboolean
count_tag (Compiler *self, const BooruQueryNode *node, GString *sql)
{
  if (node->type != BOORU_QUERY_TAG || node->text[0] != 't' || !self->query->active_only)
    return FALSE;
  g_string_append (sql, "SELECT post_count FROM tags WHERE id = ?");
  g_ptr_array_add (
      self->selection->count_parameters,
      g_variant_ref_sink (g_variant_new_int64 (g_ascii_strtoll (node->text + 1, NULL, 10))));
  return TRUE;
}

/* All active posts but those that have what is not wanted, which are mostly fewer. */
static void
count_rest (Compiler *self, GString *sql)
{
  g_autoptr (GPtrArray) unwanted = g_ptr_array_new (), conjuncts = g_ptr_array_new ();
  BooruQueryNode any = { .type = BOORU_QUERY_OR, .children = unwanted };

  for (guint i = 0; i < self->indexed->len; i++)
    {
      BooruQueryNode *node = self->indexed->pdata[i];

      g_ptr_array_add (unwanted, node->children->pdata[0]);
    }
  g_string_append_printf (sql, "SELECT (SELECT total(n) FROM post_counts WHERE status = %d) - (",
                          BOORU_POST_ACTIVE);
  if (unwanted->len > 1 || !count_tag (self, unwanted->pdata[0], sql))
    {
      g_ptr_array_add (conjuncts, unwanted->len > 1 ? &any : unwanted->pdata[0]);
      g_string_append (sql, "SELECT count(*) FROM post_index WHERE post_index MATCH ?");
      g_ptr_array_add (self->selection->count_parameters,
                       g_variant_ref_sink (g_variant_new_take_string (
                           booru_query_get_match (conjuncts, &self->scope))));
    }
  g_string_append_c (sql, ')');
}

static gboolean
is_only_negative (GPtrArray *conjuncts)
{
  for (guint i = 0; i < conjuncts->len; i++)
    if (((BooruQueryNode *)conjuncts->pdata[i])->type != BOORU_QUERY_NOT)
      return FALSE;
  return conjuncts->len > 0;
}

static void
set_count (Compiler *self)
{
  BooruSqliteSelection *selection = self->selection;
  g_autoptr (GString) sql = g_string_new (NULL);

  selection->count = get_tally (self->query);
  if (selection->count)
    return;
  if (self->conditions->len > 0 || !self->query->active_only
      || (self->indexed->len > 0 && !is_only_negative (self->indexed)
          && (self->indexed->len > 1 || !count_tag (self, self->indexed->pdata[0], sql))))
    {
      g_string_append_printf (sql, "SELECT count(*) %s",
                              selection->all ? selection->all : selection->from);
      g_ptr_array_unref (selection->count_parameters);
      selection->count_parameters = g_ptr_array_ref (selection->parameters);
    }
  else if (is_only_negative (self->indexed))
    count_rest (self, sql);
  else if (self->indexed->len == 0)
    g_string_append_printf (sql, "SELECT total(n) FROM post_counts WHERE status = %d",
                            BOORU_POST_ACTIVE);
  selection->count = g_string_free (g_steal_pointer (&sql), FALSE);
}

/* Sorts the conjuncts of a resolved tree. */
static void
split (Compiler *self, BooruQueryNode *tree)
{
  g_autoptr (GPtrArray) alone = g_ptr_array_new ();
  GPtrArray *conjuncts = tree->children;

  if (tree->type != BOORU_QUERY_AND)
    {
      g_ptr_array_add (alone, tree);
      conjuncts = alone;
    }
  for (guint i = 0; i < conjuncts->len; i++)
    {
      BooruQueryNode *node = conjuncts->pdata[i];

      if (node->type == BOORU_QUERY_ALL)
        continue;
      g_ptr_array_add (booru_query_is_indexed (node) ? self->indexed : self->conditions, node);
      if (self->list == NULL && booru_query_is_list_of_posts (node))
        self->list = node;
    }
}

static gboolean
find_hidden (BooruSqliteDb *db, gboolean *hidden, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "has-hidden-posts", error);

  if (statement == NULL || booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
    return FALSE;
  *hidden = sqlite3_column_int (statement, 0);
  return TRUE;
}

static void
refuse (const BooruQuery *query, GError **error)
{
  for (guint i = 0; i < query->faults->len; i++)
    {
      const BooruQueryFault *fault = query->faults->pdata[i];

      if (!fault->refused)
        continue;
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_LIMIT, fault->message);
      return;
    }
}

/**
 * booru_sqlite_compile:
 * @db: the connection, to look up tags
 * @query: what to find
 * @error: BOORU_ERROR_LIMIT if @query is refused
 *
 * Returns: (transfer full): the posts that @query finds
 */
BooruSqliteSelection *
booru_sqlite_compile (BooruSqliteDb *db, const BooruQuery *query, GError **error)
{
  g_autoptr (BooruSqliteSelection) selection = g_new0 (BooruSqliteSelection, 1);
  g_autoptr (BooruQueryNode) tree = NULL;
  g_autoptr (GPtrArray) indexed = g_ptr_array_new (), conditions = g_ptr_array_new ();
  Compiler self = { selection, query, { query->active_only, FALSE }, indexed, conditions, NULL };

  selection->parameters = new_parameters ();
  selection->order_parameters = new_parameters ();
  selection->count_parameters = new_parameters ();
  if (query->refused)
    {
      refuse (query, error);
      return NULL;
    }
  tree = booru_query_resolve (db, query->root, error);
  if (tree == NULL || !find_hidden (db, &self.scope.has_hidden, error))
    return NULL;

  selection->empty = tree->type == BOORU_QUERY_NONE;
  if (selection->empty)
    return g_steal_pointer (&selection);
  split (&self, tree);
  set_from (&self);
  set_order (&self, tree);
  set_count (&self);
  return g_steal_pointer (&selection);
}
