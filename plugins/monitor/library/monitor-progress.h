/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ingest/monitor-ingest.h"
#include "reconcile/monitor-scanner.h"

G_BEGIN_DECLS

/* As BOORU_EVENT_STATUS says; floating. */
typedef void (*MonitorProgressFunc) (GVariant *progress, gpointer user_data);

/**
 * MonitorProgress:
 *
 * Tells of scans and of the ingest twice a second, as long as any of them goes on.
 */
typedef struct
{
  MonitorQueue *queue;
  MonitorIngest *ingest;
  GHashTable *scans; /* number -> MonitorScan: those that run */
  MonitorProgressFunc scan_func, ingest_func;
  gpointer user_data;

  /* All 0 at first. */
  guint source;                      /* there is none while nothing runs */
  guint64 n_done, n_failed, n_bytes; /* since it began */
  MonitorRate rate;
  char *current; /* path of what is read; NULL: nothing yet */
  gboolean stopped;
} MonitorProgress;

void monitor_progress_start (MonitorProgress *self); /* from now on, as long as there is any */
void monitor_progress_clear (MonitorProgress *self);

/* What happens to a job. */
void monitor_progress_job_began (MonitorProgress *self, const MonitorJob *job);

void monitor_progress_job_finished (MonitorProgress *self, const MonitorJob *job, gboolean failed);

/* Tells how far a scan of a whole folder is: while it runs with its present speed, at its end with
 * that of all of it. */
void monitor_progress_tell_scan (MonitorProgress *self, MonitorScan *scan, gboolean running);

/* Seconds until all that is known to be to do is done; -1: nobody knows. */
gint64 monitor_progress_estimate (MonitorProgress *self);

G_END_DECLS
