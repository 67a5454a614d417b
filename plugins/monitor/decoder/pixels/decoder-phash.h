/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DECODER_PHASH_SIDE 32

/**
 * decoder_phash:
 * @grey: %DECODER_PHASH_SIDE squared grey values, row by row: the picture scaled to that square
 *   without regard to its proportions
 *
 * The 64-bit DCT hash of the literature: the 32×32 grey picture's discrete cosine transform
 * (type II); of it the 8×8 lowest frequencies without the first row and column, which tell overall
 * brightness and gradients more than content; bit i is set where coefficient i, row by row from the
 * lowest bit, is above the median of the 64. Pictures alike differ in few bits; compare by the
 * number of bits that differ.
 *
 * Source: Christoph Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions"
 * (2010), section 3.2.1, as in the pHash library's ph_dct_imagehash().
 *
 * Returns: the hash; 0 for a picture of one colour, of which it would tell nothing
 */
guint64 decoder_phash (const guint8 grey[DECODER_PHASH_SIDE * DECODER_PHASH_SIDE]);

G_END_DECLS
