/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "booru-child-channel.h"
#include "booru-child-end.h"
#include "booru-limits.h"
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
 *  - "ended" (const BooruChildEnd *): the process is reaped; nothing comes after it
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
                     const char *const *environment,
                     const BooruChildFds *fds,
                     GPid *pid,
                     GError **error);
  void (*send_signal) (BooruChild *self, int signal_number);
};

/* Spawns the process, for the place index (from 0) of the service; spec outlives self. One of
 * "ready" and "ended" follows; on error, for want of descriptors, memory or the program, neither.
 * From the main thread only: the parent-death signal is tied to the thread that spawned. */
gboolean booru_child_start (BooruChild *self,
                            const BooruServiceSpec *spec,
                            guint index,
                            BooruConfig *config,
                            GError **error);

/* Asks the process to finish what it is doing and to exit, and kills it when the service's stop
 * timeout is over; "ended" follows. handover: others take over its work; a second call with FALSE
 * withdraws that. */
void booru_child_quiesce (BooruChild *self, gboolean handover);
void booru_child_kill (BooruChild *self); /* at once; "ended" follows */

/* Looks whether it uses more than it may, or hangs, at the time now (monotonic, µs): its main loop
 * has been busy with one thing, or the whole process stopped, for longer than the limit. One in a
 * debugger does not count as hanging. */
void booru_child_check (BooruChild *self, gint64 now, BooruUseLimits limits);

BooruChildState booru_child_get_state (BooruChild *self);
BooruChildChannel *booru_child_get_channel (BooruChild *self); /* NULL: it has ended */
GPid booru_child_get_pid (BooruChild *self);
gint64 booru_child_get_spawned (BooruChild *self); /* monotonic time, µs */
/* What its start is at; NULL: it is not starting, or does not say. */
const char *booru_child_get_activity (BooruChild *self);

/* Why it cannot do all that it should; NULL: it can. */
const char *booru_child_get_trouble (BooruChild *self);
guint64 booru_child_get_requests (BooruChild *self);        /* answered so far */
const char *booru_child_get_name (BooruChild *self);        /* "booru-web (pid 123)" */
const char *booru_child_get_file_name (BooruChild *self);   /* of its pid file */
void booru_child_describe (BooruChild *self, GString *out); /* a line of the status report */

/* For subclasses: the process has ended. wait_status: as of waitpid(). */
void booru_child_reaped (BooruChild *self, int wait_status);

G_END_DECLS
