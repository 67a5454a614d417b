/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stage: a file from the inbox or the spool gets its place in the managed folder. */
#pragma once

#include "ingest-task.h"

G_BEGIN_DECLS

void ingest_move (IngestTask *task); /* in a thread */
IngestStep ingest_check_move (IngestTask *task);

G_END_DECLS
