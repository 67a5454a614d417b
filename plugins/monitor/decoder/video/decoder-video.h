/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/output/decoder-motion.h"

G_BEGIN_DECLS

/* Paths of ffprobe and ffmpeg, looked up once, before the sandbox; programs that are not installed
 * are omitted. NULL-terminated. */
const char *const *decoder_video_get_programs (void);

/**
 * decoder_video_load:
 * @self: initialised
 * @has_sound: (out):
 * @error: BOORU_ERROR_UNSUPPORTED if ffmpeg is not installed, or there is no picture in the file
 *
 * Asks ffprobe for the facts and ffmpeg for one frame, about a tenth into the video. Both read the
 * file by its descriptor.
 */
gboolean decoder_video_load (DecoderPicture *self,
                             const DecoderSniff *sniff,
                             const DecoderJob *job,
                             gboolean *has_sound,
                             GError **error);

/**
 * decoder_video_read_motion:
 * @motion: initialised
 * @picture: what decoder_video_load() found
 *
 * A short video whole, a longer one by a few scenes spread over it, within a limit of time.
 */
gboolean decoder_video_read_motion (DecoderMotion *motion,
                                    const DecoderPicture *picture,
                                    const DecoderJob *job,
                                    GError **error);

/* Whether ffmpeg is installed. */
gboolean decoder_video_is_possible (void);

/* Frames and duration of an animated PNG or AVIF. If no frames are found it stays a still
 * picture. */
void decoder_video_measure_animation (DecoderPicture *self, const DecoderJob *job);

/* Its first seconds. */
gboolean decoder_video_read_animation (DecoderMotion *motion,
                                       const DecoderPicture *picture,
                                       const DecoderJob *job,
                                       GError **error);

G_END_DECLS
