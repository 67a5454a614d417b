/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * decoder_size_fit:
 * @box_width: 0: not bounded
 * @box_height: 0: not bounded
 *
 * The size of a picture that is made to fit a box: proportions kept, each side rounded to the
 * nearest pixel, never enlarged, never below 1. Equal to booru_variant_get_size(), which the
 * decoder may not include; a test compares the two.
 */
void decoder_size_fit (gint width,
                       gint height,
                       guint box_width,
                       guint box_height,
                       gint *out_width,
                       gint *out_height);

/* BOORU_ERROR_LIMIT if a picture of that size is not to be decoded. */
gboolean decoder_size_check (guint64 width, guint64 height, guint64 max_pixels, GError **error);

G_END_DECLS
