/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-child.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "booru-channel-generated.h"
#include "booru-limits.h"
#include "booru-process-usage.h"
#include "ipc/booru-channel.h"
#include "ipc/booru-fd.h"
#include "ipc/booru-heartbeat.h"

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

  guint deadline; /* source: not ready, not stopped, or not dead by then */
  gboolean was_ready;
  gboolean aborting;    /* SIGABRT was sent */
  gint64 stopped_since; /* SIGSTOP and the like; 0: it runs */
  gint64 since;         /* of the present state */
  gint64 spawned;
} BooruChildPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BooruChild, booru_child, G_TYPE_OBJECT)

enum
{
  SIGNAL_READY,
  SIGNAL_PUBLISH,
  SIGNAL_ASK,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

#define PRIV(self) ((BooruChildPrivate *)booru_child_get_instance_private (self))

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

  PRIV (self)->deadline = 0;
  abort_child (self,
               g_error_new (BOORU_ERROR, BOORU_ERROR_FAILED,
                            "did not become ready within %u seconds", booru_limits_get_start ()));
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

/* What the child says */

static gboolean
on_hello (BooruChild *self, GDBusMethodInvocation *invocation)
{
  BooruChildPrivate *priv = PRIV (self);

  booru_supervisor1_complete_hello (priv->supervisor, invocation,
                                    booru_config_to_variant (priv->config));
  return TRUE;
}

static gboolean
on_ready (BooruChild *self, GDBusMethodInvocation *invocation)
{
  BooruChildPrivate *priv = PRIV (self);

  booru_supervisor1_complete_ready (priv->supervisor, invocation);
  if (priv->state != BOORU_CHILD_STARTING || priv->aborting)
    return TRUE;

  set_deadline (self, 0, NULL);
  priv->was_ready = TRUE;
  set_state (self, BOORU_CHILD_READY);
  g_signal_emit (self, signals[SIGNAL_READY], 0);
  return TRUE;
}

static gboolean
on_fail (BooruChild *self, GDBusMethodInvocation *invocation, guint code, const char *message)
{
  BooruChildPrivate *priv = PRIV (self);

  booru_supervisor1_complete_fail (priv->supervisor, invocation);
  if (priv->failure == NULL)
    priv->failure = g_error_new_literal (BOORU_ERROR, (int)code, message);
  return TRUE;
}

static gboolean
on_publish (BooruChild *self, GDBusMethodInvocation *invocation, const char *topic, GVariant *boxed)
{
  g_autoptr (GVariant) payload = g_variant_get_variant (boxed);

  booru_supervisor1_complete_publish (PRIV (self)->supervisor, invocation);
  g_signal_emit (self, signals[SIGNAL_PUBLISH], 0, topic, payload);
  return TRUE;
}

static void
on_answer (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_task_propagate_pointer (G_TASK (result), &error);

  if (answer)
    g_dbus_method_invocation_return_value (invocation, g_variant_new_tuple (&answer, 1));
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
}

static gboolean
on_get_metrics (BooruChild *self, GDBusMethodInvocation *invocation)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_answer, invocation);

  g_signal_emit (self, signals[SIGNAL_ASK], 0, BOORU_HOST_METRICS, task);
  return TRUE;
}

static gboolean
on_get_health (BooruChild *self, GDBusMethodInvocation *invocation)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_answer, invocation);

  g_signal_emit (self, signals[SIGNAL_ASK], 0, BOORU_HOST_HEALTH, task);
  return TRUE;
}

/* Starting */

static gboolean
open_channel (BooruChild *self, int fd, GError **error)
{
  BooruChildPrivate *priv = PRIV (self);
  g_autoptr (GError) local_error = NULL;

  priv->connection = booru_channel_new_for_fd (fd, error);
  if (priv->connection == NULL)
    return FALSE;

  priv->supervisor = booru_supervisor1_skeleton_new ();
  g_signal_connect_swapped (priv->supervisor, "handle-hello", G_CALLBACK (on_hello), self);
  g_signal_connect_swapped (priv->supervisor, "handle-ready", G_CALLBACK (on_ready), self);
  g_signal_connect_swapped (priv->supervisor, "handle-fail", G_CALLBACK (on_fail), self);
  g_signal_connect_swapped (priv->supervisor, "handle-publish", G_CALLBACK (on_publish), self);
  g_signal_connect_swapped (priv->supervisor, "handle-get-metrics", G_CALLBACK (on_get_metrics),
                            self);
  g_signal_connect_swapped (priv->supervisor, "handle-get-health", G_CALLBACK (on_get_health),
                            self);

  priv->proxy = booru_child1_proxy_new_sync (priv->connection,
                                             G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES
                                                 | G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS,
                                             NULL, BOORU_CHILD_PATH, NULL, &local_error);
  if (priv->proxy == NULL
      || !g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (priv->supervisor),
                                            priv->connection, BOORU_SUPERVISOR_PATH, &local_error))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED, "Cannot open the channel to %s: %s",
                   priv->name, local_error->message);
      return FALSE;
    }
  g_dbus_connection_start_message_processing (priv->connection);
  return TRUE;
}

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
  if (heartbeat < 0 || !open_channel (self, booru_steal_fd (&ours), error))
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

static void
close_channel (BooruChild *self)
{
  BooruChildPrivate *priv = PRIV (self);

  if (priv->supervisor)
    {
      g_signal_handlers_disconnect_by_data (priv->supervisor, self);
      g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (priv->supervisor));
    }
  g_clear_object (&priv->supervisor);
  g_clear_object (&priv->proxy);
  if (priv->connection)
    g_dbus_connection_close (priv->connection, NULL, NULL, NULL);
  g_clear_object (&priv->connection);
  booru_clear_fd (&priv->lifeline);
  g_clear_pointer (&priv->heartbeat, booru_heartbeat_free);
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
      close_channel (self);
      set_state (self, BOORU_CHILD_ENDED);
      return FALSE;
    }

  set_names (self);
  set_state (self, BOORU_CHILD_STARTING);
  priv->spawned = priv->since;
  set_deadline (self, booru_limits_get_start (), on_not_ready);
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
  close_channel (self);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}

/* Telling */

BooruChildState
booru_child_get_state (BooruChild *self)
{
  return PRIV (self)->state;
}

gboolean
booru_child_was_ready (BooruChild *self)
{
  return PRIV (self)->was_ready;
}

gboolean
booru_child_has_crashed (BooruChild *self)
{
  static const int crashes[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP };
  int status = PRIV (self)->wait_status;

  for (guint i = 0; i < G_N_ELEMENTS (crashes); i++)
    if (WIFSIGNALED (status) && WTERMSIG (status) == crashes[i])
      return TRUE;
  return FALSE;
}

GPid
booru_child_get_pid (BooruChild *self)
{
  return PRIV (self)->pid;
}

gint64
booru_child_get_spawned (BooruChild *self)
{
  return PRIV (self)->spawned;
}

guint
booru_child_get_index (BooruChild *self)
{
  return PRIV (self)->index;
}

const char *
booru_child_get_name (BooruChild *self)
{
  return PRIV (self)->name;
}

const char *
booru_child_get_file_name (BooruChild *self)
{
  return PRIV (self)->file_name;
}

const GError *
booru_child_get_failure (BooruChild *self)
{
  return PRIV (self)->failure;
}

/**
 * booru_child_get_end:
 * @self: a child that ended
 *
 * Returns: what kind of end it was
 */
BooruChildEnd
booru_child_get_end (BooruChild *self)
{
  BooruChildPrivate *priv = PRIV (self);

  if (!priv->was_ready)
    return BOORU_CHILD_NOT_STARTED;
  if (priv->aborting)
    return BOORU_CHILD_HUNG;
  return WIFSIGNALED (priv->wait_status) ? BOORU_CHILD_SIGNALED : BOORU_CHILD_EXITED;
}

/**
 * booru_child_collect:
 * @self: a child
 * @process: its name among all processes
 * @collector: whom it is to tell
 *
 * Has the process asked for its metrics.
 */
void
booru_child_collect (BooruChild *self, const char *process, BooruCollector *collector)
{
  BooruChildPrivate *priv = PRIV (self);

  booru_collector_ask (collector, process, priv->pid,
                       priv->state == BOORU_CHILD_READY ? G_DBUS_PROXY (priv->proxy) : NULL);
}

/**
 * booru_child_dup_end:
 * @self: a child that ended
 *
 * Returns: (transfer full): how, as the predicate of a sentence
 */
char *
booru_child_dup_end (BooruChild *self)
{
  int status = PRIV (self)->wait_status;

  if (WIFSIGNALED (status))
    return g_strdup_printf ("was killed by signal %d (%s)", WTERMSIG (status),
                            g_strsignal (WTERMSIG (status)));
  return g_strdup_printf ("exited with code %d", WEXITSTATUS (status));
}

/**
 * booru_child_describe:
 * @self: a child
 * @out: where to append
 *
 * Appends what a status report says of it.
 */
void
booru_child_describe (BooruChild *self, GString *out)
{
  static const char *const states[] = { "starting", "ready", "stopping", "ended" };
  BooruChildPrivate *priv = PRIV (self);

  g_string_append_printf (out, "%s: %s for %" G_GINT64_FORMAT " s", priv->name, states[priv->state],
                          (g_get_monotonic_time () - priv->since) / G_USEC_PER_SEC);
}

/* Whoever lets go of a child lets it die: by the lifeline. */
static void
booru_child_dispose (GObject *object)
{
  set_deadline (BOORU_CHILD (object), 0, NULL);
  close_channel (BOORU_CHILD (object));
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
  G_OBJECT_CLASS (booru_child_parent_class)->finalize (object);
}

static void
booru_child_class_init (BooruChildClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = booru_child_dispose;
  G_OBJECT_CLASS (klass)->finalize = booru_child_finalize;
  signals[SIGNAL_READY]
      = g_signal_new ("ready", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_PUBLISH] = g_signal_new ("publish", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_VARIANT);
  signals[SIGNAL_ASK] = g_signal_new ("ask", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_TASK);
  signals[SIGNAL_ENDED]
      = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
booru_child_init (BooruChild *self)
{
  PRIV (self)->lifeline = -1;
}
