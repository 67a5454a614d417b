/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures for the tests of the decoder, made while they run. */
#pragma once

#include "decoder/pixels/decoder-vips.h"

G_BEGIN_DECLS

void fixtures_init (const char *program);

/* A picture with something to see in it: @bands of 8 bits, sRGB or sRGB with alpha. */
VipsImage *fixtures_make_picture (gint width, gint height, gint bands);

/* Writes @image, which it takes, to FOLDER/NAME by libvips' writer of @suffix (".png[Q=80]").
 * Returns the path, or NULL if this libvips cannot write that. */
char *fixtures_write (VipsImage *image, const char *folder, const char *name, const char *suffix);
char *fixtures_write_bytes (const char *folder, const char *name, gconstpointer data, gsize size);

/* As stored by a camera that was held another way: @orientation as in EXIF, 1 to 8. */
VipsImage *fixtures_store_turned (VipsImage *upright, gint orientation);
VipsImage *fixtures_make_cmyk (gint width, gint height);
VipsImage *fixtures_make_16_bit (gint width, gint height);
VipsImage *fixtures_make_animation (gint width, gint height, gint n_frames, gint delay);

/* The pixel in the middle. */
void fixtures_read_middle (const char *path, gint *n_bands, double pixel[4]);
void fixtures_read_size (const char *path, gint *width, gint *height);

G_END_DECLS
