/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "monitor-commit.h"
#include "files/monitor-folder.h"
#include "monitor-queue.h"
#include "process/monitor-role.h"

G_BEGIN_DECLS

/**
 * MonitorUploads:
 *
 * Brings what was uploaded into the queue, and removes from the spool what nobody made a post of.
 * Main thread only.
 */
typedef struct _MonitorUploads MonitorUploads;

/* The spool must be there. */
MonitorUploads *monitor_uploads_new (const char *files_dir,
                                     MonitorRole *role,
                                     BooruStore *store,
                                     MonitorQueue *queue,
                                     MonitorCommit *commit);

void monitor_uploads_free (MonitorUploads *self);
void monitor_uploads_set_keep_time (MonitorUploads *self, gint64 keep_time); /* µs; 0: for ever */

/* Brings into the queue what there is to do. */
void monitor_uploads_look (MonitorUploads *self);

/* To be called when one is done. */
void monitor_uploads_look_for_more (MonitorUploads *self);

/* Removes from the spool what nobody made a post of for long. */
void monitor_uploads_clean (MonitorUploads *self);

G_END_DECLS
