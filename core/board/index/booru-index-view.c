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

gint64
booru_index_view_get_value (const BooruIndexView *self, guint value, guint low)
{
  gint64 columns[BOORU_INDEX_N_COLUMNS];
  const gint64 *values = columns;
  guint needed = booru_index_value_get_columns (value);

  if (self->overlay)
    values = booru_index_overlay_get_values (self->overlay, low);
  else if (value < BOORU_INDEX_N_STORED)
    return booru_index_numbers_get (booru_index_block_get_column (self->block, value), low);
  else
    for (guint i = 0; i < BOORU_INDEX_N_COLUMNS; i++)
      columns[i]
          = (needed >> i) & 1
                ? booru_index_numbers_get (booru_index_block_get_column (self->block, i), low)
                : 0;
  return values ? booru_index_compute_value (values, value) : 0;
}
