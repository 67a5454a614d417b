/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/picture/decoder-picture.h"

G_BEGIN_DECLS

/* The length and the most frames of a preview. */
#define DECODER_MOTION_SECONDS 3
#define DECODER_MOTION_FRAMES 16

/* A few small frames that represent an animation or video: those of the preview, and hashes to find
 * similar ones by. */
typedef struct
{
  gint width, height; /* of each frame */
  GPtrArray *frames;  /* VipsImage: in memory, 8-bit sRGB with or without alpha */
  GArray *delays;     /* gint, milliseconds, of each */
  guint64 hashes[DECODER_MAX_FRAME_HASHES];
  guint n_hashes;
} DecoderMotion;

/* A frame that is needed; steps are in ascending order. */
typedef struct
{
  guint index;
  gint delay; /* milliseconds in the preview; 0: only hashed */
  gboolean hashed;
} DecoderMotionStep;

/* Prepares @self for frames of @picture, sized for the animated variant of @request. FALSE: there
 * is none. */
gboolean decoder_motion_init (DecoderMotion *self,
                              const DecoderPicture *picture,
                              const DecoderRequest *request);
void decoder_motion_clear (DecoderMotion *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DecoderMotion, decoder_motion_clear)

/**
 * decoder_motion_plan:
 * @delays: of each frame, milliseconds, mended
 * @n: how many
 *
 * Which frames to look at: for the preview the first %DECODER_MOTION_SECONDS, evenly thinned out to
 * %DECODER_MOTION_FRAMES; for hashes %DECODER_MAX_FRAME_HASHES spread over all.
 *
 * Returns: (transfer full): of DecoderMotionStep
 */
GArray *decoder_motion_plan (const gint *delays, guint n);

/* Adds one frame, of any size and colours, for the purpose that the step names. */
gboolean decoder_motion_take (DecoderMotion *self,
                              VipsImage *frame,
                              const DecoderMotionStep *step,
                              GError **error);

/* Frames of a GIF or WebP, read one after another, within a budget. */
gboolean decoder_motion_read_pages (DecoderMotion *self,
                                    const DecoderPicture *picture,
                                    const DecoderJob *job,
                                    GError **error);

/* Writes the preview to its variant's file, if there are two frames or more. */
gboolean
decoder_motion_write (DecoderMotion *self, const DecoderJob *job, guint32 *written, GError **error);

G_END_DECLS
