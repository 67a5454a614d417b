/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-query.h"

#include "base/booru-error.h"
#include "board/query/booru-query-ast.h"

struct _BooruQuery
{
  gatomicrefcount ref_count;
  char *text;
  BooruNode *tree;
  BooruQueryTraits traits;
};

/**
 * booru_query_parse:
 * @text: (nullable): a search, as a user typed it
 *
 * Returns: (transfer full): the query; one that finds nothing if @text cannot be parsed
 */
BooruQuery *
booru_query_parse (const char *text)
{
  BooruQuery *self = g_new0 (BooruQuery, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_strdup (text ? text : "");
  self->tree = booru_query_parse_tree (self->text, &self->traits);
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
  booru_node_free (self->tree);
  g_free (self->text);
  g_free (self);
}

const char *
booru_query_get_text (const BooruQuery *self)
{
  return self->text;
}

/**
 * booru_query_to_string:
 * @self: a query
 *
 * Returns: (transfer full): its conditions in canonical form, without order and limit: queries with
 *   equal strings find the same posts
 */
char *
booru_query_to_string (const BooruQuery *self)
{
  GString *out = g_string_new (self->traits.has_status ? NULL : "active ");

  booru_node_append (self->tree, out);
  return g_string_free (out, FALSE);
}

/**
 * booru_query_get_limit:
 * @self: a query
 *
 * Returns: the number behind "limit:", or -1 if it is not there
 */
gint
booru_query_get_limit (const BooruQuery *self)
{
  return self->traits.limit;
}

const BooruNode *
booru_query_get_tree (const BooruQuery *self)
{
  return self->tree;
}

const BooruQueryTraits *
booru_query_get_traits (const BooruQuery *self)
{
  return &self->traits;
}

/**
 * booru_page_parse:
 * @text: (nullable): what stands behind "page="
 * @limit: posts a page
 * @page: (out): the page
 * @error: BOORU_ERROR_INVALID, or BOORU_ERROR_LIMIT for a number over BOORU_PAGE_MAX_NUMBER
 *
 * Returns: whether @text is a page
 */
gboolean
booru_page_parse (const char *text, guint limit, BooruPage *page, GError **error)
{
  const char *digits = text;
  guint64 value = 1;

  *page = (BooruPage){ BOORU_PAGE_NUMBER, 1, limit };
  if (text == NULL || *text == '\0')
    return TRUE;

  if (*text == 'a' || *text == 'b')
    {
      page->kind = *text == 'a' ? BOORU_PAGE_AFTER : BOORU_PAGE_BEFORE;
      digits++;
    }
  if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXINT64, &value, NULL))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "“%s” is no page: it has to be a number, or a or b and a post's id", text);
      return FALSE;
    }
  if (page->kind == BOORU_PAGE_NUMBER && value > BOORU_PAGE_MAX_NUMBER)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                   "Page %" G_GUINT64_FORMAT
                   " is over the limit of %d: narrow the search, or go on "
                   "by page=b and the last post's id",
                   value, BOORU_PAGE_MAX_NUMBER);
      return FALSE;
    }
  page->value = page->kind == BOORU_PAGE_NUMBER ? (gint64)MAX (value, 1) : (gint64)value;
  return TRUE;
}
