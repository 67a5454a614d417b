/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "process/monitor-metrics.h"

G_BEGIN_DECLS

/**
 * MonitorCommit:
 *
 * Collects changes and writes them to the store: at once when nothing else is coming, in batches
 * under load, since each batch waits for the disk once. What the store cannot take now (locked,
 * disk full) is kept and tried again. Main thread only.
 */
typedef struct _MonitorCommit MonitorCommit;

typedef struct
{
  /* Whether more changes are likely within milliseconds. */
  gboolean (*is_busy) (gpointer user_data);
  /* A change is durable. */
  void (*written) (const BooruFileChange *change, gpointer user_data);
  /* A batch is. ids: of the posts concerned (gint64); may be empty. */
  void (*committed) (GArray *ids, gpointer user_data);
  /* The store is damaged, or fenced off (BOORU_ERROR_FENCED): nothing can be done. */
  void (*broken) (const GError *error, gpointer user_data);
} MonitorCommitFuncs;

/* error: the store refused this one change for good. */
typedef void (*MonitorChangeFunc) (BooruFileChange *change, const GError *error, gpointer data);

/* metrics: outlive it. */
MonitorCommit *monitor_commit_new (BooruStore *store,
                                   MonitorMetrics *metrics,
                                   const MonitorCommitFuncs *funcs,
                                   gpointer user_data);

/* Drops what is not written; its done functions are told so. */
void monitor_commit_free (MonitorCommit *self);

/* @change: (transfer full): a change
 * @done: (nullable): called once it is written, or refused for good
 * @data: for @done */
void monitor_commit_add (MonitorCommit *self,
                         BooruFileChange *change,
                         MonitorChangeFunc done,
                         gpointer data);

/* Writes what is collected now, unless the store has just refused and is given time: each
 * attempt may wait for seconds, and a main loop that hangs is killed.
 * Returns: whether nothing is left */
gboolean monitor_commit_flush (MonitorCommit *self);

/* @folder_id: a folder's id
 * @path: of a file below it
 * Returns: whether a change to that place is not written yet, so that the store's word on it is
 *   old */
gboolean monitor_commit_concerns (MonitorCommit *self, gint64 folder_id, const char *path);

/* @file_id: a file's id
 * Returns: whether a change to that file, which may move it, is not written yet */
gboolean monitor_commit_concerns_file (MonitorCommit *self, gint64 file_id);

guint monitor_commit_get_n_pending (MonitorCommit *self);

G_END_DECLS
