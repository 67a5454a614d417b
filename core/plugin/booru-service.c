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

  return priv->config;
}

BooruExtensions *
booru_service_context_get_extensions (BooruServiceContext *self)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  return priv->extensions;
}

/**
 * booru_service_context_get_metrics:
 * @self: a context
 *
 * Returns: (transfer none): what the process counts and measures; the host asks for it when
 * somebody wants to know
 */
BooruMetrics *
booru_service_context_get_metrics (BooruServiceContext *self)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  return priv->metrics;
}

int
booru_service_context_get_listener (BooruServiceContext *self)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  return priv->listener;
}

/**
 * booru_service_context_set_listener:
 * @self: a context
 * @fd: (transfer none): the listening socket, or -1
 *
 * For implementations: says which socket the service accepts on.
 */
void
booru_service_context_set_listener (BooruServiceContext *self, int fd)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  priv->listener = fd;
}

/**
 * booru_service_context_starting:
 * @self: a context
 * @seconds: within which the service will say so again, or be ready; at least as many as a start
 *   may take, and at most an hour
 * @what: what it is at, for people, such as “migrating the database, 40 %”
 *
 * A service whose start takes long says by this that it gets on. One that does not, and is not
 * ready within 30 seconds, counts as hung. May be called from within start(), whose thread the
 * main loop's is: it does not wait for anything. Once a second is often enough.
 */
void
booru_service_context_starting (BooruServiceContext *self, guint seconds, const char *what)
{
  BooruServiceContextClass *class = BOORU_SERVICE_CONTEXT_GET_CLASS (self);

  if (class->starting)
    class->starting (self, seconds, what);
}

void
booru_service_context_ready (BooruServiceContext *self)
{
  BOORU_SERVICE_CONTEXT_GET_CLASS (self)->ready (self);
}

/**
 * booru_service_context_set_trouble:
 * @self: a context
 * @what: (nullable): what is wrong and what to do about it, such as that the disk is full; %NULL:
 * it is over
 *
 * Says that the service works, but cannot do all that it should, and that a restart would not help.
 * The host shows it, as health “degraded”, until it is told that it is over.
 */
void
booru_service_context_set_trouble (BooruServiceContext *self, const char *what)
{
  BooruServiceContextClass *class = BOORU_SERVICE_CONTEXT_GET_CLASS (self);

  if (class->set_trouble)
    class->set_trouble (self, what);
}

void
booru_service_context_stopped (BooruServiceContext *self)
{
  BOORU_SERVICE_CONTEXT_GET_CLASS (self)->stopped (self);
}

void
booru_service_context_fail (BooruServiceContext *self, const GError *error)
{
  BOORU_SERVICE_CONTEXT_GET_CLASS (self)->fail (self, error);
}

void
booru_service_context_publish (BooruServiceContext *self, const char *topic, GVariant *payload)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (payload);

  BOORU_SERVICE_CONTEXT_GET_CLASS (self)->publish (self, topic, sunk);
}

/**
 * booru_service_context_count_request:
 * @self: a context
 *
 * One more request is answered. The host shows how many they are, and replaces a process of a
 * service with several when it has answered as many as the setting worker-max-requests says. Costs
 * nothing worth mentioning. From any thread.
 */
void
booru_service_context_count_request (BooruServiceContext *self)
{
  BooruServiceContextClass *class = BOORU_SERVICE_CONTEXT_GET_CLASS (self);

  if (class->count_request)
    class->count_request (self);
}

/**
 * booru_service_context_set_task:
 * @self: a context
 * @what: (nullable): what the main loop is at, such as "GET /posts"; %NULL for nothing
 *
 * If the process crashes or hangs, the host's log and events name it. To be told before each piece
 * of work that depends on what somebody else sent, and with %NULL after it. Costs a copy of the
 * text.
 */
void
booru_service_context_set_task (BooruServiceContext *self, const char *what)
{
  BooruServiceContextClass *class = BOORU_SERVICE_CONTEXT_GET_CLASS (self);

  if (class->set_task)
    class->set_task (self, what);
}

void
booru_service_context_set_plugin (BooruServiceContext *self, const char *plugin)
{
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

/**
 * booru_service_context_ask_host_async:
 * @self: a context
 * @question: what to ask
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks the host for what only it knows. Nothing waits meanwhile.
 */
void
booru_service_context_ask_host_async (BooruServiceContext *self,
                                      BooruHostQuestion question,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, booru_service_context_ask_host_async);
  ask (self, question, NULL, task);
}

/**
 * booru_service_context_control_host_async:
 * @self: a context
 * @method: a method of org.booru.Host1
 * @parameters: its arguments, a tuple; a floating reference is sunk
 * @callback: called with the results
 * @user_data: for @callback
 *
 * Has the host do what an administrator wants.
 */
void
booru_service_context_control_host_async (BooruServiceContext *self,
                                          const char *method,
                                          GVariant *parameters,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GVariant) argument = g_variant_ref_sink (g_variant_new ("(sv)", method, parameters));

  g_task_set_source_tag (task, booru_service_context_control_host_async);
  ask (self, BOORU_HOST_CONTROL, argument, task);
}

/**
 * booru_service_context_ask_host_finish:
 * @self: a context
 * @result: what the callback got
 * @error: BOORU_ERROR_BUSY: the host did not answer in time; or what it could not do
 *
 * Returns: (transfer full): the answer, of the type that BooruHostQuestion says
 */
GVariant *
booru_service_context_ask_host_finish (BooruServiceContext *self,
                                       GAsyncResult *result,
                                       GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
booru_service_context_set_data (BooruServiceContext *self, gpointer data, GDestroyNotify destroy)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  if (priv->data_destroy)
    priv->data_destroy (priv->data);
  priv->data = data;
  priv->data_destroy = destroy;
}

gpointer
booru_service_context_get_data (BooruServiceContext *self)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  return priv->data;
}

void
booru_service_context_take_config (BooruServiceContext *self, BooruConfig *config)
{
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
  g_signal_emit (self, signals[SIGNAL_EVENT], g_quark_from_string (topic), topic, payload);
}

/**
 * booru_service_context_make_report:
 * @self: a context
 * @name: of a report
 * @arguments: for it, an a{sv}
 * @error: BOORU_ERROR_UNSUPPORTED: no plugin in this process knows it; or why it cannot be made
 *
 * For implementations: asks the plugin that added the report.
 *
 * Returns: (transfer full): what it says
 */
GVariant *
booru_service_context_make_report (BooruServiceContext *self,
                                   const char *name,
                                   GVariant *arguments,
                                   GError **error)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);
  const BooruReport *report = booru_extensions_find_report (priv->extensions, name);
  GVariant *made;

  if (report)
    {
      made = report->make (self, arguments, error);
      return made ? g_variant_take_ref (made) : NULL;
    }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "Nobody knows the report “%s”", name);
  return NULL;
}

gboolean
booru_service_context_is_handover (BooruServiceContext *self)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);

  return priv->handover;
}

/**
 * booru_service_context_emit_quiesce:
 * @self: a context
 * @handover: whether other processes go on with the work
 *
 * For implementations: asks the service to finish. May be called again when nobody takes over any
 * more.
 */
void
booru_service_context_emit_quiesce (BooruServiceContext *self, gboolean handover)
{
  BooruServiceContextPrivate *priv = booru_service_context_get_instance_private (self);
  gboolean hurry = priv->quiescing && priv->handover && !handover;

  if (priv->quiescing && !hurry)
    return;
  priv->quiescing = TRUE;
  priv->handover = handover;
  g_signal_emit (self, signals[hurry ? SIGNAL_HURRY : SIGNAL_QUIESCE], 0);
}
