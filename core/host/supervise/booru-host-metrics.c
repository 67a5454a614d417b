/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-host-metrics.h"

#include "booru-build-config.h"

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

struct _BooruHostMetrics
{
  BooruServiceSet *services; /* not owned */
  gint64 started_at;
  BooruCollector *collector; /* at work; or NULL */
  GPtrArray *askers;         /* GTask that wait for it */
};

static void
tell_service (BooruMetrics *metrics, BooruHostedService *service)
{
  static const char *const reasons[BOORU_N_CHILD_ENDS]
      = { "exit", "signal", "hang", "start", "spawn", "limit" };
  static const char *const limits[BOORU_N_RECYCLE_REASONS] = { "requests", "memory", "age" };
  const char *name = booru_hosted_service_get_name (service);
  BooruServiceStatus status;

  booru_supervisor_get_status (booru_hosted_service_get_supervisor (service), &status);
  booru_metric_set (booru_metrics_get (metrics, &wanted, name), status.wanted);
  booru_metric_set (booru_metrics_get (metrics, &ready, name), status.ready);
  booru_metric_set (booru_metrics_get (metrics, &failed, name),
                    booru_hosted_service_has_failed (service));
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
  BooruHostMetrics *self = user_data;
  g_autoptr (GPtrArray) askers = g_steal_pointer (&self->askers);
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_take_string (text));

  self->collector = NULL;
  for (guint i = 0; i < askers->len; i++)
    g_task_return_pointer (askers->pdata[i], g_variant_ref (answer),
                           (GDestroyNotify)g_variant_unref);
}

void
booru_host_metrics_ask (BooruHostMetrics *self, GTask *task)
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
  for (guint i = 0; i < booru_service_set_get_n (self->services); i++)
    {
      BooruHostedService *service = booru_service_set_get (self->services, i);

      if (booru_hosted_service_is_removed (service))
        continue;
      tell_service (metrics, service);
      booru_supervisor_collect (booru_hosted_service_get_supervisor (service), self->collector);
    }
  booru_collector_run (self->collector);
}

void
booru_host_metrics_free (BooruHostMetrics *self)
{
  g_clear_pointer (&self->collector, booru_collector_forget);
  g_clear_pointer (&self->askers, g_ptr_array_unref);
  g_free (self);
}

BooruHostMetrics *
booru_host_metrics_new (BooruServiceSet *services, gint64 started_at)
{
  BooruHostMetrics *self = g_new0 (BooruHostMetrics, 1);

  self->services = services;
  self->started_at = started_at;
  return self;
}
