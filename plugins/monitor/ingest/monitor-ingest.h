/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoding/decoder-pool.h"
#include "monitor-commit.h"
#include "monitor-journal.h"
#include "process/monitor-metrics.h"
#include "monitor-queue.h"
#include "process/monitor-role.h"
#include "metadata/monitor-rules.h"

G_BEGIN_DECLS

/**
 * MonitorIngest:
 *
 * Takes files from the queue and brings each the whole way: open, settle, hash, compare, decode,
 * put away, commit. Several at once, each at most once. Main thread only; what takes long runs in
 * threads and decoders.
 */
typedef struct _MonitorIngest MonitorIngest;

typedef struct
{
  /* The folder of that id in the store, or NULL if it is not configured. */
  MonitorFolder *(*find_folder) (gint64 folder_id, gpointer user_data);
  /* Where originals are kept. */
  MonitorFolder *(*get_managed) (gpointer user_data);
  /* Nothing is at a place of which the store knows a file, or knew one a moment ago. */
  void (*absent) (MonitorFolder *folder, const char *path, gpointer user_data);
  /* A folder turned out to be gone, or to be another. */
  void (*folder_lost) (MonitorFolder *folder, gpointer user_data);
  /* The content of a job's file is about to be read. */
  void (*began) (MonitorJob *job, gpointer user_data);
  /* A job comes again, but not soon: whoever waits for it should not. */
  void (*postponed) (MonitorJob *job, gpointer user_data);
  /* An uploaded file is another thing to those who wait for it. */
  void (*asset_changed) (gint64 asset_id, gpointer user_data);
  /* A job ends: what came of it, for the statistics. */
  void (*finished) (MonitorJob *job, gboolean created, gboolean failed, gpointer user_data);
} MonitorIngestFuncs;

typedef struct
{
  const char *data_dir;
  const char *temporary_dir; /* of this process */
  MonitorRole *role;         /* NULL: there is no other monitor */
  BooruStore *store;
  MonitorJournal *journal;
  MonitorQueue *queue;
  MonitorCommit *commit;
  MonitorDecoderPool *pool;
  MonitorMetrics *metrics;
  gint64 cut_patience; /* µs that a cut file in the inbox must be unchanged; 0: a minute */
} MonitorIngestParts;

MonitorIngest *monitor_ingest_new (const MonitorIngestParts *parts,
                                   const MonitorIngestFuncs *funcs,
                                   gpointer user_data);
void monitor_ingest_free (MonitorIngest *self);
void monitor_ingest_pump (MonitorIngest *self);
void monitor_ingest_stop (MonitorIngest *self, gboolean cancel);
guint monitor_ingest_get_n_active (MonitorIngest *self);
guint monitor_ingest_get_n_working (MonitorIngest *self);
void monitor_ingest_set_rules (MonitorIngest *self, MonitorRules *rules); /* transfer full */
/* As monitor_rules_dup_excluded(). */
char **monitor_ingest_dup_excluded (MonitorIngest *self, const char *folder);
/* What is said of a file besides by itself: of BooruImport. Reads the sidecars beside it. */
GPtrArray *
monitor_ingest_new_imports (MonitorIngest *self, MonitorFolder *folder, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorIngest, monitor_ingest_free)

G_END_DECLS
