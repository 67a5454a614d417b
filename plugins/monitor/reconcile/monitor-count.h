/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "files/monitor-folder.h"

G_BEGIN_DECLS

/**
 * MonitorCount:
 *
 * Counts the files of a folder in a thread, by reading its directories only. A walk that waits for
 * the ingest does not know how much is still to come; this does, in a fraction of the time.
 */
typedef struct _MonitorCount MonitorCount;

/* @folder: a folder that is present
 * Returns: (transfer full): to be ended by monitor_count_stop() */
MonitorCount *monitor_count_start (MonitorFolder *folder);

void monitor_count_stop (MonitorCount *self); /* and frees it; nothing is waited for */
/* FALSE: it is not done yet, or cannot be. */
gboolean monitor_count_get (MonitorCount *self, guint *n_files);

G_END_DECLS
