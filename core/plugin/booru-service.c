/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-service.h"

typedef struct
{
  BooruConfig *config;
  BooruExtensions *extensions;
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

void
booru_service_context_ready (BooruServiceContext *self)
{
  BOORU_SERVICE_CONTEXT_GET_CLASS (self)->ready (self);
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
