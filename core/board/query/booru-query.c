/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/query/booru-query-ast.h"

/**
 * booru_query_parse:
 * @text: (nullable): what somebody typed; nothing finds everything
 *
 * Parses a search in Danbooru's language. Posts in the trash and missing ones are hidden unless a
 * status: (or is:active, is:deleted, is:missing) stands anywhere in @text.
 *
 * Returns: (transfer full): the query; one that finds nothing if @text cannot be parsed
 */
BooruQuery *
booru_query_parse (const char *text)
{
  BooruQuery *self = g_new0 (BooruQuery, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_strdup (text ? text : "");
  self->order = BOORU_ORDER_ID_DESC;
  self->limit = -1;
  self->active_only = TRUE;
  booru_query_parse_into (self);
  return self;
}

BooruQuery *
booru_query_ref (BooruQuery *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
booru_query_unref (BooruQuery *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  booru_query_node_free (self->root);
  g_free (self->text);
  g_free (self);
}

const char *
booru_query_get_text (const BooruQuery *self)
{
  return self->text;
}

gint
booru_query_get_limit (const BooruQuery *self)
{
  return self->limit;
}

/**
 * booru_query_to_string:
 * @self: a query
 *
 * Returns: (transfer full): a text that parses to an equal query, but for what the language has no
 *   spelling for (a pattern like "*)" in a group, a backslash together with a quote). Queries that
 *   differ only in spelling, in the order of their terms or in needless parentheses have the same.
 *   One that finds nothing is ")".
 */
char *
booru_query_to_string (const BooruQuery *self)
{
  GString *out = g_string_new (NULL);
  gboolean says_status
      = self->active_only || booru_query_node_has (self->root, BOORU_METATAG_STATUS);
  gboolean ordered = self->order != booru_query_get_default_order (self->root);
  gboolean more = !says_status || ordered || self->limit >= 0;
  gboolean group = more && self->root->type == BOORU_QUERY_OR;

  if (self->root->type == BOORU_QUERY_NONE)
    {
      g_string_append_c (out, ')');
      return g_string_free (out, FALSE);
    }

  if (group)
    booru_query_node_print_group (self->root, out);
  else
    booru_query_node_print (self->root, out);
  /* That hidden posts are wanted is a property of the whole: say it where no condition does. */
  if (!says_status)
    g_string_append (out, " status:any");
  if (ordered)
    g_string_append_printf (out, " order:%s", booru_query_order_to_string (self->order));
  if (self->limit >= 0)
    g_string_append_printf (out, " limit:%d", self->limit);
  if (out->str[0] == ' ')
    g_string_erase (out, 0, 1);
  return g_string_free (out, FALSE);
}
