/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-child-channel.h"

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "booru-channel-generated.h"
#include "ipc/booru-channel.h"
#include "ipc/booru-event-limit.h"
#include "plugin/booru-service.h"

#define REPORT_TIMEOUT_MS 10000

struct _BooruChildChannel
{
  GObject parent_instance;
  char *name; /* of the process */
  BooruConfig *config;
  BooruEventLimit limit;
  GDBusConnection *connection;
  BooruSupervisor1 *supervisor; /* what the child calls */
  BooruChild1 *proxy;           /* what we call */
};

G_DEFINE_FINAL_TYPE (BooruChildChannel, booru_child_channel, G_TYPE_OBJECT)

enum
{
  SIGNAL_STARTING,
  SIGNAL_READY,
  SIGNAL_TROUBLE,
  SIGNAL_FAIL,
  SIGNAL_PUBLISH,
  SIGNAL_ASK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What the child says */

static gboolean
on_hello (BooruChildChannel *self, GDBusMethodInvocation *invocation)
{
  booru_supervisor1_complete_hello (self->supervisor, invocation,
                                    booru_config_to_variant (self->config));
  return TRUE;
}

static gboolean
on_ready (BooruChildChannel *self, GDBusMethodInvocation *invocation)
{
  booru_supervisor1_complete_ready (self->supervisor, invocation);
  g_signal_emit (self, signals[SIGNAL_READY], 0);
  return TRUE;
}

static gboolean
on_starting (BooruChildChannel *self,
             GDBusMethodInvocation *invocation,
             guint seconds,
             const char *what)
{
  booru_supervisor1_complete_starting (self->supervisor, invocation);
  g_signal_emit (self, signals[SIGNAL_STARTING], 0, seconds, what);
  return TRUE;
}

static gboolean
on_trouble (BooruChildChannel *self, GDBusMethodInvocation *invocation, const char *what)
{
  booru_supervisor1_complete_trouble (self->supervisor, invocation);
  g_signal_emit (self, signals[SIGNAL_TROUBLE], 0, what);
  return TRUE;
}

static gboolean
on_fail (BooruChildChannel *self,
         GDBusMethodInvocation *invocation,
         guint code,
         const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (BOORU_ERROR, (int)code, message);

  booru_supervisor1_complete_fail (self->supervisor, invocation);
  g_signal_emit (self, signals[SIGNAL_FAIL], 0, error);
  return TRUE;
}

static gboolean
on_publish (BooruChildChannel *self,
            GDBusMethodInvocation *invocation,
            const char *topic,
            GVariant *boxed)
{
  g_autoptr (GVariant) payload = g_variant_get_variant (boxed);
  gint64 now = g_get_monotonic_time ();
  const char *fault = booru_event_limit_check (&self->limit, topic, payload, now);

  booru_supervisor1_complete_publish (self->supervisor, invocation);
  if (fault == NULL)
    g_signal_emit (self, signals[SIGNAL_PUBLISH], 0, topic, payload);
  else if (booru_event_limit_should_warn (&self->limit, now))
    g_warning ("An event of %s is dropped: %s", self->name, fault);
  return TRUE;
}

static void
return_answer (GDBusMethodInvocation *invocation, GVariant *answer)
{
  gboolean results = g_variant_is_of_type (answer, G_VARIANT_TYPE_TUPLE);
  GVariant *child = results ? booru_channel_pack (answer) : answer;

  g_dbus_method_invocation_return_value (invocation, g_variant_new_tuple (&child, 1));
}

static void
on_answer (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_task_propagate_pointer (G_TASK (result), &error);

  if (answer)
    return_answer (invocation, answer);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
}

static gboolean
ask (BooruChildChannel *self, GDBusMethodInvocation *invocation, guint question, GVariant *argument)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_answer, invocation);

  g_signal_emit (self, signals[SIGNAL_ASK], 0, question, argument, task);
  return TRUE;
}

static gboolean
on_get_metrics (BooruChildChannel *self, GDBusMethodInvocation *invocation)
{
  return ask (self, invocation, BOORU_HOST_METRICS, NULL);
}

static gboolean
on_get_health (BooruChildChannel *self, GDBusMethodInvocation *invocation)
{
  return ask (self, invocation, BOORU_HOST_HEALTH, NULL);
}

static gboolean
on_control (BooruChildChannel *self,
            GDBusMethodInvocation *invocation,
            const char *method,
            GVariant *parameters)
{
  g_autoptr (GVariant) argument
      = g_variant_ref_sink (g_variant_new ("(sv)", method, booru_channel_unpack (parameters)));

  return ask (self, invocation, BOORU_HOST_CONTROL, argument);
}

/* What the child is told */

void
booru_child_channel_configure (BooruChildChannel *self, BooruConfig *config)
{
  booru_config_ref (config);
  booru_config_unref (self->config);
  self->config = config;
  booru_child1_call_configure (self->proxy, booru_config_to_variant (config), NULL, NULL, NULL);
}

void
booru_child_channel_deliver (BooruChildChannel *self, const char *topic, GVariant *payload)
{
  booru_child1_call_event (self->proxy, topic, g_variant_new_variant (payload), NULL, NULL, NULL);
}

void
booru_child_channel_quiesce (BooruChildChannel *self, gboolean handover)
{
  booru_child1_call_quiesce (self->proxy, handover, NULL, NULL, NULL);
}

static void
on_reported (GObject *proxy, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GVariant) report = NULL;
  GError *error = NULL;

  if (booru_child1_call_report_finish (BOORU_CHILD1 (proxy), &report, result, &error))
    g_task_return_pointer (task, g_variant_get_variant (report), (GDestroyNotify)g_variant_unref);
  else
    {
      g_dbus_error_strip_remote_error (error);
      g_task_return_error (task, error);
    }
}

void
booru_child_channel_report (BooruChildChannel *self,
                            const char *name,
                            GVariant *arguments,
                            GTask *task)
{
  g_dbus_proxy_call (G_DBUS_PROXY (self->proxy), "Report",
                     g_variant_new ("(s@a{sv})", name, arguments), G_DBUS_CALL_FLAGS_NONE,
                     REPORT_TIMEOUT_MS, NULL, on_reported, task);
}

GDBusProxy *
booru_child_channel_get_proxy (BooruChildChannel *self)
{
  return G_DBUS_PROXY (self->proxy);
}

/* Opening and closing */

static void
connect_handlers (BooruChildChannel *self)
{
  static const struct
  {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "handle-hello", G_CALLBACK (on_hello) },
    { "handle-ready", G_CALLBACK (on_ready) },
    { "handle-starting", G_CALLBACK (on_starting) },
    { "handle-trouble", G_CALLBACK (on_trouble) },
    { "handle-fail", G_CALLBACK (on_fail) },
    { "handle-publish", G_CALLBACK (on_publish) },
    { "handle-get-metrics", G_CALLBACK (on_get_metrics) },
    { "handle-get-health", G_CALLBACK (on_get_health) },
    { "handle-control", G_CALLBACK (on_control) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_swapped (self->supervisor, handlers[i].signal, handlers[i].callback, self);
}

static gboolean
open_channel (BooruChildChannel *self, GError **error)
{
  self->proxy = booru_child1_proxy_new_sync (self->connection,
                                             G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES
                                                 | G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS,
                                             NULL, BOORU_CHILD_PATH, NULL, error);
  if (self->proxy == NULL
      || !g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->supervisor),
                                            self->connection, BOORU_SUPERVISOR_PATH, error))
    return FALSE;
  g_dbus_connection_start_message_processing (self->connection);
  return TRUE;
}

BooruChildChannel *
booru_child_channel_new (int fd, const char *name, BooruConfig *config, GError **error)
{
  g_autoptr (BooruChildChannel) self = g_object_new (BOORU_TYPE_CHILD_CHANNEL, NULL);
  g_autoptr (GError) local_error = NULL;

  self->name = g_strdup (name);
  self->config = booru_config_ref (config);
  self->connection = booru_channel_new_for_fd (fd, error);
  if (self->connection == NULL)
    return NULL;
  self->supervisor = booru_supervisor1_skeleton_new ();
  connect_handlers (self);
  if (open_channel (self, &local_error))
    return g_steal_pointer (&self);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED, "Cannot open the channel to %s: %s", name,
               local_error->message);
  return NULL;
}

static void
booru_child_channel_finalize (GObject *object)
{
  BooruChildChannel *self = BOORU_CHILD_CHANNEL (object);

  if (self->supervisor)
    {
      g_signal_handlers_disconnect_by_data (self->supervisor, self);
      g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->supervisor));
    }
  g_clear_object (&self->supervisor);
  g_clear_object (&self->proxy);
  if (self->connection)
    g_dbus_connection_close (self->connection, NULL, NULL, NULL);
  g_clear_object (&self->connection);
  g_free (self->name);
  booru_config_unref (self->config);
  G_OBJECT_CLASS (booru_child_channel_parent_class)->finalize (object);
}

static void
booru_child_channel_class_init (BooruChildChannelClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = booru_child_channel_finalize;
  signals[SIGNAL_STARTING] = g_signal_new ("starting", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
  signals[SIGNAL_READY]
      = g_signal_new ("ready", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_TROUBLE] = g_signal_new ("trouble", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_FAIL] = g_signal_new ("fail", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_PUBLISH] = g_signal_new ("publish", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_VARIANT);
  signals[SIGNAL_ASK] = g_signal_new ("ask", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_VARIANT, G_TYPE_TASK);
}

static void
booru_child_channel_init (BooruChildChannel *self)
{
}
