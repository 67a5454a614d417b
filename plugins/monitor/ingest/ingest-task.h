/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "files/monitor-file.h"
#include "files/monitor-hash.h"
#include "ingest-context.h"
#include "metadata/monitor-sidecar.h"

G_BEGIN_DECLS

typedef struct _IngestTask IngestTask;

/* What follows a stage: another one, as ingest-stages.c lists them, or none. */
typedef enum
{
  INGEST_LOOK_UP,
  INGEST_OPEN,
  INGEST_SETTLE,
  INGEST_PREFILTER,
  INGEST_SIDECAR,
  INGEST_FOLLOW,
  INGEST_IMPORT,
  INGEST_HASH,
  INGEST_RESOLVE,
  INGEST_COMPARE,
  INGEST_DECODE,
  INGEST_VERIFY,
  INGEST_REHASH,
  INGEST_PLACE,
  INGEST_STORE,
  INGEST_MOVE,
  INGEST_COMMIT,
  INGEST_ANNOUNCE,
  INGEST_N_STAGES,

  INGEST_WAIT = INGEST_N_STAGES, /* something else resumes the task */
  INGEST_RETRY, /* the file is looked at anew after @delay, or a while after an @error */
  INGEST_DONE,
  INGEST_FAILED, /* the file cannot be a post, because of @reason: its target says what follows */
} IngestStep;

/**
 * MonitorTarget:
 *
 * Where a file comes from decides where it goes: one of these for library folders, one for the
 * managed folder, one for the inbox, one for uploads. Main thread only.
 */
typedef struct
{
  /* The content is known: brings the file where it belongs, and says what the store is told. */
  IngestStep (*store) (IngestTask *task);

  /* It cannot be a post, because of @reason. */
  IngestStep (*fail) (IngestTask *task, const char *reason);

  /* Neither content nor name are those of a picture or a video. @reason: (transfer full). */
  IngestStep (*ignore) (IngestTask *task, char *reason);

  /* Nothing is there any more. */
  IngestStep (*gone) (IngestTask *task);

  /* It is named like a sidecar, and was examined. NULL: it is ignored. */
  IngestStep (*sidecar) (IngestTask *task);

  /* Its content is that of a deleted post. NULL: that makes no difference. */
  IngestStep (*deleted) (IngestTask *task);

  /* Whether it was decoded a moment ago, so that the result is at hand. NULL: never. */
  gboolean (*recall) (IngestTask *task);

  /* How many µs a file that is cut short is still given to grow. NULL: none. */
  gint64 (*get_patience) (IngestTask *task);

  /* The task's change is durable. NULL: nothing is left to do. */
  void (*committed) (IngestTask *task);

  /* How it gets into the managed folder, as monitor_place_rename(); NULL: never. */
  gboolean (*place) (int from_dir, const char *from, int to_dir, const char *to, GError **error);

  gboolean is_upload;        /* complete from the start, and somebody waits for it */
  gboolean leaves_irregular; /* links and devices are left alone, rather than failures */
  gboolean keeps_open;       /* until it is committed */
} MonitorTarget;

/* One file on its way through the stages. */
struct _IngestTask
{
  IngestContext *context;
  const MonitorTarget *target;
  MonitorJob *job;
  MonitorFolder *folder; /* the job's when it was taken; the job may be renamed meanwhile */
  char *path;
  void (*resume) (IngestTask *task, IngestStep step); /* after INGEST_WAIT */

  IngestStep stage;
  GError *error;           /* of a stage; not the file's fault, where it is retried */
  gint64 delay;            /* of INGEST_RETRY, µs */
  gboolean postpone;       /* likewise: nobody can say when it will be done with */
  char *reason;            /* of INGEST_FAILED */
  gboolean created;        /* a new post came of it */
  gboolean failed;         /* the file is recorded as failed */
  BooruFileChange *change; /* for the store; from the commit on, the commit's */

  BooruFile *known;  /* what the store has at the path */
  BooruFile *former; /* a file in the store that may have become this one by a rename */
  MonitorOpened opened;
  gint64 began, decoding; /* monotonic µs, for the log */
  char md5[33], md5_again[33];
  gboolean holds_md5;
  gboolean counts_as_slow;
  guint entry;      /* in the journal; 0: none */
  gboolean placing; /* its thumbnails are in place, or some of them */

  /* Content that is known already. */
  gint64 post_id;
  gboolean in_trash; /* that post */
  char ext[8];
  GPtrArray *others;        /* BooruFile: the post's files */
  GPtrArray *other_folders; /* MonitorFolder of each */
  MonitorComparison comparison;
  char *other_display;

  /* Content that was decoded. */
  MonitorDecodeResult *result; /* of the decoder, or */
  GError *refusal;             /* why there is none */
  gboolean decoded;
  BooruMedia media;
  char *metadata;

  /* What is said of it besides. */
  MonitorTags *sidecar;        /* what those beside it say; NULL: there are none */
  GPtrArray *sidecar_paths;    /* in the inbox: to go where the picture goes */
  GPtrArray *sidecar_pictures; /* of a sidecar: whose it is */
  MonitorSidecarResult sidecar_result;
  char *taken_picture; /* of a sidecar in the inbox: where its picture was there */
  gboolean remakes;    /* what it says of frames makes the picture another */

  /* On the way from the inbox or the spool to the managed folder. */
  MonitorFolder *managed;
  char *managed_path;
  BooruFileStat managed_stat;
  gboolean copied;  /* the source is still there */
  gboolean existed; /* the same bytes are in the managed folder already */
};

IngestTask *ingest_task_new (IngestContext *context, const MonitorTarget *target, MonitorJob *job);
void ingest_task_free (IngestTask *self);

/* Enters (1) the tasks that are active, or leaves them (-1). */
void ingest_task_count (IngestTask *self, gint change);

/* Whether nobody wants to know any more: the folder is gone, or the monitor stops. */
gboolean ingest_task_is_cancelled (IngestTask *self);

gboolean ingest_task_has_thumbnail (IngestTask *self);

/* Whether what was opened is what lies at the path now. */
gboolean ingest_task_is_current (IngestTask *self);

/* µs; 0: it is taken as it is. */
gint64 ingest_task_get_patience (IngestTask *self);

void ingest_task_log (IngestTask *self, const char *text);

/* A change of the file, at the place where it is now; transfer full. */
BooruFileChange *ingest_task_new_change (IngestTask *self, BooruFileChangeKind kind);

/* To be returned by a stage. */
IngestStep ingest_task_retry (IngestTask *self, gint64 delay, gboolean postpone);

IngestStep ingest_task_trouble (IngestTask *self, GError *error); /* transfer full */
IngestStep ingest_task_fail (IngestTask *self, char *reason);     /* transfer full */

IngestStep ingest_task_commit (IngestTask *self, BooruFileChange *change); /* transfer full */
IngestStep ingest_task_move_in (IngestTask *self); /* to where originals are kept */

G_END_DECLS
