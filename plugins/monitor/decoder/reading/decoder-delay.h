/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Milliseconds. Browsers treat delays up to 10 ms as a mistake, and show such a frame for 100
 * ms. */
static inline gint
decoder_delay_mend (gint delay)
{
  return delay <= 10 ? 100 : delay;
}

G_END_DECLS
