/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The metatags and the grammar of their values:
 * https://danbooru.donmai.us/wiki_pages/help:cheatsheet */
#include "board/query/booru-query-ast.h"

#include <math.h>
#include <string.h>

/* "filesize:2mb" and "ratio:1.5" mean about that. */
#define FUZZ 0.05

typedef enum
{
  VALUE_INTEGER,
  VALUE_FLOAT,
  VALUE_FILESIZE,
  VALUE_RATIO,
  VALUE_WORDS,
} ValueType;

static const struct
{
  const char *name;
  BooruMetatag metatag;
  ValueType type;
} metatags[] = {
  /* The first name of each is the canonical one. */
  { "id", BOORU_METATAG_ID, VALUE_INTEGER },
  { "score", BOORU_METATAG_SCORE, VALUE_INTEGER },
  { "favcount", BOORU_METATAG_FAVCOUNT, VALUE_INTEGER },
  { "width", BOORU_METATAG_WIDTH, VALUE_INTEGER },
  { "height", BOORU_METATAG_HEIGHT, VALUE_INTEGER },
  { "mpixels", BOORU_METATAG_MPIXELS, VALUE_FLOAT },
  { "ratio", BOORU_METATAG_RATIO, VALUE_RATIO },
  { "filesize", BOORU_METATAG_FILESIZE, VALUE_FILESIZE },
  { "duration", BOORU_METATAG_DURATION, VALUE_FLOAT },
  { "tagcount", BOORU_METATAG_TAGCOUNT, VALUE_INTEGER },
  { "gentags", BOORU_METATAG_GENTAGS, VALUE_INTEGER },
  { "arttags", BOORU_METATAG_ARTTAGS, VALUE_INTEGER },
  { "copytags", BOORU_METATAG_COPYTAGS, VALUE_INTEGER },
  { "chartags", BOORU_METATAG_CHARTAGS, VALUE_INTEGER },
  { "metatags", BOORU_METATAG_METATAGS, VALUE_INTEGER },
  { "md5", BOORU_METATAG_MD5, VALUE_WORDS },
  { "rating", BOORU_METATAG_RATING, VALUE_WORDS },
  { "status", BOORU_METATAG_STATUS, VALUE_WORDS },
  { "filetype", BOORU_METATAG_FILETYPE, VALUE_WORDS },
  { "order", BOORU_METATAG_ORDER, VALUE_WORDS },
  { "limit", BOORU_METATAG_LIMIT, VALUE_INTEGER },
};

/**
 * booru_metatag_from_name:
 * @name: text that begins with a name, in any case
 * @length: bytes of the name
 * @metatag: (out): the metatag
 *
 * Returns: whether there is one of that name; if not, "NAME:VALUE" is an ordinary tag
 */
gboolean
booru_metatag_from_name (const char *name, gsize length, BooruMetatag *metatag)
{
  for (gsize i = 0; i < G_N_ELEMENTS (metatags); i++)
    if (strlen (metatags[i].name) == length
        && g_ascii_strncasecmp (metatags[i].name, name, length) == 0)
      {
        *metatag = metatags[i].metatag;
        return TRUE;
      }
  return FALSE;
}

const char *
booru_metatag_get_name (BooruMetatag metatag)
{
  for (gsize i = 0; i < G_N_ELEMENTS (metatags); i++)
    if (metatags[i].metatag == metatag)
      return metatags[i].name;
  g_return_val_if_reached ("");
}

static ValueType
get_type (BooruMetatag metatag)
{
  for (gsize i = 0; i < G_N_ELEMENTS (metatags); i++)
    if (metatags[i].metatag == metatag)
      return metatags[i].type;
  g_return_val_if_reached (VALUE_WORDS);
}

/* Numbers and their units. */

static gboolean
parse_decimal (const char *text, double *number, const char **end)
{
  char *stop;

  /* g_ascii_strtod() would also take "inf", "nan", hexadecimal numbers and spaces. */
  if (text[strspn (text, "+-")] != '.' && !g_ascii_isdigit (text[strspn (text, "+-")]))
    return FALSE;
  if (g_ascii_isspace (text[0]) || strpbrk (text, "xXpP"))
    return FALSE;
  *number = g_ascii_strtod (text, &stop);
  *end = stop;
  return stop != text && isfinite (*number);
}

static gboolean
parse_filesize (const char *text, double *number)
{
  const char *unit;

  if (!parse_decimal (text, number, &unit))
    return FALSE;
  if (g_ascii_tolower (*unit) == 'k')
    *number *= 1024;
  else if (g_ascii_tolower (*unit) == 'm')
    *number *= 1024 * 1024;
  else if (g_ascii_tolower (*unit) == 'g')
    *number *= 1024 * 1024 * 1024;
  if (*unit && strchr ("kKmMgG", *unit))
    unit++;
  if (*unit && strchr ("bB", *unit))
    unit++;
  return *unit == '\0';
}

static gboolean
parse_ratio (const char *text, double *number)
{
  const char *end;
  double height;

  if (!parse_decimal (text, number, &end))
    return FALSE;
  if (*end == '\0')
    return TRUE;
  if (*end != ':' && *end != '/')
    return FALSE;
  if (!parse_decimal (end + 1, &height, &end) || *end != '\0' || height <= 0)
    return FALSE;
  *number /= height;
  return TRUE;
}

static gboolean
parse_number (ValueType type, const char *text, double *number)
{
  const char *end;

  switch (type)
    {
    case VALUE_FILESIZE:
      return parse_filesize (text, number);
    case VALUE_RATIO:
      return parse_ratio (text, number);
    case VALUE_INTEGER:
      return parse_decimal (text, number, &end) && *end == '\0' && *number == floor (*number);
    case VALUE_FLOAT:
    case VALUE_WORDS:
    default:
      return parse_decimal (text, number, &end) && *end == '\0';
    }
}

/* Ranges: 5 >5 >=5 <5 <=5 5..9 5...9 5.. ..5 */

static gboolean
parse_comparison (ValueType type, const char *text, BooruRange *range)
{
  gboolean above = text[0] == '>';
  gboolean closed = text[1] == '=';
  double number;

  if (!parse_number (type, text + 1 + closed, &number))
    return FALSE;
  if (above)
    *range = (BooruRange){ number, INFINITY, !closed, FALSE };
  else
    *range = (BooruRange){ -INFINITY, number, FALSE, !closed };
  return TRUE;
}

static gboolean
parse_span (ValueType type, const char *text, const char *dots, BooruRange *range)
{
  g_autofree char *first = g_strndup (text, dots - text);
  gboolean exclusive = dots[2] == '.';
  const char *last = dots + 2 + exclusive;

  *range = (BooruRange){ -INFINITY, INFINITY, FALSE, FALSE };
  if (*first == '\0' && *last == '\0')
    return FALSE;
  if (*first && !parse_number (type, first, &range->min))
    return FALSE;
  if (*last && !parse_number (type, last, &range->max))
    return FALSE;
  range->max_open = exclusive && *last;
  if (range->min > range->max && !exclusive)
    *range = (BooruRange){ range->max, range->min, FALSE, FALSE };
  return TRUE;
}

static gboolean
parse_range (ValueType type, const char *text, BooruRange *range)
{
  const char *dots = strstr (text, "..");
  double number;

  if (text[0] == '<' || text[0] == '>')
    return parse_comparison (type, text, range);
  if (dots)
    return parse_span (type, text, dots, range);
  if (!parse_number (type, text, &number))
    return FALSE;

  *range = (BooruRange){ number, number, FALSE, FALSE };
  if (type == VALUE_FLOAT || type == VALUE_RATIO
      || (type == VALUE_FILESIZE && !g_ascii_isdigit (text[strlen (text) - 1])))
    {
      range->min = number * (1 - FUZZ);
      range->max = number * (1 + FUZZ);
    }
  return TRUE;
}

static gboolean
parse_ranges (BooruNode *node, ValueType type, const char *value)
{
  g_auto (GStrv) parts = NULL;

  if (g_ascii_strcasecmp (value, "any") == 0)
    return node->is_any = TRUE;
  if (g_ascii_strcasecmp (value, "none") == 0)
    return node->is_none = TRUE;

  node->ranges = g_array_new (FALSE, FALSE, sizeof (BooruRange));
  parts = g_strsplit (value, ",", -1);
  for (char **part = parts; *part; part++)
    {
      BooruRange range;

      if (**part == '\0')
        continue; /* "1,2," */
      if (!parse_range (type, *part, &range))
        return FALSE;
      g_array_append_val (node->ranges, range);
    }
  return node->ranges->len > 0;
}

/* Words. */

/* The canonical spelling of one word; NULL: there is no such value. */
static char *
canonical_word (BooruMetatag metatag, const char *word)
{
  static const char *const states[] = { "active", "deleted", "missing", "any", NULL };
  g_autofree char *lower = g_ascii_strdown (word, -1);

  switch (metatag)
    {
    case BOORU_METATAG_RATING:
      /* "rating:s", "rating:sensitive" and, as Danbooru takes it, anything with that initial. */
      return lower[0] && strchr ("gsqe", lower[0]) ? g_strndup (lower, 1) : NULL;
    case BOORU_METATAG_STATUS:
      if (g_str_equal (lower, "all"))
        return g_strdup ("any");
      return g_strv_contains (states, lower) ? g_steal_pointer (&lower) : NULL;
    case BOORU_METATAG_MD5:
      return strlen (lower) == 32 && strspn (lower, "0123456789abcdef") == 32
                 ? g_steal_pointer (&lower)
                 : NULL;
    case BOORU_METATAG_FILETYPE:
      if (g_str_equal (lower, "jpeg"))
        return g_strdup ("jpg");
      return *lower ? g_steal_pointer (&lower) : NULL;
    default:
      return NULL;
    }
}

static gboolean
parse_words (BooruNode *node, BooruMetatag metatag, const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, ",", -1);

  node->words = g_ptr_array_new_with_free_func (g_free);
  for (char **part = parts; *part; part++)
    {
      char *word = canonical_word (metatag, *part);

      if (word)
        g_ptr_array_add (node->words, word);
    }
  return node->words->len > 0;
}

/**
 * booru_metatag_parse_value:
 * @metatag: a metatag with a value that filters
 * @value: what stands behind its colon
 *
 * Returns: (transfer full): the condition; a value that makes no sense is fulfilled by no post
 */
BooruNode *
booru_metatag_parse_value (BooruMetatag metatag, const char *value)
{
  g_autoptr (BooruNode) node = booru_node_new (BOORU_NODE_METATAG);
  ValueType type = get_type (metatag);

  node->metatag = metatag;
  if (type == VALUE_WORDS ? parse_words (node, metatag, value) : parse_ranges (node, type, value))
    return g_steal_pointer (&node);
  return booru_node_new (BOORU_NODE_NONE);
}

/* Orders. */

static const struct
{
  const char *name;
  BooruOrder order;
} orders[] = {
  { "id", { BOORU_ORDER_ID, TRUE } },
  { "id_asc", { BOORU_ORDER_ID, TRUE } },
  { "id_desc", { BOORU_ORDER_ID, FALSE } },
  { "random", { BOORU_ORDER_RANDOM, FALSE } },
  { "custom", { BOORU_ORDER_CUSTOM, TRUE } },
  { "none", { BOORU_ORDER_NONE, FALSE } },
  { "score", { BOORU_ORDER_SCORE, FALSE } },
  { "favcount", { BOORU_ORDER_FAVCOUNT, FALSE } },
  { "created_at", { BOORU_ORDER_CREATED, FALSE } },
  { "change", { BOORU_ORDER_CHANGED, FALSE } },
  { "mpixels", { BOORU_ORDER_MPIXELS, FALSE } },
  { "portrait", { BOORU_ORDER_RATIO, TRUE } },
  { "landscape", { BOORU_ORDER_RATIO, FALSE } },
  { "filesize", { BOORU_ORDER_FILESIZE, FALSE } },
  { "tagcount", { BOORU_ORDER_TAGCOUNT, FALSE } },
  { "duration", { BOORU_ORDER_DURATION, FALSE } },
  { "md5", { BOORU_ORDER_MD5, FALSE } },
};

/**
 * booru_order_from_name:
 * @name: what stands behind "order:"; "_asc" and "_desc" may follow
 * @order: (out): the order
 *
 * Returns: whether there is such an order
 */
gboolean
booru_order_from_name (const char *name, BooruOrder *order)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  gboolean ascending = g_str_has_suffix (lower, "_asc");
  gboolean descending = g_str_has_suffix (lower, "_desc");

  for (guint pass = 0; pass < 2; pass++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (orders); i++)
        if (g_str_equal (orders[i].name, lower))
          {
            *order = orders[i].order;
            if (pass == 1)
              order->ascending = ascending;
            return TRUE;
          }
      if (!ascending && !descending)
        return FALSE;
      *strrchr (lower, '_') = '\0';
    }
  return FALSE;
}
