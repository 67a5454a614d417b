/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * MonitorIndex:
 *
 * Writes the files of the search index: those that are missing or damaged at once, the others when
 * much of them has changed, or when nothing else is to be done. Costs no wake-up while nothing
 * changes. Main thread only.
 */
typedef struct _MonitorIndex MonitorIndex;

/* Whether files are being taken in: then only what has changed much is written. */
typedef gboolean (*MonitorIndexBusyFunc) (gpointer user_data);

/* Begins with what is missing. Transfer full. */
MonitorIndex *
monitor_index_new (BooruStore *store, MonitorIndexBusyFunc is_busy, gpointer user_data);
void monitor_index_free (MonitorIndex *self);

/* Nothing is written while a job changes many posts: each part of it would make the files old. */
void monitor_index_hold (MonitorIndex *self, gboolean hold);

/* Posts came or changed. */
void monitor_index_wake (MonitorIndex *self);

G_END_DECLS
