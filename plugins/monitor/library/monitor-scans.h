/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "monitor-progress.h"
#include "reconcile/monitor-absence.h"

G_BEGIN_DECLS

/**
 * MonitorScans:
 *
 * The scans that run: what they find goes to the queue; each ends when its last file is done. Main
 * thread only.
 */
typedef struct
{
  BooruStore *store;
  MonitorFolders *folders;
  MonitorQueue *queue;
  MonitorCommit *commit;
  MonitorAbsence *absence;
  MonitorMetrics *metrics;
  MonitorProgress *progress;

  MonitorScanner *scanner;
  GHashTable *scans; /* number -> MonitorScan, until its last file is done */
  gboolean holding;  /* the scanner is to wait for the queue */
  gboolean stopped;
} MonitorScans;

/* The fields above the scanner are set. */
void monitor_scans_init (MonitorScans *self,
                         const char *data_dir,
                         const char *files_dir,
                         const char *database,
                         MonitorWatcher *watcher);

void monitor_scans_clear (MonitorScans *self);
void monitor_scans_stop (MonitorScans *self); /* cancels all, and reports none any more */

/* @below: a directory in the folder, or "" for all of it. @import: also looks anew at what is said
 * of files that are known. */
void
monitor_scans_start (MonitorScans *self, MonitorFolder *folder, const char *below, gboolean import);

/* What happens to a job, for the scan that found its file. */
void monitor_scans_job_began (MonitorScans *self, const MonitorJob *job);

void monitor_scans_job_finished (MonitorScans *self,
                                 const MonitorJob *job,
                                 gboolean created,
                                 gboolean failed);
void monitor_scans_job_removed (MonitorScans *self, const MonitorJob *job);

/* It cannot be had for a while (somebody writes it, the disk is full): its scan ends without it,
 * since a scan that does not end holds up what is gone, and is shown as being busy. */
void monitor_scans_job_postponed (MonitorScans *self, MonitorJob *job);

G_END_DECLS
