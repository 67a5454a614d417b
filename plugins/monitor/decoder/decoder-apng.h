/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the first bytes of a PNG say that it is animated: an "acTL" before the pixels. Pure. */
gboolean decoder_apng_is_animated (const guint8 *data, gsize length);

/* The delays of the frames of an animated PNG, gint, milliseconds, as browsers show them, from the
 * headers of its chunks alone (PNG, third edition, 11.3.6); at most some thousands of them. */
GArray *decoder_apng_read_delays (int fd);

G_END_DECLS
