/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Uncompressed YCbCr TIFF, as scanners and frame grabbers wrote it. libvips takes its numbers for
 * RGB; it does understand the common kind, which is compressed as JPEG. TIFF 6.0, section 21. */
#pragma once

#include "decoder/pixels/decoder-vips.h"

G_BEGIN_DECLS

/* Whether the TIFF open as @fd is such a file. */
gboolean decoder_ycc_is_plain (int fd);

/* BOORU_ERROR_UNSUPPORTED if it is compressed, BOORU_ERROR_LIMIT if it exceeds @max_pixels. */
VipsImage *decoder_ycc_load (int fd, guint64 max_pixels, GError **error);

G_END_DECLS
