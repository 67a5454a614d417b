/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files booru-child*.c share. */
#pragma once

#include "booru-channel-generated.h"
#include "booru-child.h"
#include "ipc/booru-heartbeat.h"

G_BEGIN_DECLS

typedef struct
{
  const BooruServiceSpec *spec;
  guint index;
  char *name;
  char *file_name;
  BooruChildState state;
  GPid pid;
  int wait_status;
  GError *failure;

  BooruConfig *config;
  GDBusConnection *connection;
  BooruSupervisor1 *supervisor; /* what the child calls */
  BooruChild1 *proxy;           /* what we call */
  int lifeline;                 /* write end; never written to */
  BooruHeartbeat *heartbeat;

  char *activity; /* what its start is at, as it says; NULL: it has not said */
  char *trouble;  /* what is wrong with what it works on, as it says; NULL: nothing */
  char *task;     /* what it was at when it ended; NULL: unknown */
  guint patience; /* seconds that it has to become ready, or to say that it gets on */
  guint deadline; /* source: not ready, not stopped, or not dead by then */
  gboolean was_ready;
  gboolean aborting;    /* SIGABRT was sent */
  gint64 stopped_since; /* SIGSTOP and the like; 0: it runs */
  gint64 since;         /* of the present state */
  gint64 spawned;
} BooruChildPrivate;

BooruChildPrivate *booru_child_get_private (BooruChild *self);

/* booru-child-channel.c */
void booru_child_init_channel_signals (BooruChildClass *klass);
gboolean booru_child_open_channel (BooruChild *self, int fd, GError **error); /* takes fd */
void booru_child_close_channel (BooruChild *self);

/* booru-child.c: what came over the channel */
void booru_child_gets_on (BooruChild *self, guint seconds, const char *activity);
void booru_child_became_ready (BooruChild *self);

G_END_DECLS
