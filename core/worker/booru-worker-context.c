/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-worker-context.h"

#include <sysexits.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "booru-channel-generated.h"
#include "ipc/booru-channel.h"
#include "ipc/booru-event-limit.h"

/* The host answers at once or is gone; then the lifeline ends the process anyway. */
#define CALL_TIMEOUT_MS 30000
/* But whoever asks for the sake of a client does not wait for a host that is stopped. The host
 * gives the other processes a second to tell their metrics. */
#define HEALTH_TIMEOUT_MS 1000
#define METRICS_TIMEOUT_MS 1500
/* A reload takes as long as the slowest request in flight. */
#define CONTROL_TIMEOUT_MS 120000

struct _BooruWorkerContext
{
  BooruServiceContext parent_instance;

  GMainLoop *loop;
  BooruHeartbeat *heartbeat; /* not owned */
  GDBusConnection *connection;
  BooruSupervisor1 *supervisor; /* proxy of the host */
  BooruChild1 *child;           /* what we offer to it */
  BooruEventLimit limit;
  gboolean ready;
  gboolean ended;
  int exit_code;
};

G_DEFINE_FINAL_TYPE (BooruWorkerContext, booru_worker_context, BOORU_TYPE_SERVICE_CONTEXT)

/* run() returns; the first code given wins. */
static void
end (BooruWorkerContext *self, int exit_code)
{
  if (self->ended)
    return;
  self->ended = TRUE;
  self->exit_code = exit_code;
  g_main_loop_quit (self->loop);
}

int
booru_worker_context_run (BooruWorkerContext *self)
{
  if (!self->ended)
    g_main_loop_run (self->loop);
  return self->exit_code;
}

/* Tells the host why the service cannot go on, and waits until it knows: it decides by the code
 * whether trying again makes sense. */
static void
tell_host (BooruWorkerContext *self, const GError *error)
{
  BooruError code = error->domain == BOORU_ERROR ? (BooruError)error->code : BOORU_ERROR_FAILED;
  g_autoptr (GError) local_error = NULL;

  if (!booru_supervisor1_call_fail_sync (self->supervisor, code, error->message, NULL,
                                         &local_error))
    g_warning ("%s (telling the host failed: %s)", error->message, local_error->message);
}

static void
worker_context_ready (BooruServiceContext *context)
{
  BooruWorkerContext *self = BOORU_WORKER_CONTEXT (context);

  if (self->ready)
    return;
  self->ready = TRUE;
  booru_supervisor1_call_ready (self->supervisor, NULL, NULL, NULL);
}

/* Nobody waits for the answer; the message goes out while the main loop is held up. */
static void
worker_context_starting (BooruServiceContext *context, guint seconds, const char *what)
{
  BooruWorkerContext *self = BOORU_WORKER_CONTEXT (context);
  g_autofree char *valid = g_utf8_make_valid (what, -1);

  if (!self->ready && !self->ended)
    booru_supervisor1_call_starting (self->supervisor, seconds, valid, NULL, NULL, NULL);
}

static void
worker_context_set_trouble (BooruServiceContext *context, const char *what)
{
  g_autofree char *valid = g_utf8_make_valid (what ? what : "", -1);

  booru_supervisor1_call_trouble (BOORU_WORKER_CONTEXT (context)->supervisor, valid, NULL, NULL,
                                  NULL);
}

static void
worker_context_stopped (BooruServiceContext *context)
{
  end (BOORU_WORKER_CONTEXT (context), EX_OK);
}

static void
worker_context_fail (BooruServiceContext *context, const GError *error)
{
  BooruWorkerContext *self = BOORU_WORKER_CONTEXT (context);

  if (self->ended)
    return;
  tell_host (self, error);
  end (self, booru_error_to_exit_code (error));
}

static void
drop_event (BooruWorkerContext *self, const char *topic, const char *why, gint64 now)
{
  static const BooruMetricInfo info = {
    .name = "booru_events_dropped_total",
    .help
    = "Events that were not passed on, as they were too large, too many or of the wrong type.",
    .kind = BOORU_METRIC_COUNTER,
  };
  BooruMetrics *metrics = booru_service_context_get_metrics (BOORU_SERVICE_CONTEXT (self));

  booru_metric_inc (booru_metrics_get (metrics, &info, NULL));
  if (booru_event_limit_should_warn (&self->limit, now))
    g_warning ("The event “%s” is dropped: %s (%" G_GUINT64_FORMAT " events dropped so far)", topic,
               why, self->limit.dropped);
}

/* What the host need not be told never reaches it. */
static void
worker_context_publish (BooruServiceContext *context, const char *topic, GVariant *payload)
{
  BooruWorkerContext *self = BOORU_WORKER_CONTEXT (context);
  gint64 now = g_get_monotonic_time ();
  const char *fault = booru_event_limit_check (&self->limit, topic, payload, now);

  if (fault)
    {
      drop_event (self, topic, fault, now);
      return;
    }
  booru_supervisor1_call_publish (self->supervisor, topic, g_variant_new_variant (payload), NULL,
                                  NULL, NULL);
}

static void
worker_context_count_request (BooruServiceContext *context)
{
  booru_heartbeat_count_request (BOORU_WORKER_CONTEXT (context)->heartbeat);
}

static void
worker_context_set_task (BooruServiceContext *context, const char *what)
{
  booru_heartbeat_set_task (BOORU_WORKER_CONTEXT (context)->heartbeat, what);
}

static void
worker_context_set_plugin (BooruServiceContext *context, const char *plugin)
{
  booru_heartbeat_set_plugin (BOORU_WORKER_CONTEXT (context)->heartbeat, plugin);
}

static void
on_answer (GObject *proxy, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (proxy), result, &error);

  if (answer)
    g_task_return_pointer (task, g_variant_get_child_value (answer, 0),
                           (GDestroyNotify)g_variant_unref);
  else
    g_task_return_new_error (task, BOORU_ERROR, BOORU_ERROR_BUSY, "The host does not answer: %s",
                             error->message);
}

/* What the method fails with is what the caller is told. */
static void
on_controlled (GObject *proxy, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GVariant) results = NULL;
  GError *error = NULL;

  if (booru_supervisor1_call_control_finish (BOORU_SUPERVISOR1 (proxy), &results, result, &error))
    g_task_return_pointer (task, g_variant_ref_sink (booru_channel_unpack (results)),
                           (GDestroyNotify)g_variant_unref);
  else if (error->domain == BOORU_ERROR)
    {
      g_dbus_error_strip_remote_error (error);
      g_task_return_error (task, error);
    }
  else
    {
      g_task_return_new_error (task, BOORU_ERROR, BOORU_ERROR_BUSY, "The host does not answer: %s",
                               error->message);
      g_error_free (error);
    }
}

/* What only asks is answered at once. */
static gboolean
is_question (const char *method)
{
  return g_str_has_prefix (method, "Get") || g_str_has_prefix (method, "List")
         || g_str_has_prefix (method, "Describe");
}

static void
control (BooruWorkerContext *self, GVariant *argument, GTask *task)
{
  g_autoptr (GVariant) parameters = NULL;
  const char *method;

  g_variant_get (argument, "(&sv)", &method, &parameters);
  g_dbus_proxy_call (
      G_DBUS_PROXY (self->supervisor), "Control",
      g_variant_new ("(s@av)", method, booru_channel_pack (parameters)), G_DBUS_CALL_FLAGS_NONE,
      is_question (method) ? HEALTH_TIMEOUT_MS : CONTROL_TIMEOUT_MS, NULL, on_controlled, task);
}

static void
worker_context_ask_host (BooruServiceContext *context,
                         BooruHostQuestion question,
                         GVariant *argument,
                         GTask *task)
{
  BooruWorkerContext *self = BOORU_WORKER_CONTEXT (context);
  gboolean metrics = question == BOORU_HOST_METRICS;

  if (question == BOORU_HOST_CONTROL)
    {
      control (self, argument, task);
      return;
    }
  g_dbus_proxy_call (G_DBUS_PROXY (self->supervisor), metrics ? "GetMetrics" : "GetHealth", NULL,
                     G_DBUS_CALL_FLAGS_NONE, metrics ? METRICS_TIMEOUT_MS : HEALTH_TIMEOUT_MS, NULL,
                     on_answer, task);
}

static gboolean
on_report (BooruWorkerContext *self,
           GDBusMethodInvocation *invocation,
           const char *name,
           GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) report
      = booru_service_context_make_report (BOORU_SERVICE_CONTEXT (self), name, arguments, &error);

  if (report)
    booru_child1_complete_report (self->child, invocation, g_variant_new_variant (report));
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return TRUE;
}

static gboolean
on_stats (BooruWorkerContext *self, GDBusMethodInvocation *invocation)
{
  BooruMetrics *metrics = booru_service_context_get_metrics (BOORU_SERVICE_CONTEXT (self));

  booru_child1_complete_stats (self->child, invocation, booru_metrics_to_variant (metrics));
  return TRUE;
}

static gboolean
on_configure (BooruWorkerContext *self, GDBusMethodInvocation *invocation, GVariant *config)
{
  booru_child1_complete_configure (self->child, invocation);
  booru_service_context_take_config (BOORU_SERVICE_CONTEXT (self), booru_config_new (config));
  return TRUE;
}

static gboolean
on_event (BooruWorkerContext *self,
          GDBusMethodInvocation *invocation,
          const char *topic,
          GVariant *boxed)
{
  g_autoptr (GVariant) payload = g_variant_get_variant (boxed);

  booru_child1_complete_event (self->child, invocation);
  booru_service_context_emit_event (BOORU_SERVICE_CONTEXT (self), topic, payload);
  return TRUE;
}

static gboolean
on_quiesce (BooruWorkerContext *self, GDBusMethodInvocation *invocation, gboolean handover)
{
  booru_child1_complete_quiesce (self->child, invocation);
  booru_service_context_emit_quiesce (BOORU_SERVICE_CONTEXT (self), handover);
  return TRUE;
}

/* The second way in which a vanished host shows; the lifeline is usually faster. */
static void
on_closed (BooruWorkerContext *self)
{
  end (self, EX_TEMPFAIL);
}

static void
booru_worker_context_dispose (GObject *object)
{
  BooruWorkerContext *self = BOORU_WORKER_CONTEXT (object);

  if (self->connection)
    {
      g_signal_handlers_disconnect_by_data (self->connection, self);
      g_dbus_connection_flush_sync (self->connection, NULL, NULL);
      g_dbus_connection_close_sync (self->connection, NULL, NULL);
    }
  if (self->child)
    g_signal_handlers_disconnect_by_data (self->child, self);
  g_clear_object (&self->supervisor);
  g_clear_object (&self->child);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (booru_worker_context_parent_class)->dispose (object);
}

static void
booru_worker_context_finalize (GObject *object)
{
  g_main_loop_unref (BOORU_WORKER_CONTEXT (object)->loop);
  G_OBJECT_CLASS (booru_worker_context_parent_class)->finalize (object);
}

static void
booru_worker_context_class_init (BooruWorkerContextClass *klass)
{
  BooruServiceContextClass *context_class = BOORU_SERVICE_CONTEXT_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = booru_worker_context_dispose;
  G_OBJECT_CLASS (klass)->finalize = booru_worker_context_finalize;
  context_class->ready = worker_context_ready;
  context_class->starting = worker_context_starting;
  context_class->set_trouble = worker_context_set_trouble;
  context_class->stopped = worker_context_stopped;
  context_class->fail = worker_context_fail;
  context_class->publish = worker_context_publish;
  context_class->count_request = worker_context_count_request;
  context_class->set_task = worker_context_set_task;
  context_class->set_plugin = worker_context_set_plugin;
  context_class->ask_host = worker_context_ask_host;
}

static void
booru_worker_context_init (BooruWorkerContext *self)
{
  self->loop = g_main_loop_new (NULL, FALSE);
}

static gboolean
export_child (BooruWorkerContext *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  self->child = booru_child1_skeleton_new ();
  g_signal_connect_swapped (self->child, "handle-configure", G_CALLBACK (on_configure), self);
  g_signal_connect_swapped (self->child, "handle-event", G_CALLBACK (on_event), self);
  g_signal_connect_swapped (self->child, "handle-quiesce", G_CALLBACK (on_quiesce), self);
  g_signal_connect_swapped (self->child, "handle-stats", G_CALLBACK (on_stats), self);
  g_signal_connect_swapped (self->child, "handle-report", G_CALLBACK (on_report), self);

  if (g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->child), self->connection,
                                        BOORU_CHILD_PATH, &local_error))
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED, "Cannot offer %s to the host: %s",
               BOORU_CHILD_PATH, local_error->message);
  return FALSE;
}

static gboolean
say_hello (BooruWorkerContext *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GVariant) config = NULL;

  self->supervisor = booru_supervisor1_proxy_new_sync (
      self->connection,
      G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES | G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS, NULL,
      BOORU_SUPERVISOR_PATH, NULL, &local_error);
  if (self->supervisor)
    g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (self->supervisor), CALL_TIMEOUT_MS);
  if (self->supervisor == NULL
      || !booru_supervisor1_call_hello_sync (self->supervisor, &config, NULL, &local_error))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_IO,
                   "Cannot get the configuration from the host: %s", local_error->message);
      return FALSE;
    }

  booru_service_context_take_config (BOORU_SERVICE_CONTEXT (self), booru_config_new (config));
  return TRUE;
}

/**
 * booru_worker_context_new:
 * @channel_fd: (transfer full): our end of the channel
 * @heartbeat: the page that is shared with the host; must outlive the context
 * @error: return location
 *
 * Connects to the host and fetches the configuration.
 *
 * Returns: (transfer full): the context
 */
BooruWorkerContext *
booru_worker_context_new (int channel_fd, BooruHeartbeat *heartbeat, GError **error)
{
  g_autoptr (BooruWorkerContext) self = g_object_new (BOORU_TYPE_WORKER_CONTEXT, NULL);

  self->heartbeat = heartbeat;
  self->connection = booru_channel_new_for_fd (channel_fd, error);
  if (self->connection == NULL || !export_child (self, error))
    return NULL;
  g_signal_connect_swapped (self->connection, "closed", G_CALLBACK (on_closed), self);
  g_dbus_connection_start_message_processing (self->connection);

  if (!say_hello (self, error))
    return NULL;
  return g_steal_pointer (&self);
}
