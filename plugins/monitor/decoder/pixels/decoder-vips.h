/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <vips/vips.h>

#include "base/booru-error.h"
#include "decoder/reading/decoder-sniff.h"

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VipsImage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VipsSource, g_object_unref)

static inline void
decoder_vips_array_unref (VipsArrayDouble *array)
{
  vips_area_unref (VIPS_AREA (array));
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VipsArrayDouble, decoder_vips_array_unref)

/* Initialises libvips: one thread, no caches, only our loaders, and no modules until a file needs
 * one, as they take most of the start-up time. */
gboolean decoder_vips_init (const char *program, GError **error);

/* Runs the usual operations once on a generated picture: otherwise half of the first file's time
 * would go into loading code and compiling loops. */
void decoder_vips_warm_up (void);

/* Makes libvips' loader of @format usable; BOORU_ERROR_UNSUPPORTED if this libvips has none. */
gboolean decoder_vips_require_loader (DecoderFormat format, GError **error);

/* BOORU_ERROR_IO. */
VipsSource *decoder_vips_open_file (int fd, GError **error);

/* data: transfer full. */
VipsSource *decoder_vips_open_memory (gpointer data, gsize size, GError **error);

/* Sets @error from the last error of libvips; always FALSE. @code is used unless memory ran out,
 * which is BOORU_ERROR_LIMIT. */
gboolean decoder_vips_set_error (GError **error, BooruError code, const char *what);

/* Replaces *image by @out, which it takes, unless making it has @failed, trying @what. */
gboolean decoder_vips_step (int failed,
                            VipsImage **image,
                            VipsImage **out,
                            const char *what,
                            GError **error);

/* Replaces *image by @replacement, which it takes. */
void decoder_vips_replace (VipsImage **image, VipsImage *replacement);

/* Computes *image and keeps the pixels in memory. */
gboolean
decoder_vips_compute (VipsImage **image, BooruError code, const char *what, GError **error);

G_END_DECLS
