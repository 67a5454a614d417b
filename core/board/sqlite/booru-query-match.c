/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expressions for the search index (https://www.sqlite.org/fts5.html#full_text_query_syntax). FTS5
 * has no NOT of its own, only "this without that", so that what is only negative is taken from a
 * token that every post in question has.
 *
 * Posts that are not active are left out by what they have ("s1" to "s3"), not by what the others
 * have: their lists are short, while "s0" is nearly as long as the library. */
#include "board/sqlite/booru-query-compiler-private.h"

typedef struct
{
  GString *out;
  const BooruQueryScope *scope;
} Match;

static void append (Match *self, const BooruQueryNode *node);

/* Whether all of a tree are tokens. */
gboolean
booru_query_is_indexed (const BooruQueryNode *node)
{
  if (node->type == BOORU_QUERY_CONDITION)
    return FALSE;
  for (guint i = 0; node->children && i < node->children->len; i++)
    if (!booru_query_is_indexed (node->children->pdata[i]))
      return FALSE;
  return TRUE;
}

static void
append_joined (Match *self, GPtrArray *nodes, const char *between)
{
  for (guint i = 0; i < nodes->len; i++)
    {
      if (i > 0)
        g_string_append (self->out, between);
      append (self, nodes->pdata[i]);
    }
}

static const char *
get_universe (Match *self)
{
  return self->scope->active_only || !self->scope->has_hidden ? "s0" : "(s0 OR s1 OR s2 OR s3)";
}

/* "a AND b NOT (c OR d)": NOT binds tighter than AND, which leaves the same posts. */
static void
append_conjunction (Match *self, GPtrArray *nodes, gboolean outermost)
{
  g_autoptr (GPtrArray) wanted = g_ptr_array_new (), unwanted = g_ptr_array_new ();
  gboolean hide = outermost && self->scope->active_only && self->scope->has_hidden;

  for (guint i = 0; i < nodes->len; i++)
    {
      BooruQueryNode *node = nodes->pdata[i];

      if (node->type == BOORU_QUERY_NOT)
        g_ptr_array_add (unwanted, node->children->pdata[0]);
      else
        g_ptr_array_add (wanted, node);
    }

  if (wanted->len > 0)
    append_joined (self, wanted, " AND ");
  else
    g_string_append (self->out, get_universe (self));
  /* "s0" has none of the hidden ones. */
  hide = hide && wanted->len > 0;
  if (unwanted->len == 0 && !hide)
    return;
  g_string_append (self->out, " NOT (");
  append_joined (self, unwanted, " OR ");
  if (hide)
    g_string_append (self->out, unwanted->len > 0 ? " OR s1 OR s2 OR s3" : "s1 OR s2 OR s3");
  g_string_append_c (self->out, ')');
}

static void
append (Match *self, const BooruQueryNode *node)
{
  switch (node->type)
    {
    case BOORU_QUERY_TAG:
      g_string_append (self->out, node->text);
      return;
    case BOORU_QUERY_OR:
      g_string_append_c (self->out, '(');
      append_joined (self, node->children, " OR ");
      g_string_append_c (self->out, ')');
      return;
    case BOORU_QUERY_AND:
      g_string_append_c (self->out, '(');
      append_conjunction (self, node->children, FALSE);
      g_string_append_c (self->out, ')');
      return;
    case BOORU_QUERY_NOT:
      g_string_append_printf (self->out, "(%s NOT ", get_universe (self));
      append (self, node->children->pdata[0]);
      g_string_append_c (self->out, ')');
      return;
    case BOORU_QUERY_ALL:
    case BOORU_QUERY_NONE:
    case BOORU_QUERY_WILDCARD:
    case BOORU_QUERY_CONDITION:
    default:
      g_return_if_reached ();
    }
}

/**
 * booru_query_get_match:
 * @conjuncts: (element-type BooruQueryNode): trees of tokens, at least one
 * @scope: which posts are in question
 *
 * Returns: (transfer full): what to MATCH for the posts that fulfil all of @conjuncts
 */
char *
booru_query_get_match (GPtrArray *conjuncts, const BooruQueryScope *scope)
{
  Match self = { g_string_new (NULL), scope };

  append_conjunction (&self, conjuncts, TRUE);
  return g_string_free (self.out, FALSE);
}
