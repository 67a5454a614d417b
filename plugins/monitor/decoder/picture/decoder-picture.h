/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/metadata/decoder-metadata.h"
#include "decoder/pixels/decoder-vips.h"
#include "decoder/protocol/decoder-channel.h"

G_BEGIN_DECLS

/* A picture that is being read, measured, checked against the limits, and scaled down. */
typedef struct
{
  DecoderFormat format;
  gint width, height; /* of the original, after orientation */
  gint frames;
  double start;    /* of a video's picture, seconds after its sound's */
  double duration; /* seconds; negative: none */
  /* gint, milliseconds, of each frame of an animation, as browsers show them; NULL: unknown. */
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

/* Opens a picture of the format in @self, at about the size of the largest variant; then does what
 * all pictures need: orientation, colours, no metadata. */
gboolean decoder_picture_open (DecoderPicture *self,
                               VipsSource *source,
                               const DecoderJob *job,
                               GError **error);
gboolean decoder_picture_finish (DecoderPicture *self, GError **error);

/* Parts of the former: sets size, frames and times from the image in @self, and checks them against
 * the limits; and shrinks it. */
gboolean decoder_picture_measure (DecoderPicture *self, const DecoderJob *job, GError **error);
gboolean
decoder_picture_shrink (DecoderPicture *self, const DecoderRequest *request, GError **error);

/* The same for bytes out of a file; and only the measuring, which is much faster. */
gboolean decoder_picture_load_bytes (DecoderPicture *self,
                                     GBytes *bytes,
                                     const DecoderJob *job,
                                     GError **error);
gboolean decoder_picture_measure_bytes (DecoderPicture *self,
                                        GBytes *bytes,
                                        const DecoderJob *job,
                                        GError **error);

/* Largest variant of a picture of that size. */
void decoder_picture_get_target (gint width,
                                 gint height,
                                 gboolean still,
                                 const DecoderRequest *request,
                                 gint *target_width,
                                 gint *target_height);

gboolean decoder_variant_applies (const DecoderVariant *variant, gint width, gboolean still);

G_END_DECLS
