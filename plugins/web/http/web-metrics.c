/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-metrics.h"

static const BooruMetricInfo requests = {
  .name = "booru_http_requests_total",
  .help = "Requests answered, by the pattern of the route, method and status.",
  .kind = BOORU_METRIC_COUNTER,
  .labels = { "route", "method", "code" },
};
static const BooruMetricInfo durations = {
  .name = "booru_http_request_duration_seconds",
  .help = "Time from a request being read to its answer being made.",
  .kind = BOORU_METRIC_HISTOGRAM,
  .labels = { "route" },
  .buckets = { 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10 },
};
static const BooruMetricInfo connections = {
  .name = "booru_http_connections",
  .help = "Connections that are open.",
  .kind = BOORU_METRIC_GAUGE,
};
static const BooruMetricInfo accepted = {
  .name = "booru_http_connections_accepted_total",
  .help = "Connections that were accepted.",
  .kind = BOORU_METRIC_COUNTER,
};
static const BooruMetricInfo refused = {
  .name = "booru_http_connections_refused_total",
  .help = "Connections refused because their address had too many.",
  .kind = BOORU_METRIC_COUNTER,
};
static const BooruMetricInfo cache_size = {
  .name = "booru_http_cache_size_bytes",
  .help = "Memory that kept answers take.",
  .kind = BOORU_METRIC_GAUGE,
};
static const BooruMetricInfo cache_hits = {
  .name = "booru_http_cache_hits_total",
  .help = "Requests answered with a kept answer.",
  .kind = BOORU_METRIC_COUNTER,
};
static const BooruMetricInfo cache_misses = {
  .name = "booru_http_cache_misses_total",
  .help = "Answers that could be kept and had to be made.",
  .kind = BOORU_METRIC_COUNTER,
};
static const BooruMetricInfo sent = {
  .name = "booru_http_sent_bytes_total",
  .help = "Bytes sent to clients.",
  .kind = BOORU_METRIC_COUNTER,
};

/* Clients may make up methods; a label should have few values. */
static const char *const methods[]
    = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other" };

typedef struct
{
  guint method, status;
  BooruMetric *metric;
} Count;

typedef struct
{
  BooruMetric *duration;
  GArray *counts; /* Count: a handful */
} RouteMetrics;

static void
route_metrics_free (gpointer data)
{
  RouteMetrics *route = data;

  g_array_unref (route->counts);
  g_free (route);
}

WebMetrics *
web_metrics_new (BooruServiceContext *context)
{
  BooruMetrics *registry = booru_service_context_get_metrics (context);
  WebMetrics *self = g_new0 (WebMetrics, 1);

  self->context = context;
  self->registry = registry;
  self->routes = g_hash_table_new_full (NULL, NULL, NULL, route_metrics_free);
  self->connections = booru_metrics_get (registry, &connections);
  self->accepted = booru_metrics_get (registry, &accepted);
  self->refused = booru_metrics_get (registry, &refused);
  self->cache_size = booru_metrics_get (registry, &cache_size);
  self->cache_hits = booru_metrics_get (registry, &cache_hits);
  self->cache_misses = booru_metrics_get (registry, &cache_misses);
  self->sent = booru_metrics_get (registry, &sent);
  return self;
}

void
web_metrics_free (WebMetrics *self)
{
  g_hash_table_unref (self->routes);
  g_free (self);
}

static const char *
get_pattern (const BooruRoute *route)
{
  return route ? route->pattern : "none";
}

static RouteMetrics *
ensure_route (WebMetrics *self, const BooruRoute *route)
{
  RouteMetrics *found = g_hash_table_lookup (self->routes, route);

  if (found)
    return found;
  found = g_new0 (RouteMetrics, 1);
  found->duration = booru_metrics_get (self->registry, &durations, get_pattern (route));
  found->counts = g_array_new (FALSE, FALSE, sizeof (Count));
  g_hash_table_insert (self->routes, (gpointer)route, found);
  return found;
}

static guint
find_method (const char *method)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (methods) - 1 && !g_str_equal (methods[i], method))
    i++;
  return i;
}

void
web_metrics_count (WebMetrics *self,
                   const BooruRoute *route,
                   const char *method,
                   guint status,
                   gint64 began)
{
  RouteMetrics *counted = ensure_route (self, route);
  Count count = { find_method (method), status, NULL };
  char code[16];

  booru_service_context_count_request (self->context);
  booru_metric_observe_since (counted->duration, began);
  for (guint i = 0; i < counted->counts->len; i++)
    {
      const Count *known = &g_array_index (counted->counts, Count, i);

      if (known->status == count.status && known->method == count.method)
        {
          booru_metric_inc (known->metric);
          return;
        }
    }

  g_snprintf (code, sizeof code, "%u", status);
  count.metric = booru_metrics_get (self->registry, &requests, get_pattern (route),
                                    methods[count.method], code);
  booru_metric_inc (count.metric);
  g_array_append_val (counted->counts, count);
}
