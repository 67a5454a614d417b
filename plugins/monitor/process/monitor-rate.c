/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-rate.h"

#include <math.h>

#define MEMORY 8.0     /* seconds after which a look weighs 1/e of what it did */
#define SURE_AFTER 2.0 /* seconds before anything is said about the future */
#define NEVER (100 * 365 * 86400.0)

void
monitor_rate_note (MonitorRate *self, gint64 now, guint64 files, guint64 bytes)
{
  double seconds = (double)(now - self->at) / G_TIME_SPAN_SECOND;
  double kept = exp (-seconds / MEMORY);

  if (self->at != 0 && seconds <= 0)
    return;
  if (self->at != 0)
    {
      self->files_sum = self->files_sum * kept
                        + (1 - kept) * (double)(files - MIN (files, self->files)) / seconds;
      self->bytes_sum = self->bytes_sum * kept
                        + (1 - kept) * (double)(bytes - MIN (bytes, self->bytes)) / seconds;
      self->weight = self->weight * kept + (1 - kept);
    }
  self->at = now;
  self->files = files;
  self->bytes = bytes;
}

/* Divided by the weight of all looks, so that the first ones count in full. */
double
monitor_rate_get_files (const MonitorRate *self)
{
  return self->weight > 0 ? self->files_sum / self->weight : 0;
}

double
monitor_rate_get_bytes (const MonitorRate *self)
{
  return self->weight > 0 ? self->bytes_sum / self->weight : 0;
}

gint64
monitor_rate_estimate (const MonitorRate *self, guint64 files)
{
  double rate = monitor_rate_get_files (self);
  double seconds;

  if (self->weight < 1 - exp (-SURE_AFTER / MEMORY) || rate <= 0)
    return -1;
  seconds = ceil ((double)files / rate);
  return seconds < NEVER ? (gint64)seconds : -1;
}
