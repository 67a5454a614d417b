/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What administrators see of the host, and what they can do with it. */
#pragma once

#include "booru-event-log.h"
#include "host/rollout/booru-rollout.h"

G_BEGIN_DECLS

typedef struct
{
  BooruHostParts *parts;
  BooruRollout *rollout;
  BooruEventLog *events;
  gint64 started_at; /* monotonic time, µs */
  void (*stop) (gpointer data);
  gpointer data; /* for stop () */
} BooruControlModel;

G_END_DECLS
