/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder-picture.h"

G_BEGIN_DECLS

/* Paths of ffprobe and ffmpeg, found once, before the sandbox; entries that are not installed are
 * left out. NULL-terminated. */
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
gboolean decoder_video_load (DecoderPicture *self, const DecoderSniff *sniff, const DecoderJob *job, gboolean *has_sound, GError **error);

G_END_DECLS
