/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ranges of metatags, as Danbooru's RangeParser takes them: 5 >5 >=5 <5 <=5 5..9 5...9 5.. ..5,
 * and several of them with commas between. All become closed intervals of whole numbers. */
#include "board/query/booru-query-ast.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* What one number of a range means. */
typedef struct
{
  gint64 number;
  gint64 low, high; /* what it means where it stands alone */
} Value;

/* Numbers from here on are beyond all that there is. */
#define LARGEST (G_GINT64_CONSTANT (1) << 60)
/* Of those that are read as doubles, too: below, what is printed in millionths comes back the same.
 * As microseconds they are 31 years, as pixels a picture that nothing decodes. */
#define LARGEST_DOUBLE G_GINT64_CONSTANT (1000000000000000)
/* The years 1000 and 9000 in microseconds since 1970. */
#define FIRST_DATE G_GINT64_CONSTANT (-30610224000000000)
#define LAST_DATE G_GINT64_CONSTANT (221845392000000000)

static gboolean
set_value (Value *value, double number, double tolerance)
{
  number = CLAMP (number, -2.0 * LARGEST_DOUBLE, 2.0 * LARGEST_DOUBLE);
  value->number = (gint64)round (number);
  value->low = (gint64)ceil ((double)value->number - fabs (number) * tolerance);
  value->high = (gint64)floor ((double)value->number + fabs (number) * tolerance);
  return TRUE;
}

static gboolean
parse_double (const char *string, double *number)
{
  char *end;

  /* Neither "inf" nor "nan" nor hexadecimal. */
  if (string[0] == '\0' || strspn (string, "+-.0123456789eE") != strlen (string))
    return FALSE;
  errno = 0;
  *number = g_ascii_strtod (string, &end);
  return *end == '\0' && end != string && isfinite (*number);
}

static gboolean
parse_integer (const char *string, Value *value)
{
  const char *digits = string + (string[0] == '+' || string[0] == '-');

  if (digits[0] == '\0' || strspn (digits, "0123456789") != strlen (digits))
    return FALSE;
  value->number = CLAMP (g_ascii_strtoll (string, NULL, 10), -LARGEST, LARGEST);
  value->low = value->high = value->number;
  return TRUE;
}

/* "16:9", "16/9", "1.78": in hundredths. */
static gboolean
parse_ratio (const char *string, Value *value)
{
  g_auto (GStrv) parts = g_strsplit_set (string, ":/", 3);
  double width, height = 1;

  if (g_strv_length (parts) > 2 || parts[0] == NULL || !parse_double (parts[0], &width)
      || (parts[1] && !parse_double (parts[1], &height)) || height <= 0)
    return FALSE;
  return set_value (value, round (width / height * 100), 0);
}

/* "2mb", "100k", "2.5m" are about so much, a number alone is bytes. */
static gboolean
parse_filesize (const char *string, Value *value)
{
  gsize length = strspn (string, "0123456789.");
  g_autofree char *digits = g_strndup (string, length),
                  *unit = g_ascii_strdown (string + length, -1);
  double number, factor;

  if (unit[0] == '\0' || g_str_equal (unit, "b"))
    factor = 1;
  else if (g_str_equal (unit, "k") || g_str_equal (unit, "kb"))
    factor = 1024;
  else if (g_str_equal (unit, "m") || g_str_equal (unit, "mb"))
    factor = 1024 * 1024;
  else if (g_str_equal (unit, "g") || g_str_equal (unit, "gb"))
    factor = 1024 * 1024 * 1024;
  else
    return FALSE;
  return parse_double (digits, &number)
         && set_value (value, floor (number * factor), factor > 1 ? 0.05 : 0);
}

static gboolean
parse_value (BooruMetatag metatag, const char *string, Value *value)
{
  double number;

  switch (metatag)
    {
    case BOORU_METATAG_MPIXELS:
      return parse_double (string, &number) && set_value (value, number * 1e6, 0.05);
    case BOORU_METATAG_RATIO:
      return parse_ratio (string, value);
    case BOORU_METATAG_FILESIZE:
      return parse_filesize (string, value);
    case BOORU_METATAG_DURATION:
      return booru_query_parse_duration (string, &number)
             && set_value (value, round (number * 1e6), 0.05);
    case BOORU_METATAG_AGE:
      return booru_query_parse_duration (string, &number)
             && set_value (value, round (number * 1e6), 0);
    case BOORU_METATAG_DATE:
      if (!booru_query_parse_date (string, &value->low, &value->high))
        return FALSE;
      value->number = value->low;
      return TRUE;
    default:
      return parse_integer (string, value);
    }
}

/* A..B, or A...B, which leaves B out; in either order. */
static gboolean
parse_between (BooruMetatag metatag,
               const char *low,
               const char *high,
               gboolean open,
               BooruQueryRange *range)
{
  Value first, last;

  if (!parse_value (metatag, low, &first) || !parse_value (metatag, high, &last))
    return FALSE;
  if (last.number < first.number)
    {
      Value other = first;

      first = last;
      last = other;
    }
  range->low = first.number;
  range->high = last.number - (open ? 1 : 0);
  return TRUE;
}

static gboolean
parse_half (BooruMetatag metatag,
            const char *string,
            char relation,
            gboolean open,
            BooruQueryRange *range)
{
  Value value;

  if (!parse_value (metatag, string, &value))
    return FALSE;
  range->low = G_MININT64;
  range->high = G_MAXINT64;
  if (relation == '<')
    range->high = value.number - (open ? 1 : 0);
  else
    range->low = value.number + (open ? 1 : 0);
  return TRUE;
}

static gboolean
parse_range (BooruMetatag metatag, const char *string, BooruQueryRange *range)
{
  const char *dots = string[0] ? strstr (string + 1, "..") : NULL;
  gsize length = strlen (string);
  Value value;

  if (dots && dots[2] != '\0' && !(dots[2] == '.' && dots[3] == '\0'))
    {
      g_autofree char *low = g_strndup (string, (gsize)(dots - string));

      return parse_between (metatag, low, dots + (dots[2] == '.' ? 3 : 2), dots[2] == '.', range);
    }
  if (string[0] == '<' || string[0] == '>')
    return parse_half (metatag, string + (string[1] == '=' ? 2 : 1), string[0], string[1] != '=',
                       range);
  if (g_str_has_prefix (string, ".."))
    return parse_half (metatag, string + 2, '<', FALSE, range);
  if (length > 2 && g_str_has_suffix (string, ".."))
    {
      g_autofree char *low = g_strndup (string, length - 2);

      return parse_half (metatag, low, '>', FALSE, range);
    }
  if (!parse_value (metatag, string, &value))
    return FALSE;
  range->low = value.low;
  range->high = value.high;
  return TRUE;
}

/* Between what values something can be found at all. */
static void
get_limits (BooruMetatag metatag, gint64 *least, gint64 *most)
{
  switch (metatag)
    {
    case BOORU_METATAG_DATE:
      *least = FIRST_DATE;
      *most = LAST_DATE;
      break;
    case BOORU_METATAG_MPIXELS:
    case BOORU_METATAG_RATIO:
    case BOORU_METATAG_FILESIZE:
    case BOORU_METATAG_DURATION:
    case BOORU_METATAG_AGE:
      *least = 0;
      *most = LARGEST_DOUBLE;
      break;
    default:
      *least = -LARGEST + 1;
      *most = LARGEST - 1;
      break;
    }
}

/* Appends a range, if anything can lie in it. */
static void
append_range (GArray *ranges, BooruMetatag metatag, BooruQueryRange range)
{
  gint64 least, most;

  get_limits (metatag, &least, &most);
  if (range.low > range.high || range.low > most || range.high < least)
    return;
  if (range.low <= least && range.low != range.high)
    range.low = G_MININT64;
  if (range.high >= most)
    range.high = G_MAXINT64;
  g_array_append_val (ranges, range);
}

/**
 * booru_query_parse_ranges:
 * @metatag: what the values are, which says their unit
 * @value: one range, or several with commas or spaces between
 * @ranges: (element-type BooruQueryRange): where to append them; those that nothing can lie in are
 *   left out
 *
 * Returns: whether all of @value could be understood
 */
gboolean
booru_query_parse_ranges (BooruMetatag metatag, const char *value, GArray *ranges)
{
  g_auto (GStrv) parts = NULL;
  guint n = 0;

  /* A duration may have spaces in it: "1h 30min". */
  parts = g_strsplit_set (
      value, metatag == BOORU_METATAG_DURATION || metatag == BOORU_METATAG_AGE ? "," : ", ", -1);
  for (guint i = 0; parts[i]; i++)
    {
      BooruQueryRange range;

      if (parts[i][0] == '\0')
        continue;
      n++;
      if (!parse_range (metatag, parts[i], &range))
        return FALSE;
      append_range (ranges, metatag, range);
    }
  return n > 0;
}
