/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-post.h"

G_BEGIN_DECLS

/* The pictures that are made of a post's content, and where they lie. The monitor writes them, the
 * web serves them; both ask here. */
typedef enum
{
  BOORU_VARIANT_180, /* "180x180": fits 180 by 180, WebP */
  BOORU_VARIANT_360,
  BOORU_VARIANT_720,

  /* "sample": BOORU_SAMPLE_WIDTH wide, JPEG; only of still pictures that are wider. */
  BOORU_VARIANT_SAMPLE,

  /* "motion": fits 360 by 360, animated WebP of a few seconds; only of what moves. */
  BOORU_VARIANT_MOTION,

  /* "2048x2048": fits that, WebP; made when it is first asked for, see
   * booru_variant_has_display(). */
  BOORU_VARIANT_DISPLAY,
} BooruVariant;

#define BOORU_N_VARIANTS 6
#define BOORU_SAMPLE_WIDTH 850

const char *booru_variant_get_name (BooruVariant variant); /* "180x180", "sample" */
const char *booru_variant_get_ext (BooruVariant variant);  /* "webp", "jpg" */
gboolean booru_variant_from_name (const char *name, BooruVariant *variant);

/* Never larger than the picture, never below 1. */
void booru_variant_get_size (BooruVariant variant,
                             gint width,
                             gint height,
                             gint *out_width,
                             gint *out_height);

/* Whether BOORU_VARIANT_DISPLAY is of use: a still picture of pixels, larger than
 * BOORU_VARIANT_720. */
gboolean booru_variant_has_display (const BooruMedia *media);

/* Below the data folder: "thumbnails/180x180/ab/cd/MD5.webp". */
char *booru_variant_get_path (BooruVariant variant, const char *md5);

G_END_DECLS
