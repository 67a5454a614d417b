/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-host-private.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "booru-build-config.h"
#include "booru-host-plugins.h"
#include "booru-limits.h"
#include "booru-notify.h"
#include "booru-pid-files.h"

#define HOST_PID_FILE "booru-host.pid"

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

/* Removed when the host goes. */
void
booru_host_add_source (BooruHost *self, guint source)
{
  g_array_append_val (self->sources, source);
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

void
booru_host_stop (BooruHost *self, int exit_code)
{
  if (self->stopping)
    return;
  self->stopping = TRUE;
  self->exit_code = exit_code;
  booru_notify ("STOPPING=1\nSTATUS=Stopping");
  stop_next (self);
}

void
booru_host_kill (BooruHost *self)
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
      booru_host_stop (self, booru_error_to_exit_code (error));
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

const char *
booru_host_get_service_state (Service *service)
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

      g_variant_builder_add (&states, "{ss}", each->spec.service->name,
                             booru_host_get_service_state (each));
    }
  payload = g_variant_ref_sink (g_variant_builder_end (&states));
  deliver (self, NULL, BOORU_EVENT_SERVICES, payload);
}

static void
on_publish (Service *service, gpointer origin, const char *topic, GVariant *payload)
{
  deliver (service->host, origin, topic, payload);
}

void
booru_host_connect_runner (Service *service)
{
  g_signal_connect_swapped (service->runner, "started", G_CALLBACK (on_started), service);
  g_signal_connect_swapped (service->runner, "failed", G_CALLBACK (on_failed), service);
  g_signal_connect_swapped (service->runner, "changed", G_CALLBACK (on_changed), service);
  g_signal_connect_swapped (service->runner, "stopped", G_CALLBACK (on_stopped), service);
  g_signal_connect_swapped (service->runner, "publish", G_CALLBACK (on_publish), service);
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

static void
serve (BooruHost *self)
{
  booru_host_watch_signals (self);
  g_signal_connect_swapped (self->settings, "changed", G_CALLBACK (booru_host_settings_changed),
                            self);
  booru_pid_files_write (self->config->runtime_dir, HOST_PID_FILE, getpid ());

  self->last_check = g_get_monotonic_time ();
  booru_host_add_source (self, g_timeout_add_seconds (booru_limits_get_check (), on_check, self));
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
  if (!booru_host_read_settings (self, error))
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
  if (!booru_host_prepare (self, (const char *const *)names, error))
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
