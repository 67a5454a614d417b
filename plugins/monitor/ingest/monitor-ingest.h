/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ingest-context.h"

G_BEGIN_DECLS

/**
 * MonitorIngest:
 *
 * Takes files from the queue and brings each through the stages of ingest-stages.c. Several at
 * once, each at most once. Main thread only; what takes long runs in threads and decoders.
 */
typedef struct _MonitorIngest MonitorIngest;

MonitorIngest *monitor_ingest_new (const MonitorIngestParts *parts,
                                   const MonitorIngestFuncs *funcs,
                                   gpointer user_data);

/* Gives up what is under way and waits for it. Changes that are not written are lost: the files are
 * found again at the next start. */
void monitor_ingest_free (MonitorIngest *self);

/* Takes up what is ready. */
void monitor_ingest_pump (MonitorIngest *self);

/* Takes up nothing more. @cancel: what is under way is given up, too. */
void monitor_ingest_stop (MonitorIngest *self, gboolean cancel);

/* How many files are under way: without those that only wait to be committed, and with them. */
guint monitor_ingest_get_n_active (MonitorIngest *self);

guint monitor_ingest_get_n_working (MonitorIngest *self);

void monitor_ingest_set_rules (MonitorIngest *self, MonitorRules *rules); /* transfer full */
/* As monitor_rules_dup_excluded(). */
char **monitor_ingest_dup_excluded (MonitorIngest *self, const char *folder);
/* What is said of a file besides by itself: of BooruImport. Reads the sidecars beside it. */
GPtrArray *
monitor_ingest_new_imports (MonitorIngest *self, MonitorFolder *folder, const char *path);

G_END_DECLS
