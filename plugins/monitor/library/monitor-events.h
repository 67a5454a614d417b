/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "files/monitor-folders.h"
#include "ingest/monitor-ingest.h"
#include "monitor-scans.h"

G_BEGIN_DECLS

/* What turns events of the watcher into work. Nothing here trusts an event for more than a hint
 * that something is to be looked at: events can be old when they arrive. Main thread only. */
typedef struct
{
  BooruStore *store;
  MonitorFolders *folders;
  MonitorWatcher *watcher;
  MonitorQueue *queue;
  MonitorCommit *commit;
  MonitorAbsence *absence;
  MonitorIngest *ingest;
  MonitorScans *scans;
} MonitorEvents;

/* An event of a folder: of any kind but OVERFLOW, SEEING and BLIND. */
void monitor_events_handle (MonitorEvents *self, const MonitorWatchEvent *event);

G_END_DECLS
