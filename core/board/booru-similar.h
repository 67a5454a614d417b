/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures that look alike, by the number of bits in which their perceptual hashes differ. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Up to so many of the 64 bits are different in what counts as alike, unless somebody says
 * otherwise: see docs/similar.md for how it was measured. */
#define BOORU_SIMILAR_DISTANCE 10
/* Half of the bits differ in pictures that have nothing to do with each other: to look farther
 * makes no sense. */
#define BOORU_SIMILAR_MAX_DISTANCE 32

typedef struct
{
  gint64 post_id;
  guint distance; /* 0 to 64 */
} BooruSimilar;

G_END_DECLS
