/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "files/monitor-folder.h"
#include "files/monitor-settle.h"

G_BEGIN_DECLS

/**
 * MonitorQueue:
 *
 * The files that are to be looked at: one job a path. A job waits until it is due, is then ready,
 * and is worked on once it is taken. What is seen of a path while its job is worked on makes the
 * job come again. Uploads, the inbox and folders take turns, uploads most of them; in each, jobs of
 * what happens now go before those of a scan. Main thread only.
 */
typedef struct _MonitorQueue MonitorQueue;

typedef enum
{
  MONITOR_JOB_URGENT = 1 << 0, /* something happened to it just now */
  MONITOR_JOB_CLOSED = 1 << 1, /* it was seen being closed or moved in */
  MONITOR_JOB_RETRY = 1 << 2,  /* look even if it failed before with the same stat */
  MONITOR_JOB_REMAKE = 1 << 3, /* decode even if it is known: its thumbnails are lost, or wrong */
  MONITOR_JOB_IMPORT = 1 << 4, /* look at what is said of it, even if it is known */
  MONITOR_JOB_SLOW = 1 << 5,   /* decoding it takes long: it comes after all others */
} MonitorJobFlags;

typedef enum
{
  MONITOR_JOB_WAITING,
  MONITOR_JOB_READY,
  MONITOR_JOB_WORKING,
} MonitorJobState;

typedef struct
{
  MonitorFolder *folder;
  char *path;
  MonitorJobFlags flags;
  MonitorSettle settle;
  guint troubles;           /* failures in a row that were not the file's fault */
  gboolean told_unfinished; /* the log says that somebody is still filling it */
  guint scan;               /* number of the scan that found it; 0: none */
  gint64 asset_id;          /* of an uploaded file; 0: it is none */
  gboolean asset_wanted;    /* as a post, when it was asked for */
  gint64 n_bytes;           /* of its content, once that was read; 0: it was not */

  /* The queue's own. */
  MonitorJobState state;
  gint64 due;
  gboolean again;
  MonitorJobFlags again_flags;
  GSequenceIter *waiting;
  GQueue *line; /* that it is ready in */
  GList *ready;
} MonitorJob;

typedef void (*MonitorQueueFunc) (gpointer user_data);
typedef void (*MonitorJobFunc) (MonitorJob *job, gpointer user_data);

/* @ready: called when there may be jobs to take
 * @removed: called when a job is done for good, before it is freed */
MonitorQueue *
monitor_queue_new (MonitorQueueFunc ready, MonitorJobFunc removed, gpointer user_data);

void monitor_queue_free (MonitorQueue *self);

/* Asks for a file to be looked at. Later calls for a file that waits move it to the later time:
 * it is still changing.
 * @folder: a folder
 * @path: of a file below it
 * @flags: what is known; added to what was known
 * @delay: µs until it is looked at
 * Returns: (transfer none): the job */
MonitorJob *monitor_queue_push (MonitorQueue *self,
                                MonitorFolder *folder,
                                const char *path,
                                MonitorJobFlags flags,
                                gint64 delay);

MonitorJob *monitor_queue_lookup (MonitorQueue *self, MonitorFolder *folder, const char *path);

/* @job: a job, in any state
 * @folder: where its file is now
 * @path: where its file is now
 * Returns: %FALSE if there is a job of that place already, so that nothing was done */
gboolean
monitor_queue_rename (MonitorQueue *self, MonitorJob *job, MonitorFolder *folder, const char *path);

/* Returns: (transfer none) (nullable): the next job that is ready and not slow, now worked on:
 *   the caller ends that by monitor_queue_retry() or monitor_queue_finish() */
MonitorJob *monitor_queue_take (MonitorQueue *self);

/* Returns: (transfer none) (nullable): as monitor_queue_take(), the next job that is slow */
MonitorJob *monitor_queue_take_slow (MonitorQueue *self);

/* @job: a job that was taken
 * @delay: µs until it is due again */
void monitor_queue_retry (MonitorQueue *self, MonitorJob *job, gint64 delay);

/* @job: (transfer full): a job that was taken; if something was seen meanwhile, it comes again */
void monitor_queue_finish (MonitorQueue *self, MonitorJob *job);

/* Has the ready function called in the next turn of the main loop: there is room for more work. */
void monitor_queue_wake (MonitorQueue *self);

/* Removes the jobs of @folder that nobody works on.
 * @folder: a folder that is gone */
void monitor_queue_drop_folder (MonitorQueue *self, MonitorFolder *folder);

guint monitor_queue_get_length (MonitorQueue *self);

/* Returns: whether monitor_queue_take() has one to give */
gboolean monitor_queue_has_ready (MonitorQueue *self);

/* @n_ready: (out): those of them that monitor_queue_take() gives
 * Returns: how many jobs, in any state, are of uploads */
guint monitor_queue_get_n_uploads (MonitorQueue *self, guint *n_ready);

/* Returns: how many jobs, in any state, are of what happened just now */
guint monitor_queue_get_n_urgent (MonitorQueue *self);

/* Returns: how many jobs are not due yet */
guint monitor_queue_get_n_waiting (MonitorQueue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorQueue, monitor_queue_free)

G_END_DECLS
