/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a library owns: for monitor-library.c, and for tests. */
#pragma once

#include "ingest/monitor-uploads.h"
#include "monitor-events.h"
#include "monitor-library.h"
#include "monitor-progress.h"
#include "monitor-retries.h"

G_BEGIN_DECLS

struct _MonitorLibrary
{
  char *data_dir, *files_dir, *temporary_dir;
  BooruStore *store;
  MonitorDecoderPool *pool;
  MonitorLibraryFuncs funcs;
  gpointer user_data;
  BooruMetrics *registry; /* or NULL */
  MonitorMetrics metrics;

  MonitorFolders *folders;
  MonitorWatcher *watcher;
  MonitorQueue *queue;
  MonitorCommit *commit;
  MonitorJournal *journal;
  MonitorIngest *ingest;
  MonitorAbsence *absence;
  MonitorUploads *uploads;
  MonitorScans scans;
  MonitorProgress progress;
  MonitorRetries retries;
  MonitorEvents events;

  char *trouble; /* that was told; NULL: none */
  guint reconcile_source, stop_source;
  gint64 stopping_since; /* monotonic µs */
  gboolean stopping;
};

G_END_DECLS
