/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gunixmounts.h>

#include "reconcile/monitor-absence.h"
#include "ingest/monitor-ingest.h"
#include "monitor-library.h"
#include "process/monitor-metrics.h"
#include "reconcile/monitor-scanner.h"
#include "ingest/monitor-uploads.h"

G_BEGIN_DECLS

/* What is going on, beyond single scans. */
typedef struct
{
  guint source;                      /* tells of it; there is none while nothing runs */
  guint64 n_done, n_failed, n_bytes; /* since it began */
  MonitorRate rate;
  char *current; /* path of what is read; NULL: nothing yet */
} MonitorActivity;

struct _MonitorLibrary
{
  char *data_dir, *temporary_dir;
  BooruStore *store;
  MonitorDecoderPool *pool;
  MonitorLibraryFuncs funcs;
  gpointer user_data;
  BooruMetrics *registry; /* or NULL */
  MonitorMetrics metrics;

  MonitorWatcher *watcher;
  MonitorQueue *queue;
  MonitorCommit *commit;
  MonitorJournal *journal;
  MonitorIngest *ingest;
  MonitorAbsence *absence;
  MonitorScanner *scanner;
  MonitorUploads *uploads;

  GPtrArray *folders;  /* MonitorFolder; the managed one first */
  GHashTable *waiting; /* MonitorFolder that is gone -> GFileMonitor of the place above it */
  GPtrArray *unsaved;  /* MonitorFolder whose state the store would not take yet */
  guint unsaved_source;
  GUnixMountMonitor *mounts;
  char *trouble; /* that was told; NULL: none */
  guint reconcile_source;

  GHashTable *scans; /* number -> MonitorScan, until its last file is done */
  MonitorActivity activity;
  GQueue retries; /* what is to be tried again */
  guint retry_source;
  gboolean holding; /* the scanner is to wait for the queue */
  guint stop_source;
  gboolean stopping, stopped;
};

/* monitor-library-folders.c */
MonitorFolder *monitor_library_find_folder (MonitorLibrary *self, gint64 id);
MonitorFolder *monitor_library_find_serial (MonitorLibrary *self, guint serial);
void monitor_library_check_folder (MonitorLibrary *self, MonitorFolder *folder, gboolean rescan);

/* monitor-library-events.c */
void monitor_library_handle_event (const MonitorWatchEvent *event, gpointer user_data);

/* monitor-library-scans.c */
extern const MonitorScannerFuncs monitor_library_scanner_funcs;
void monitor_library_scan (MonitorLibrary *self, MonitorFolder *folder, const char *below);
void monitor_library_job_began (MonitorLibrary *self, MonitorJob *job);
void monitor_library_job_counted (MonitorLibrary *self,
                                  MonitorJob *job,
                                  gboolean created,
                                  gboolean failed);
void monitor_library_job_postponed (MonitorLibrary *self, MonitorJob *job);
void monitor_library_job_removed (MonitorJob *job, gpointer user_data);

/* monitor-library-progress.c */
/* From now on, as long as there is any. */
void monitor_library_tell_activity (MonitorLibrary *self);
void monitor_library_tell_scan (MonitorLibrary *self, MonitorScan *scan, gboolean running);
gint64 monitor_library_estimate (MonitorLibrary *self);
void monitor_library_clear_activity (MonitorLibrary *self);

/* monitor-library-trouble.c */
void monitor_library_tell_trouble (MonitorLibrary *self); /* if it has changed */

/* monitor-library-retry.c */
void monitor_library_go_on_retrying (MonitorLibrary *self);
void monitor_library_clear_retries (MonitorLibrary *self);

G_END_DECLS
