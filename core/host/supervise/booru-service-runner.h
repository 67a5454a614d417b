/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-child.h"
#include "booru-collector.h"

G_BEGIN_DECLS

typedef enum
{
  BOORU_SERVICE_STARTING,
  BOORU_SERVICE_READY,
  BOORU_SERVICE_STOPPING,
  BOORU_SERVICE_BACKOFF, /* waits before it tries again */
  BOORU_SERVICE_FAILED,
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

  /* What the start of a process is at, if one says so; or NULL; the runner's own. */
  const char *activity;
  const char *trouble; /* why a process cannot do all that it should; or NULL; the runner's own */
  guint troubled;      /* processes of which that is so */
  const char *error;   /* of the last failure, or NULL; the runner's own */
} BooruServiceStatus;

typedef struct
{
  GPid pid;
  BooruChildState state;
  gint64 spawned;       /* monotonic time, µs */
  guint64 requests;     /* answered */
  const char *activity; /* what its start is at, or NULL; its own */
} BooruProcessStatus;

/**
 * BooruServiceRunner:
 *
 * Keeps one service running: in processes of its own (BooruSupervisor), or within the host for
 * development (BooruInlineRunner).
 *
 * Signals:
 *  - "started" (): all of it is ready, for the first time
 *  - "failed" (GError *): given up for good
 *  - "stopped" (): nothing of it runs any more; after booru_service_runner_stop() only
 *  - "publish" (gpointer origin, const char *topic, GVariant *payload): an event for all others;
 *    @origin is passed to booru_service_runner_deliver(), which leaves that process out
 *  - "rolled" (GError *): what booru_service_runner_roll() asked for is done, or with @error: not
 *  - "event" (const char *topic, const char *text): something happened; "changed" follows
 *  - "ask" (guint question, GVariant *argument, GTask *): a process wants to know a
 * BooruHostQuestion
 *  - "changed" (): the status may be another than before
 */
#define BOORU_TYPE_SERVICE_RUNNER (booru_service_runner_get_type ())
G_DECLARE_DERIVABLE_TYPE (BooruServiceRunner, booru_service_runner, BOORU, SERVICE_RUNNER, GObject)

struct _BooruServiceRunnerClass
{
  GObjectClass parent_class;

  void (*start) (BooruServiceRunner *self);
  void (*stop) (BooruServiceRunner *self);
  void (*kill) (BooruServiceRunner *self);
  void (*configure) (BooruServiceRunner *self, BooruConfig *config);
  void (*deliver) (BooruServiceRunner *self, gpointer origin, const char *topic, GVariant *payload);
  void (*roll) (BooruServiceRunner *self);
  void (*check) (BooruServiceRunner *self, gint64 now);
  gboolean (*is_healthy) (BooruServiceRunner *self);
  guint (*get_n_processes) (BooruServiceRunner *self);
  void (*describe) (BooruServiceRunner *self, GString *out);
  void (*get_status) (BooruServiceRunner *self, BooruServiceStatus *status);
  void (*list_processes) (BooruServiceRunner *self, GArray *processes);
  void (*collect) (BooruServiceRunner *self, BooruCollector *collector);
  void (*report) (BooruServiceRunner *self, const char *name, GVariant *arguments, GTask *task);
};

/* Spec outlives self. */
void booru_service_runner_set_spec (BooruServiceRunner *self,
                                    const BooruServiceSpec *spec,
                                    BooruConfig *config);
const BooruServiceSpec *booru_service_runner_get_spec (BooruServiceRunner *self);
BooruConfig *booru_service_runner_get_config (BooruServiceRunner *self); /* transfer none */

void booru_service_runner_start (BooruServiceRunner *self);

/* In order; at once "stopped" if there is nothing. */
void booru_service_runner_stop (BooruServiceRunner *self);
void booru_service_runner_kill (BooruServiceRunner *self); /* what still runs; "stopped" follows */
/* Takes effect live as far as it can; number of workers too. */
void booru_service_runner_configure (BooruServiceRunner *self, BooruConfig *config);
void booru_service_runner_deliver (BooruServiceRunner *self,
                                   gpointer origin,
                                   const char *topic,
                                   GVariant *payload);

/* Every process is replaced by a new one, without a gap where there are several. */
void booru_service_runner_roll (BooruServiceRunner *self);
void booru_service_runner_check (BooruServiceRunner *self, gint64 now); /* heartbeats */
/* All that should be ready is. */
gboolean booru_service_runner_is_healthy (BooruServiceRunner *self);
guint booru_service_runner_get_n_processes (BooruServiceRunner *self); /* that should be */
/* A line for each process. */
void booru_service_runner_describe (BooruServiceRunner *self, GString *out);
void booru_service_runner_get_status (BooruServiceRunner *self, BooruServiceStatus *status);

/* Of BooruProcessStatus; transfer full. */
GArray *booru_service_runner_list_processes (BooruServiceRunner *self);

/* Asks all processes for their metrics. */
void booru_service_runner_collect (BooruServiceRunner *self, BooruCollector *collector);

/* task: transfer full: returns what one of the processes says, a GVariant. */
void booru_service_runner_report (BooruServiceRunner *self,
                                  const char *name,
                                  GVariant *arguments,
                                  GTask *task);

/* For implementations: emit the signals. */
void booru_service_runner_started (BooruServiceRunner *self); /* repeated calls do nothing */
void booru_service_runner_failed (BooruServiceRunner *self, const GError *error);
void booru_service_runner_changed (BooruServiceRunner *self);
void booru_service_runner_stopped (BooruServiceRunner *self);
void booru_service_runner_publish (BooruServiceRunner *self,
                                   gpointer origin,
                                   const char *topic,
                                   GVariant *payload);
void booru_service_runner_rolled (BooruServiceRunner *self, const GError *error);
void
booru_service_runner_event (BooruServiceRunner *self, const char *topic, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void booru_service_runner_ask (BooruServiceRunner *self,
                               BooruHostQuestion question,
                               GVariant *argument,
                               GTask *task);

G_END_DECLS
