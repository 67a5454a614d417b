/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The channel to a child: what it says, and asks. */
#include "booru-child-private.h"

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "ipc/booru-channel.h"
#include "ipc/booru-fd.h"

#define REPORT_TIMEOUT_MS 10000

enum
{
  SIGNAL_TROUBLE,
  SIGNAL_PUBLISH,
  SIGNAL_ASK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

#define PRIV(self) booru_child_get_private (self)

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
  booru_child_became_ready (self);
  return TRUE;
}

static gboolean
on_starting (BooruChild *self, GDBusMethodInvocation *invocation, guint seconds, const char *what)
{
  booru_supervisor1_complete_starting (PRIV (self)->supervisor, invocation);
  booru_child_gets_on (self, seconds, what);
  return TRUE;
}

static gboolean
on_trouble (BooruChild *self, GDBusMethodInvocation *invocation, const char *what)
{
  BooruChildPrivate *priv = PRIV (self);

  booru_supervisor1_complete_trouble (priv->supervisor, invocation);
  g_free (priv->trouble);
  priv->trouble = *what ? g_strdup (what) : NULL;
  g_signal_emit (self, signals[SIGNAL_TROUBLE], 0);
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
ask (BooruChild *self, GDBusMethodInvocation *invocation, guint question, GVariant *argument)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_answer, invocation);

  g_signal_emit (self, signals[SIGNAL_ASK], 0, question, argument, task);
  return TRUE;
}

static gboolean
on_get_metrics (BooruChild *self, GDBusMethodInvocation *invocation)
{
  return ask (self, invocation, BOORU_HOST_METRICS, NULL);
}

static gboolean
on_get_health (BooruChild *self, GDBusMethodInvocation *invocation)
{
  return ask (self, invocation, BOORU_HOST_HEALTH, NULL);
}

static gboolean
on_control (BooruChild *self,
            GDBusMethodInvocation *invocation,
            const char *method,
            GVariant *parameters)
{
  g_autoptr (GVariant) argument
      = g_variant_ref_sink (g_variant_new ("(sv)", method, booru_channel_unpack (parameters)));

  return ask (self, invocation, BOORU_HOST_CONTROL, argument);
}

/* What the host asks */

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

/**
 * booru_child_report:
 * @self: a child that is ready
 * @name: of a report
 * @arguments: for it
 * @task: (transfer full): returns what the child says, a GVariant
 */
void
booru_child_report (BooruChild *self, const char *name, GVariant *arguments, GTask *task)
{
  g_dbus_proxy_call (G_DBUS_PROXY (PRIV (self)->proxy), "Report",
                     g_variant_new ("(s@a{sv})", name, arguments), G_DBUS_CALL_FLAGS_NONE,
                     REPORT_TIMEOUT_MS, NULL, on_reported, task);
}

/* Opening and closing */

/**
 * booru_child_open_channel:
 * @self: a child that is about to be spawned
 * @fd: (transfer full): the host's end
 * @error: return location
 */
gboolean
booru_child_open_channel (BooruChild *self, int fd, GError **error)
{
  BooruChildPrivate *priv = PRIV (self);
  g_autoptr (GError) local_error = NULL;

  priv->connection = booru_channel_new_for_fd (fd, error);
  if (priv->connection == NULL)
    return FALSE;

  priv->supervisor = booru_supervisor1_skeleton_new ();
  g_signal_connect_swapped (priv->supervisor, "handle-hello", G_CALLBACK (on_hello), self);
  g_signal_connect_swapped (priv->supervisor, "handle-ready", G_CALLBACK (on_ready), self);
  g_signal_connect_swapped (priv->supervisor, "handle-starting", G_CALLBACK (on_starting), self);
  g_signal_connect_swapped (priv->supervisor, "handle-trouble", G_CALLBACK (on_trouble), self);
  g_signal_connect_swapped (priv->supervisor, "handle-fail", G_CALLBACK (on_fail), self);
  g_signal_connect_swapped (priv->supervisor, "handle-publish", G_CALLBACK (on_publish), self);
  g_signal_connect_swapped (priv->supervisor, "handle-get-metrics", G_CALLBACK (on_get_metrics),
                            self);
  g_signal_connect_swapped (priv->supervisor, "handle-get-health", G_CALLBACK (on_get_health),
                            self);
  g_signal_connect_swapped (priv->supervisor, "handle-control", G_CALLBACK (on_control), self);

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

/**
 * booru_child_close_channel:
 * @self: a child
 *
 * Lets go of all that ties it to the host; the lifeline too, so that it dies if it still lives.
 */
void
booru_child_close_channel (BooruChild *self)
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
 * booru_child_init_channel_signals:
 * @klass: the class
 *
 * Makes the signals by which is told what a child says.
 */
void
booru_child_init_channel_signals (BooruChildClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  signals[SIGNAL_TROUBLE]
      = g_signal_new ("trouble", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_PUBLISH] = g_signal_new ("publish", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_VARIANT);
  signals[SIGNAL_ASK] = g_signal_new ("ask", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_VARIANT, G_TYPE_TASK);
}
