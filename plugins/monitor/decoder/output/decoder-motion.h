/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/picture/decoder-picture.h"

G_BEGIN_DECLS

/* The preview of what moves: about this long, of at most so many frames. */
#define DECODER_MOTION_SECONDS 3
#define DECODER_MOTION_FRAMES 16

/* A few small frames that stand for what moves: those that the preview shows, and the hashes by
 * which alike videos are found. */
typedef struct
{
  gint width, height; /* of each frame */
  GPtrArray *frames;  /* VipsImage: in memory, 8-bit sRGB with or without alpha */
  GArray *delays;     /* gint, milliseconds, of each */
  guint64 hashes[DECODER_MAX_FRAME_HASHES];
  guint n_hashes;
} DecoderMotion;

/* Which frames are wanted, in ascending order. */
typedef struct
{
  guint index;
  gint delay; /* milliseconds in the preview; 0: only hashed */
  gboolean hashed;
} DecoderMotionStep;

/* Readies @self for frames of @picture that fit the variant of @request that moves. FALSE: none is
 * asked for. */
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

/* Takes note of one frame, of any size and colours. The step says what for. */
gboolean decoder_motion_take (DecoderMotion *self,
                              VipsImage *frame,
                              const DecoderMotionStep *step,
                              GError **error);

/* Frames of a GIF or WebP, read one after another, within a budget. */
gboolean decoder_motion_read_pages (DecoderMotion *self,
                                    const DecoderPicture *picture,
                                    const DecoderJob *job,
                                    GError **error);

/* How many frames of that size are looked at: decoding must not take for ever. At least 2. */
guint decoder_motion_get_affordable (gint width, gint height, guint n);

/* Writes the preview to its variant's file, if there are two frames or more. */
gboolean
decoder_motion_write (DecoderMotion *self, const DecoderJob *job, guint32 *written, GError **error);

G_END_DECLS
