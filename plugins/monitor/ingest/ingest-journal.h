/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the journal is told of a task, and what an earlier journal said of its file. */
#pragma once

#include "ingest-task.h"

G_BEGIN_DECLS

/* The content is about to be looked at. Returns @next, or what follows instead: the monitor crashed
 * twice over this file, or another suspect is in work. */
IngestStep ingest_journal_enter (IngestTask *task, IngestStep next);

/* To be called before the first thumbnail is put in place. */
gboolean ingest_journal_begin_placing (IngestTask *task, GError **error);

/* @stored: there is a post; without one, thumbnails that were put in place are removed. */
void ingest_journal_end_placing (IngestTask *task, gboolean stored);

/* @done: FALSE: the file is retried. */
void ingest_journal_leave (IngestTask *task, gboolean done);

G_END_DECLS
