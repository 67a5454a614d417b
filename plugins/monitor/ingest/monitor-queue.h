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

MonitorQueue *
monitor_queue_new (MonitorQueueFunc ready, MonitorJobFunc removed, gpointer user_data);
void monitor_queue_free (MonitorQueue *self);
MonitorJob *monitor_queue_push (MonitorQueue *self,
                                MonitorFolder *folder,
                                const char *path,
                                MonitorJobFlags flags,
                                gint64 delay);
MonitorJob *monitor_queue_lookup (MonitorQueue *self, MonitorFolder *folder, const char *path);
gboolean
monitor_queue_rename (MonitorQueue *self, MonitorJob *job, MonitorFolder *folder, const char *path);
MonitorJob *monitor_queue_take (MonitorQueue *self);
MonitorJob *monitor_queue_take_slow (MonitorQueue *self);
void monitor_queue_retry (MonitorQueue *self, MonitorJob *job, gint64 delay);
void monitor_queue_finish (MonitorQueue *self, MonitorJob *job);
void monitor_queue_wake (MonitorQueue *self);
void monitor_queue_drop_folder (MonitorQueue *self, MonitorFolder *folder);
guint monitor_queue_get_length (MonitorQueue *self);
gboolean monitor_queue_has_ready (MonitorQueue *self);
guint monitor_queue_get_n_uploads (MonitorQueue *self, guint *n_ready);
guint monitor_queue_get_n_urgent (MonitorQueue *self);
guint monitor_queue_get_n_waiting (MonitorQueue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorQueue, monitor_queue_free)

G_END_DECLS
