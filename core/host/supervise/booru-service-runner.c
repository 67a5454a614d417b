/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-service-runner.h"

typedef struct
{
  const BooruServiceSpec *spec;
  BooruConfig *config;
  gboolean started;
} BooruServiceRunnerPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BooruServiceRunner, booru_service_runner, G_TYPE_OBJECT)

enum
{
  SIGNAL_STARTED,
  SIGNAL_FAILED,
  SIGNAL_STOPPED,
  SIGNAL_PUBLISH,
  SIGNAL_ROLLED,
  SIGNAL_EVENT,
  SIGNAL_CHANGED,
  SIGNAL_ASK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

#define PRIV(self) ((BooruServiceRunnerPrivate *)booru_service_runner_get_instance_private (self))
#define CLASS(self) BOORU_SERVICE_RUNNER_GET_CLASS (self)

static void
booru_service_runner_finalize (GObject *object)
{
  g_clear_pointer (&PRIV (BOORU_SERVICE_RUNNER (object))->config, booru_config_unref);
  G_OBJECT_CLASS (booru_service_runner_parent_class)->finalize (object);
}

static void
booru_service_runner_class_init (BooruServiceRunnerClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = booru_service_runner_finalize;
  signals[SIGNAL_STARTED]
      = g_signal_new ("started", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_STOPPED]
      = g_signal_new ("stopped", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_PUBLISH]
      = g_signal_new ("publish", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                      G_TYPE_POINTER, G_TYPE_STRING, G_TYPE_VARIANT);
  signals[SIGNAL_ROLLED] = g_signal_new ("rolled", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_EVENT] = g_signal_new ("event", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_ASK] = g_signal_new ("ask", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_VARIANT, G_TYPE_TASK);
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
booru_service_runner_init (BooruServiceRunner *self)
{
}

void
booru_service_runner_set_spec (BooruServiceRunner *self,
                               const BooruServiceSpec *spec,
                               BooruConfig *config)
{
  PRIV (self)->spec = spec;
  PRIV (self)->config = booru_config_ref (config);
}

const BooruServiceSpec *
booru_service_runner_get_spec (BooruServiceRunner *self)
{
  return PRIV (self)->spec;
}

BooruConfig *
booru_service_runner_get_config (BooruServiceRunner *self)
{
  return PRIV (self)->config;
}

void
booru_service_runner_start (BooruServiceRunner *self)
{
  CLASS (self)->start (self);
}

void
booru_service_runner_stop (BooruServiceRunner *self)
{
  CLASS (self)->stop (self);
}

void
booru_service_runner_kill (BooruServiceRunner *self)
{
  CLASS (self)->kill (self);
}

void
booru_service_runner_configure (BooruServiceRunner *self, BooruConfig *config)
{
  BooruServiceRunnerPrivate *priv = PRIV (self);

  booru_config_ref (config);
  g_clear_pointer (&priv->config, booru_config_unref);
  priv->config = config;
  CLASS (self)->configure (self, config);
}

void
booru_service_runner_deliver (BooruServiceRunner *self,
                              gpointer origin,
                              const char *topic,
                              GVariant *payload)
{
  CLASS (self)->deliver (self, origin, topic, payload);
}

void
booru_service_runner_roll (BooruServiceRunner *self)
{
  CLASS (self)->roll (self);
}

void
booru_service_runner_check (BooruServiceRunner *self, gint64 now)
{
  CLASS (self)->check (self, now);
}

gboolean
booru_service_runner_is_healthy (BooruServiceRunner *self)
{
  return CLASS (self)->is_healthy (self);
}

guint
booru_service_runner_get_n_processes (BooruServiceRunner *self)
{
  return CLASS (self)->get_n_processes (self);
}

void
booru_service_runner_describe (BooruServiceRunner *self, GString *out)
{
  CLASS (self)->describe (self, out);
}

void
booru_service_runner_get_status (BooruServiceRunner *self, BooruServiceStatus *status)
{
  *status = (BooruServiceStatus){ 0 };
  CLASS (self)->get_status (self, status);
}

GArray *
booru_service_runner_list_processes (BooruServiceRunner *self)
{
  GArray *processes = g_array_new (FALSE, FALSE, sizeof (BooruProcessStatus));

  CLASS (self)->list_processes (self, processes);
  return processes;
}

void
booru_service_runner_collect (BooruServiceRunner *self, BooruCollector *collector)
{
  CLASS (self)->collect (self, collector);
}

void
booru_service_runner_report (BooruServiceRunner *self,
                             const char *name,
                             GVariant *arguments,
                             GTask *task)
{
  CLASS (self)->report (self, name, arguments, task);
}

void
booru_service_runner_started (BooruServiceRunner *self)
{
  if (PRIV (self)->started)
    return;
  PRIV (self)->started = TRUE;
  g_signal_emit (self, signals[SIGNAL_STARTED], 0);
}

void
booru_service_runner_failed (BooruServiceRunner *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

void
booru_service_runner_stopped (BooruServiceRunner *self)
{
  g_signal_emit (self, signals[SIGNAL_STOPPED], 0);
}

void
booru_service_runner_publish (BooruServiceRunner *self,
                              gpointer origin,
                              const char *topic,
                              GVariant *payload)
{
  g_signal_emit (self, signals[SIGNAL_PUBLISH], 0, origin, topic, payload);
}

void
booru_service_runner_rolled (BooruServiceRunner *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_ROLLED], 0, error);
}

void
booru_service_runner_event (BooruServiceRunner *self, const char *topic, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, topic, text);
  booru_service_runner_changed (self);
}

void
booru_service_runner_changed (BooruServiceRunner *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
booru_service_runner_ask (BooruServiceRunner *self,
                          BooruHostQuestion question,
                          GVariant *argument,
                          GTask *task)
{
  g_signal_emit (self, signals[SIGNAL_ASK], 0, question, argument, task);
}
