/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Truncated files: aborted downloads, failing memory cards. Browsers show what is present, and so
 * do we if it is at least half of the picture. */
#pragma once

#include "decoder/pixels/decoder-vips.h"
#include "decoder/reading/decoder-reader.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean is_cut;
  double share;     /* of the picture that is there, 0 to 1; negative: only its pixels tell */
  goffset size;     /* of the content: many programs fill with zeros what they do not have yet */
  goffset declared; /* size that the file should have; 0: it does not say */
} DecoderEnding;

/* Whether the file is complete; cheap if it is. */
DecoderEnding decoder_ending_find (DecoderFormat format, int fd);

/* The content of a truncated file, followed by what its decoder requires. */
VipsSource *
decoder_ending_open (const DecoderEnding *self, DecoderFormat format, int fd, GError **error);

/* The share of a JPEG, whose decoder fills missing parts with grey: from decoded pixels, before
 * their colours are converted. */
double decoder_ending_measure_jpeg (VipsImage *image);

/* BOORU_ERROR_INVALID if too little of the picture is present. */
gboolean decoder_ending_check_share (double share, GError **error);

/* Prefixes @error with the fact that the file ends too early. */
void decoder_ending_prefix_error (GError **error, gboolean is_certain);

/* decoder-ending-packed.c: the share of compressed formats, found by decompressing. */
void decoder_ending_find_png (DecoderEnding *self, DecoderReader *reader);
void decoder_ending_find_gif (DecoderEnding *self, DecoderReader *reader);

G_END_DECLS
