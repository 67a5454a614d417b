/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "files/monitor-file.h"
#include "files/monitor-hash.h"
#include "monitor-ingest.h"
#include "monitor-seen.h"
#include "metadata/monitor-sidecar.h"

G_BEGIN_DECLS

struct _MonitorIngest
{
  MonitorIngestParts parts;
  char *data_dir, *temporary_dir;
  MonitorIngestFuncs funcs;
  gpointer user_data;
  MonitorThreads *threads;
  GCancellable *cancellable;
  GHashTable *contents; /* md5 in work -> GQueue of MonitorPassage that wait for it */
  MonitorRules *rules;
  MonitorSeen *seen; /* in the spool, not long ago */
  guint n_cores;
  guint n_active;     /* passages before their commit */
  guint n_slow;       /* of them, whose files are slow */
  guint n_committing; /* passages whose change waits to be written */
  gboolean stopped;
};

/* One file on its way through. */
typedef struct
{
  MonitorIngest *ingest;
  MonitorJob *job;
  MonitorFolder *folder; /* the job's when it was taken; the job may be renamed meanwhile */
  char *path;
  BooruFile *known;  /* what the store has at the path */
  BooruFile *former; /* a file in the store that may have become this one by a rename */
  MonitorOpened opened;
  gint64 began, decoding; /* monotonic µs, for the log */
  char md5[33], md5_again[33];
  gboolean holds_md5;
  gboolean counts_as_slow;
  GError *error; /* of a step in a thread */

  /* Content that is known already. */
  gint64 post_id;
  gboolean in_trash; /* that post */
  char ext[8];
  GPtrArray *others;        /* BooruFile: the post's files */
  GPtrArray *other_folders; /* MonitorFolder of each */
  MonitorComparison comparison;
  char *other_display;

  MonitorDecodeResult *result; /* of the decoder, or */
  GError *refusal;             /* why there is none */
  BooruMedia media;            /* of new content */
  char *metadata;
  MonitorTags *sidecar;        /* what those beside it say; NULL: there are none */
  GPtrArray *sidecar_paths;    /* in the inbox: to go where the picture goes */
  gboolean remakes;            /* what it says of frames makes the picture another */
  char *taken_picture;         /* of a sidecar in the inbox: where its picture was there */
  GPtrArray *sidecar_pictures; /* of a sidecar: whose it is */
  MonitorSidecarResult sidecar_result;
  gboolean decoded;
  guint entry;      /* in the journal; 0: none */
  gboolean placing; /* its thumbnails are in place, or some of them */

  /* On the way from the inbox to the managed folder. */
  MonitorFolder *managed;
  char *managed_path;
  BooruFileStat managed_stat;
  gboolean copied;  /* the source is still there */
  gboolean existed; /* the same bytes are in the managed folder already */
} MonitorPassage;

void monitor_passage_finish (MonitorPassage *self, gboolean created, gboolean failed);
void monitor_passage_fail (MonitorPassage *self, const char *reason);
void monitor_passage_trouble (MonitorPassage *self, const GError *error);
void monitor_passage_come_again (MonitorPassage *self, gint64 delay, gboolean postpone);
void monitor_passage_commit (MonitorPassage *self, BooruFileChange *change);
void monitor_passage_run (MonitorPassage *self,
                          void (*work) (MonitorPassage *),
                          void (*done) (MonitorPassage *));
BooruFileChange *monitor_passage_new_change (MonitorPassage *self, BooruFileChangeKind kind);
void monitor_passage_decode (MonitorPassage *self);  /* monitor-ingest-decode.c */
void monitor_passage_resolve (MonitorPassage *self); /* monitor-ingest-content.c */
gboolean monitor_passage_has_thumbnail (MonitorPassage *self);
gboolean monitor_passage_is_moot (MonitorPassage *self);

/* monitor-ingest-journal.c */
gboolean monitor_passage_enter_journal (MonitorPassage *self);
gboolean monitor_passage_begin_placing (MonitorPassage *self, GError **error);
void monitor_passage_end_placing (MonitorPassage *self, gboolean stored);
void monitor_passage_leave_journal (MonitorPassage *self, gboolean done);

/* monitor-ingest-sidecar.c: a file that is a sidecar itself, and what is said of one that is not.
 */
void monitor_passage_examine_sidecar (MonitorPassage *self);
void monitor_passage_read_sidecars (MonitorPassage *self); /* in any thread */
void monitor_passage_import (MonitorPassage *self);        /* of a known file, anew */
GPtrArray *monitor_passage_new_imports (MonitorPassage *self, const char *metadata);
char *monitor_passage_take_metadata (MonitorPassage *self); /* with what the sidecar adds */
/* Of what is stored of it; NULL: nothing changes. */
char *monitor_passage_new_patch (MonitorPassage *self);

/* monitor-ingest-delays.c: of ugoira */
GArray *monitor_passage_find_delays (MonitorPassage *self);
gboolean monitor_passage_has_other_delays (MonitorPassage *self, const char *metadata);

/* monitor-inbox-sidecar.c */
void monitor_inbox_move_sidecars (MonitorPassage *self);
void monitor_inbox_put_sidecars_aside (MonitorPassage *self, int inbox_fd, const char *target);
void monitor_inbox_take_sidecar (MonitorPassage *self);

/* monitor-inbox-unfinished.c */
gboolean monitor_inbox_waits_for_control (MonitorPassage *self);
gboolean monitor_inbox_waits_for_rest (MonitorPassage *self);

/* monitor-inbox.c: what is different for a file in the inbox. */
void monitor_inbox_take_in (MonitorPassage *self);
void monitor_inbox_set_aside (MonitorPassage *self, const char *dir, const char *reason);
void monitor_inbox_committed (MonitorPassage *self);

/* monitor-spool.c: what is different for an uploaded file. */
void monitor_spool_store (MonitorPassage *self);
void monitor_spool_fail (MonitorPassage *self, const char *reason);
void monitor_spool_gone (MonitorPassage *self);
void monitor_spool_committed (MonitorPassage *self, const BooruFileChange *change);

G_END_DECLS
