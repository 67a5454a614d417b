/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ingest-task.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  void (*work) (IngestTask *task);      /* in a thread, first; NULL: nothing takes long */
  IngestStep (*run) (IngestTask *task); /* then in the main thread: what follows */
  guint32 follows;                      /* set of IngestStep: what may follow */
} IngestStage;

/* The way of a file, by IngestStep. */
extern const IngestStage ingest_stages[INGEST_N_STAGES];

G_END_DECLS
