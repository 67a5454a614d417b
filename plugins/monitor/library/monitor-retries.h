/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "files/monitor-folders.h"
#include "ingest/monitor-queue.h"

G_BEGIN_DECLS

/**
 * MonitorRetries:
 *
 * Tries files again that could not be read, since an administrator wants it: a few at a time, as
 * there may be a hundred thousand of them.
 */
typedef struct
{
  BooruStore *store;
  MonitorFolders *folders;
  MonitorQueue *queue;

  /* All 0 at first. */
  GQueue wanted; /* what is still to be queued */
  guint source;
  gboolean stopped;
} MonitorRetries;

void monitor_retries_stop (MonitorRetries *self); /* forgets what is left */

/* As monitor_library_retry(). */
void monitor_retries_add (MonitorRetries *self, const char *path);

/* To be called when there may be room in the queue. Nothing is done within the call: the queue may
 * be in the midst of something. */
void monitor_retries_go_on (MonitorRetries *self);

G_END_DECLS
