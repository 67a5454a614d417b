/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures that look alike, by the number of bits in which their perceptual hashes differ. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BOORU_SIMILAR_DISTANCE:
 *
 * How many of the 64 bits may differ in posts that count as similar, by default. docs/similar.md
 * tells how it was measured.
 */
#define BOORU_SIMILAR_DISTANCE 10

/**
 * BOORU_SIMILAR_MAX_DISTANCE:
 *
 * The greatest distance worth searching: half of the bits differ in unrelated pictures.
 */
#define BOORU_SIMILAR_MAX_DISTANCE 32

/**
 * BooruSimilar:
 * @post_id: a post
 * @distance: 0 to 64: how many bits of the perceptual hashes differ
 *
 * A post that looks like a picture.
 */
typedef struct
{
  gint64 post_id;
  guint distance;
} BooruSimilar;

G_END_DECLS
