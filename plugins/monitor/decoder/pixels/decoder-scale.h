/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder-vips.h"

G_BEGIN_DECLS

/* By a box filter, minding transparency. */
gboolean decoder_scale_shrink (VipsImage **image, gint factor, GError **error);

/* To exactly that size, with a better filter; in memory. */
gboolean
decoder_scale_to (VipsImage *image, gint width, gint height, VipsImage **out, GError **error);

G_END_DECLS
