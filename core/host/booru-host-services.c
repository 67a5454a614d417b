/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of services: started in the order of dependency, stopped in the opposite one. */
#include "booru-host-private.h"

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "booru-inline-context.h"
#include "booru-notify.h"
#include "booru-supervisor.h"

/* Somebody who waits for the replacement of processes of one or several services. */
typedef struct
{
  guint n_pending;
  GError *error; /* the first one */
  BooruHostDone done;
  gpointer user_data;
} Waiter;

static void
waiter_release (Waiter *waiter, const GError *error)
{
  if (error && waiter->error == NULL)
    waiter->error = g_error_copy (error);
  if (--waiter->n_pending > 0)
    return;
  if (waiter->done)
    waiter->done (waiter->error, waiter->user_data);
  g_clear_error (&waiter->error);
  g_free (waiter);
}

static void
release_waiters (BooruHostService *service, const GError *error)
{
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&service->waiters);

  service->waiters = g_ptr_array_new ();
  for (guint i = 0; i < waiters->len; i++)
    waiter_release (waiters->pdata[i], error);
}

static void
service_free (BooruHostService *service)
{
  g_autoptr (GError) error = g_error_new (BOORU_ERROR, BOORU_ERROR_CANCELLED, "%s is stopped",
                                          service->spec.service->label);

  release_waiters (service, error);
  g_ptr_array_unref (service->waiters);
  if (service->runner)
    g_signal_handlers_disconnect_by_data (service->runner, service);
  g_clear_object (&service->runner);
  g_clear_object (&service->settings);
  g_clear_object (&service->plugin);
  g_clear_pointer (&service->spec.plugins, g_ptr_array_unref);
  g_free (service->spec.pid_dir);
  g_free (service);
}

GPtrArray *
booru_host_services_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)service_free);
}

/* Stopping */

static void
stop_service (BooruHostService *service)
{
  g_autofree char *label = g_utf8_strdown (service->spec.service->label, -1);

  service->stop_requested = TRUE;
  g_message ("Stopping %s…", label);
  booru_service_runner_stop (service->runner);
}

/* Stops the last service that still runs; the next one when that has stopped. */
static void
stop_next (BooruHost *self)
{
  for (guint i = self->services->len; i > 0; i--)
    {
      BooruHostService *service = self->services->pdata[i - 1];

      if (service->stopped)
        continue;
      if (!service->stop_requested)
        stop_service (service);
      return;
    }
  g_main_loop_quit (self->loop);
}

/**
 * booru_host_stop:
 * @self: the host
 * @exit_code: of the process
 *
 * Stops everything in order. Calls after the first do nothing.
 */
void
booru_host_stop (BooruHost *self, int exit_code)
{
  if (self->stopping)
    return;
  self->stopping = TRUE;
  self->exit_code = exit_code;
  booru_notify ("STOPPING=1");
  booru_host_notify_status (self);
  booru_host_note (self, "stopping", "The host stops");
  stop_next (self);
}

void
booru_host_kill (BooruHost *self)
{
  g_message ("Killing what still runs");
  for (guint i = self->services->len; i > 0; i--)
    {
      BooruHostService *service = self->services->pdata[i - 1];

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
      BooruHostService *service = self->services->pdata[i];

      if (!service->started && !service->failed)
        return;
    }
  if (self->ready || self->stopping)
    return;
  self->ready = TRUE;
  booru_notify ("READY=1");
  booru_host_notify_status (self);
  booru_host_note (self, "ready", "Everything has started");
}

static void
on_started (BooruHostService *service)
{
  const BooruServiceSpec *spec = &service->spec;
  guint n = booru_service_runner_get_n_processes (service->runner);

  service->started = TRUE;
  if (spec->service->instances == BOORU_SERVICE_WORKERS)
    g_message ("%s service started (%u worker%s)%s%s", spec->service->label, n, n == 1 ? "" : "s",
               spec->url ? " on " : "", spec->url ? spec->url : "");
  report_ready (service->host);
}

/* A plugin that took its own process down again and again is not tried at the next start. Where
 * others extend its processes, nobody knows whose fault it was. */
static void
remember_crash (BooruHostService *service, const GError *error)
{
  BooruServiceStatus status;

  booru_service_runner_get_status (service->runner, &status);
  if (status.crashed_at_boot && service->spec.plugins->len == 1)
    booru_poison_add (service->host->poison, service->plugin, error->message);
}

static void
on_failed (BooruHostService *service, const GError *error)
{
  BooruHost *self = service->host;
  const char *label = service->spec.service->label;

  service->failed = TRUE;
  if (self->stopping)
    return;
  remember_crash (service, error);
  booru_host_note (self, "service-failed", "%s failed for good: %s", label, error->message);
  if (service->spec.essential)
    {
      g_warning ("%s failed for good: %s. Nothing works without it; stopping", label,
                 error->message);
      booru_host_stop (self, booru_error_to_exit_code (error));
      return;
    }
  g_warning ("%s failed for good: %s. Everything else goes on without it", label, error->message);
  report_ready (self);
}

/* A service of a disabled plugin is freed outside of its own signal. */
static gboolean
on_purge (gpointer user_data)
{
  BooruHost *self = user_data;

  self->purge = 0;
  for (guint i = self->services->len; i > 0; i--)
    {
      BooruHostService *service = self->services->pdata[i - 1];

      if (service->removing && service->stopped)
        g_ptr_array_remove_index (self->services, i - 1);
    }
  booru_host_changed (self);
  return G_SOURCE_REMOVE;
}

static void
on_stopped (BooruHostService *service)
{
  BooruHost *self = service->host;
  const BooruService *described = service->spec.service;
  guint n = booru_service_runner_get_n_processes (service->runner);

  service->stopped = TRUE;
  if (described->instances == BOORU_SERVICE_WORKERS)
    g_message ("%s stopped (%u worker%s)", described->label, n, n == 1 ? "" : "s");
  else
    g_message ("%s stopped", described->label);
  booru_host_note (self, "service-stopped", "%s stopped", described->label);
  if (self->stopping)
    stop_next (self);
  else if (service->removing && self->purge == 0)
    self->purge = g_idle_add (on_purge, self);
}

static void
on_rolled (BooruHostService *service, const GError *error)
{
  release_waiters (service, error);
  booru_host_changed (service->host);
}

static void
on_runner_event (BooruHostService *service, const char *topic, const char *text)
{
  booru_host_note (service->host, topic, "%s", text);
}

const char *
booru_host_get_service_state (BooruHostService *service)
{
  if (service->failed)
    return "failed";
  if (booru_service_runner_is_healthy (service->runner))
    return "ready";
  return service->started ? "degraded" : "starting";
}

/* Every process can say how the whole is: web workers do, when somebody asks for the health. */
static void
publish_states (BooruHost *self)
{
  g_autoptr (GVariant) payload = NULL;
  GVariantBuilder states;

  if (self->stopping)
    return;
  g_variant_builder_init (&states, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *each = self->services->pdata[i];

      if (!each->removing)
        g_variant_builder_add (&states, "{ss}", each->spec.service->name,
                               booru_host_get_service_state (each));
    }
  payload = g_variant_ref_sink (g_variant_builder_end (&states));
  booru_host_deliver (self, NULL, BOORU_EVENT_SERVICES, payload);
}

static void
on_runner_changed (BooruHostService *service)
{
  publish_states (service->host);
  booru_host_notify_status (service->host);
  booru_host_changed (service->host);
}

/**
 * booru_host_deliver:
 * @self: the host
 * @origin: the process that published the event; %NULL: the host itself
 * @topic: of the event
 * @payload: of the event
 *
 * Passes an event on to the processes of all services.
 */
void
booru_host_deliver (BooruHost *self, gpointer origin, const char *topic, GVariant *payload)
{
  for (guint i = 0; i < self->services->len; i++)
    booru_service_runner_deliver (((BooruHostService *)self->services->pdata[i])->runner, origin,
                                  topic, payload);
}

static void
on_publish (BooruHostService *service, gpointer origin, const char *topic, GVariant *payload)
{
  if (g_str_equal (topic, BOORU_EVENT_SCAN_PROGRESS))
    booru_host_note_progress (service->host, payload);
  booru_host_deliver (service->host, origin, topic, payload);
}

static void
on_ask (BooruHostService *service, guint question, GTask *task)
{
  booru_host_answer (service->host, question, g_object_ref (task));
}

/* Adding and removing */

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

static void
connect_runner (BooruHostService *service)
{
  static const struct
  {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "started", G_CALLBACK (on_started) },        { "failed", G_CALLBACK (on_failed) },
    { "stopped", G_CALLBACK (on_stopped) },        { "publish", G_CALLBACK (on_publish) },
    { "rolled", G_CALLBACK (on_rolled) },          { "event", G_CALLBACK (on_runner_event) },
    { "changed", G_CALLBACK (on_runner_changed) }, { "ask", G_CALLBACK (on_ask) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_swapped (service->runner, handlers[i].signal, handlers[i].callback, service);
}

static gboolean
add_service (BooruHost *self,
             GPtrArray *plugins,
             BooruPluginInfo *own,
             const BooruService *described,
             GError **error)
{
  BooruHostService *service = g_new0 (BooruHostService, 1);
  g_autoptr (BooruConfig) config = NULL;

  service->host = self;
  service->plugin = g_object_ref (own);
  service->waiters = g_ptr_array_new ();
  service->spec.service = described;
  service->spec.plugins = collect_plugins (plugins, own, described->name);
  service->spec.essential = booru_plugin_info_is_essential (own);
  service->spec.verbose = self->config->verbose;
  service->spec.listener = described->listener ? booru_listener_get_fd (self->listener) : -1;
  service->spec.url = described->listener ? booru_listener_get_url (self->listener) : NULL;
  service->spec.pid_dir = g_strdup (self->config->runtime_dir);
  if (!booru_host_open_plugin_settings (self, booru_plugin_info_get_name (own), &service->settings,
                                        error))
    {
      service_free (service);
      return FALSE;
    }

  config = booru_host_config_for_service (self->config, service->settings);
  service->runner = self->options->dev ? booru_inline_runner_new (&service->spec, config)
                                       : booru_supervisor_new (&service->spec, config);
  connect_runner (service);
  g_ptr_array_add (self->services, service);
  return TRUE;
}

/**
 * booru_host_needs_listener:
 * @plugins: loaded plugins
 *
 * Returns: whether any of their services wants the listening socket
 */
gboolean
booru_host_needs_listener (GPtrArray *plugins)
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

/**
 * booru_host_listen:
 * @self: the host
 * @plugins: loaded plugins
 * @error: return location
 *
 * Binds the listening socket, if @plugins need one and there is none.
 */
gboolean
booru_host_listen (BooruHost *self, GPtrArray *plugins, GError **error)
{
  if (self->listener || !booru_host_needs_listener (plugins))
    return TRUE;
  self->listener = booru_listener_new (self->config->address, self->config->port, error);
  if (self->listener == NULL)
    return FALSE;
  g_free (self->config->address);
  self->config->address = g_strdup (booru_listener_get_address (self->listener));
  self->config->port = booru_listener_get_port (self->listener);
  return TRUE;
}

/**
 * booru_host_find_service:
 * @self: the host
 * @name: a service's name
 *
 * Returns: (nullable): the service, also one that is about to go
 */
BooruHostService *
booru_host_find_service (BooruHost *self, const char *name)
{
  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *service = self->services->pdata[i];

      if (g_str_equal (service->spec.service->name, name))
        return service;
    }
  return NULL;
}

/**
 * booru_host_add_services:
 * @self: the host
 * @plugins: all plugins that are to run, loaded, dependencies first
 * @n_added: (out) (optional): how many services were added, behind those that there were
 * @error: return location
 *
 * Adds the services of @plugins that are not there yet; starts nothing. Development mode has no
 * monitor, nor anything else that wants a process to itself. On error what was added is gone again.
 */
gboolean
booru_host_add_services (BooruHost *self, GPtrArray *plugins, guint *n_added, GError **error)
{
  guint n_before = self->services->len;

  for (guint i = 0; i < plugins->len; i++)
    {
      GPtrArray *services = booru_plugin_info_get_services (plugins->pdata[i]);

      for (guint j = 0; j < services->len; j++)
        {
          const BooruService *service = services->pdata[j];

          if ((self->options->dev && service->instances == BOORU_SERVICE_ONE)
              || booru_host_find_service (self, service->name))
            continue;
          if (add_service (self, plugins, plugins->pdata[i], service, error))
            continue;
          g_ptr_array_set_size (self->services, (int)n_before);
          return FALSE;
        }
    }
  if (n_added)
    *n_added = self->services->len - n_before;
  return TRUE;
}

/**
 * booru_host_start_services:
 * @self: the host
 *
 * Starts the services that were added and not started yet.
 */
void
booru_host_start_services (BooruHost *self)
{
  for (guint i = 0; i < self->services->len && !self->stopping; i++)
    {
      BooruHostService *service = self->services->pdata[i];

      if (service->running)
        continue;
      service->running = TRUE;
      booru_service_runner_start (service->runner);
    }
}

/**
 * booru_host_remove_service:
 * @service: a service
 *
 * Stops it, and takes it out of the table when it has stopped.
 */
void
booru_host_remove_service (BooruHostService *service)
{
  service->removing = TRUE;
  if (!service->stop_requested)
    stop_service (service);
  booru_host_changed (service->host);
}

static gboolean
same_plugins (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (a->pdata[i] != b->pdata[i])
      return FALSE;
  return TRUE;
}

/**
 * booru_host_extend_services:
 * @self: the host
 * @plugins: all plugins that run
 *
 * Replaces the processes of the services that other plugins extend than before.
 */
void
booru_host_extend_services (BooruHost *self, GPtrArray *plugins)
{
  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *service = self->services->pdata[i];
      g_autoptr (GPtrArray) collected
          = collect_plugins (plugins, service->plugin, service->spec.service->name);

      if (service->stop_requested || same_plugins (collected, service->spec.plugins))
        continue;
      g_clear_pointer (&service->spec.plugins, g_ptr_array_unref);
      service->spec.plugins = g_steal_pointer (&collected);
      if (service->running)
        booru_service_runner_roll (service->runner);
    }
}

/* Replacing */

/**
 * booru_host_roll:
 * @self: the host
 * @services: BooruHostService, whose processes are to be replaced, new before old
 * @done: (nullable): called once, possibly before this returns, when all of them are, or with why
 *   one of them is not
 * @user_data: for @done
 */
void
booru_host_roll (BooruHost *self, GPtrArray *services, BooruHostDone done, gpointer user_data)
{
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->n_pending = services->len + 1;
  waiter->done = done;
  waiter->user_data = user_data;
  for (guint i = 0; i < services->len; i++)
    {
      BooruHostService *service = services->pdata[i];

      g_ptr_array_add (service->waiters, waiter);
      service->failed = FALSE;
      booru_service_runner_roll (service->runner);
    }
  booru_host_changed (self);
  waiter_release (waiter, NULL);
}

/**
 * booru_host_get_state:
 * @self: the host
 *
 * Returns: what org.booru.Host1 says of its property State
 */
const char *
booru_host_get_state (BooruHost *self)
{
  gboolean healthy = TRUE;
  gboolean rolling = FALSE;

  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *service = self->services->pdata[i];

      if (service->removing)
        continue;
      rolling |= service->waiters->len > 0;
      healthy &= !service->failed && booru_service_runner_is_healthy (service->runner);
    }
  if (self->stopping)
    return "stopping";
  if (rolling)
    return "reloading";
  if (!self->ready)
    return "starting";
  return healthy ? "ready" : "degraded";
}
