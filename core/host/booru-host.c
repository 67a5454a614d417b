/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-host.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-log.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "booru-build-config.h"
#include "booru-host-config.h"
#include "booru-host-plugins.h"
#include "booru-inline-context.h"
#include "booru-instance-lock.h"
#include "booru-limits.h"
#include "booru-listener.h"
#include "booru-notify.h"
#include "booru-pid-files.h"
#include "booru-supervisor.h"

#define HOST_PID_FILE "booru-host.pid"

/* One service and who runs it. */
typedef struct
{
  BooruHost *host;
  BooruServiceSpec spec;
  BooruSettings *settings; /* of its plugin's own schema; or NULL */
  BooruServiceRunner *runner;
  gboolean started;
  gboolean failed;
  gboolean stop_requested;
  gboolean stopped;
} Service;

struct _BooruHost
{
  GObject parent_instance;

  BooruHostOptions *options;
  BooruSettings *settings;
  GPtrArray *available; /* BooruPluginInfo */
  BooruInstanceLock *lock;
  BooruHostConfig *config;
  BooruListener *listener;
  GPtrArray *services; /* Service, in the order of dependency */

  GMainLoop *loop;
  GArray *sources; /* guint */
  gint64 last_check;
  guint reconfigure; /* source */
  gboolean hangup_stops;
  gboolean ready;
  gboolean stopping;
  int exit_code;
};

G_DEFINE_FINAL_TYPE (BooruHost, booru_host, G_TYPE_OBJECT)

static void
service_free (Service *service)
{
  if (service->runner)
    g_signal_handlers_disconnect_by_data (service->runner, service);
  g_clear_object (&service->runner);
  if (service->settings)
    g_signal_handlers_disconnect_by_data (service->settings, service->host);
  g_clear_object (&service->settings);
  g_clear_pointer (&service->spec.plugins, g_ptr_array_unref);
  g_free (service->spec.pid_dir);
  g_free (service);
}

/* Stopping */

static void
finish (BooruHost *self)
{
  g_main_loop_quit (self->loop);
}

/* Stops the last service that still runs; the next one when that has stopped. */
static void
stop_next (BooruHost *self)
{
  for (guint i = self->services->len; i > 0; i--)
    {
      Service *service = self->services->pdata[i - 1];
      g_autofree char *label = g_utf8_strdown (service->spec.service->label, -1);

      if (service->stopped)
        continue;
      if (service->stop_requested)
        return;
      service->stop_requested = TRUE;
      g_message ("Stopping %s…", label);
      booru_service_runner_stop (service->runner);
      return;
    }
  finish (self);
}

static void
stop (BooruHost *self, int exit_code)
{
  if (self->stopping)
    return;
  self->stopping = TRUE;
  self->exit_code = exit_code;
  booru_notify ("STOPPING=1\nSTATUS=Stopping");
  stop_next (self);
}

static void
kill_all (BooruHost *self)
{
  g_message ("Killing what still runs");
  for (guint i = self->services->len; i > 0; i--)
    {
      Service *service = self->services->pdata[i - 1];

      if (service->stopped)
        continue;
      if (!service->stop_requested)
        {
          service->stop_requested = TRUE;
          booru_service_runner_stop (service->runner);
        }
      booru_service_runner_kill (service->runner);
    }
}

/* What the services do */

static void
report_ready (BooruHost *self)
{
  for (guint i = 0; i < self->services->len; i++)
    {
      Service *service = self->services->pdata[i];

      if (!service->started && !service->failed)
        return;
    }
  if (self->ready || self->stopping)
    return;
  self->ready = TRUE;
  booru_notify ("READY=1\nSTATUS=Serving %s",
                self->listener ? booru_listener_get_url (self->listener) : "nothing over HTTP");
}

static void
on_started (Service *service)
{
  const BooruServiceSpec *spec = &service->spec;
  guint n = booru_service_runner_get_n_processes (service->runner);

  service->started = TRUE;
  if (spec->service->instances == BOORU_SERVICE_WORKERS)
    g_message ("%s service started (%u worker%s)%s%s", spec->service->label, n, n == 1 ? "" : "s",
               spec->url ? " on " : "", spec->url ? spec->url : "");
  report_ready (service->host);
}

static void
on_failed (Service *service, const GError *error)
{
  BooruHost *self = service->host;

  service->failed = TRUE;
  if (self->stopping)
    return;
  if (service->spec.essential)
    {
      g_warning ("%s failed for good: %s. Nothing works without it; stopping",
                 service->spec.service->label, error->message);
      stop (self, booru_error_to_exit_code (error));
      return;
    }
  g_warning ("%s failed for good: %s. Everything else goes on without it",
             service->spec.service->label, error->message);
  booru_notify ("STATUS=Degraded: %s failed", service->spec.service->label);
  report_ready (self);
}

static void
on_stopped (Service *service)
{
  const BooruService *described = service->spec.service;
  guint n = booru_service_runner_get_n_processes (service->runner);

  service->stopped = TRUE;
  if (described->instances == BOORU_SERVICE_WORKERS)
    g_message ("%s stopped (%u worker%s)", described->label, n, n == 1 ? "" : "s");
  else
    g_message ("%s stopped", described->label);
  if (service->host->stopping)
    stop_next (service->host);
}

static const char *
get_state (Service *service)
{
  if (service->failed)
    return "failed";
  if (booru_service_runner_is_healthy (service->runner))
    return "ready";
  return service->started ? "degraded" : "starting";
}

static void
deliver (BooruHost *self, gpointer origin, const char *topic, GVariant *payload)
{
  for (guint i = 0; i < self->services->len; i++)
    booru_service_runner_deliver (((Service *)self->services->pdata[i])->runner, origin, topic,
                                  payload);
}

/* Every process can say how the whole is: web workers do, when somebody asks for the health. */
static void
on_changed (Service *service)
{
  BooruHost *self = service->host;
  g_autoptr (GVariant) payload = NULL;
  GVariantBuilder states;

  if (self->stopping)
    return;
  g_variant_builder_init (&states, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < self->services->len; i++)
    {
      Service *each = self->services->pdata[i];

      g_variant_builder_add (&states, "{ss}", each->spec.service->name, get_state (each));
    }
  payload = g_variant_ref_sink (g_variant_builder_end (&states));
  deliver (self, NULL, BOORU_EVENT_SERVICES, payload);
}

static void
on_publish (Service *service, gpointer origin, const char *topic, GVariant *payload)
{
  deliver (service->host, origin, topic, payload);
}

/* Looks at all heartbeats. A host that did not run itself, as after Ctrl+Z or with the machine
 * overloaded, gives its children time to catch up first. */
static gboolean
on_check (gpointer user_data)
{
  BooruHost *self = user_data;
  gint64 now = g_get_monotonic_time ();
  gboolean late = now - self->last_check > 3 * booru_limits_get_check () * G_USEC_PER_SEC;
  gboolean healthy = TRUE;

  self->last_check = now;
  for (guint i = 0; i < self->services->len; i++)
    {
      Service *service = self->services->pdata[i];

      if (!late)
        booru_service_runner_check (service->runner, now);
      healthy &= !service->spec.essential || booru_service_runner_is_healthy (service->runner);
    }
  if (healthy && booru_notify_get_watchdog () > 0)
    booru_notify ("WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

/* Settings */

static BooruSettings *
open_settings (BooruHost *self, const char *schema, GError **error)
{
  return booru_settings_new (schema, self->options->settings, error);
}

static gboolean
bind_environment (BooruSettings *settings, GError **error)
{
  static const struct
  {
    const char *key, *variable;
  } bindings[] = {
    { "workers", BOORU_ENV_WORKERS }, { "workers", BOORU_ENV_WORKERS_ORIGINAL },
    { "address", BOORU_ENV_ADDRESS }, { "address", BOORU_ENV_ADDRESS_ORIGINAL },
    { "port", BOORU_ENV_PORT },       { "port", BOORU_ENV_PORT_ORIGINAL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bindings); i++)
    if (!booru_settings_bind_environment (settings, bindings[i].key, bindings[i].variable, error))
      return FALSE;
  return TRUE;
}

/* Takes over what changed, as far as that goes without new processes: folders, the number of
 * workers, the plugins' own keys. On error everything stays as it was. */
static gboolean
reconfigure (BooruHost *self, GError **error)
{
  g_autoptr (BooruHostConfig) config
      = booru_host_config_new (self->config->data_dir, self->options, self->settings, error);

  if (config == NULL)
    return FALSE;
  /* The socket stays the one that there is. */
  g_free (config->address);
  config->address = g_strdup (self->config->address);
  config->port = self->config->port;
  g_clear_pointer (&self->config, booru_host_config_free);
  self->config = g_steal_pointer (&config);
  booru_log_set_verbose (self->config->verbose);

  for (guint i = 0; i < self->services->len; i++)
    {
      Service *service = self->services->pdata[i];
      g_autoptr (BooruConfig) told
          = booru_host_config_for_service (self->config, service->settings);

      service->spec.verbose = self->config->verbose;
      booru_service_runner_configure (service->runner, told);
    }
  return TRUE;
}

static gboolean
on_reconfigure (gpointer user_data)
{
  BooruHost *self = user_data;
  g_autoptr (GError) error = NULL;

  self->reconfigure = 0;
  if (!self->stopping && !reconfigure (self, &error))
    g_warning ("The changed settings are not taken over: %s", error->message);
  return G_SOURCE_REMOVE;
}

/* Several keys change at once, as a rule. */
static void
on_settings_changed (BooruHost *self)
{
  if (self->reconfigure == 0 && !self->stopping)
    self->reconfigure = g_idle_add (on_reconfigure, self);
}

static void
reload (BooruHost *self)
{
  g_autoptr (GError) error = NULL;
  gboolean good = booru_settings_reload (self->settings, &error);

  for (guint i = 0; i < self->services->len && good; i++)
    {
      Service *service = self->services->pdata[i];

      good = service->settings == NULL || booru_settings_reload (service->settings, &error);
    }
  if (!good || !reconfigure (self, &error))
    {
      g_warning ("Reloading is called off, everything stays as it was: %s", error->message);
      return;
    }

  g_message ("Settings reloaded; replacing the workers");
  for (guint i = 0; i < self->services->len; i++)
    {
      Service *service = self->services->pdata[i];

      if (service->spec.service->instances == BOORU_SERVICE_WORKERS || service->failed)
        booru_service_runner_roll (service->runner);
      service->failed = FALSE;
    }
}

/* Signals */

static gboolean
on_interrupt (gpointer user_data)
{
  BooruHost *self = user_data;

  if (self->stopping)
    kill_all (self);
  else
    stop (self, EX_OK);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_terminate (gpointer user_data)
{
  stop (user_data, EX_OK);
  return G_SOURCE_CONTINUE;
}

/* "Reload", by convention of daemons; but also what the kernel says when the terminal window that
 * the program runs in is closed. */
static gboolean
on_hangup (gpointer user_data)
{
  BooruHost *self = user_data;

  if (self->stopping)
    return G_SOURCE_CONTINUE;
  if (self->hangup_stops && tcgetpgrp (STDERR_FILENO) < 0)
    stop (self, EX_OK);
  else
    reload (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_report (gpointer user_data)
{
  BooruHost *self = user_data;
  g_autoptr (GString) report = g_string_new (NULL);

  for (guint i = 0; i < self->services->len; i++)
    {
      Service *service = self->services->pdata[i];

      g_string_append_printf (report, "\n%s: %s", service->spec.service->label,
                              get_state (service));
      booru_service_runner_describe (service->runner, report);
    }
  g_message ("Status of booru-host %s (pid %d)%s%s%s", BOORU_VERSION, getpid (),
             self->listener ? " on " : "",
             self->listener ? booru_listener_get_url (self->listener) : "", report->str);
  return G_SOURCE_CONTINUE;
}

static void
add_source (BooruHost *self, guint source)
{
  g_array_append_val (self->sources, source);
}

static void
watch_signals (BooruHost *self)
{
  struct sigaction hangup;

  self->hangup_stops = isatty (STDERR_FILENO) && sigaction (SIGHUP, NULL, &hangup) == 0
                       && hangup.sa_handler != SIG_IGN;
  add_source (self, g_unix_signal_add (SIGINT, on_interrupt, self));
  add_source (self, g_unix_signal_add (SIGTERM, on_terminate, self));
  add_source (self, g_unix_signal_add (SIGHUP, on_hangup, self));
  add_source (self, g_unix_signal_add (SIGUSR1, on_report, self));
  signal (SIGPIPE, SIG_IGN);
}

/* Starting */

/* What a service's processes load: its own plugin, then those that extend it. */
static GPtrArray *
collect_plugins (GPtrArray *plugins, BooruPluginInfo *own, const char *service)
{
  GPtrArray *collected = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (collected, g_object_ref (own));
  for (guint i = 0; i < plugins->len; i++)
    if (plugins->pdata[i] != own
        && g_strv_contains (booru_plugin_info_get_extends (plugins->pdata[i]), service))
      g_ptr_array_add (collected, g_object_ref (plugins->pdata[i]));
  return collected;
}

static gboolean
open_plugin_settings (BooruHost *self, Service *service, const char *plugin, GError **error)
{
  g_autofree char *id = g_strconcat (BOORU_SCHEMA_HOST ".", plugin, NULL);
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema
      = source ? g_settings_schema_source_lookup (source, id, TRUE) : NULL;

  if (schema == NULL)
    return TRUE;
  service->settings = open_settings (self, id, error);
  if (service->settings)
    g_signal_connect_swapped (service->settings, "changed", G_CALLBACK (on_settings_changed), self);
  return service->settings != NULL;
}

static gboolean
add_service (BooruHost *self,
             GPtrArray *plugins,
             BooruPluginInfo *own,
             const BooruService *described,
             GError **error)
{
  Service *service = g_new0 (Service, 1);
  g_autoptr (BooruConfig) config = NULL;

  service->host = self;
  service->spec.service = described;
  service->spec.plugins = collect_plugins (plugins, own, described->name);
  service->spec.essential = booru_plugin_info_is_essential (own);
  service->spec.verbose = self->config->verbose;
  service->spec.listener = described->listener ? booru_listener_get_fd (self->listener) : -1;
  service->spec.url = described->listener ? booru_listener_get_url (self->listener) : NULL;
  service->spec.pid_dir = g_strdup (self->config->runtime_dir);
  g_ptr_array_add (self->services, service);
  if (!open_plugin_settings (self, service, booru_plugin_info_get_name (own), error))
    return FALSE;

  config = booru_host_config_for_service (self->config, service->settings);
  service->runner = self->options->dev ? booru_inline_runner_new (&service->spec, config)
                                       : booru_supervisor_new (&service->spec, config);
  g_signal_connect_swapped (service->runner, "started", G_CALLBACK (on_started), service);
  g_signal_connect_swapped (service->runner, "failed", G_CALLBACK (on_failed), service);
  g_signal_connect_swapped (service->runner, "changed", G_CALLBACK (on_changed), service);
  g_signal_connect_swapped (service->runner, "stopped", G_CALLBACK (on_stopped), service);
  g_signal_connect_swapped (service->runner, "publish", G_CALLBACK (on_publish), service);
  return TRUE;
}

static gboolean
needs_listener (GPtrArray *plugins)
{
  for (guint i = 0; i < plugins->len; i++)
    {
      GPtrArray *services = booru_plugin_info_get_services (plugins->pdata[i]);

      for (guint j = 0; j < services->len; j++)
        if (((const BooruService *)services->pdata[j])->listener)
          return TRUE;
    }
  return FALSE;
}

static gboolean
listen_for_services (BooruHost *self, GPtrArray *plugins, GError **error)
{
  if (!needs_listener (plugins))
    return TRUE;
  self->listener = booru_listener_new (self->config->address, self->config->port, error);
  if (self->listener == NULL)
    return FALSE;
  g_free (self->config->address);
  self->config->address = g_strdup (booru_listener_get_address (self->listener));
  self->config->port = booru_listener_get_port (self->listener);
  return TRUE;
}

/* Development mode has no monitor, nor anything else that wants a process to itself. */
static gboolean
add_services (BooruHost *self, GPtrArray *plugins, GError **error)
{
  for (guint i = 0; i < plugins->len; i++)
    {
      GPtrArray *services = booru_plugin_info_get_services (plugins->pdata[i]);

      for (guint j = 0; j < services->len; j++)
        {
          const BooruService *service = services->pdata[j];

          if (self->options->dev && service->instances == BOORU_SERVICE_ONE)
            continue;
          if (!add_service (self, plugins, plugins->pdata[i], service, error))
            return FALSE;
        }
    }
  if (self->services->len > 0)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "No service is left to run: enable a plugin with --enable-plugin=NAME "
               "(--list-plugins lists them)");
  return FALSE;
}

static gboolean
read_settings (BooruHost *self, GError **error)
{
  self->settings = open_settings (self, BOORU_SCHEMA_HOST, error);
  if (self->settings == NULL || !bind_environment (self->settings, error)
      || !booru_host_options_apply (self->options, self->settings, error))
    return FALSE;
  booru_log_set_verbose (booru_settings_get_boolean (self->settings, "verbose"));
  return TRUE;
}

/* All that can be wrong is looked at before anything is started. */
static gboolean
prepare (BooruHost *self, const char *const *names, GError **error)
{
  g_autofree char *data_dir = NULL;
  g_autoptr (GPtrArray) plugins = NULL;

  data_dir = booru_host_config_prepare_data_dir (self->options, self->settings, error);
  if (data_dir == NULL)
    return FALSE;
  self->config = booru_host_config_new (data_dir, self->options, self->settings, error);
  if (self->config == NULL)
    return FALSE;
  self->lock = booru_instance_lock_take (data_dir, error);
  if (self->lock == NULL)
    return FALSE;
  plugins = booru_host_plugins_load (self->options, self->available, names, error);
  if (plugins == NULL || !listen_for_services (self, plugins, error)
      || !booru_pid_files_prepare (self->config->runtime_dir, error))
    return FALSE;
  return add_services (self, plugins, error);
}

static void
serve (BooruHost *self)
{
  watch_signals (self);
  g_signal_connect_swapped (self->settings, "changed", G_CALLBACK (on_settings_changed), self);
  booru_pid_files_write (self->config->runtime_dir, HOST_PID_FILE, getpid ());

  self->last_check = g_get_monotonic_time ();
  add_source (self, g_timeout_add_seconds (booru_limits_get_check (), on_check, self));
  for (guint i = 0; i < self->services->len && !self->stopping; i++)
    booru_service_runner_start (((Service *)self->services->pdata[i])->runner);

  g_main_loop_run (self->loop);
  booru_pid_files_remove (self->config->runtime_dir, HOST_PID_FILE, getpid ());
}

static int
run (BooruHost *self, GError **error)
{
  g_auto (GStrv) names = NULL;

  if (self->options->show_version)
    {
      printf ("booru-host %s\n", BOORU_VERSION);
      return EX_OK;
    }
  if (!read_settings (self, error))
    return EX_CONFIG;
  self->available = booru_plugin_discover (booru_paths_get_plugin_path ());
  names = booru_host_plugins_choose (self->options, self->settings, self->available, error);
  if (names == NULL)
    return EX_CONFIG;

  if (self->options->list_plugins)
    {
      g_autofree char *list = booru_host_plugins_list (self->available, (const char *const *)names);

      fputs (list, stdout);
      return EX_OK;
    }
  if (!prepare (self, (const char *const *)names, error))
    return EX_CONFIG;
  serve (self);
  return self->exit_code;
}

/**
 * booru_host_run:
 * @self: the host
 *
 * Does what the options say: prints something, or runs the services until a signal comes or an
 * essential one fails for good.
 *
 * Returns: the exit code of the process, as in sysexits(3)
 */
int
booru_host_run (BooruHost *self)
{
  g_autoptr (GError) error = NULL;
  int exit_code = run (self, &error);

  if (error == NULL)
    return exit_code;
  g_printerr ("booru-host: %s\n", error->message);
  return booru_error_to_exit_code (error);
}

static void
booru_host_finalize (GObject *object)
{
  BooruHost *self = BOORU_HOST (object);

  for (guint i = 0; i < self->sources->len; i++)
    g_source_remove (g_array_index (self->sources, guint, i));
  g_array_unref (self->sources);
  g_clear_handle_id (&self->reconfigure, g_source_remove);
  g_ptr_array_unref (self->services);
  if (self->settings)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->available, g_ptr_array_unref);
  g_clear_pointer (&self->listener, booru_listener_free);
  g_clear_pointer (&self->config, booru_host_config_free);
  g_clear_pointer (&self->lock, booru_instance_lock_free);
  g_clear_pointer (&self->options, booru_host_options_free);
  g_main_loop_unref (self->loop);
  G_OBJECT_CLASS (booru_host_parent_class)->finalize (object);
}

static void
booru_host_class_init (BooruHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = booru_host_finalize;
}

static void
booru_host_init (BooruHost *self)
{
  self->loop = g_main_loop_new (NULL, FALSE);
  self->sources = g_array_new (FALSE, FALSE, sizeof (guint));
  self->services = g_ptr_array_new_with_free_func ((GDestroyNotify)service_free);
}

BooruHost *
booru_host_new (BooruHostOptions *options)
{
  BooruHost *self = g_object_new (BOORU_TYPE_HOST, NULL);

  self->options = options;
  return self;
}
