/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stages: which post a file belongs to whose md5 is known, if any. */
#pragma once

#include "ingest-task.h"

G_BEGIN_DECLS

/* One task at a time asks for a given content, so that two copies that arrive together are decoded
 * once; the others wait for it. */
IngestStep ingest_resolve (IngestTask *task);

void ingest_compare (IngestTask *task); /* in a thread */
IngestStep ingest_check_comparison (IngestTask *task);

G_END_DECLS
