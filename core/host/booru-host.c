/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-host.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "booru-build-config.h"
#include "booru-host-links.h"
#include "booru-instance-lock.h"
#include "booru-notify.h"
#include "booru-status-notifier.h"
#include "booru-unix-signals.h"
#include "host/control/booru-control.h"
#include "host/plugins/booru-plugin-choice.h"
#include "host/plugins/booru-plugin-listing.h"
#include "host/supervise/booru-health.h"
#include "host/supervise/booru-host-metrics.h"
#include "host/supervise/booru-limits.h"
#include "host/supervise/booru-pid-files.h"
#include "host/supervise/booru-reaper.h"

#define HOST_PID_FILE "booru-host.pid"

struct _BooruHost
{
  GObject parent_instance;

  BooruHostParts parts;
  BooruInstanceLock *lock;
  BooruRollout *rollout;
  BooruEventLog *events;
  BooruControlModel model;
  BooruControl *control; /* NULL: before and after it serves */
  BooruHostMetrics *metrics;
  BooruStatusNotifier *notifier;

  GMainLoop *loop;
  gint64 started_at;
  gint64 last_check;
  GArray *orphans; /* booru_reaper_look() */
  GError *error;   /* why it could not begin */
  int exit_code;
};

G_DEFINE_FINAL_TYPE (BooruHost, booru_host, G_TYPE_OBJECT)

static void G_GNUC_PRINTF (3, 4) note (BooruHost *self, const char *topic, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  booru_event_log_add (self->events, topic, text);
}

static void
on_event (BooruHost *self, const char *topic, const char *text)
{
  booru_event_log_add (self->events, topic, text);
}

/* Stopping */

/* In order. Calls after the first do nothing. */
static void
stop (BooruHost *self, int exit_code)
{
  if (booru_service_set_is_stopping (self->parts.services))
    return;
  self->exit_code = exit_code;
  booru_notify ("STOPPING=1");
  note (self, "stopping", "The host is stopping");
  booru_service_set_stop (self->parts.services);
}

static void
stop_on_request (gpointer self)
{
  stop (self, EX_OK);
}

/* Services */

static void
on_settled (BooruHost *self)
{
  booru_notify ("READY=1");
  booru_status_notifier_update (self->notifier);
  note (self, "ready", "All services are started");
}

/* A plugin that took its own process down again and again is not tried at the next start. Where
 * others extend its processes, nobody knows whose fault it was. */
static void
remember_crash (BooruHost *self, BooruHostedService *service, const GError *error)
{
  BooruServiceStatus status;

  booru_supervisor_get_status (booru_hosted_service_get_supervisor (service), &status);
  if (status.crashed_at_boot && booru_hosted_service_get_spec (service)->plugins->len == 1)
    booru_plugin_set_avoid (self->parts.plugins, booru_hosted_service_get_plugin (service),
                            error->message);
}

static void
on_failed (BooruHost *self, BooruHostedService *service, const GError *error)
{
  const char *label = booru_hosted_service_get_label (service);

  if (booru_service_set_is_stopping (self->parts.services))
    return;
  remember_crash (self, service, error);
  if (booru_hosted_service_get_spec (service)->essential)
    {
      g_warning ("%s failed for good: %s. Nothing works without it; stopping", label,
                 error->message);
      stop (self, booru_error_to_exit_code (error));
    }
  else
    g_warning ("%s failed for good: %s. Everything else keeps running", label, error->message);
}

/* A plugin that takes the processes of others down again and again is left out. */
static void
on_fault (BooruHost *self, const BooruChildEnd *end)
{
  if (end->extension && booru_plugin_set_charge (self->parts.plugins, end->extension, end->text))
    booru_rollout_leave_out (self->rollout);
}

static void
on_stopped (BooruHost *self)
{
  g_main_loop_quit (self->loop);
}

static void
answer_control (BooruHost *self, GVariant *argument, GTask *task)
{
  g_autoptr (GVariant) parameters = NULL;
  const char *method;

  g_variant_get (argument, "(&sv)", &method, &parameters);
  if (self->control)
    booru_control_call (self->control, method, parameters, g_object_ref (task));
  else
    g_task_return_new_error (task, BOORU_ERROR, BOORU_ERROR_BUSY,
                             "The host is about to start or to stop");
}

static void
on_ask (BooruHost *self, guint question, GVariant *argument, GTask *task)
{
  switch ((BooruHostQuestion)question)
    {
    case BOORU_HOST_CONTROL:
      answer_control (self, argument, task);
      break;
    case BOORU_HOST_METRICS:
      booru_host_metrics_ask (self->metrics, g_object_ref (task));
      break;
    case BOORU_HOST_HEALTH:
      g_task_return_pointer (
          task, g_variant_ref_sink (booru_health_describe (self->parts.services, self->started_at)),
          (GDestroyNotify)g_variant_unref);
      break;
    }
}

static void
on_reloading (BooruHost *self, gboolean begins)
{
  booru_status_notifier_set_reloading (self->notifier, begins);
}

/* Signals, and heartbeats */

static void
report (BooruHost *self)
{
  BooruServiceSet *services = self->parts.services;
  BooruListener *listener = self->parts.listener;
  g_autoptr (GString) report = g_string_new (NULL);

  for (guint i = 0; i < booru_service_set_get_n (services); i++)
    {
      BooruHostedService *service = booru_service_set_get (services, i);

      g_string_append_printf (report, "\n%s: %s", booru_hosted_service_get_label (service),
                              booru_hosted_service_get_state (service));
      booru_supervisor_describe (booru_hosted_service_get_supervisor (service), report);
    }
  g_message ("Status of booru-host %s (pid %d)%s%s%s", BOORU_VERSION, getpid (),
             listener ? " on " : "", listener ? booru_listener_get_url (listener) : "",
             report->str);
}

static void
on_signal (BooruUnixSignal which, gpointer user_data)
{
  BooruHost *self = user_data;
  gboolean stopping = booru_service_set_is_stopping (self->parts.services);

  if (which == BOORU_UNIX_SIGNAL_REPORT)
    report (self);
  else if (which == BOORU_UNIX_SIGNAL_RELOAD && !stopping)
    booru_rollout_reload_async (self->rollout, NULL, NULL);
  else if (which == BOORU_UNIX_SIGNAL_INTERRUPT && stopping)
    {
      g_message ("Killing the remaining processes");
      booru_service_set_kill (self->parts.services);
    }
  else if (which != BOORU_UNIX_SIGNAL_RELOAD)
    stop (self, EX_OK);
}

/* A host that did not run itself, as after Ctrl+Z or with the machine overloaded, gives its
 * children time to catch up first. */
static gboolean
on_check (gpointer user_data)
{
  BooruHost *self = user_data;
  gint64 now = g_get_monotonic_time ();
  gboolean late = now - self->last_check > 3 * booru_limits_get_check () * G_USEC_PER_SEC;

  self->last_check = now;
  booru_status_notifier_tell_alive (self->notifier,
                                    booru_service_set_check (self->parts.services, now, late));
  if (getpid () == 1)
    booru_reaper_look (&self->orphans);
  return G_SOURCE_CONTINUE;
}

static guint
add_check (BooruHost *self)
{
  guint usual = booru_limits_get_check () * 1000;
  guint interval = booru_status_notifier_get_interval (usual);

  self->last_check = g_get_monotonic_time ();
  return interval < usual ? g_timeout_add (interval, on_check, self)
                          : g_timeout_add_seconds (usual / 1000, on_check, self);
}

/* Starting */

/* Hosts that share the data folder have a runtime folder each: pid files and sockets. */
static gboolean
take_lock (BooruHost *self, GError **error)
{
  BooruHostConfig *config = self->parts.config;
  char *own;

  self->lock = booru_instance_lock_take (config->data_dir, config->shared, error);
  if (self->lock == NULL || !config->shared)
    return self->lock != NULL;
  own = booru_instance_lock_take_slot (self->lock, config->runtime_dir, error);
  if (own == NULL)
    return FALSE;
  g_free (config->runtime_dir);
  config->runtime_dir = own;
  return TRUE;
}

static gboolean
prepare (BooruHost *self, GError **error)
{
  BooruHostParts *parts = &self->parts;
  BooruSettings *settings = booru_host_settings_get_own (parts->settings);
  g_autofree char *data_dir = booru_host_config_prepare_data_dir (parts->options, settings, error);
  g_autofree char *files_dir = NULL;

  if (data_dir == NULL)
    return FALSE;
  files_dir = booru_host_config_prepare_files_dir (settings, data_dir, error);
  if (files_dir == NULL)
    return FALSE;
  parts->config = booru_host_config_new (data_dir, files_dir, parts->options, settings);
  if (!take_lock (self, error) || !booru_pid_files_prepare (parts->config->runtime_dir, error))
    return FALSE;
  booru_plugin_set_use_data_dir (parts->plugins, data_dir);
  return TRUE;
}

static void
on_begun (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BooruHost *self = user_data;

  if (!booru_rollout_finish (BOORU_ROLLOUT (source), result, &self->error))
    booru_service_set_stop (self->parts.services);
}

static void
connect_parts (BooruHost *self)
{
  BooruHostParts *parts = &self->parts;

  g_signal_connect_swapped (parts->services, "changed", G_CALLBACK (booru_status_notifier_update),
                            self->notifier);
  g_signal_connect_swapped (parts->services, "event", G_CALLBACK (on_event), self);
  g_signal_connect_swapped (parts->services, "ask", G_CALLBACK (on_ask), self);
  g_signal_connect_swapped (parts->services, "fault", G_CALLBACK (on_fault), self);
  g_signal_connect_swapped (parts->services, "failed", G_CALLBACK (on_failed), self);
  g_signal_connect_swapped (parts->services, "settled", G_CALLBACK (on_settled), self);
  g_signal_connect_swapped (parts->services, "stopped", G_CALLBACK (on_stopped), self);
  g_signal_connect_swapped (self->rollout, "event", G_CALLBACK (on_event), self);
  g_signal_connect_swapped (self->rollout, "reloading", G_CALLBACK (on_reloading), self);
}

/* Until it is stopped, or cannot begin. */
static void
serve (BooruHost *self)
{
  BooruHostParts *parts = &self->parts;
  g_autoptr (BooruUnixSignals) unix_signals = booru_unix_signals_new (on_signal, self);
  guint check = add_check (self);

  self->model = (BooruControlModel){ .parts = parts,
                                     .rollout = self->rollout,
                                     .events = self->events,
                                     .started_at = self->started_at,
                                     .stop = stop_on_request,
                                     .data = self };
  booru_pid_files_write (parts->config->runtime_dir, HOST_PID_FILE, getpid ());
  self->control = booru_control_new (&self->model, parts->options->bus);
  booru_host_links_make (parts->config->data_dir, parts->config->runtime_dir);
  booru_rollout_begin_async (self->rollout, on_begun, self);

  g_main_loop_run (self->loop);
  g_clear_pointer (&self->control, booru_control_free);
  booru_pid_files_remove (parts->config->runtime_dir, HOST_PID_FILE, getpid ());
  g_source_remove (check);
}

static gboolean
print_plugins (BooruHost *self, GError **error)
{
  GPtrArray *available = booru_plugin_set_get_available (self->parts.plugins);
  g_auto (GStrv) names = booru_plugin_choose (
      self->parts.options, booru_host_settings_get_own (self->parts.settings), available, error);
  g_autofree char *list
      = names ? booru_plugin_listing_print (available, (const char *const *)names) : NULL;

  if (list)
    fputs (list, stdout);
  return list != NULL;
}

static gboolean
run (BooruHost *self, GError **error)
{
  BooruHostParts *parts = &self->parts;

  if (parts->options->show_version)
    return printf ("booru-host %s\n", BOORU_VERSION) > 0;
  if (parts->options->describe)
    {
      g_autofree char *text = booru_plugin_listing_describe (parts->options->data_dir);

      return printf ("%s\n", text) > 0;
    }
  parts->settings = booru_host_settings_new (parts->options, error);
  if (parts->settings == NULL)
    return FALSE;
  booru_plugin_set_discover (parts->plugins);
  if (parts->options->list_plugins)
    return print_plugins (self, error);
  if (!prepare (self, error))
    return FALSE;
  self->rollout = booru_rollout_new (parts);
  connect_parts (self);
  serve (self);
  if (self->error)
    g_propagate_error (error, g_steal_pointer (&self->error));
  return TRUE;
}

int
booru_host_run (BooruHost *self)
{
  g_autoptr (GError) error = NULL;

  run (self, &error);
  if (error == NULL)
    return self->exit_code;
  g_printerr ("booru-host: %s\n", error->message);
  return booru_error_to_exit_code (error);
}

/* Life */

static void
booru_host_finalize (GObject *object)
{
  BooruHost *self = BOORU_HOST (object);
  BooruHostParts *parts = &self->parts;

  g_clear_pointer (&self->control, booru_control_free);
  g_clear_object (&self->rollout);
  g_signal_handlers_disconnect_by_data (parts->services, self->notifier);
  g_signal_handlers_disconnect_by_data (parts->services, self);
  g_clear_pointer (&self->notifier, booru_status_notifier_free);
  g_clear_pointer (&self->metrics, booru_host_metrics_free);
  g_clear_object (&self->events);
  g_clear_object (&parts->services);
  g_clear_object (&parts->plugins);
  g_clear_object (&parts->settings);
  g_clear_pointer (&parts->listener, booru_listener_free);
  g_clear_pointer (&parts->config, booru_host_config_free);
  g_clear_pointer (&parts->enabled, g_variant_unref);
  g_clear_pointer (&parts->options, booru_host_options_free);
  g_clear_pointer (&self->lock, booru_instance_lock_free);
  g_clear_pointer (&self->orphans, g_array_unref);
  g_clear_error (&self->error);
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
  self->started_at = g_get_monotonic_time ();
  self->loop = g_main_loop_new (NULL, FALSE);
  self->events = booru_event_log_new ();
  self->parts.services = booru_service_set_new ();
  self->metrics = booru_host_metrics_new (self->parts.services, self->started_at);
  self->notifier = booru_status_notifier_new (&self->parts);
}

BooruHost *
booru_host_new (BooruHostOptions *options)
{
  BooruHost *self = g_object_new (BOORU_TYPE_HOST, NULL);

  self->parts.options = options;
  self->parts.plugins = booru_plugin_set_new (options);
  return self;
}
