/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoding/decoder-pool.h"
#include "files/monitor-folders.h"
#include "files/monitor-hash.h"
#include "metadata/monitor-rules.h"
#include "monitor-commit.h"
#include "monitor-journal.h"
#include "monitor-queue.h"
#include "monitor-seen.h"
#include "process/monitor-metrics.h"
#include "process/monitor-role.h"

G_BEGIN_DECLS

typedef struct
{
  /* Nothing is at a place of which the store knows a file, or knew one a moment ago. */
  void (*absent) (MonitorFolder *folder, const char *path, gpointer user_data);
  /* The content of a job's file is about to be read. */
  void (*began) (MonitorJob *job, gpointer user_data);
  /* A job is retried, but not soon: whoever waits for it should not. */
  void (*postponed) (MonitorJob *job, gpointer user_data);
  /* An uploaded file is another thing to those who wait for it. */
  void (*asset_changed) (gint64 asset_id, gpointer user_data);
  /* A job ends: what came of it, for the statistics. */
  void (*finished) (MonitorJob *job, gboolean created, gboolean failed, gpointer user_data);
} MonitorIngestFuncs;

/* What outlives the ingest. */
typedef struct
{
  const char *files_dir;
  const char *temporary_dir; /* of this process */
  MonitorRole *role;         /* NULL: there is no other monitor */
  BooruStore *store;
  MonitorFolders *folders;
  MonitorJournal *journal;
  MonitorQueue *queue;
  MonitorCommit *commit;
  MonitorDecoderPool *pool;
  MonitorMetrics *metrics;
  gint64 cut_patience; /* µs that a cut file in the inbox must be unchanged; 0: a minute */
} MonitorIngestParts;

/* What the tasks of one ingest share. */
typedef struct
{
  MonitorIngestParts parts;
  MonitorIngestFuncs funcs;
  gpointer user_data; /* for funcs */
  MonitorThreads *threads;
  GCancellable *cancellable;
  MonitorRules *rules;
  MonitorSeen *seen;    /* uploads decoded not long ago */
  GHashTable *contents; /* md5 in work -> GQueue of IngestTask that wait for it */
  guint n_active;       /* tasks before their commit */
  guint n_slow;         /* of them, whose files are slow */
  guint n_committing;   /* tasks whose change waits to be written */
} IngestContext;

G_END_DECLS
