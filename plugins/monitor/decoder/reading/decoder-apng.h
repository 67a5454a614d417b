/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The delays of the frames of an animated PNG, gint, milliseconds, as browsers show them, from the
 * headers of its chunks alone (PNG, third edition, 11.3.6); at most some thousands of them. */
GArray *decoder_apng_read_delays (int fd);

G_END_DECLS
