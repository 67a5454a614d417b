/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The services as they run: what they do and what follows from it; replacing and stopping them, the
 * last one first. */
#include "booru-host-private.h"

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "booru-notify.h"

/* Replacing */

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

/**
 * booru_host_release_waiters:
 * @service: a service
 * @error: (nullable): why its processes are not replaced
 *
 * Whoever waits for it need not any longer.
 */
void
booru_host_release_waiters (BooruHostService *service, const GError *error)
{
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&service->waiters);

  service->waiters = g_ptr_array_new ();
  for (guint i = 0; i < waiters->len; i++)
    waiter_release (waiters->pdata[i], error);
}

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
      booru_supervisor_roll (service->runner);
    }
  booru_host_changed (self);
  waiter_release (waiter, NULL);
}

/* Stopping */

void
booru_host_stop_service (BooruHostService *service)
{
  g_autofree char *label = g_utf8_strdown (service->spec.service->label, -1);

  service->stop_requested = TRUE;
  g_message ("Stopping %s…", label);
  booru_supervisor_stop (service->runner);
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
        booru_host_stop_service (service);
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
  booru_host_note (self, "stopping", "The host is stopping");
  stop_next (self);
}

void
booru_host_kill (BooruHost *self)
{
  g_message ("Killing the remaining processes");
  for (guint i = self->services->len; i > 0; i--)
    {
      BooruHostService *service = self->services->pdata[i - 1];

      if (service->stopped)
        continue;
      if (!service->stop_requested)
        {
          service->stop_requested = TRUE;
          booru_supervisor_stop (service->runner);
        }
      booru_supervisor_kill (service->runner);
    }
}

/* What the services do */

/* One that keeps failing is tried again for ever: nobody is kept waiting for it. */
static gboolean
is_starting (BooruHostService *service)
{
  BooruServiceStatus status;

  booru_supervisor_get_status (service->runner, &status);
  return !service->started && !service->failed && status.state != BOORU_SERVICE_FAILING;
}

static void
report_ready (BooruHost *self)
{
  for (guint i = 0; i < self->services->len; i++)
    if (is_starting (self->services->pdata[i]))
      return;
  if (self->ready || self->stopping)
    return;
  self->ready = TRUE;
  booru_notify ("READY=1");
  booru_host_notify_status (self);
  booru_host_note (self, "ready", "All services are started");
}

static void
on_started (BooruHostService *service)
{
  const BooruServiceSpec *spec = &service->spec;
  guint n = booru_supervisor_get_n_processes (service->runner);

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

  booru_supervisor_get_status (service->runner, &status);
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
  g_warning ("%s failed for good: %s. Everything else keeps running", label, error->message);
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
  guint n = booru_supervisor_get_n_processes (service->runner);

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
  booru_host_release_waiters (service, error);
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
  BooruServiceStatus status;

  if (service->failed)
    return "failed";
  booru_supervisor_get_status (service->runner, &status);
  if (status.state == BOORU_SERVICE_FAILING)
    return "failing";
  if (booru_supervisor_is_healthy (service->runner))
    return status.trouble ? "degraded" : "ready";
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
  if (g_str_equal (service->spec.service->name, BOORU_PLUGIN_MONITOR)
      && !booru_supervisor_is_healthy (service->runner))
    booru_host_end_progress (service->host);
  publish_states (service->host);
  report_ready (service->host);
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
    booru_supervisor_deliver (((BooruHostService *)self->services->pdata[i])->runner, origin, topic,
                              payload);
}

static void
on_publish (BooruHostService *service, gpointer origin, const char *topic, GVariant *payload)
{
  if (g_str_equal (topic, BOORU_EVENT_SCAN_PROGRESS))
    booru_host_note_progress (service->host, payload);
  else if (g_str_equal (topic, BOORU_EVENT_INGEST_PROGRESS))
    booru_host_note_ingest (service->host, payload);
  booru_host_deliver (service->host, origin, topic, payload);
}

static void
on_ask (BooruHostService *service, guint question, GVariant *argument, GTask *task)
{
  booru_host_answer (service->host, question, argument, g_object_ref (task));
}

/**
 * booru_host_connect_service:
 * @service: a new service
 *
 * From now on the host hears of what its runner says.
 */
void
booru_host_connect_service (BooruHostService *service)
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
      healthy &= g_str_equal (booru_host_get_service_state (service), "ready");
    }
  if (self->stopping)
    return "stopping";
  if (rolling)
    return "reloading";
  if (!self->ready)
    return "starting";
  return healthy ? "ready" : "degraded";
}
