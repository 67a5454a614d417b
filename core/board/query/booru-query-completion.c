/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be offered for a metatag that somebody types. */
#include "board/query/booru-query-ast.h"

#include <string.h>

#define STATUSES "active", "deleted", "missing"

static const struct
{
  BooruMetatag metatag;
  const char *values[24]; /* sorted */
} values[] = {
  { BOORU_METATAG_RATING, { "explicit", "general", "questionable", "sensitive" } },
  { BOORU_METATAG_STATUS, { STATUSES, "any" } },
  { BOORU_METATAG_PARENT, { STATUSES, "any", "none" } },
  { BOORU_METATAG_CHILD, { STATUSES, "any", "none" } },
  { BOORU_METATAG_FILETYPE,
    { "avif", "bmp", "gif", "heic", "jpg", "jxl", "mkv", "mov", "mp4", "png", "svg", "tiff", "webm",
      "webp", "zip" } },
  { BOORU_METATAG_IS,
    { STATUSES, "child", "explicit", "general", "incomplete", "nsfw", "parent", "questionable",
      "sensitive", "sfw", "gif", "jpg", "mp4", "png", "webm", "webp", "zip" } },
  { BOORU_METATAG_HAS,
    { "children", "commentary", "comments", "notes", "parent", "pools", "source" } },
  { BOORU_METATAG_COMMENTARY, { "false", "translated", "true", "untranslated" } },
  { BOORU_METATAG_EMBEDDED, { "false", "true" } },
  { BOORU_METATAG_POOL, { "any", "collection", "none", "series" } },
  { BOORU_METATAG_SOURCE, { "none" } },
  { BOORU_METATAG_DURATION, { "any", "none" } },
};

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
add_orders (GPtrArray *found, const char *beginning)
{
  for (guint i = 0; i < BOORU_N_ORDERS; i++)
    if (g_str_has_prefix (booru_query_order_to_string (i), beginning))
      g_ptr_array_add (found, (gpointer)booru_query_order_to_string (i));
}

GPtrArray *
booru_query_complete_value (const char *metatag, const char *beginning)
{
  g_return_val_if_fail (metatag != NULL && beginning != NULL, NULL);

  GPtrArray *found = g_ptr_array_new ();
  g_autofree char *lower = g_ascii_strdown (beginning, -1);
  BooruMetatag known;

  if (!booru_metatag_from_name (metatag, strlen (metatag), &known))
    return found;
  if (known == BOORU_METATAG_ORDER)
    add_orders (found, lower);
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    for (guint j = 0; values[i].metatag == known && values[i].values[j]; j++)
      if (g_str_has_prefix (values[i].values[j], lower))
        g_ptr_array_add (found, (gpointer)values[i].values[j]);
  g_ptr_array_sort (found, compare);
  return found;
}
