/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-child.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "booru-descendants.h"
#include "booru-limits.h"
#include "booru-process-usage.h"
#include "ipc/booru-channel.h"
#include "base/booru-fd.h"
#include "ipc/booru-heartbeat.h"

typedef struct
{
  const BooruServiceSpec *spec;
  char *name;
  char *file_name;
  BooruChildState state;
  GPid pid;
  GError *failure;
  char *cookie; /* of all that it starts */

  BooruChildChannel *channel;
  int lifeline; /* write end; never written to */
  BooruHeartbeat *heartbeat;

  char *activity; /* what its start is at, as it says; NULL: it has not said */
  char *trouble;  /* what is wrong with what it works on, as it says; NULL: nothing */
  guint patience; /* seconds that it has to become ready, or to say that it gets on */
  guint deadline; /* source: not ready, not stopped, or not dead by then */
  gboolean was_ready;
  BooruChildEndKind how; /* HUNG, OVER_LIMIT: the host is ending it; else EXITED */
  gint64 stopped_since;  /* SIGSTOP and the like; 0: it runs */
  gint64 since;          /* of the present state */
  gint64 spawned;
} BooruChildPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BooruChild, booru_child, G_TYPE_OBJECT)

#define PRIV(self) ((BooruChildPrivate *)booru_child_get_instance_private (self))

/* The longest that a process may have its start taken to be getting on, in seconds. */
#define MAX_PATIENCE 3600

enum
{
  SIGNAL_STARTING,
  SIGNAL_READY,
  SIGNAL_TROUBLE,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

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
  priv->how = BOORU_CHILD_HUNG;
  send_signal (self, SIGABRT);
  set_deadline (self, BOORU_LIMIT_ABORT, on_still_alive);
}

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

/* What it says */

static void
on_starting (BooruChild *self, guint seconds, const char *activity)
{
  BooruChildPrivate *priv = PRIV (self);

  if (priv->state != BOORU_CHILD_STARTING || priv->how != BOORU_CHILD_EXITED)
    return;

  await_ready (self, seconds);
  if (g_strcmp0 (priv->activity, activity) == 0)
    return;
  g_free (priv->activity);
  priv->activity = g_strdup (activity);
  g_signal_emit (self, signals[SIGNAL_STARTING], 0);
}

static void
on_ready (BooruChild *self)
{
  BooruChildPrivate *priv = PRIV (self);

  if (priv->state != BOORU_CHILD_STARTING || priv->how != BOORU_CHILD_EXITED)
    return;

  set_deadline (self, 0, NULL);
  g_clear_pointer (&priv->activity, g_free);
  priv->was_ready = TRUE;
  set_state (self, BOORU_CHILD_READY);
  g_signal_emit (self, signals[SIGNAL_READY], 0);
}

static void
on_trouble (BooruChild *self, const char *trouble)
{
  BooruChildPrivate *priv = PRIV (self);

  g_free (priv->trouble);
  priv->trouble = *trouble ? g_strdup (trouble) : NULL;
  g_signal_emit (self, signals[SIGNAL_TROUBLE], 0);
}

static void
on_fail (BooruChild *self, const GError *error)
{
  if (PRIV (self)->failure == NULL)
    PRIV (self)->failure = g_error_copy (error);
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

static gboolean
open_channel (BooruChild *self, int fd, BooruConfig *config, GError **error)
{
  BooruChildPrivate *priv = PRIV (self);

  priv->channel = booru_child_channel_new (fd, priv->name, config, error);
  if (priv->channel == NULL)
    return FALSE;
  g_signal_connect_swapped (priv->channel, "starting", G_CALLBACK (on_starting), self);
  g_signal_connect_swapped (priv->channel, "ready", G_CALLBACK (on_ready), self);
  g_signal_connect_swapped (priv->channel, "trouble", G_CALLBACK (on_trouble), self);
  g_signal_connect_swapped (priv->channel, "fail", G_CALLBACK (on_fail), self);
  return TRUE;
}

/* Lets go of all that ties it to the host; the lifeline too, so that it dies if it still lives. */
static void
let_go (BooruChild *self)
{
  BooruChildPrivate *priv = PRIV (self);

  if (priv->channel)
    g_signal_handlers_disconnect_by_data (priv->channel, self);
  g_clear_object (&priv->channel);
  booru_clear_fd (&priv->lifeline);
  g_clear_pointer (&priv->heartbeat, booru_heartbeat_free);
}

static void
add_fd (BooruChildFds *fds, int source, int target)
{
  fds->source[fds->n] = source;
  fds->target[fds->n] = target;
  fds->n++;
}

static gboolean
spawn (BooruChild *self, BooruConfig *config, GError **error)
{
  BooruChildPrivate *priv = PRIV (self);
  g_auto (GStrv) argv = build_command_line (self);
  booru_autofd int ours = -1;
  booru_autofd int channel = -1;
  booru_autofd int lifeline = -1;
  booru_autofd int heartbeat = -1;
  g_auto (GStrv) environment
      = g_environ_setenv (g_get_environ (), BOORU_ENV_COOKIE, priv->cookie, TRUE);
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
  if (heartbeat < 0 || !open_channel (self, booru_steal_fd (&ours), config, error))
    return FALSE;

  add_fd (&fds, channel, BOORU_CHANNEL_FD);
  add_fd (&fds, lifeline, BOORU_LIFELINE_FD);
  add_fd (&fds, heartbeat, BOORU_HEARTBEAT_FD);
  if (priv->spec->listener >= 0)
    add_fd (&fds, priv->spec->listener, BOORU_LISTENER_FD);
  return BOORU_CHILD_GET_CLASS (self)->spawn (
      self, (const char *const *)argv, (const char *const *)environment, &fds, &priv->pid, error);
}

static void
set_names (BooruChild *self, guint index)
{
  BooruChildPrivate *priv = PRIV (self);
  const BooruService *service = priv->spec->service;

  g_free (priv->name);
  g_free (priv->file_name);
  if (service->instances == BOORU_SERVICE_ONE)
    priv->file_name = g_strdup_printf ("%s.pid", service->process_name);
  else
    priv->file_name = g_strdup_printf ("%s-%u.pid", service->process_name, index + 1);
  if (priv->pid == 0)
    priv->name = g_strdup (service->process_name);
  else
    priv->name = g_strdup_printf ("%s (pid %d)", service->process_name, priv->pid);
}

gboolean
booru_child_start (BooruChild *self,
                   const BooruServiceSpec *spec,
                   guint index,
                   BooruConfig *config,
                   GError **error)
{
  BooruChildPrivate *priv = PRIV (self);

  priv->spec = spec;
  priv->cookie = g_uuid_string_random ();
  set_names (self, index);

  if (!spawn (self, config, error))
    {
      let_go (self);
      set_state (self, BOORU_CHILD_ENDED);
      return FALSE;
    }

  set_names (self, index);
  set_state (self, BOORU_CHILD_STARTING);
  priv->spawned = priv->since;
  await_ready (self, booru_limits_get_start ());
  g_debug ("%s spawned", priv->name);
  return TRUE;
}

void
booru_child_quiesce (BooruChild *self, gboolean handover)
{
  BooruChildPrivate *priv = PRIV (self);

  if (priv->state == BOORU_CHILD_STOPPING && !handover && priv->how == BOORU_CHILD_EXITED)
    booru_child_channel_quiesce (priv->channel, FALSE);
  if (priv->state != BOORU_CHILD_STARTING && priv->state != BOORU_CHILD_READY)
    return;
  set_state (self, BOORU_CHILD_STOPPING);
  if (priv->how != BOORU_CHILD_EXITED)
    return;
  set_deadline (self, priv->spec->service->stop_timeout, on_not_stopped);
  booru_child_channel_quiesce (priv->channel, handover);
}

/* Watching */

static void
check_use (BooruChild *self, BooruUseLimits limits)
{
  BooruChildPrivate *priv = PRIV (self);
  g_autoptr (GError) error = NULL;

  if (priv->state == BOORU_CHILD_ENDED || priv->how != BOORU_CHILD_EXITED
      || booru_limits_check_use (limits, priv->pid, priv->cookie, &error))
    return;
  g_warning ("The plugin %s: %s %s; killing it",
             booru_plugin_info_get_name (priv->spec->plugins->pdata[0]), priv->name,
             error->message);
  if (priv->failure == NULL)
    priv->failure = g_steal_pointer (&error);
  priv->how = BOORU_CHILD_OVER_LIMIT;
  booru_child_kill (self);
}

void
booru_child_check (BooruChild *self, gint64 now, BooruUseLimits limits)
{
  BooruChildPrivate *priv = PRIV (self);
  gint64 limit = booru_limits_get_heartbeat () * G_USEC_PER_SEC;
  gint64 busy_since;
  char process_state;

  check_use (self, limits);
  if (priv->state != BOORU_CHILD_READY || priv->how != BOORU_CHILD_EXITED)
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

/* The plugin whose code was running, unless it is the service's own, which comes first. */
static char *
dup_extension (BooruChildPrivate *priv)
{
  g_autofree char *plugin = priv->heartbeat ? booru_heartbeat_dup_plugin (priv->heartbeat) : NULL;
  const char *own = booru_plugin_info_get_name (priv->spec->plugins->pdata[0]);

  return g_strcmp0 (plugin, own) == 0 ? NULL : g_steal_pointer (&plugin);
}

/* Whatever it started ends with it. */
static void
kill_leftovers (BooruChild *self)
{
  BooruChildPrivate *priv = PRIV (self);
  guint n = booru_descendants_kill (priv->pid, priv->cookie);

  if (n > 0)
    g_warning ("The plugin %s left %u process%s behind when %s ended; killed",
               booru_plugin_info_get_name (priv->spec->plugins->pdata[0]), n, n == 1 ? "" : "es",
               priv->name);
}

void
booru_child_reaped (BooruChild *self, int wait_status)
{
  BooruChildPrivate *priv = PRIV (self);
  char *task = priv->heartbeat ? booru_heartbeat_dup_task (priv->heartbeat) : NULL;
  g_autoptr (BooruChildEnd) end
      = booru_child_end_new (priv->name, wait_status, priv->was_ready, priv->how, task,
                             dup_extension (priv), g_steal_pointer (&priv->failure));

  set_deadline (self, 0, NULL);
  set_state (self, BOORU_CHILD_ENDED);
  let_go (self);
  kill_leftovers (self);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, end);
}

/* What can be known of it */

BooruChildState
booru_child_get_state (BooruChild *self)
{
  return PRIV (self)->state;
}

BooruChildChannel *
booru_child_get_channel (BooruChild *self)
{
  return PRIV (self)->channel;
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

const char *
booru_child_get_activity (BooruChild *self)
{
  BooruChildPrivate *priv = PRIV (self);

  return priv->state == BOORU_CHILD_STARTING ? priv->activity : NULL;
}

const char *
booru_child_get_trouble (BooruChild *self)
{
  BooruChildPrivate *priv = PRIV (self);

  return priv->state == BOORU_CHILD_READY ? priv->trouble : NULL;
}

guint64
booru_child_get_requests (BooruChild *self)
{
  BooruHeartbeat *heartbeat = PRIV (self)->heartbeat;

  return heartbeat ? booru_heartbeat_get_requests (heartbeat) : 0;
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

void
booru_child_describe (BooruChild *self, GString *out)
{
  static const char *const states[] = { "starting", "ready", "stopping", "ended" };
  BooruChildPrivate *priv = PRIV (self);

  g_string_append_printf (out, "%s: %s for %" G_GINT64_FORMAT " s", priv->name, states[priv->state],
                          (g_get_monotonic_time () - priv->since) / G_USEC_PER_SEC);
  if (booru_child_get_activity (self))
    g_string_append_printf (out, ": %s", priv->activity);
  if (booru_child_get_trouble (self))
    g_string_append_printf (out, ": %s", priv->trouble);
}

/* Whoever lets go of a child lets it die: by the lifeline. */
static void
booru_child_dispose (GObject *object)
{
  set_deadline (BOORU_CHILD (object), 0, NULL);
  let_go (BOORU_CHILD (object));
  G_OBJECT_CLASS (booru_child_parent_class)->dispose (object);
}

static void
booru_child_finalize (GObject *object)
{
  BooruChildPrivate *priv = PRIV (BOORU_CHILD (object));

  g_clear_error (&priv->failure);
  g_free (priv->name);
  g_free (priv->file_name);
  g_free (priv->cookie);
  g_free (priv->activity);
  g_free (priv->trouble);
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
  signals[SIGNAL_TROUBLE]
      = g_signal_new ("trouble", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
booru_child_init (BooruChild *self)
{
  PRIV (self)->lifeline = -1;
}
