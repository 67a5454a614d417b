/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "booru-collector.h"
#include "plugin/booru-plugin-info.h"

G_BEGIN_DECLS

/* What the host needs to know to run a service's processes. All members belong to who made it. */
typedef struct
{
  const BooruService *service;

  /* BooruPluginInfo to load: the service's own first, then what extends it. */
  GPtrArray *plugins;
  gboolean essential;
  gboolean verbose;
  int listener;    /* -1: none */
  const char *url; /* of the listener, for messages; or NULL */
  char *pid_dir;   /* folder of the pid files */
} BooruServiceSpec;

typedef enum
{
  BOORU_CHILD_STARTING,
  BOORU_CHILD_READY,
  BOORU_CHILD_STOPPING,
  BOORU_CHILD_ENDED, /* reaped */
} BooruChildState;

/* How a process came to its end. */
typedef enum
{
  BOORU_CHILD_EXITED,
  BOORU_CHILD_SIGNALED,
  BOORU_CHILD_HUNG,        /* the host aborted it */
  BOORU_CHILD_NOT_STARTED, /* it ended before it was ready */
  BOORU_CHILD_NOT_SPAWNED,
  BOORU_N_CHILD_ENDS,
} BooruChildEnd;

/**
 * BooruChild:
 *
 * One process of a service, from its spawning until it is reaped: the channel, the lifeline, the
 * heartbeat, and the deadlines for becoming ready and for stopping. There are two ways of spawning,
 * one subclass each.
 *
 * Signals:
 *  - "starting" (): what its start is at is another than before
 *  - "ready" ()
 *  - "trouble" (): what is wrong with what it works on is another than before
 *  - "publish" (const char *topic, GVariant *payload): an event for all others
 *  - "ask" (guint question, GVariant *argument, GTask *): it wants to know a BooruHostQuestion
 *  - "ended" (): the process is reaped; nothing comes after it
 */
#define BOORU_TYPE_CHILD (booru_child_get_type ())
G_DECLARE_DERIVABLE_TYPE (BooruChild, booru_child, BOORU, CHILD, GObject)

/* Descriptors that the process gets at the places of BooruChildFd. */
#define BOORU_CHILD_MAX_FDS 4
typedef struct
{
  int source[BOORU_CHILD_MAX_FDS];
  int target[BOORU_CHILD_MAX_FDS];
  guint n;
} BooruChildFds;

struct _BooruChildClass
{
  GObjectClass parent_class;

  /* Spawns the process, and calls booru_child_reaped() when it has ended: later, once. Descriptors
   * stay the caller's. */
  gboolean (*spawn) (BooruChild *self,
                     const char *const *argv,
                     const BooruChildFds *fds,
                     GPid *pid,
                     GError **error);
  void (*send_signal) (BooruChild *self, int signal_number);
};

gboolean booru_child_start (BooruChild *self,
                            const BooruServiceSpec *spec,
                            guint index,
                            BooruConfig *config,
                            GError **error);
void booru_child_configure (BooruChild *self, BooruConfig *config);
void booru_child_deliver (BooruChild *self, const char *topic, GVariant *payload);

/* Again with FALSE: nobody takes over any more. */
void booru_child_quiesce (BooruChild *self, gboolean handover);

/* booru-child-channel.c. */
void booru_child_report (BooruChild *self, const char *name, GVariant *arguments, GTask *task);
void booru_child_kill (BooruChild *self);
void booru_child_check (BooruChild *self, gint64 now);

BooruChildState booru_child_get_state (BooruChild *self);
gboolean booru_child_was_ready (BooruChild *self); /* once, at the least */
/* For one that ended: by a fault of its own, or found hanging; not killed by somebody. */
gboolean booru_child_has_crashed (BooruChild *self);
GPid booru_child_get_pid (BooruChild *self);
gint64 booru_child_get_spawned (BooruChild *self); /* monotonic time, µs */
/* What its start is at; NULL: it does not start, or does not say. */
const char *booru_child_get_activity (BooruChild *self);

/* Why it cannot do all that it should; NULL: it can. */
const char *booru_child_get_trouble (BooruChild *self);
guint64 booru_child_get_requests (BooruChild *self); /* answered so far */
guint booru_child_get_index (BooruChild *self);
const char *booru_child_get_name (BooruChild *self);      /* "booru-web (pid 123)" */
const char *booru_child_get_file_name (BooruChild *self); /* of its pid file */
/* What it, or its supervisor, says is wrong; or NULL. */
const GError *booru_child_get_failure (BooruChild *self);
BooruChildEnd booru_child_get_end (BooruChild *self); /* of one that ended */
char *booru_child_dup_end (BooruChild *self);         /* "was killed by signal 9 (Killed)" */
void booru_child_describe (BooruChild *self, GString *out);
void booru_child_collect (BooruChild *self, const char *process, BooruCollector *collector);

/* For subclasses. */
void booru_child_reaped (BooruChild *self, int wait_status);

G_END_DECLS
