/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What one process publishes: events of a sensible kind and size, and not too many. All zeros at
 * first. */
typedef struct
{
  double spent;
  gint64 time;   /* µs: when that was */
  gint64 warned; /* µs: when somebody was last warned */
  guint64 dropped;
} BooruEventLimit;

/* NULL: the event may pass. Else what is wrong with it, for people: it is to be dropped. @now: µs
 * of the monotonic clock. */
const char *
booru_event_limit_check (BooruEventLimit *self, const char *topic, GVariant *payload, gint64 now);

/* After an event was dropped: whether it is time to warn of that again. */
gboolean booru_event_limit_should_warn (BooruEventLimit *self, gint64 now);

G_END_DECLS
