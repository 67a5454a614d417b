/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder-vips.h"

G_BEGIN_DECLS

/* Numbers of any kind to 8 or 16 bits, so that what follows need not know of others. */
gboolean decoder_colour_tidy (VipsImage **image, GError **error);

/* Colours multiplied with transparency, as filters need them; and back, to numbers of @format. An
 * image without transparency is not for the first. */
gboolean decoder_colour_premultiply (VipsImage **image, GError **error);
gboolean decoder_colour_unpremultiply (VipsImage **image, VipsBandFormat format, GError **error);

/* What decoder_colour_tidy() made to 8-bit sRGB, by the picture's profile if that fits. */
gboolean decoder_colour_to_srgb (VipsImage **image, GError **error);

/* The same with a picture of high dynamic range: what is brighter than white is squeezed together.
 */
gboolean decoder_colour_to_sdr (VipsImage **image, DecoderHdr hdr, GError **error);

G_END_DECLS
