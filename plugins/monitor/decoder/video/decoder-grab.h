/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/pixels/decoder-vips.h"

G_BEGIN_DECLS

/* A request to ffmpeg: some frames of one stream, in one size. */
typedef struct
{
  const char *program; /* ffmpeg's path */
  int input;
  const char *demuxer;
  gint stream;
  double at;           /* seconds */
  double rate;         /* frames a second; 0: as they come */
  guint n_frames;      /* at most */
  gboolean is_preview; /* small: what only costs time is left out */
  gboolean rough;      /* the key frame before @at will do */
  guint max_seconds;   /* of processor time; 0: no more than the decoder's own */
  gint width, height;
  gint bands;      /* 3, or 4 with alpha */
  gboolean is_hdr; /* light brighter than white is squeezed together */
} DecoderGrab;

/**
 * decoder_grab_frames:
 * @error: BOORU_ERROR_INVALID if ffmpeg cannot read the file
 *
 * Returns: (transfer full): of VipsImage, in memory, 8-bit sRGB; fewer than asked for, or none, if
 *   there are no more, or the time is over
 */
GPtrArray *decoder_grab_frames (const DecoderGrab *self, GError **error);

G_END_DECLS
