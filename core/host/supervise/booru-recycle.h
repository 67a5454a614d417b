/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-slot.h"

G_BEGIN_DECLS

/* Marks one of the slots (BooruSlot, all ready) as stale whose process works well, but has answered
 * enough requests, grown too large or too old, as config says. Looked for when the heartbeats are:
 * it costs no wake-up. now: monotonic time, µs. FALSE: there is none. */
gboolean booru_recycle_mark (GPtrArray *slots, BooruConfig *config, gint64 now);

G_END_DECLS
