/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MonitorRate:
 *
 * How fast something goes, smoothed: what was counted is looked at now and then, and looks that are
 * long ago weigh little. All zero: not looked at yet.
 */
typedef struct
{
  gint64 at;                           /* monotonic µs of the last look; 0: none yet */
  guint64 files, bytes;                /* counted then */
  double files_sum, bytes_sum, weight; /* per second, times their weight */
} MonitorRate;

/* Counted since the beginning. */
void monitor_rate_note (MonitorRate *self, gint64 now, guint64 files, guint64 bytes);

double monitor_rate_get_files (const MonitorRate *self); /* a second */
double monitor_rate_get_bytes (const MonitorRate *self);

/* Seconds that so many more will take; -1: nobody knows. */
gint64 monitor_rate_estimate (const MonitorRate *self, guint64 files);

G_END_DECLS
