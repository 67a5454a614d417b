/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files booru-supervisor*.c share. */
#pragma once

#include "booru-backoff.h"
#include "booru-child.h"
#include "booru-supervisor.h"

G_BEGIN_DECLS

/* The place of one process, which outlives the processes that fill it. */
typedef struct
{
  BooruSupervisor *owner;
  guint index;
  BooruChild *child; /* starting or ready; NULL: waiting to be started, or given up */
  BooruChild *next;  /* is to take the child's place as soon as it is ready */
  BooruBackoff backoff;
  guint restart;     /* source */
  BooruChildEnd end; /* of the process that the restart replaces */
  gboolean given_up;
  gboolean failed_at_boot;  /* the latest process in it was never ready */
  gboolean crashed_at_boot; /* … as it crashed or hung */
  gboolean stale;           /* its process is to be replaced */
  /* From 0 to below 1: how much earlier than the limits say its process has done enough. */
  double jitter;

  /* It is being replaced for that, as the predicate of a sentence; NULL: it is not. */
  char *recycling;
  BooruRecycleReason reason;
} Slot;

struct _BooruSupervisor
{
  GObject parent_instance;
  const BooruServiceSpec *spec;
  BooruConfig *config;
  gboolean started;
  GPtrArray *slots;   /* Slot */
  GPtrArray *leaving; /* BooruChild: quiescing, in no slot */
  guint n_restarts;
  guint restarts_after[BOORU_N_CHILD_ENDS];
  char *error; /* of the last failure; NULL: none yet */
  guint recycled[BOORU_N_RECYCLE_REASONS];
  gint64 recycle_after; /* monotonic time, µs: not before, as it went wrong */
  gboolean rolling;
  gboolean stopping;
  gboolean failed;
};

/* booru-supervisor.c */
void booru_supervisor_changed (BooruSupervisor *self);
void booru_supervisor_rolled (BooruSupervisor *self, const GError *error);
void booru_supervisor_event (BooruSupervisor *self, const char *topic, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void booru_supervisor_dismiss (BooruSupervisor *self, BooruChild **child, gboolean handover);
void booru_supervisor_remember_failure (BooruSupervisor *self, const char *what);
BooruChild *booru_slot_spawn (Slot *slot, GError **error);
void booru_slot_start (Slot *slot);

/* booru-supervisor-roll.c */
void booru_supervisor_continue_roll (BooruSupervisor *self);
void booru_supervisor_end_roll (BooruSupervisor *self, const GError *error);
void booru_supervisor_refuse_roll (BooruSupervisor *self, const char *why);
void booru_slot_abandon_roll (Slot *slot, const char *what);

/* booru-supervisor-recycle.c */
void booru_supervisor_recycle (BooruSupervisor *self, gint64 now);
void booru_supervisor_pause_recycling (BooruSupervisor *self);
void booru_slot_recycled (Slot *slot, BooruChild *successor);

/* booru-supervisor-report.c */
gboolean booru_supervisor_is_one (BooruSupervisor *self);
guint booru_supervisor_get_target (BooruSupervisor *self);
gboolean booru_slot_is_ready (const Slot *slot);

/* Of BooruChild. */
void booru_supervisor_foreach (BooruSupervisor *self, GFunc func, gpointer data);

G_END_DECLS
