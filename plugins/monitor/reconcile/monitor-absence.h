/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

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

typedef struct
{
  /* Whether files are under way that something just happened to: one may be the missing file. */
  gboolean (*is_unsettled) (gpointer user_data);
  /* Whether folders are being looked through. */
  gboolean (*is_scanning) (gpointer user_data);
  void (*folder_lost) (MonitorFolder *folder, gpointer user_data);
} MonitorAbsenceFuncs;

MonitorAbsence *monitor_absence_new (BooruStore *store,
                                     MonitorCommit *commit,
                                     MonitorQueue *queue,
                                     const MonitorAbsenceFuncs *funcs,
                                     gpointer user_data);
void monitor_absence_free (MonitorAbsence *self);
void monitor_absence_note (MonitorAbsence *self,
                           MonitorFolder *folder,
                           const char *path,
                           gboolean by_scan);
void monitor_absence_scans_ended (MonitorAbsence *self);
void monitor_absence_drop_folder (MonitorAbsence *self, MonitorFolder *folder);
guint monitor_absence_get_n (MonitorAbsence *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorAbsence, monitor_absence_free)

G_END_DECLS
