/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "files/monitor-folders.h"
#include "ingest/monitor-commit.h"
#include "ingest/monitor-queue.h"

G_BEGIN_DECLS

/**
 * MonitorAbsence:
 *
 * Files that are not where the store has them. They are given a little time to turn up elsewhere,
 * so that a move is taken for a move and no post flickers to "missing"; only then they are removed
 * from the store. Main thread only.
 */
typedef struct _MonitorAbsence MonitorAbsence;

MonitorAbsence *monitor_absence_new (BooruStore *store,
                                     MonitorCommit *commit,
                                     MonitorQueue *queue,
                                     MonitorFolders *folders);
void monitor_absence_free (MonitorAbsence *self);

/* @folder: a folder
 * @path: where the store may have a file, and there is none
 * @by_scan: whether a scan found out: then it waits until all scans have ended, since the file
 *   may turn up in what they have not seen yet */
void monitor_absence_note (MonitorAbsence *self,
                           MonitorFolder *folder,
                           const char *path,
                           gboolean by_scan);

/* Once no scan runs, what was not found by one is gone. */
void monitor_absence_scan_began (MonitorAbsence *self);

void monitor_absence_scan_ended (MonitorAbsence *self);

void monitor_absence_drop_folder (MonitorAbsence *self, MonitorFolder *folder);
guint monitor_absence_get_n (MonitorAbsence *self);

G_END_DECLS
