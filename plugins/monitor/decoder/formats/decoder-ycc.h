/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TIFF in YCbCr without compression, as scanners and frame grabbers wrote it. libvips takes its
 * numbers for RGB; in JPEG compression, which is common, it knows them. TIFF 6.0, section 21. */
#pragma once

#include "decoder/pixels/decoder-vips.h"

G_BEGIN_DECLS

/* Whether the TIFF open as @fd is such a file. */
gboolean decoder_ycc_is_plain (int fd);

/* BOORU_ERROR_UNSUPPORTED if it is packed, BOORU_ERROR_LIMIT if it has more pixels than that. */
VipsImage *decoder_ycc_load (int fd, guint64 max_pixels, GError **error);

G_END_DECLS
