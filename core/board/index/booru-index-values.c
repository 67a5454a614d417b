/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-values.h"

#include <math.h>
#include <string.h>

gint64
booru_index_duration_to_value (double seconds)
{
  return seconds < 0 ? -1 : (gint64)(seconds * G_USEC_PER_SEC + 0.5);
}

gint64
booru_index_md5_to_value (const guint8 *md5)
{
  guint64 prefix;

  memcpy (&prefix, md5, sizeof prefix);
  return (gint64)(GUINT64_FROM_BE (prefix) ^ G_GUINT64_CONSTANT (0x8000000000000000));
}

/* Numbers that are not negative have the order of their bits. */
static gint64
order_double (double number)
{
  gint64 bits;

  memcpy (&bits, &number, sizeof bits);
  return bits;
}

/* Danbooru's: three times the score weighs as much as 35,000 seconds. */
static gint64
compute_heat (const gint64 *values)
{
  double age = (double)values[BOORU_INDEX_CREATED] / G_USEC_PER_SEC / 35000;

  if (values[BOORU_INDEX_SCORE] < 1 || age < 0)
    return G_MININT64;
  return order_double (log ((double)values[BOORU_INDEX_SCORE]) / log (3) + age);
}

gint64
booru_index_compute_value (const gint64 *values, guint value)
{
  double width = (double)values[BOORU_INDEX_WIDTH];
  double height = (double)MAX (values[BOORU_INDEX_HEIGHT], 1);

  switch (value)
    {
    case BOORU_INDEX_MPIXELS:
      return values[BOORU_INDEX_WIDTH] * values[BOORU_INDEX_HEIGHT];
    case BOORU_INDEX_RATIO:
      return (gint64)(100.0 * width / height + 0.5);
    case BOORU_INDEX_SHAPE:
      return order_double (width / height);
    case BOORU_INDEX_DURATION_UP:
      return values[BOORU_INDEX_DURATION] < 0 ? G_MAXINT64 : values[BOORU_INDEX_DURATION];
    case BOORU_INDEX_HEAT:
      return compute_heat (values);
    default:
      return values[value];
    }
}

gint64
booru_index_shape_to_ratio (gint64 shape, gboolean greater)
{
  double ratio;

  if (shape < 0)
    return G_MININT64;
  memcpy (&ratio, &shape, sizeof ratio);
  if (!(ratio < 1e9))
    return G_MAXINT64;
  /* One more, as the two are rounded differently. */
  return (gint64)(100.0 * ratio + 0.5) + (greater ? -1 : 1);
}

guint
booru_index_value_get_columns (guint value)
{
  switch (value)
    {
    case BOORU_INDEX_SHAPE:
      return 1u << BOORU_INDEX_WIDTH | 1u << BOORU_INDEX_HEIGHT | 1u << BOORU_INDEX_RATIO;
    case BOORU_INDEX_HEAT:
      return 1u << BOORU_INDEX_SCORE | 1u << BOORU_INDEX_CREATED;
    case BOORU_INDEX_DURATION_UP:
      return 1u << BOORU_INDEX_DURATION;
    default:
      return 1u << value;
    }
}
