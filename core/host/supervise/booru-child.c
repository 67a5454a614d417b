/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-child-private.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-paths.h"
#include "booru-limits.h"
#include "booru-process-usage.h"
#include "ipc/booru-channel.h"
#include "ipc/booru-fd.h"

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BooruChild, booru_child, G_TYPE_OBJECT)

#define PRIV(self) booru_child_get_private (self)

/* The longest that a process may have its start taken to be getting on, in seconds. */
#define MAX_PATIENCE 3600

enum
{
  SIGNAL_STARTING,
  SIGNAL_READY,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

BooruChildPrivate *
booru_child_get_private (BooruChild *self)
{
  return booru_child_get_instance_private (self);
}

static void
set_state (BooruChild *self, BooruChildState state)
{
  PRIV (self)->state = state;
  PRIV (self)->since = g_get_monotonic_time ();
}

static void
set_deadline (BooruChild *self, guint seconds, GSourceFunc func)
{
  BooruChildPrivate *priv = PRIV (self);

  g_clear_handle_id (&priv->deadline, g_source_remove);
  if (func)
    priv->deadline = g_timeout_add_seconds (seconds, func, self);
}

/* Killing */

static void
send_signal (BooruChild *self, int signal_number)
{
  if (PRIV (self)->pid != 0 && PRIV (self)->state != BOORU_CHILD_ENDED)
    BOORU_CHILD_GET_CLASS (self)->send_signal (self, signal_number);
}

static gboolean
on_still_alive (gpointer user_data)
{
  PRIV (BOORU_CHILD (user_data))->deadline = 0;
  booru_child_kill (user_data);
  return G_SOURCE_REMOVE;
}

/* SIGABRT first: it leaves a core dump, or a sanitizer's stack, that shows where it hung. A stopped
 * process does not take it, so SIGKILL follows. */
static void
abort_child (BooruChild *self, GError *why)
{
  BooruChildPrivate *priv = PRIV (self);

  g_warning ("%s %s; aborting it", priv->name, why->message);
  if (priv->failure == NULL)
    priv->failure = g_steal_pointer (&why);
  g_clear_error (&why);
  priv->aborting = TRUE;
  send_signal (self, SIGABRT);
  set_deadline (self, BOORU_LIMIT_ABORT, on_still_alive);
}

/**
 * booru_child_kill:
 * @self: a child
 *
 * Ends the process at once. "ended" follows.
 */
void
booru_child_kill (BooruChild *self)
{
  send_signal (self, SIGKILL);
}

static gboolean
on_not_ready (gpointer user_data)
{
  BooruChild *self = user_data;

  BooruChildPrivate *priv = PRIV (self);

  priv->deadline = 0;
  if (priv->activity)
    abort_child (self, g_error_new (BOORU_ERROR, BOORU_ERROR_FAILED,
                                    "did not say for %u seconds that its start gets on (it was "
                                    "at: %s)",
                                    priv->patience, priv->activity));
  else
    abort_child (self, g_error_new (BOORU_ERROR, BOORU_ERROR_FAILED,
                                    "did not become ready within %u seconds", priv->patience));
  return G_SOURCE_REMOVE;
}

static gboolean
on_not_stopped (gpointer user_data)
{
  BooruChild *self = user_data;
  BooruChildPrivate *priv = PRIV (self);

  priv->deadline = 0;
  g_warning ("%s did not stop within %u seconds; killing it", priv->name,
             priv->spec->service->stop_timeout);
  booru_child_kill (self);
  return G_SOURCE_REMOVE;
}

static void
await_ready (BooruChild *self, guint seconds)
{
  PRIV (self)->patience = CLAMP (seconds, booru_limits_get_start (), MAX_PATIENCE);
  set_deadline (self, PRIV (self)->patience, on_not_ready);
}

/**
 * booru_child_gets_on:
 * @self: a child that says that its start gets on
 * @seconds: until it will say so again
 * @activity: what it is at
 */
void
booru_child_gets_on (BooruChild *self, guint seconds, const char *activity)
{
  BooruChildPrivate *priv = PRIV (self);

  if (priv->state != BOORU_CHILD_STARTING || priv->aborting)
    return;

  await_ready (self, seconds);
  if (g_strcmp0 (priv->activity, activity) == 0)
    return;
  g_free (priv->activity);
  priv->activity = g_strdup (activity);
  g_signal_emit (self, signals[SIGNAL_STARTING], 0);
}

/**
 * booru_child_became_ready:
 * @self: a child that says that it is
 */
void
booru_child_became_ready (BooruChild *self)
{
  BooruChildPrivate *priv = PRIV (self);

  if (priv->state != BOORU_CHILD_STARTING || priv->aborting)
    return;

  set_deadline (self, 0, NULL);
  g_clear_pointer (&priv->activity, g_free);
  priv->was_ready = TRUE;
  set_state (self, BOORU_CHILD_READY);
  g_signal_emit (self, signals[SIGNAL_READY], 0);
}

/* Starting */

static GStrv
build_command_line (BooruChild *self)
{
  BooruChildPrivate *priv = PRIV (self);
  g_autoptr (GStrvBuilder) argv = g_strv_builder_new ();
  g_autofree char *service = g_strconcat ("--service=", priv->spec->service->name, NULL);
  g_autofree char *name = g_strconcat ("--name=", priv->spec->service->process_name, NULL);
  g_autofree char *parent = g_strdup_printf ("--parent=%d", getpid ());

  g_strv_builder_add_many (argv, booru_paths_get_worker_program (), service, name, parent, NULL);
  if (priv->spec->listener >= 0)
    g_strv_builder_add (argv, "--listener");
  if (priv->spec->verbose)
    g_strv_builder_add (argv, "--verbose");
  g_strv_builder_add (argv, "--");
  for (guint i = 0; i < priv->spec->plugins->len; i++)
    g_strv_builder_add (argv, booru_plugin_info_get_path (priv->spec->plugins->pdata[i]));
  return g_strv_builder_end (argv);
}

static void
add_fd (BooruChildFds *fds, int source, int target)
{
  fds->source[fds->n] = source;
  fds->target[fds->n] = target;
  fds->n++;
}

static gboolean
spawn (BooruChild *self, GError **error)
{
  BooruChildPrivate *priv = PRIV (self);
  g_auto (GStrv) argv = build_command_line (self);
  booru_autofd int ours = -1;
  booru_autofd int channel = -1;
  booru_autofd int lifeline = -1;
  booru_autofd int heartbeat = -1;
  BooruChildFds fds = { 0 };
  int pair[2];

  if (!booru_limits_check_descriptors (priv->name, error))
    return FALSE;
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
    return booru_set_errno_error (error, errno, "Cannot start %s", priv->name);
  ours = pair[0];
  channel = pair[1];
  if (pipe2 (pair, O_CLOEXEC) < 0)
    return booru_set_errno_error (error, errno, "Cannot start %s", priv->name);
  lifeline = pair[0];
  priv->lifeline = pair[1];
  priv->heartbeat = booru_heartbeat_new (error);
  heartbeat = priv->heartbeat ? booru_heartbeat_dup_fd (priv->heartbeat, error) : -1;
  if (heartbeat < 0 || !booru_child_open_channel (self, booru_steal_fd (&ours), error))
    return FALSE;

  add_fd (&fds, channel, BOORU_CHANNEL_FD);
  add_fd (&fds, lifeline, BOORU_LIFELINE_FD);
  add_fd (&fds, heartbeat, BOORU_HEARTBEAT_FD);
  if (priv->spec->listener >= 0)
    add_fd (&fds, priv->spec->listener, BOORU_LISTENER_FD);
  return BOORU_CHILD_GET_CLASS (self)->spawn (self, (const char *const *)argv, &fds, &priv->pid,
                                              error);
}

static void
set_names (BooruChild *self)
{
  BooruChildPrivate *priv = PRIV (self);
  const BooruService *service = priv->spec->service;

  g_free (priv->name);
  g_free (priv->file_name);
  if (service->instances == BOORU_SERVICE_ONE)
    priv->file_name = g_strdup_printf ("%s.pid", service->process_name);
  else
    priv->file_name = g_strdup_printf ("%s-%u.pid", service->process_name, priv->index + 1);
  if (priv->pid == 0)
    priv->name = g_strdup (service->process_name);
  else
    priv->name = g_strdup_printf ("%s (pid %d)", service->process_name, priv->pid);
}

/**
 * booru_child_start:
 * @self: a new child
 * @spec: the service; must outlive @self
 * @index: number of the slot that the process fills, from 0
 * @config: what it gets told
 * @error: return location
 *
 * Spawns the process. One of "ready" and "ended" follows. Call it from the main thread only: the
 * parent-death signal of the child is tied to the thread that spawned it.
 *
 * Returns: %FALSE with @error if there is no process, for want of descriptors or memory, or of the
 *   program; no signal follows then
 */
gboolean
booru_child_start (BooruChild *self,
                   const BooruServiceSpec *spec,
                   guint index,
                   BooruConfig *config,
                   GError **error)
{
  BooruChildPrivate *priv = PRIV (self);

  priv->spec = spec;
  priv->index = index;
  priv->config = booru_config_ref (config);
  set_names (self);

  if (!spawn (self, error))
    {
      booru_child_close_channel (self);
      set_state (self, BOORU_CHILD_ENDED);
      return FALSE;
    }

  set_names (self);
  set_state (self, BOORU_CHILD_STARTING);
  priv->spawned = priv->since;
  await_ready (self, booru_limits_get_start ());
  g_debug ("%s spawned", priv->name);
  return TRUE;
}

/**
 * booru_child_configure:
 * @self: a child
 * @config: its new configuration
 *
 * Tells the process that its configuration changed.
 */
void
booru_child_configure (BooruChild *self, BooruConfig *config)
{
  BooruChildPrivate *priv = PRIV (self);

  booru_config_ref (config);
  g_clear_pointer (&priv->config, booru_config_unref);
  priv->config = config;
  if (priv->proxy)
    booru_child1_call_configure (priv->proxy, booru_config_to_variant (config), NULL, NULL, NULL);
}

/**
 * booru_child_deliver:
 * @self: a child
 * @topic: of the event
 * @payload: of the event
 *
 * Passes on an event that another process published. A process that is not ready, or is about to
 * go, does not hear of it.
 */
void
booru_child_deliver (BooruChild *self, const char *topic, GVariant *payload)
{
  BooruChildPrivate *priv = PRIV (self);

  if (priv->state == BOORU_CHILD_READY && priv->proxy)
    booru_child1_call_event (priv->proxy, topic, g_variant_new_variant (payload), NULL, NULL, NULL);
}

/**
 * booru_child_quiesce:
 * @self: a child
 * @handover: whether other processes go on with the work; may be withdrawn by a second call
 *
 * Asks the process to finish what it is at and to exit; kills it when the service's stop timeout is
 * over. "ended" follows.
 */
void
booru_child_quiesce (BooruChild *self, gboolean handover)
{
  BooruChildPrivate *priv = PRIV (self);

  if (priv->state == BOORU_CHILD_STOPPING && !handover && !priv->aborting)
    booru_child1_call_quiesce (priv->proxy, FALSE, NULL, NULL, NULL);
  if (priv->state != BOORU_CHILD_STARTING && priv->state != BOORU_CHILD_READY)
    return;
  set_state (self, BOORU_CHILD_STOPPING);
  if (priv->aborting)
    return;
  set_deadline (self, priv->spec->service->stop_timeout, on_not_stopped);
  booru_child1_call_quiesce (priv->proxy, handover, NULL, NULL, NULL);
}

/* Watching */

/**
 * booru_child_check:
 * @self: a child
 * @now: monotonic time, µs
 *
 * Looks whether the process hangs: its main loop has been busy with one thing, or the whole process
 * stopped, for longer than the limit. One in the hands of a debugger ('t') is left alone.
 */
void
booru_child_check (BooruChild *self, gint64 now)
{
  BooruChildPrivate *priv = PRIV (self);
  gint64 limit = booru_limits_get_heartbeat () * G_USEC_PER_SEC;
  gint64 busy_since;
  char process_state;

  if (priv->state != BOORU_CHILD_READY || priv->aborting)
    return;

  process_state = booru_process_read_state (priv->pid);
  if (process_state != 'T')
    priv->stopped_since = 0;
  else if (priv->stopped_since == 0)
    priv->stopped_since = now;

  busy_since = booru_heartbeat_get_busy_since (priv->heartbeat);
  if (priv->stopped_since != 0 && now - priv->stopped_since > limit)
    abort_child (self, g_error_new (BOORU_ERROR, BOORU_ERROR_FAILED,
                                    "has been stopped for more than %u seconds",
                                    booru_limits_get_heartbeat ()));
  else if (busy_since != 0 && now - MAX (busy_since, priv->since) > limit && process_state != 't')
    abort_child (self, g_error_new (BOORU_ERROR, BOORU_ERROR_FAILED,
                                    "has not answered for more than %u seconds",
                                    booru_limits_get_heartbeat ()));
}

/**
 * booru_child_reaped:
 * @self: a child
 * @wait_status: as of waitpid()
 *
 * For subclasses: the process has ended.
 */
void
booru_child_reaped (BooruChild *self, int wait_status)
{
  PRIV (self)->wait_status = wait_status;
  set_deadline (self, 0, NULL);
  set_state (self, BOORU_CHILD_ENDED);
  if (PRIV (self)->heartbeat) /* NULL: the channel was closed before */
    PRIV (self)->task = booru_heartbeat_dup_task (PRIV (self)->heartbeat);
  booru_child_close_channel (self);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}

/* Whoever lets go of a child lets it die: by the lifeline. */
static void
booru_child_dispose (GObject *object)
{
  set_deadline (BOORU_CHILD (object), 0, NULL);
  booru_child_close_channel (BOORU_CHILD (object));
  G_OBJECT_CLASS (booru_child_parent_class)->dispose (object);
}

static void
booru_child_finalize (GObject *object)
{
  BooruChildPrivate *priv = PRIV (BOORU_CHILD (object));

  g_clear_pointer (&priv->config, booru_config_unref);
  g_clear_error (&priv->failure);
  g_free (priv->name);
  g_free (priv->file_name);
  g_free (priv->activity);
  g_free (priv->trouble);
  g_free (priv->task);
  G_OBJECT_CLASS (booru_child_parent_class)->finalize (object);
}

static void
booru_child_class_init (BooruChildClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = booru_child_dispose;
  G_OBJECT_CLASS (klass)->finalize = booru_child_finalize;
  signals[SIGNAL_STARTING]
      = g_signal_new ("starting", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_READY]
      = g_signal_new ("ready", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ENDED]
      = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  booru_child_init_channel_signals (klass);
}

static void
booru_child_init (BooruChild *self)
{
  PRIV (self)->lifeline = -1;
}
