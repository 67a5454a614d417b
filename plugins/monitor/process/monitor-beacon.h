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

MonitorBeacon *monitor_beacon_new (const char *data_dir, MonitorBeaconFunc out, gpointer user_data);
void monitor_beacon_free (MonitorBeacon *self);

void monitor_beacon_light (MonitorBeacon *self);      /* before the role is taken */
void monitor_beacon_extinguish (MonitorBeacon *self); /* after it is given back, or lost */
gboolean monitor_beacon_watch (MonitorBeacon *self);
void monitor_beacon_unwatch (MonitorBeacon *self);
gboolean monitor_beacon_is_out (MonitorBeacon *self);

G_END_DECLS
