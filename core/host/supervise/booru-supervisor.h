/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-collector.h"
#include "booru-service-status.h"

G_BEGIN_DECLS

/**
 * BooruSupervisor:
 *
 * Keeps the processes of one service alive: one, or as many as its configuration says. What dies is
 * started again with growing delay; what dies again and again, or says that trying again is
 * pointless, is given up; an essential service is given up for the latter only.
 *
 * Signals:
 *  - "started" (): all of it is ready, for the first time
 *  - "failed" (GError *): given up for good
 *  - "fault" (const BooruChildEnd *): a process failed: it ended unasked, or could not be started
 *  - "stopped" (): nothing of it runs any more; after booru_supervisor_stop() only
 *  - "publish" (gpointer origin, const char *topic, GVariant *payload): an event for all others;
 *    @origin is passed to booru_supervisor_deliver(), which leaves that process out
 *  - "rolled" (GError *): what booru_supervisor_roll() asked for is done, or with @error: not
 *  - "event" (const char *topic, const char *text): something happened; "changed" follows
 *  - "ask" (guint question, GVariant *argument, GTask *): a process asks a BooruHostQuestion
 *  - "changed" (): the status may be another than before
 */
#define BOORU_TYPE_SUPERVISOR (booru_supervisor_get_type ())
G_DECLARE_FINAL_TYPE (BooruSupervisor, booru_supervisor, BOORU, SUPERVISOR, GObject)

/* Starts nothing yet; spec outlives it. */
BooruSupervisor *booru_supervisor_new (const BooruServiceSpec *spec, BooruConfig *config);

void booru_supervisor_start (BooruSupervisor *self);

/* In order; at once "stopped" if there is nothing. */
void booru_supervisor_stop (BooruSupervisor *self);
void booru_supervisor_kill (BooruSupervisor *self); /* what still runs; "stopped" follows */
/* Takes effect live as far as it can; number of workers too. */
void booru_supervisor_configure (BooruSupervisor *self, BooruConfig *config);
void booru_supervisor_deliver (BooruSupervisor *self,
                               gpointer origin,
                               const char *topic,
                               GVariant *payload);

/* Every process is replaced by a new one, without a gap where there are several. */
void booru_supervisor_roll (BooruSupervisor *self);
void booru_supervisor_check (BooruSupervisor *self, gint64 now); /* heartbeats */
/* All that should be ready is. */
gboolean booru_supervisor_is_healthy (BooruSupervisor *self);
guint booru_supervisor_get_n_processes (BooruSupervisor *self); /* that should be */
/* A line for each process. */
void booru_supervisor_describe (BooruSupervisor *self, GString *out);
void booru_supervisor_get_status (BooruSupervisor *self, BooruServiceStatus *status);

/* Of BooruProcessStatus; transfer full. */
GArray *booru_supervisor_list_processes (BooruSupervisor *self);

/* Asks all processes for their metrics. */
void booru_supervisor_collect (BooruSupervisor *self, BooruCollector *collector);

/* task: transfer full: returns what one of the processes says, a GVariant. */
void
booru_supervisor_report (BooruSupervisor *self, const char *name, GVariant *arguments, GTask *task);

G_END_DECLS
