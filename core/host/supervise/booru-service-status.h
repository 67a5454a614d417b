/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-child.h"

G_BEGIN_DECLS

typedef enum
{
  BOORU_SERVICE_STARTING,
  BOORU_SERVICE_READY,
  BOORU_SERVICE_STOPPING,
  BOORU_SERVICE_BACKOFF, /* waits before it tries again */
  BOORU_SERVICE_FAILED,
  BOORU_SERVICE_FAILING, /* essential: fails again and again, and is tried again for ever */
} BooruServiceState;

/* Why a process that works well is replaced all the same. */
typedef enum
{
  BOORU_RECYCLE_REQUESTS,
  BOORU_RECYCLE_MEMORY,
  BOORU_RECYCLE_AGE,
  BOORU_N_RECYCLE_REASONS,
} BooruRecycleReason;

typedef struct
{
  BooruServiceState state;
  guint wanted;                             /* processes that there should be */
  guint ready;                              /* processes that do their work */
  guint restarts;                           /* processes that were replaced after a failure */
  gboolean crashed_at_boot;                 /* a process never became ready, but crashed or hung */
  guint restarts_after[BOORU_N_CHILD_ENDS]; /* the same, by the failure */
  /* Processes that were replaced as they had done enough. */
  guint recycled[BOORU_N_RECYCLE_REASONS];

  /* What the start of a process is at, if one says so; or NULL; the supervisor's own. */
  const char *activity;
  const char
      *trouble;      /* why a process cannot do all that it should; or NULL; the supervisor's own */
  guint troubled;    /* processes of which that is so */
  const char *error; /* of the last failure, or NULL; the supervisor's own */
} BooruServiceStatus;

typedef struct
{
  GPid pid;
  BooruChildState state;
  gint64 spawned;       /* monotonic time, µs */
  guint64 requests;     /* answered */
  const char *activity; /* what its start is at, or NULL; its own */
} BooruProcessStatus;

G_END_DECLS
