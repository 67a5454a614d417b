/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers of a post beside those that the source gives, computed from them. */
#pragma once

#include "booru-index-source.h"

G_BEGIN_DECLS

/* A "value" is a BooruIndexColumn, or one of these. Up to BOORU_INDEX_N_STORED they stand in files,
 * so that other numbers need another BOORU_INDEX_VERSION. */
enum
{
  BOORU_INDEX_MPIXELS = BOORU_INDEX_N_COLUMNS, /* pixels */
  BOORU_INDEX_RATIO,                           /* width through height in hundredths, rounded */
  BOORU_INDEX_N_STORED,
  BOORU_INDEX_SHAPE = BOORU_INDEX_N_STORED, /* width through height: only to be compared */
  BOORU_INDEX_DURATION_UP,                  /* with those that have none last */
  BOORU_INDEX_HEAT,                         /* of order:rank: only to be compared */
};

/* @values: of the columns. */
gint64 booru_index_compute_value (const gint64 *values, guint value);

/* A bound for the ratio of posts with this shape or a greater one, and one for this or a lesser. */
gint64 booru_index_shape_to_ratio (gint64 shape, gboolean greater);

/* The stored ones that a value is computed from, as a mask. */
guint booru_index_value_get_columns (guint value);

G_END_DECLS
