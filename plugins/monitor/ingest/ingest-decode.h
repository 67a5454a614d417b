/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stages: content that is new, or whose thumbnails are lost, is decoded; the thumbnails are put in
 * place if the file is still the one that was hashed. */
#pragma once

#include "ingest-task.h"

G_BEGIN_DECLS

IngestStep ingest_decode (IngestTask *task);
IngestStep ingest_verify (IngestTask *task);
void ingest_rehash (IngestTask *task); /* in a thread */
IngestStep ingest_check_rehash (IngestTask *task);

IngestStep ingest_place (IngestTask *task);

G_END_DECLS
