/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * MonitorBeacon:
 *
 * A named pipe in the data folder, on which nothing is ever written. Who has a role holds its
 * writing end; those who wait hold the reading end, and sleep until the last writer is gone,
 * however it went: the kernel tells them. It is a hint only, for hosts of one machine: the lease in
 * the store is what counts. Main thread only.
 */
typedef struct _MonitorBeacon MonitorBeacon;

typedef void (*MonitorBeaconFunc) (gpointer user_data);

/* @data_dir: the data folder
 * @out: called when it goes out
 * Returns: (transfer full): the beacon, neither lit nor watched */
MonitorBeacon *monitor_beacon_new (const char *data_dir, MonitorBeaconFunc out, gpointer user_data);

void monitor_beacon_free (MonitorBeacon *self);

/* From now on, until the process ends, those who wait can see that somebody has the role. */
void monitor_beacon_light (MonitorBeacon *self); /* before the role is taken */

void monitor_beacon_extinguish (MonitorBeacon *self); /* after it is given back, or lost */

/* Has out() called, once, when the last one that holds it alight, now or later, does so no more.
 * Look at the lease after this call, not before.
 * Returns: %FALSE if it cannot be watched */
gboolean monitor_beacon_watch (MonitorBeacon *self);

void monitor_beacon_unwatch (MonitorBeacon *self);

/* Who holds it alight has a lock on it: a pipe does not say that nobody writes to it to those
 * who come later.
 * @self: a beacon that is watched, also if out() was called
 * Returns: whether it certainly is out at this moment */
gboolean monitor_beacon_is_out (MonitorBeacon *self);

G_END_DECLS
