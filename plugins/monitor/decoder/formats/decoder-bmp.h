/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/pixels/decoder-vips.h"

G_BEGIN_DECLS

/* share: the fraction of its rows that is present. */
VipsImage *decoder_bmp_load (int fd, double *share, GError **error);

G_END_DECLS
