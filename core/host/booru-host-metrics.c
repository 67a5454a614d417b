/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What services ask the host: the metrics of all processes, and the health of the whole. */
#include "booru-host-private.h"

#include "booru-build-config.h"
#include "host/control/booru-control-methods.h"

static const BooruMetricInfo build_info = {
  .name = "booru_build_info",
  .help = "The version that runs.",
  .kind = BOORU_METRIC_GAUGE,
  .labels = { "version" },
};
static const BooruMetricInfo uptime = {
  .name = "booru_uptime_seconds",
  .help = "Time since the host was started.",
  .kind = BOORU_METRIC_GAUGE,
};
static const BooruMetricInfo wanted = {
  .name = "booru_service_wanted_processes",
  .help = "Processes of the service that there should be.",
  .kind = BOORU_METRIC_GAUGE,
  .labels = { "service" },
};
static const BooruMetricInfo ready = {
  .name = "booru_service_ready_processes",
  .help = "Processes of the service that do their work.",
  .kind = BOORU_METRIC_GAUGE,
  .labels = { "service" },
};
static const BooruMetricInfo failed = {
  .name = "booru_service_failed",
  .help = "Whether the service was given up for good.",
  .kind = BOORU_METRIC_GAUGE,
  .labels = { "service" },
};
static const BooruMetricInfo troubled = {
  .name = "booru_service_troubled_processes",
  .help = "Processes of the service that work, but cannot do all that they should.",
  .kind = BOORU_METRIC_GAUGE,
  .labels = { "service" },
};
static const BooruMetricInfo restarts = {
  .name = "booru_service_restarts_total",
  .help = "Processes that were started again after they had failed, by how they had failed.",
  .kind = BOORU_METRIC_COUNTER,
  .labels = { "service", "reason" },
};

static const BooruMetricInfo recycled = {
  .name = "booru_service_recycled_total",
  .help
  = "Processes that were replaced as they had done enough, by the limit that they had reached.",
  .kind = BOORU_METRIC_COUNTER,
  .labels = { "service", "reason" },
};

/* Metrics */

static void
tell_service (BooruMetrics *metrics, BooruHostService *service)
{
  static const char *const reasons[BOORU_N_CHILD_ENDS]
      = { "exit", "signal", "hang", "start", "spawn", "limit" };
  static const char *const limits[BOORU_N_RECYCLE_REASONS] = { "requests", "memory", "age" };
  const char *name = service->spec.service->name;
  BooruServiceStatus status;

  booru_supervisor_get_status (service->runner, &status);
  booru_metric_set (booru_metrics_get (metrics, &wanted, name), status.wanted);
  booru_metric_set (booru_metrics_get (metrics, &ready, name), status.ready);
  booru_metric_set (booru_metrics_get (metrics, &failed, name), service->failed);
  booru_metric_set (booru_metrics_get (metrics, &troubled, name), status.troubled);
  for (guint i = 0; i < BOORU_N_CHILD_ENDS; i++)
    booru_metric_set (booru_metrics_get (metrics, &restarts, name, reasons[i]),
                      status.restarts_after[i]);
  for (guint i = 0; i < BOORU_N_RECYCLE_REASONS; i++)
    booru_metric_set (booru_metrics_get (metrics, &recycled, name, limits[i]), status.recycled[i]);
}

static void
on_collected (char *text, gpointer user_data)
{
  BooruHost *self = user_data;
  g_autoptr (GPtrArray) askers = g_steal_pointer (&self->askers);
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_take_string (text));

  self->collector = NULL;
  for (guint i = 0; i < askers->len; i++)
    g_task_return_pointer (askers->pdata[i], g_variant_ref (answer),
                           (GDestroyNotify)g_variant_unref);
}

/* Who asks while an answer is on its way gets that one. */
static void
answer_metrics (BooruHost *self, GTask *task)
{
  BooruMetrics *metrics;

  if (self->askers)
    {
      g_ptr_array_add (self->askers, task);
      return;
    }
  self->askers = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->askers, task);

  self->collector = booru_collector_new (on_collected, self);
  metrics = booru_collector_get_metrics (self->collector);
  booru_metric_set (booru_metrics_get (metrics, &build_info, BOORU_VERSION), 1);
  booru_metric_set (booru_metrics_get (metrics, &uptime),
                    (double)(g_get_monotonic_time () - self->started_at) / G_USEC_PER_SEC);
  booru_collector_add_host (self->collector);
  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *service = self->services->pdata[i];

      if (service->removing)
        continue;
      tell_service (metrics, service);
      booru_supervisor_collect (service->runner, self->collector);
    }
  booru_collector_run (self->collector);
}

/* Health */

/* A service that has not been up yet is not amiss, unless it has failed already. */
static gboolean
is_impaired (BooruHostService *service, const BooruServiceStatus *status)
{
  const char *state = booru_host_get_service_state (service);

  return g_str_equal (state, "failed") || g_str_equal (state, "failing")
         || g_str_equal (state, "degraded")
         || (g_str_equal (state, "starting")
             && (status->restarts > 0 || status->state == BOORU_SERVICE_BACKOFF));
}

static void
add (GVariantBuilder *builder, const char *name, GVariant *value)
{
  g_variant_builder_add (builder, "{sv}", name, value);
}

static void
describe_service (GVariantBuilder *services,
                  BooruHostService *service,
                  const BooruServiceStatus *status)
{
  GVariantBuilder dict;

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  add (&dict, "state", g_variant_new_string (booru_host_get_service_state (service)));
  add (&dict, "essential", g_variant_new_boolean (service->spec.essential));
  add (&dict, "wanted", g_variant_new_uint32 (status->wanted));
  add (&dict, "ready", g_variant_new_uint32 (status->ready));
  add (&dict, "restarts", g_variant_new_uint32 (status->restarts));
  if (status->activity)
    add (&dict, "activity", g_variant_new_string (status->activity));
  if (status->trouble)
    add (&dict, "trouble", g_variant_new_string (status->trouble));
  if (status->error)
    add (&dict, "error", g_variant_new_take_string (g_utf8_make_valid (status->error, -1)));
  add (services, service->spec.service->name, g_variant_builder_end (&dict));
}

/* The worst that can be said, given what was said before. */
static const char *
judge (const char *before,
       BooruHostService *service,
       const BooruServiceStatus *status,
       GString *reason)
{
  const char *label = service->spec.service->label;

  if (service->spec.essential && (service->failed || status->state == BOORU_SERVICE_FAILING))
    before = "failed";
  else if (service->spec.essential && !service->started && status->ready == 0)
    before = g_str_equal (before, "failed") ? before : "starting";
  else if (!is_impaired (service, status))
    return before;
  else if (g_str_equal (before, "ready"))
    before = "degraded";

  g_string_append_printf (reason, "%s%s is %s", reason->len ? "; " : "", label,
                          booru_host_get_service_state (service));
  if (status->activity)
    g_string_append_printf (reason, ": %s", status->activity);
  else if (status->trouble)
    g_string_append_printf (reason, ": %s", status->trouble);
  else if (status->error)
    g_string_append_printf (reason, ": %s", status->error);
  return before;
}

static GVariant *
describe_health (BooruHost *self)
{
  const char *state = "ready";
  g_autoptr (GString) reason = g_string_new (NULL);
  gint64 age = g_get_monotonic_time () - self->started_at;
  GVariantBuilder services, dict;

  g_variant_builder_init (&services, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *service = self->services->pdata[i];
      BooruServiceStatus status;

      if (service->removing)
        continue;
      booru_supervisor_get_status (service->runner, &status);
      describe_service (&services, service, &status);
      state = judge (state, service, &status, reason);
    }

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  add (&dict, "state", g_variant_new_string (self->stopping ? "stopping" : state));
  if (reason->len > 0)
    add (&dict, "reason", g_variant_new_take_string (g_utf8_make_valid (reason->str, -1)));
  add (&dict, "version", g_variant_new_string (BOORU_VERSION));
  add (&dict, "uptime", g_variant_new_uint64 ((guint64)age / G_USEC_PER_SEC));
  add (&dict, "services", g_variant_builder_end (&services));
  return g_variant_builder_end (&dict);
}

/**
 * booru_host_answer:
 * @self: the host
 * @question: what a service asks
 * @argument: (nullable): what it says with it
 * @task: (transfer full): returns the answer, at once or within a second or so
 */
void
booru_host_answer (BooruHost *self, BooruHostQuestion question, GVariant *argument, GTask *task)
{
  if (question == BOORU_HOST_CONTROL)
    {
      g_autoptr (GVariant) parameters = NULL;
      const char *method;

      g_variant_get (argument, "(&sv)", &method, &parameters);
      booru_control_call (self, method, parameters, task);
      return;
    }
  if (question == BOORU_HOST_METRICS)
    {
      answer_metrics (self, task);
      return;
    }
  g_task_return_pointer (task, g_variant_ref_sink (describe_health (self)),
                         (GDestroyNotify)g_variant_unref);
  g_object_unref (task);
}

/**
 * booru_host_forget_askers:
 * @self: the host, which is about to go
 */
void
booru_host_forget_askers (BooruHost *self)
{
  g_clear_pointer (&self->collector, booru_collector_forget);
  g_clear_pointer (&self->askers, g_ptr_array_unref);
}
