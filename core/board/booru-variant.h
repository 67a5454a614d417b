/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-post.h"

G_BEGIN_DECLS

/**
 * BooruVariant:
 * @BOORU_VARIANT_180: "180x180": fits 180 by 180, WebP
 * @BOORU_VARIANT_360: "360x360": likewise
 * @BOORU_VARIANT_720: "720x720": likewise
 * @BOORU_VARIANT_SAMPLE: "sample": %BOORU_SAMPLE_WIDTH wide, JPEG; only of still pictures that are
 *   wider
 * @BOORU_VARIANT_MOTION: "motion": fits 360 by 360, animated WebP of a few seconds; only of moving
 *   pictures
 * @BOORU_VARIANT_DISPLAY: "2048x2048": fits that, WebP; made when first asked for, see
 *   booru_variant_has_display()
 *
 * The pictures made of a post's content. The monitor writes them and the web serves them; both find
 * out here where they lie.
 */
typedef enum
{
  BOORU_VARIANT_180,
  BOORU_VARIANT_360,
  BOORU_VARIANT_720,
  BOORU_VARIANT_SAMPLE,
  BOORU_VARIANT_MOTION,
  BOORU_VARIANT_DISPLAY,
} BooruVariant;

/**
 * BOORU_N_VARIANTS:
 *
 * The number of variants.
 */
#define BOORU_N_VARIANTS 6

/**
 * BOORU_SAMPLE_WIDTH:
 *
 * The width of %BOORU_VARIANT_SAMPLE, in pixels.
 */
#define BOORU_SAMPLE_WIDTH 850

/**
 * booru_variant_get_name:
 * @variant: a variant
 *
 * Returns: (transfer none): "180x180", "sample"
 */
const char *booru_variant_get_name (BooruVariant variant);

/**
 * booru_variant_get_ext:
 * @variant: a variant
 *
 * Returns: (transfer none): "webp", "jpg"
 */
const char *booru_variant_get_ext (BooruVariant variant);

/**
 * booru_variant_from_name:
 * @name: such as "180x180" or "sample"
 * @variant: (out): the variant
 *
 * Returns: whether there is one called @name
 */
gboolean booru_variant_from_name (const char *name, BooruVariant *variant);

/**
 * booru_variant_get_size:
 * @variant: a variant
 * @width: of the picture, in pixels
 * @height: of the picture, in pixels
 * @out_width: (out): of the variant, in pixels
 * @out_height: (out): of the variant, in pixels
 *
 * Gets the size of a variant: the picture's shape, shrunk to fit, rounded to whole pixels, never
 * enlarged and never below 1.
 */
void booru_variant_get_size (BooruVariant variant,
                             gint width,
                             gint height,
                             gint *out_width,
                             gint *out_height);

/**
 * booru_variant_has_display:
 * @media: a content
 *
 * Returns: whether %BOORU_VARIANT_DISPLAY is of use: a still raster picture that is larger than
 *   %BOORU_VARIANT_720
 */
gboolean booru_variant_has_display (const BooruMedia *media);

/**
 * booru_variant_get_path:
 * @variant: a variant
 * @md5: of the original, 32 hex digits
 *
 * Two levels of folders keep each of them small in a library of a million.
 *
 * Returns: (transfer full): its path below the data folder: "thumbnails/180x180/ab/cd/MD5.webp"
 */
char *booru_variant_get_path (BooruVariant variant, const char *md5);

G_END_DECLS
