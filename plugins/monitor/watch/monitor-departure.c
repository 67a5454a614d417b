/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-departure.h"

MonitorDeparture *
monitor_departure_take (GQueue *departures, guint32 cookie)
{
  for (GList *link = departures->tail; link != NULL; link = link->prev)
    {
      MonitorDeparture *departure = link->data;

      if (departure->cookie != cookie)
        continue;
      g_queue_delete_link (departures, link);
      return departure;
    }
  return NULL;
}

void
monitor_departure_free (MonitorDeparture *self)
{
  g_free (self->path);
  g_free (self);
}
