/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The delays of the frames of an animated PNG, gint, milliseconds, as browsers show them, read from
 * chunk headers only (PNG, third edition, 11.3.6); limited to some thousands. */
GArray *decoder_apng_read_delays (int fd);

G_END_DECLS
