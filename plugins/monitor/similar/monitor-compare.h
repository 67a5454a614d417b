/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * MonitorCompare:
 *
 * Looks for pairs of posts that look alike, in short turns between everything else. Costs no
 * wake-up while there is nothing to compare. Main thread only.
 */
typedef struct _MonitorCompare MonitorCompare;

/* Whether files are being taken in: then it keeps to a small part of the time. */
typedef gboolean (*MonitorCompareBusyFunc) (gpointer user_data);

MonitorCompare *
monitor_compare_new (BooruStore *store, MonitorCompareBusyFunc is_busy, gpointer user_data);
void monitor_compare_free (MonitorCompare *self);
void monitor_compare_set_distance (MonitorCompare *self, guint max_distance);
void monitor_compare_wake (MonitorCompare *self);

G_END_DECLS
