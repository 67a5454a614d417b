/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One number of each post of a block: how much it is above the least of them, in as few bytes as
 * the greatest takes. */
#pragma once

#include "booru-index-set.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 min, max;    /* of the posts that there are */
  guint width;        /* bytes each: 0 (all are alike), 1, 2, 4 or 8 */
  guint n;            /* numbers in @data, a multiple of 64: up to the last post */
  gconstpointer data; /* nothing in particular for the ids between that are no posts */
} BooruIndexNumbers;

static inline gint64
booru_index_numbers_get (const BooruIndexNumbers *self, guint low)
{
  guint64 above = 0;

  switch (low < self->n ? self->width : 0)
    {
    case 1:
      above = ((const guint8 *)self->data)[low];
      break;
    case 2:
      above = ((const guint16 *)self->data)[low];
      break;
    case 4:
      above = ((const guint32 *)self->data)[low];
      break;
    case 8:
      above = ((const guint64 *)self->data)[low];
      break;
    default:
      break;
    }
  return (gint64)((guint64)self->min + above);
}

/* How wide numbers from @min to @max are. */
guint booru_index_numbers_get_width (gint64 min, gint64 max);

/* Appends @n of @values, the least of which is @min. */
void booru_index_numbers_append (GByteArray *bytes,
                                 const gint64 *values,
                                 guint n,
                                 gint64 min,
                                 guint width);

/* Adds those that lie in low…high, of which some but not all do. Ids that are no posts may be among
 * them. */
void
booru_index_numbers_scan (const BooruIndexNumbers *self, gint64 low, gint64 high, guint64 *bits);

G_END_DECLS
