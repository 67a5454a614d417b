/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-numbers.h"

#include <string.h>

#include "booru-index-clones.h"

guint
booru_index_numbers_get_width (gint64 min, gint64 max)
{
  guint64 span = (guint64)max - (guint64)min;

  if (span == 0)
    return 0;
  return span <= G_MAXUINT8 ? 1 : span <= G_MAXUINT16 ? 2 : span <= G_MAXUINT32 ? 4 : 8;
}

void
booru_index_numbers_append (GByteArray *bytes,
                            const gint64 *values,
                            guint n,
                            gint64 min,
                            guint width)
{
  guint at = bytes->len;

  if (width == 0)
    return;
  g_byte_array_set_size (bytes, at + n * width);
  for (guint i = 0; i < n; i++)
    {
      guint64 above = GUINT64_TO_LE ((guint64)values[i] - (guint64)min);

#if G_BYTE_ORDER == G_BIG_ENDIAN
      above = GUINT64_SWAP_LE_BE (above) << (64 - 8 * MAX (width, 1));
#endif
      memcpy (bytes->data + at + i * width, &above, width);
    }
}

#define DEFINE_SCAN(type)                                                                          \
  BOORU_INDEX_CLONES static void scan_##type (const type *numbers, gsize n, type from, type span,  \
                                              guint64 *bits)                                       \
  {                                                                                                \
    guint8 flags[64];                                                                              \
                                                                                                   \
    for (gsize i = 0; i < n; i += 64)                                                              \
      {                                                                                            \
        for (gsize j = 0; j < 64; j++)                                                             \
          flags[j] = (type)(numbers[i + j] - from) <= span;                                        \
        bits[i / 64] |= booru_index_gather_flags (flags);                                          \
      }                                                                                            \
  }

DEFINE_SCAN (guint8)
DEFINE_SCAN (guint16)
DEFINE_SCAN (guint32)
DEFINE_SCAN (guint64)

void
booru_index_numbers_scan (const BooruIndexNumbers *self, gint64 low, gint64 high, guint64 *bits)
{
  guint64 from = (guint64)MAX (low, self->min) - (guint64)self->min;
  guint64 span = (guint64)MIN (high, self->max) - (guint64)self->min - from;

  switch (self->width)
    {
    case 1:
      scan_guint8 (self->data, self->n, (guint8)from, (guint8)span, bits);
      break;
    case 2:
      scan_guint16 (self->data, self->n, (guint16)from, (guint16)span, bits);
      break;
    case 4:
      scan_guint32 (self->data, self->n, (guint32)from, (guint32)span, bits);
      break;
    case 8:
      scan_guint64 (self->data, self->n, from, span, bits);
      break;
    default:
      g_return_if_reached ();
    }
}
