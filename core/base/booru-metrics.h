/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruMetrics:
 *
 * A registry of what a process counts and measures. Names, units and meaning follow Prometheus: a
 * counter only rises and ends in "_total", a histogram counts observations into buckets, times are
 * in seconds and sizes in bytes. Nothing is sent until somebody asks, so an idle process stays
 * asleep.
 *
 * Get a metric once, with its label values, and keep it: counting is then an addition in memory.
 * All functions accept %NULL as the registry or the metric and then do nothing. Main thread only.
 */
typedef struct _BooruMetrics BooruMetrics;

/**
 * BooruMetricKind:
 * @BOORU_METRIC_COUNTER: a number that only rises
 * @BOORU_METRIC_GAUGE: a number that rises and falls
 * @BOORU_METRIC_HISTOGRAM: observations, counted into buckets
 *
 * The kind of a metric, as Prometheus defines it.
 */
typedef enum
{
  BOORU_METRIC_COUNTER,
  BOORU_METRIC_GAUGE,
  BOORU_METRIC_HISTOGRAM,
} BooruMetricKind;

/**
 * BOORU_METRIC_MAX_LABELS:
 *
 * The most labels a metric can have.
 */
#define BOORU_METRIC_MAX_LABELS 4

/**
 * BOORU_METRIC_MAX_BUCKETS:
 *
 * The most buckets a histogram can have.
 */
#define BOORU_METRIC_MAX_BUCKETS 24

/**
 * BooruMetricInfo:
 * @name: "booru_http_requests_total"
 * @help: one sentence
 * @kind: its kind
 * @labels: names of its labels, %NULL after the last
 * @buckets: upper bounds of a histogram's buckets, rising; 0 after the last
 * @shared: whether all processes see the same value: it is then taken from one, without its name
 *
 * Describes a metric. Constant data: it is not copied.
 */
typedef struct
{
  const char *name;
  const char *help;
  BooruMetricKind kind;
  const char *labels[BOORU_METRIC_MAX_LABELS + 1];
  double buckets[BOORU_METRIC_MAX_BUCKETS + 1];
  gboolean shared;
} BooruMetricInfo;

/**
 * BooruMetric:
 * @value: its value; the sum of a histogram's observations
 * @counts: of a histogram: one count for each bucket, and one for what is above them
 * @info: what describes it
 *
 * A metric with its label values. Owned by the registry. Change it by the functions below.
 */
typedef struct
{
  double value;
  guint64 *counts;
  const BooruMetricInfo *info;
} BooruMetric;

/**
 * booru_metrics_new:
 *
 * Returns: (transfer full): an empty registry
 */
BooruMetrics *booru_metrics_new (void);

/**
 * booru_metrics_free:
 * @self: (transfer full): a registry
 */
void booru_metrics_free (BooruMetrics *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruMetrics, booru_metrics_free)

/**
 * booru_metrics_get:
 * @self: (nullable): a registry
 * @info: what describes the metric; not copied
 * @...: a const char * for each label
 *
 * Gets the metric with these label values, making it if need be.
 *
 * Returns: (transfer none) (nullable): the metric, which lives as long as the registry; %NULL if
 *   @info breaks Prometheus' rules
 */
BooruMetric *booru_metrics_get (BooruMetrics *self, const BooruMetricInfo *info, ...);

/**
 * BooruMetricsFunc:
 * @metrics: the registry that is about to be read
 * @user_data: as given to booru_metrics_add_collector()
 *
 * Called before the metrics are read: the place to set gauges.
 */
typedef void (*BooruMetricsFunc) (BooruMetrics *metrics, gpointer user_data);

/**
 * booru_metrics_add_collector:
 * @self: (nullable): a registry
 * @collect: (scope forever): called before the metrics are read
 * @user_data: passed to @collect
 */
void booru_metrics_add_collector (BooruMetrics *self, BooruMetricsFunc collect, gpointer user_data);

/**
 * booru_metrics_remove_collector:
 * @self: (nullable): a registry
 * @user_data: as given to booru_metrics_add_collector()
 */
void booru_metrics_remove_collector (BooruMetrics *self, gpointer user_data);

/**
 * booru_metrics_to_variant:
 * @self: a registry
 *
 * Returns: (transfer floating): the metrics as they are now, a BOORU_METRICS_TYPE
 */
GVariant *booru_metrics_to_variant (BooruMetrics *self);

/**
 * BOORU_METRICS_TYPE:
 *
 * The metrics of a process, as the host gets them: kind, name, help, shared, label names and bucket
 * bounds; then, for each metric, its label values and its numbers: the value, or a histogram's
 * counts (one for each bucket, one above) and its sum.
 */
#define BOORU_METRICS_TYPE "a(yssbasada(asad))"

/**
 * booru_metric_add:
 * @self: (nullable): a counter or a gauge
 * @by: what to add
 */
static inline void
booru_metric_add (BooruMetric *self, double by)
{
  if (self)
    self->value += by;
}

/**
 * booru_metric_inc:
 * @self: (nullable): a counter or a gauge, to which 1 is added
 */
static inline void
booru_metric_inc (BooruMetric *self)
{
  booru_metric_add (self, 1);
}

/**
 * booru_metric_set:
 * @self: (nullable): a gauge
 * @value: its new value
 */
static inline void
booru_metric_set (BooruMetric *self, double value)
{
  if (self)
    self->value = value;
}

/**
 * booru_metric_observe:
 * @self: (nullable): a histogram
 * @value: what was observed
 */
static inline void
booru_metric_observe (BooruMetric *self, double value)
{
  guint i = 0;

  if (self == NULL)
    return;
  while (self->info->buckets[i] > 0 && value > self->info->buckets[i])
    i++;
  self->counts[i]++;
  self->value += value;
}

/**
 * booru_metric_observe_since:
 * @self: (nullable): a histogram of seconds
 * @began: g_get_monotonic_time() at the start
 *
 * Observes the time since @began.
 */
static inline void
booru_metric_observe_since (BooruMetric *self, gint64 began)
{
  if (self)
    booru_metric_observe (self, (double)(g_get_monotonic_time () - began) / G_USEC_PER_SEC);
}

G_END_DECLS
