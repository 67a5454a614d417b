/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first half of a rename, until the second comes or is known not to come. */
typedef struct
{
  guint32 cookie;
  gboolean is_dir;
  guint root;
  char *path;
  gint64 expires; /* monotonic µs */
} MonitorDeparture;

/* Transfer full; NULL: there is none. */
MonitorDeparture *monitor_departure_take (GQueue *departures, guint32 cookie);

void monitor_departure_free (MonitorDeparture *self);

G_END_DECLS
