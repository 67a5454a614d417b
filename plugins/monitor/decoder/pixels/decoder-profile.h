/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder-vips.h"

G_BEGIN_DECLS

/* Whether @image has a profile of pictures of @n_colours that can be used. Some programs leave that
 * of the coloured picture in the grey one that they made of it. */
gboolean decoder_profile_fits (VipsImage *image, gint n_colours);

/* Gives *image, of the PNG that is open as @fd, the profile that its chunks gAMA and cHRM amount
 * to, unless it has a better one or they say what everybody assumes. */
void decoder_profile_add_of_png (VipsImage **image, int fd);

G_END_DECLS
