/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-service.h"

#include "base/booru-error.h"

typedef struct
{
  BooruConfig *config;
  BooruExtensions *extensions;
  BooruMetrics *metrics;
  int listener;
  gboolean quiescing;
  gboolean handover;
  gpointer data;
  GDestroyNotify data_destroy;
} BooruServiceContextPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BooruServiceContext, booru_service_context, G_TYPE_OBJECT)

enum
{
  SIGNAL_EVENT,
  SIGNAL_CONFIGURE,
  SIGNAL_QUIESCE,
  SIGNAL_HURRY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
booru_service_context_finalize (GObject *object)
{
  BooruServiceContextPrivate *priv
      = booru_service_context_get_instance_private (BOORU_SERVICE_CONTEXT (object));

  if (priv->data_destroy)
    priv->data_destroy (priv->data);
  g_clear_pointer (&priv->config, booru_config_unref);
  g_clear_object (&priv->extensions);
  booru_metrics_free (priv->metrics);
  G_OBJECT_CLASS (booru_service_context_parent_class)->finalize (object);
}

static void
booru_service_context_class_init (BooruServiceContextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = booru_service_context_finalize;

  signals[SIGNAL_EVENT]
      = g_signal_new ("event", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0,
                      NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_VARIANT);
  signals[SIGNAL_CONFIGURE] = g_signal_new ("configure", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_QUIESCE] = g_signal_new ("quiesce", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_HURRY] = g_signal_new ("hurry", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
booru_service_context_init (BooruServiceContext *self)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  priv->extensions = booru_extensions_new ();
  priv->metrics = booru_metrics_new ();
  priv->listener = -1;
}

BooruConfig *
booru_service_context_get_config (BooruServiceContext *self)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  g_return_val_if_fail (BOORU_IS_SERVICE_CONTEXT (self), NULL);
  return priv->config;
}

BooruExtensions *
booru_service_context_get_extensions (BooruServiceContext *self)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  g_return_val_if_fail (BOORU_IS_SERVICE_CONTEXT (self), NULL);
  return priv->extensions;
}

BooruMetrics *
booru_service_context_get_metrics (BooruServiceContext *self)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  g_return_val_if_fail (BOORU_IS_SERVICE_CONTEXT (self), NULL);
  return priv->metrics;
}

int
booru_service_context_get_listener (BooruServiceContext *self)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  g_return_val_if_fail (BOORU_IS_SERVICE_CONTEXT (self), -1);
  return priv->listener;
}

void
booru_service_context_set_listener (BooruServiceContext *self, int fd)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self));
  priv->listener = fd;
}

void
booru_service_context_starting (BooruServiceContext *self, guint seconds, const char *what)
{
  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self) && what != NULL);

  BooruServiceContextClass *class = BOORU_SERVICE_CONTEXT_GET_CLASS (self);

  if (class->starting)
    class->starting (self, seconds, what);
}

void
booru_service_context_ready (BooruServiceContext *self)
{
  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self));
  BOORU_SERVICE_CONTEXT_GET_CLASS (self)->ready (self);
}

void
booru_service_context_set_trouble (BooruServiceContext *self, const char *what)
{
  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self));

  BooruServiceContextClass *class = BOORU_SERVICE_CONTEXT_GET_CLASS (self);

  if (class->set_trouble)
    class->set_trouble (self, what);
}

void
booru_service_context_stopped (BooruServiceContext *self)
{
  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self));
  BOORU_SERVICE_CONTEXT_GET_CLASS (self)->stopped (self);
}

void
booru_service_context_fail (BooruServiceContext *self, const GError *error)
{
  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self) && error != NULL);
  BOORU_SERVICE_CONTEXT_GET_CLASS (self)->fail (self, error);
}

void
booru_service_context_publish (BooruServiceContext *self, const char *topic, GVariant *payload)
{
  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self) && topic != NULL && payload != NULL);

  g_autoptr (GVariant) sunk = g_variant_ref_sink (payload);

  BOORU_SERVICE_CONTEXT_GET_CLASS (self)->publish (self, topic, sunk);
}

void
booru_service_context_count_request (BooruServiceContext *self)
{
  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self));

  BooruServiceContextClass *class = BOORU_SERVICE_CONTEXT_GET_CLASS (self);

  if (class->count_request)
    class->count_request (self);
}

void
booru_service_context_set_task (BooruServiceContext *self, const char *what)
{
  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self));

  BooruServiceContextClass *class = BOORU_SERVICE_CONTEXT_GET_CLASS (self);

  if (class->set_task)
    class->set_task (self, what);
}

void
booru_service_context_set_plugin (BooruServiceContext *self, const char *plugin)
{
  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self));

  BooruServiceContextClass *class = BOORU_SERVICE_CONTEXT_GET_CLASS (self);

  if (class->set_plugin)
    class->set_plugin (self, plugin);
}

static void
ask (BooruServiceContext *self, BooruHostQuestion question, GVariant *argument, GTask *task)
{
  BooruServiceContextClass *class = BOORU_SERVICE_CONTEXT_GET_CLASS (self);

  if (class->ask_host)
    {
      class->ask_host (self, question, argument, task);
      return;
    }
  g_task_return_new_error (task, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
                           "There is no host to ask here");
  g_object_unref (task);
}

void
booru_service_context_ask_host_async (BooruServiceContext *self,
                                      BooruHostQuestion question,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self));

  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, booru_service_context_ask_host_async);
  ask (self, question, NULL, task);
}

void
booru_service_context_control_host_async (BooruServiceContext *self,
                                          const char *method,
                                          GVariant *parameters,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data)
{
  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self) && method != NULL && parameters != NULL);

  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GVariant) argument = g_variant_ref_sink (g_variant_new ("(sv)", method, parameters));

  g_task_set_source_tag (task, booru_service_context_control_host_async);
  ask (self, BOORU_HOST_CONTROL, argument, task);
}

GVariant *
booru_service_context_ask_host_finish (BooruServiceContext *self,
                                       GAsyncResult *result,
                                       GError **error)
{
  g_return_val_if_fail (BOORU_IS_SERVICE_CONTEXT (self) && g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
booru_service_context_set_data (BooruServiceContext *self, gpointer data, GDestroyNotify destroy)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self));
  if (priv->data_destroy)
    priv->data_destroy (priv->data);
  priv->data = data;
  priv->data_destroy = destroy;
}

gpointer
booru_service_context_get_data (BooruServiceContext *self)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  g_return_val_if_fail (BOORU_IS_SERVICE_CONTEXT (self), NULL);
  return priv->data;
}

void
booru_service_context_take_config (BooruServiceContext *self, BooruConfig *config)
{
  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self) && config != NULL);

  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);
  gboolean replaced = priv->config != NULL;

  g_clear_pointer (&priv->config, booru_config_unref);
  priv->config = config;
  if (replaced)
    g_signal_emit (self, signals[SIGNAL_CONFIGURE], 0);
}

void
booru_service_context_emit_event (BooruServiceContext *self, const char *topic, GVariant *payload)
{
  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self) && topic != NULL && payload != NULL);
  g_signal_emit (self, signals[SIGNAL_EVENT], g_quark_from_string (topic), topic, payload);
}

GVariant *
booru_service_context_make_report (BooruServiceContext *self,
                                   const char *name,
                                   GVariant *arguments,
                                   GError **error)
{
  g_return_val_if_fail (BOORU_IS_SERVICE_CONTEXT (self) && name != NULL, NULL);

  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);
  const char *plugin;
  const BooruReport *report = booru_extensions_find_report (priv->extensions, name, &plugin);
  GVariant *made;

  if (report)
    {
      booru_service_context_set_plugin (self, plugin);
      made = report->make (self, arguments, error);
      booru_service_context_set_plugin (self, NULL);
      return made ? g_variant_take_ref (made) : NULL;
    }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "There is no report “%s”", name);
  return NULL;
}

gboolean
booru_service_context_is_handover (BooruServiceContext *self)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  g_return_val_if_fail (BOORU_IS_SERVICE_CONTEXT (self), FALSE);
  return priv->handover;
}

void
booru_service_context_emit_quiesce (BooruServiceContext *self, gboolean handover)
{
  g_return_if_fail (BOORU_IS_SERVICE_CONTEXT (self));

  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);
  gboolean hurry = priv->quiescing && priv->handover && !handover;

  if (priv->quiescing && !hurry)
    return;
  priv->quiescing = TRUE;
  priv->handover = handover;
  g_signal_emit (self, signals[hurry ? SIGNAL_HURRY : SIGNAL_QUIESCE], 0);
}
