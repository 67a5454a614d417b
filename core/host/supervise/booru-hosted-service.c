/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-hosted-service.h"

#include "base/booru-error.h"
#include "base/booru-names.h"

struct _BooruHostedService
{
  GObject parent_instance;

  BooruPluginInfo *plugin;
  BooruServiceSpec spec;
  BooruConfig *config;
  BooruSupervisor *supervisor;
  GVariant *published;
  GPtrArray *waiters; /* GTask */
  gboolean rolling;
  gboolean running; /* it was told to start */
  gboolean started;
  gboolean settled;
  gboolean failed;
  gboolean stopping;
  gboolean stopped;
  gboolean removed;
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_EVENT,
  SIGNAL_PUBLISH,
  SIGNAL_ASK,
  SIGNAL_FAULT,
  SIGNAL_SETTLED,
  SIGNAL_FAILED,
  SIGNAL_STOPPED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BooruHostedService, booru_hosted_service, G_TYPE_OBJECT)

static void
changed (BooruHostedService *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
note (BooruHostedService *self, const char *topic, const char *text)
{
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, topic, text);
}

/* Waiting */

static void
release_waiters (BooruHostedService *self, const GError *error)
{
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&self->waiters);

  self->waiters = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiters->len; i++)
    if (error)
      g_task_return_error (waiters->pdata[i], g_error_copy (error));
    else
      g_task_return_boolean (waiters->pdata[i], TRUE);
}

void
booru_hosted_service_wait_async (BooruHostedService *self,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  if (self->rolling || (self->running && !self->settled))
    g_ptr_array_add (self->waiters, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

gboolean
booru_hosted_service_wait_finish (BooruHostedService *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* What is told of it */

static void
settle (BooruHostedService *self, const GError *error)
{
  if (!self->rolling)
    release_waiters (self, error);
  if (self->settled)
    return;
  self->settled = TRUE;
  g_signal_emit (self, signals[SIGNAL_SETTLED], 0);
}

static void
on_started (BooruHostedService *self)
{
  guint n = booru_supervisor_get_n_processes (self->supervisor);

  self->started = TRUE;
  if (self->spec.service->instances == BOORU_SERVICE_WORKERS)
    g_message ("%s service started (%u worker%s)%s%s", self->spec.service->label, n,
               n == 1 ? "" : "s", self->spec.url ? " on " : "",
               self->spec.url ? self->spec.url : "");
  settle (self, NULL);
}

static void
on_failed (BooruHostedService *self, const GError *error)
{
  g_autofree char *text
      = g_strdup_printf ("%s failed for good: %s", self->spec.service->label, error->message);

  self->failed = TRUE;
  self->rolling = FALSE;
  note (self, "service-failed", text);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
  settle (self, error);
}

static void
on_fault (BooruHostedService *self, gconstpointer end)
{
  g_signal_emit (self, signals[SIGNAL_FAULT], 0, end);
}

static void
on_stopped (BooruHostedService *self)
{
  g_autofree char *text = g_strdup_printf ("%s stopped", self->spec.service->label);
  g_autoptr (GError) error = g_error_new_literal (BOORU_ERROR, BOORU_ERROR_CANCELLED, text);
  guint n = booru_supervisor_get_n_processes (self->supervisor);

  self->stopped = TRUE;
  self->rolling = FALSE;
  if (self->spec.service->instances == BOORU_SERVICE_WORKERS)
    g_message ("%s (%u worker%s)", text, n, n == 1 ? "" : "s");
  else
    g_message ("%s", text);
  note (self, "service-stopped", text);
  release_waiters (self, error);
  g_signal_emit (self, signals[SIGNAL_STOPPED], 0);
}

static void
on_rolled (BooruHostedService *self, const GError *error)
{
  self->rolling = FALSE;
  release_waiters (self, error);
  changed (self);
}

static void
on_changed (BooruHostedService *self)
{
  BooruServiceStatus status;

  if (!booru_supervisor_is_healthy (self->supervisor))
    g_clear_pointer (&self->published, g_variant_unref);
  booru_supervisor_get_status (self->supervisor, &status);
  if (!self->settled && status.state == BOORU_SERVICE_FAILING)
    {
      g_autoptr (GError) error = g_error_new (BOORU_ERROR, BOORU_ERROR_FAILED, "%s", status.error);

      settle (self, error);
    }
  changed (self);
}

static void
on_publish (BooruHostedService *self, gpointer origin, const char *topic, GVariant *payload)
{
  if (g_str_equal (topic, BOORU_EVENT_STATUS)
      && g_variant_is_of_type (payload, G_VARIANT_TYPE_VARDICT))
    {
      g_clear_pointer (&self->published, g_variant_unref);
      self->published = g_variant_ref_sink (payload);
      changed (self);
    }
  else if (g_str_equal (topic, BOORU_EVENT_NOTE)
           && g_variant_is_of_type (payload, G_VARIANT_TYPE ("(ss)")))
    {
      const char *kind, *text;

      g_variant_get (payload, "(&s&s)", &kind, &text);
      note (self, kind, text);
      return;
    }
  g_signal_emit (self, signals[SIGNAL_PUBLISH], 0, origin, topic, payload);
}

static void
on_ask (BooruHostedService *self, guint question, GVariant *argument, GTask *task)
{
  g_signal_emit (self, signals[SIGNAL_ASK], 0, question, argument, task);
}

static void
connect_supervisor (BooruHostedService *self)
{
  static const struct
  {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "started", G_CALLBACK (on_started) }, { "failed", G_CALLBACK (on_failed) },
    { "stopped", G_CALLBACK (on_stopped) }, { "publish", G_CALLBACK (on_publish) },
    { "rolled", G_CALLBACK (on_rolled) },   { "event", G_CALLBACK (note) },
    { "changed", G_CALLBACK (on_changed) }, { "ask", G_CALLBACK (on_ask) },
    { "fault", G_CALLBACK (on_fault) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_swapped (self->supervisor, handlers[i].signal, handlers[i].callback, self);
}

/* What is done with it */

void
booru_hosted_service_start (BooruHostedService *self)
{
  if (self->running)
    return;
  self->running = TRUE;
  booru_supervisor_start (self->supervisor);
}

void
booru_hosted_service_stop (BooruHostedService *self)
{
  g_autofree char *label = g_utf8_strdown (self->spec.service->label, -1);

  if (self->stopping)
    return;
  self->stopping = TRUE;
  g_message ("Stopping %s…", label);
  booru_supervisor_stop (self->supervisor);
}

void
booru_hosted_service_kill (BooruHostedService *self)
{
  if (self->stopped)
    return;
  booru_hosted_service_stop (self);
  booru_supervisor_kill (self->supervisor);
}

void
booru_hosted_service_remove (BooruHostedService *self)
{
  self->removed = TRUE;
  booru_hosted_service_stop (self);
  changed (self);
}

void
booru_hosted_service_configure (BooruHostedService *self, BooruConfig *config, gboolean verbose)
{
  g_clear_pointer (&self->config, booru_config_unref);
  self->config = booru_config_ref (config);
  self->spec.verbose = verbose;
  booru_supervisor_configure (self->supervisor, config);
}

void
booru_hosted_service_roll (BooruHostedService *self)
{
  self->rolling = TRUE;
  self->failed = FALSE;
  booru_supervisor_roll (self->supervisor);
  changed (self);
}

/* What its processes load: its own plugin, then those that extend it. */
static GPtrArray *
collect_plugins (BooruHostedService *self, GPtrArray *plugins)
{
  GPtrArray *collected = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (collected, g_object_ref (self->plugin));
  for (guint i = 0; i < plugins->len; i++)
    if (plugins->pdata[i] != self->plugin
        && g_strv_contains (booru_plugin_info_get_extends (plugins->pdata[i]),
                            self->spec.service->name))
      g_ptr_array_add (collected, g_object_ref (plugins->pdata[i]));
  return collected;
}

static gboolean
same_plugins (GPtrArray *a, GPtrArray *b)
{
  return a->len == b->len && memcmp (a->pdata, b->pdata, a->len * sizeof (gpointer)) == 0;
}

gboolean
booru_hosted_service_extend (BooruHostedService *self, GPtrArray *plugins)
{
  g_autoptr (GPtrArray) collected = collect_plugins (self, plugins);

  if (self->stopping || same_plugins (collected, self->spec.plugins))
    return FALSE;
  g_clear_pointer (&self->spec.plugins, g_ptr_array_unref);
  self->spec.plugins = g_steal_pointer (&collected);
  if (self->running)
    booru_hosted_service_roll (self);
  return self->running;
}

/* What it is */

const char *
booru_hosted_service_get_name (BooruHostedService *self)
{
  return self->spec.service->name;
}

const char *
booru_hosted_service_get_label (BooruHostedService *self)
{
  return self->spec.service->label;
}

BooruPluginInfo *
booru_hosted_service_get_plugin (BooruHostedService *self)
{
  return self->plugin;
}

BooruConfig *
booru_hosted_service_get_config (BooruHostedService *self)
{
  return self->config;
}

const BooruServiceSpec *
booru_hosted_service_get_spec (BooruHostedService *self)
{
  return &self->spec;
}

BooruSupervisor *
booru_hosted_service_get_supervisor (BooruHostedService *self)
{
  return self->supervisor;
}

const char *
booru_hosted_service_get_state (BooruHostedService *self)
{
  BooruServiceStatus status;

  if (self->failed)
    return "failed";
  booru_supervisor_get_status (self->supervisor, &status);
  if (status.state == BOORU_SERVICE_FAILING)
    return "failing";
  if (booru_supervisor_is_healthy (self->supervisor))
    return status.trouble ? "degraded" : "ready";
  return self->started ? "degraded" : "starting";
}

gboolean
booru_hosted_service_is_started (BooruHostedService *self)
{
  return self->started;
}

gboolean
booru_hosted_service_has_failed (BooruHostedService *self)
{
  return self->failed;
}

gboolean
booru_hosted_service_is_settled (BooruHostedService *self)
{
  return self->settled;
}

gboolean
booru_hosted_service_is_rolling (BooruHostedService *self)
{
  return self->rolling;
}

gboolean
booru_hosted_service_is_stopping (BooruHostedService *self)
{
  return self->stopping;
}

gboolean
booru_hosted_service_is_stopped (BooruHostedService *self)
{
  return self->stopped;
}

gboolean
booru_hosted_service_is_removed (BooruHostedService *self)
{
  return self->removed;
}

GVariant *
booru_hosted_service_get_published (BooruHostedService *self)
{
  return self->published;
}

/* Life */

static void
booru_hosted_service_finalize (GObject *object)
{
  BooruHostedService *self = BOORU_HOSTED_SERVICE (object);

  g_signal_handlers_disconnect_by_data (self->supervisor, self);
  g_clear_object (&self->supervisor);
  g_clear_pointer (&self->config, booru_config_unref);
  g_clear_object (&self->plugin);
  g_clear_pointer (&self->published, g_variant_unref);
  g_clear_pointer (&self->spec.plugins, g_ptr_array_unref);
  g_clear_pointer (&self->waiters, g_ptr_array_unref);
  g_free (self->spec.pid_dir);
  G_OBJECT_CLASS (booru_hosted_service_parent_class)->finalize (object);
}

static void
booru_hosted_service_class_init (BooruHostedServiceClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = booru_hosted_service_finalize;
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_EVENT] = g_signal_new ("event", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_PUBLISH]
      = g_signal_new ("publish", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                      G_TYPE_POINTER, G_TYPE_STRING, G_TYPE_VARIANT);
  signals[SIGNAL_ASK] = g_signal_new ("ask", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_VARIANT, G_TYPE_TASK);
  signals[SIGNAL_FAULT] = g_signal_new ("fault", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_SETTLED]
      = g_signal_new ("settled", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_STOPPED]
      = g_signal_new ("stopped", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
booru_hosted_service_init (BooruHostedService *self)
{
  self->waiters = g_ptr_array_new_with_free_func (g_object_unref);
}

BooruHostedService *
booru_hosted_service_new (BooruPluginInfo *plugin,
                          const BooruService *service,
                          GPtrArray *plugins,
                          const BooruServiceSurroundings *surroundings,
                          BooruConfig *config)
{
  BooruHostedService *self = g_object_new (BOORU_TYPE_HOSTED_SERVICE, NULL);

  self->plugin = g_object_ref (plugin);
  self->config = booru_config_ref (config);
  self->spec.service = service;
  self->spec.plugins = collect_plugins (self, plugins);
  self->spec.essential = booru_plugin_info_is_essential (plugin);
  self->spec.verbose = surroundings->verbose;
  self->spec.listener = service->listener ? surroundings->listener : -1;
  self->spec.url = service->listener ? surroundings->url : NULL;
  self->spec.pid_dir = g_strdup (surroundings->runtime_dir);
  self->supervisor = booru_supervisor_new (&self->spec, config);
  connect_supervisor (self);
  return self;
}
