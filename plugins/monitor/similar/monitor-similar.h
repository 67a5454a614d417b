/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * MonitorSimilar:
 *
 * Looks for pairs of posts that look alike, in short turns between everything else. Costs no
 * wake-up while there is nothing to look at. Main thread only.
 */
typedef struct _MonitorSimilar MonitorSimilar;

/* Whether files are being taken in: then it keeps to a small part of the time. */
typedef gboolean (*MonitorSimilarBusyFunc) (gpointer user_data);

/* @store: where posts and pairs are
 * @is_busy: whether there is something more urgent
 * Returns: (transfer full): a search that begins when it is told a distance */
MonitorSimilar *
monitor_similar_new (BooruStore *store, MonitorSimilarBusyFunc is_busy, gpointer user_data);

void monitor_similar_free (MonitorSimilar *self);

/* Goes on with what waits, by that distance.
 * @max_distance: how far apart two posts may be to make a pair */
void monitor_similar_set_distance (MonitorSimilar *self, guint max_distance);

/* Posts came or changed. */
void monitor_similar_wake (MonitorSimilar *self);

G_END_DECLS
