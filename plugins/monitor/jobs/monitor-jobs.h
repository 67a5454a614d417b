/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * MonitorJobs:
 *
 * Does the jobs of the board: a part, a pause in which others can write, the next part. Costs no
 * wake-up while there is nothing to do. Main thread only.
 */
typedef struct _MonitorJobs MonitorJobs;

/* Told what is new, a few times a second at most: posts that changed (ids; none stands for any),
 * and jobs that went on (likewise); and when there begins or ends to be something to do. */
typedef struct
{
  void (*busy_changed) (gboolean busy, gpointer user_data);
  void (*posts_changed) (GArray *ids, gpointer user_data);
  void (*jobs_changed) (GArray *ids, gpointer user_data);
} MonitorJobsFuncs;

/* Begins with what is left of the last time. Transfer full. */
MonitorJobs *
monitor_jobs_new (BooruStore *store, const MonitorJobsFuncs *funcs, gpointer user_data);
void monitor_jobs_free (MonitorJobs *self);

/* There may be a new job. */
void monitor_jobs_wake (MonitorJobs *self);

G_END_DECLS
