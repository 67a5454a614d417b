/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-view.h"

BooruIndexSet
booru_index_view_find (const BooruIndexView *self, guint32 term)
{
  return self->overlay ? booru_index_overlay_find (self->overlay, term)
                       : booru_index_block_find (self->block, term);
}

BooruIndexSet
booru_index_view_find_ext (const BooruIndexView *self, const char *ext)
{
  const GPtrArray *exts = self->overlay ? booru_index_overlay_get_exts (self->overlay)
                                        : booru_index_block_get_exts (self->block);
  guint32 term = booru_index_find_ext (exts, ext);

  return term ? booru_index_view_find (self, term) : (BooruIndexSet){ 0 };
}

/* Of the image; 0, if the column was not loaded. */
static gint64
get_number (const BooruIndexView *self, guint column, guint low)
{
  return booru_index_numbers_get (booru_index_block_get_column (self->block, column), low);
}

gint64
booru_index_view_get_value (const BooruIndexView *self, guint value, guint low)
{
  gint64 numbers[BOORU_INDEX_N_COLUMNS] = { 0 };

  if (self->overlay)
    {
      const gint64 *values = booru_index_overlay_get_values (self->overlay, low);

      return values ? booru_index_compute_value (values, value) : 0;
    }
  if (value < BOORU_INDEX_N_STORED)
    return get_number (self, value, low);
  for (guint columns = booru_index_value_get_columns (value), i = 0; i < BOORU_INDEX_N_COLUMNS; i++)
    if ((columns >> i) & 1)
      numbers[i] = get_number (self, i, low);
  return booru_index_compute_value (numbers, value);
}
