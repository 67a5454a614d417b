/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names of metatags and orders. */
#include "board/query/booru-query-ast.h"

#include <string.h>

#include "board/booru-tag.h"
#include "board/booru-word.h"

/* The first name of each is the one that is printed. */
static const struct
{
  const char *name;
  BooruMetatag metatag;
} metatags[] = {
  { "id", BOORU_METATAG_ID },
  { "score", BOORU_METATAG_SCORE },
  { "upvotes", BOORU_METATAG_UPVOTES },
  { "downvotes", BOORU_METATAG_DOWNVOTES },
  { "favcount", BOORU_METATAG_FAVCOUNT },
  { "width", BOORU_METATAG_WIDTH },
  { "height", BOORU_METATAG_HEIGHT },
  { "mpixels", BOORU_METATAG_MPIXELS },
  { "ratio", BOORU_METATAG_RATIO },
  { "filesize", BOORU_METATAG_FILESIZE },
  { "duration", BOORU_METATAG_DURATION },
  { "date", BOORU_METATAG_DATE },
  { "age", BOORU_METATAG_AGE },
  { "tagcount", BOORU_METATAG_TAGCOUNT },
  { "gentags", BOORU_METATAG_GENTAGS },
  { "arttags", BOORU_METATAG_ARTTAGS },
  { "copytags", BOORU_METATAG_COPYTAGS },
  { "chartags", BOORU_METATAG_CHARTAGS },
  { "metatags", BOORU_METATAG_METATAGS },
  { "parent", BOORU_METATAG_PARENT },
  { "child", BOORU_METATAG_CHILD },
  { "md5", BOORU_METATAG_MD5 },
  { "rating", BOORU_METATAG_RATING },
  { "status", BOORU_METATAG_STATUS },
  { "filetype", BOORU_METATAG_FILETYPE },
  { "source", BOORU_METATAG_SOURCE },
  { "similar", BOORU_METATAG_SIMILAR },
  { "is", BOORU_METATAG_IS },
  { "has", BOORU_METATAG_HAS },
  { "order", BOORU_METATAG_ORDER },
  { "limit", BOORU_METATAG_LIMIT },
  { "random", BOORU_METATAG_RANDOM },
};

/* Both directions of most orders are spelled alike: NAME and NAME_desc, NAME_asc. */
static const char *const orders[BOORU_N_ORDERS] = {
  [BOORU_ORDER_ID_DESC] = "id_desc",
  [BOORU_ORDER_ID] = "id",
  [BOORU_ORDER_SCORE] = "score",
  [BOORU_ORDER_SCORE_ASC] = "score_asc",
  [BOORU_ORDER_UPVOTES] = "upvotes",
  [BOORU_ORDER_UPVOTES_ASC] = "upvotes_asc",
  [BOORU_ORDER_DOWNVOTES] = "downvotes",
  [BOORU_ORDER_DOWNVOTES_ASC] = "downvotes_asc",
  [BOORU_ORDER_FAVCOUNT] = "favcount",
  [BOORU_ORDER_FAVCOUNT_ASC] = "favcount_asc",
  [BOORU_ORDER_CREATED_AT] = "created_at",
  [BOORU_ORDER_CREATED_AT_ASC] = "created_at_asc",
  [BOORU_ORDER_CHANGE] = "change",
  [BOORU_ORDER_CHANGE_ASC] = "change_asc",
  [BOORU_ORDER_MPIXELS] = "mpixels",
  [BOORU_ORDER_MPIXELS_ASC] = "mpixels_asc",
  [BOORU_ORDER_PORTRAIT] = "portrait",
  [BOORU_ORDER_LANDSCAPE] = "landscape",
  [BOORU_ORDER_FILESIZE] = "filesize",
  [BOORU_ORDER_FILESIZE_ASC] = "filesize_asc",
  [BOORU_ORDER_TAGCOUNT] = "tagcount",
  [BOORU_ORDER_TAGCOUNT_ASC] = "tagcount_asc",
  [BOORU_ORDER_GENTAGS] = "gentags",
  [BOORU_ORDER_GENTAGS_ASC] = "gentags_asc",
  [BOORU_ORDER_ARTTAGS] = "arttags",
  [BOORU_ORDER_ARTTAGS_ASC] = "arttags_asc",
  [BOORU_ORDER_COPYTAGS] = "copytags",
  [BOORU_ORDER_COPYTAGS_ASC] = "copytags_asc",
  [BOORU_ORDER_CHARTAGS] = "chartags",
  [BOORU_ORDER_CHARTAGS_ASC] = "chartags_asc",
  [BOORU_ORDER_METATAGS] = "metatags",
  [BOORU_ORDER_METATAGS_ASC] = "metatags_asc",
  [BOORU_ORDER_DURATION] = "duration",
  [BOORU_ORDER_DURATION_ASC] = "duration_asc",
  [BOORU_ORDER_MD5] = "md5",
  [BOORU_ORDER_MD5_ASC] = "md5_asc",
  [BOORU_ORDER_RANDOM] = "random",
  [BOORU_ORDER_CUSTOM] = "custom",
  [BOORU_ORDER_SIMILAR] = "similar",
  [BOORU_ORDER_NONE] = "none",
};

static gboolean
is_name (const char *name, const char *text, gsize length)
{
  return g_ascii_strncasecmp (name, text, length) == 0 && name[length] == '\0';
}

/**
 * booru_metatag_from_name:
 * @name: what stands before a colon, in any case; @length bytes
 * @length: how many
 * @metatag: (out): which it is
 *
 * Returns: whether @name is a metatag
 */
gboolean
booru_metatag_from_name (const char *name, gsize length, BooruMetatag *metatag)
{
  for (gsize i = 0; i < G_N_ELEMENTS (metatags); i++)
    if (is_name (metatags[i].name, name, length))
      {
        *metatag = metatags[i].metatag;
        return TRUE;
      }
  *metatag = BOORU_METATAG_RESERVED;
  return booru_word_is_metatag (name, length);
}

const char *
booru_metatag_get_name (BooruMetatag metatag)
{
  for (gsize i = 0; i < G_N_ELEMENTS (metatags); i++)
    if (metatags[i].metatag == metatag)
      return metatags[i].name;
  g_return_val_if_reached ("");
}

/**
 * booru_query_order_from_string:
 * @string: the value of order:, in lower case
 * @order: (out): which it is
 *
 * Returns: whether there is such an order. "id" is ascending, all others are descending unless they
 *   end in "_asc".
 */
gboolean
booru_query_order_from_string (const char *string, BooruQueryOrder *order)
{
  g_autofree char *name = g_strdup (string);

  if (g_str_equal (name, "id_asc"))
    *strchr (name, '_') = '\0';
  else if (!g_str_equal (name, "id_desc") && g_str_has_suffix (name, "_desc"))
    {
      name[strlen (name) - strlen ("_desc")] = '\0';
      /* Only what has an "_asc" has a "_desc". */
      for (guint i = 0; i + 1 < BOORU_N_ORDERS; i++)
        if (g_str_equal (orders[i], name) && g_str_has_prefix (orders[i + 1], name))
          {
            *order = i;
            return TRUE;
          }
      return FALSE;
    }
  for (guint i = 0; i < BOORU_N_ORDERS; i++)
    if (g_str_equal (orders[i], name))
      {
        *order = i;
        return TRUE;
      }
  return FALSE;
}

const char *
booru_query_order_to_string (BooruQueryOrder order)
{
  return orders[order];
}

/* An order that is spelled nearly as @string; NULL: none. */
const char *
booru_query_order_suggest (const char *string)
{
  const char *nearest = NULL;
  guint least = strlen (string) > 4 ? 2 : 1;

  for (guint i = 0; i < BOORU_N_ORDERS; i++)
    {
      guint distance = booru_tag_get_distance (string, orders[i], least);

      if (distance > least)
        continue;
      nearest = orders[i];
      least = distance ? distance - 1 : 0;
    }
  return nearest;
}

const char *
booru_query_suggest_metatag (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  g_autofree char *lower = g_ascii_strdown (name, -1);
  const char *nearest = NULL;
  guint least = strlen (name) > 4 ? 2 : 1;

  for (gsize i = 0; i < G_N_ELEMENTS (metatags) && least > 0; i++)
    {
      guint distance = booru_tag_get_distance (lower, metatags[i].name, least);

      if (distance > least)
        continue;
      nearest = metatags[i].name;
      least = distance - 1;
    }
  return nearest;
}

/* What values a metatag takes, as the end of a sentence. */
const char *
booru_metatag_get_expected (BooruMetatag metatag)
{
  switch (metatag)
    {
    case BOORU_METATAG_MPIXELS:
      return "megapixels or a range of them, such as 2, >=1.5 or 2..8";
    case BOORU_METATAG_RATIO:
      return "a ratio or a range of them, such as 16:9, 1.5 or >=4:3";
    case BOORU_METATAG_FILESIZE:
      return "a size or a range of them, such as 2mb, >=500kb or 1mb..5mb";
    case BOORU_METATAG_DURATION:
      return "a duration or a range of them, such as 30s, >=1m30s or 10..60";
    case BOORU_METATAG_DATE:
      return "a date or a range of them, such as 2024-01-31, >=2024-01 or 2023..2024";
    case BOORU_METATAG_AGE:
      return "an age or a range of them, such as <1w or 2d..3d";
    case BOORU_METATAG_PARENT:
      return "the number of a post, any, none or a status";
    case BOORU_METATAG_CHILD:
      return "any, none or a status";
    case BOORU_METATAG_MD5:
      return "32 hexadecimal digits";
    case BOORU_METATAG_RATING:
      return "g, s, q or e";
    case BOORU_METATAG_STATUS:
      return "active, deleted, missing or any";
    case BOORU_METATAG_FILETYPE:
      return "a file type, such as png";
    case BOORU_METATAG_SIMILAR:
      return "the number of a post";
    case BOORU_METATAG_IS:
      return "parent, child, sfw, nsfw, a rating, a status or a file type";
    case BOORU_METATAG_HAS:
      return "parent, children or source";
    case BOORU_METATAG_SOURCE:
      return "the beginning of a source, with * for any text";
    case BOORU_METATAG_LIMIT:
    case BOORU_METATAG_RANDOM:
      return "a number of posts";
    default:
      return "a number or a range of them, such as 5, >=5 or 5..9";
    }
}
