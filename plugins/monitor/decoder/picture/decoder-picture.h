/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/decoder-channel.h"
#include "decoder/metadata/decoder-metadata.h"
#include "decoder-vips.h"

G_BEGIN_DECLS

/* A picture on its way: read, measured, checked against the limits, and made small. */
typedef struct
{
  DecoderFormat format;
  gint width, height; /* of the original, after orientation */
  gint frames;
  double start;    /* of a video's picture, seconds after its sound's */
  double duration; /* seconds; negative: none */
  /* Gint, milliseconds, of each frame of an animation, as browsers show them; NULL: not known. */
  GArray *delays;
  DecoderHdr hdr;            /* what the pixels mean */
  gboolean is_premultiplied; /* colours are multiplied with transparency, as libvips does not say */
  gint orientation; /* as EXIF has it, said beside a picture that does not say it; 0: by nothing */
  gint stream;      /* of a video: which of its streams is the picture */
  DecoderMetadata *metadata; /* what the file says of itself */
  gboolean is_cut;           /* the file ends too early: something of the picture is missing */
  VipsImage *image; /* in memory, 8-bit sRGB with or without alpha, upright; at least as large as
                     * the largest variant, and mostly not much larger */
} DecoderPicture;

#define DECODER_PICTURE_INIT                                                                       \
  {                                                                                                \
    .duration = -1, .frames = 1, .metadata = decoder_metadata_new ()                               \
  }

void decoder_picture_clear (DecoderPicture *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DecoderPicture, decoder_picture_clear)

/**
 * decoder_picture_load:
 * @self: initialised, with format set
 * @sniff: what the file's first bytes say
 * @job: the file and the limits
 * @error: BOORU_ERROR_INVALID for damaged files, BOORU_ERROR_LIMIT, BOORU_ERROR_UNSUPPORTED
 */
gboolean decoder_picture_load (DecoderPicture *self,
                               const DecoderSniff *sniff,
                               const DecoderJob *job,
                               GError **error);

/* The same with one frame that was taken out of an archive, of the format that @self says; and only
 * how large it is, which is much quicker. */
gboolean decoder_picture_load_bytes (DecoderPicture *self,
                                     GBytes *bytes,
                                     const DecoderJob *job,
                                     GError **error);
gboolean decoder_picture_measure_bytes (DecoderPicture *self,
                                        GBytes *bytes,
                                        const DecoderJob *job,
                                        GError **error);

/* BOORU_ERROR_LIMIT if a picture of that size is not to be decoded. */
gboolean
decoder_picture_check_size (guint64 width, guint64 height, guint64 max_pixels, GError **error);

/* Largest variant of a picture of that size. */
void decoder_picture_get_target (gint width,
                                 gint height,
                                 gboolean still,
                                 const DecoderRequest *request,
                                 gint *target_width,
                                 gint *target_height);

gboolean decoder_variant_applies (const DecoderVariant *variant, gint width, gboolean still);

/* Shrinks by a box filter, minding transparency; to exactly @width by @height with a better filter.
 */
gboolean decoder_picture_shrink (VipsImage **image, gint factor, GError **error);
gboolean
decoder_picture_resize (VipsImage *image, gint width, gint height, VipsImage **out, GError **error);

/* Numbers of any kind to 8 or 16 bits, so that what follows need not know of others; and those to
 * 8-bit sRGB, by the picture's profile if that fits (decoder-colour.c). */
gboolean decoder_colour_tidy (VipsImage **image, GError **error);
gboolean decoder_colour_unpremultiply (VipsImage **image, GError **error);
gboolean decoder_colour_to_srgb (VipsImage **image, GError **error);

/* The same with a picture of high dynamic range: what is brighter than white is squeezed together.
 */
gboolean decoder_colour_to_sdr (VipsImage **image, DecoderHdr hdr, GError **error);

/* decoder-bmp.c and decoder-svg.c */
/* share: of its rows that are there. */
VipsImage *decoder_bmp_load (int fd, double *share, GError **error);
VipsImage *decoder_svg_load (const DecoderSniff *sniff,
                             const DecoderJob *job,
                             gint *width,
                             gint *height,
                             GError **error);

/* Completes @sniff of gzip data, or refuses it: BOORU_ERROR_UNSUPPORTED if no SVG is in it. */
gboolean decoder_svg_look_inside (int fd, DecoderSniff *sniff, GError **error);
/* The same of XML with much before its first element. */
gboolean decoder_svg_look_further (int fd, DecoderSniff *sniff, GError **error);

G_END_DECLS
