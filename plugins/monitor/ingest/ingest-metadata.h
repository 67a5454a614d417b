/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of a file: by itself, by sidecars beside it, and by the rules of its folder. */
#pragma once

#include "ingest-task.h"

G_BEGIN_DECLS

/* Reads the sidecars beside the task's file; in any thread. */
void ingest_metadata_read (IngestTask *task);

/* Of BooruImport, transfer full; NULL: originals, whose sidecars were read in the inbox. @metadata:
 * what the file says itself; NULL: not known now. */
GPtrArray *ingest_metadata_new_imports (IngestTask *task, const char *metadata);

/* The same of any file, whose sidecars are read for it. */
GPtrArray *
ingest_metadata_new_imports_of (IngestContext *context, MonitorFolder *folder, const char *path);

/* The task's metadata with what its sidecars add; transfer full. */
char *ingest_metadata_take (IngestTask *task);

/* How stored metadata has to change; transfer full. NULL: not at all. */
char *ingest_metadata_new_patch (IngestTask *task);

/* How long each frame of a ugoira is shown, where its archive does not say: guint16, milliseconds;
 * transfer full. NULL: nothing says. */
GArray *ingest_metadata_find_delays (IngestTask *task);

/* Whether the sidecar contradicts the delays in @metadata, its picture's, so that the animation has
 * to be made anew. */
gboolean ingest_metadata_has_other_delays (IngestTask *task, const char *metadata);

G_END_DECLS
