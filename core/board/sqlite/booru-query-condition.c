/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Metatags that are conditions on a post's columns. */
#include "board/sqlite/booru-query-compiler-private.h"

#include <math.h>

static const char *
get_expression (BooruMetatag metatag)
{
  switch (metatag)
    {
    case BOORU_METATAG_ID:
      return "p.id";
    case BOORU_METATAG_SCORE:
      return "p.score";
    case BOORU_METATAG_FAVCOUNT:
      return "p.fav_count";
    case BOORU_METATAG_WIDTH:
      return "p.width";
    case BOORU_METATAG_HEIGHT:
      return "p.height";
    case BOORU_METATAG_MPIXELS:
      return "(p.width * p.height / 1000000.0)";
    case BOORU_METATAG_RATIO:
      return "(1.0 * p.width / max(p.height, 1))";
    case BOORU_METATAG_FILESIZE:
      return "p.size";
    case BOORU_METATAG_DURATION:
      return "p.duration";
    case BOORU_METATAG_TAGCOUNT:
      return "p.tag_count";
    case BOORU_METATAG_GENTAGS:
      return "p.tag_count_general";
    case BOORU_METATAG_ARTTAGS:
      return "p.tag_count_artist";
    case BOORU_METATAG_COPYTAGS:
      return "p.tag_count_copyright";
    case BOORU_METATAG_CHARTAGS:
      return "p.tag_count_character";
    case BOORU_METATAG_METATAGS:
      return "p.tag_count_meta";
    case BOORU_METATAG_MD5:
      return "lower(hex(p.md5))";
    case BOORU_METATAG_FILETYPE:
      return "p.ext";
    case BOORU_METATAG_RATING:
      return "p.rating";
    case BOORU_METATAG_STATUS:
      return "p.status";
    case BOORU_METATAG_ORDER:
    case BOORU_METATAG_LIMIT:
    default:
      g_return_val_if_reached ("NULL");
    }
}

static GVariant *
number (double value)
{
  gboolean is_integer = value == floor (value) && fabs (value) < 9e15;

  return g_variant_ref_sink (is_integer ? g_variant_new_int64 ((gint64)value)
                                        : g_variant_new_double (value));
}

static void
append_range (const char *expression, const BooruRange *range, GString *sql, GPtrArray *parameters)
{
  if (range->min == range->max)
    {
      g_string_append_printf (sql, "%s = ?", expression);
      g_ptr_array_add (parameters, number (range->min));
      return;
    }
  g_string_append_c (sql, '(');
  if (isfinite (range->min))
    {
      g_string_append_printf (sql, "%s %s ?", expression, range->min_open ? ">" : ">=");
      g_ptr_array_add (parameters, number (range->min));
    }
  if (isfinite (range->max))
    {
      g_string_append_printf (sql, "%s%s %s ?", isfinite (range->min) ? " AND " : "", expression,
                              range->max_open ? "<" : "<=");
      g_ptr_array_add (parameters, number (range->max));
    }
  g_string_append_c (sql, ')');
}

gboolean
booru_query_is_list_of_posts (const BooruNode *node)
{
  if (node->kind != BOORU_NODE_METATAG)
    return FALSE;
  if (node->metatag == BOORU_METATAG_MD5)
    return TRUE;
  if (node->metatag != BOORU_METATAG_ID || node->ranges == NULL)
    return FALSE;
  for (guint i = 0; i < node->ranges->len; i++)
    {
      const BooruRange *range = &g_array_index (node->ranges, BooruRange, i);

      if (range->min != range->max)
        return FALSE;
    }
  return TRUE;
}

GVariant *
booru_query_list_of_ids (const BooruNode *node)
{
  g_autoptr (GString) json = g_string_new ("[");

  for (guint i = 0; i < node->ranges->len; i++)
    {
      double id = g_array_index (node->ranges, BooruRange, i).min;

      if (fabs (id) < 9e15)
        g_string_append_printf (json, "%s%" G_GINT64_FORMAT, json->len > 1 ? "," : "", (gint64)id);
    }
  g_string_append_c (json, ']');
  return g_variant_ref_sink (g_variant_new_string (json->str));
}

static void
append_words (const BooruNode *node, GString *sql, GPtrArray *parameters)
{
  gboolean is_md5 = node->metatag == BOORU_METATAG_MD5;

  /* The bytes themselves are indexed: compare with them, not with their spelling. */
  g_string_append_printf (sql, "%s IN (", is_md5 ? "p.md5" : get_expression (node->metatag));
  for (guint i = 0; i < node->words->len; i++)
    {
      g_string_append (sql, i ? ", ?" : "?");
      g_ptr_array_add (parameters,
                       g_variant_ref_sink (is_md5 ? g_variant_new_bytestring (node->words->pdata[i])
                                                  : g_variant_new_string (node->words->pdata[i])));
    }
  g_string_append_c (sql, ')');
}

/**
 * booru_query_append_condition:
 * @node: a metatag
 * @sql: where to append
 * @parameters: where to append the values of its question marks; an ay stands for the bytes that
 * its hex digits spell
 *
 * Appends a condition on a row "p" of posts.
 */
void
booru_query_append_condition (const BooruNode *node, GString *sql, GPtrArray *parameters)
{
  const char *expression = get_expression (node->metatag);

  if (node->is_any || node->is_none)
    {
      g_string_append_printf (sql, "%s IS %sNULL", expression, node->is_any ? "NOT " : "");
      return;
    }
  if (node->words)
    {
      append_words (node, sql, parameters);
      return;
    }
  if (booru_query_is_list_of_posts (node) && node->ranges->len > 1)
    {
      g_string_append (sql, "p.id IN (SELECT value FROM json_each(?))");
      g_ptr_array_add (parameters, booru_query_list_of_ids (node));
      return;
    }

  /* What has no value is in no range, and so in the rest: three-valued logic would lose it. */
  g_string_append_c (sql, '(');
  for (guint i = 0; i < node->ranges->len; i++)
    {
      g_string_append (sql, i ? " OR " : "");
      append_range (expression, &g_array_index (node->ranges, BooruRange, i), sql, parameters);
    }
  g_string_append (sql, node->metatag == BOORU_METATAG_DURATION ? ") IS TRUE" : ")");
}
