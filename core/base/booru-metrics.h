/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruMetrics:
 *
 * What a process counts and measures. Names, units and meaning are those of Prometheus: a counter
 * only rises and ends in "_total", a histogram counts observations into buckets, seconds and bytes
 * are the units. Nobody is told of anything until somebody asks, so an idle process stays asleep.
 *
 * A metric is asked for once, with its label values, and kept: counting is then an addition in
 * memory. All functions take %NULL for the registry or the metric and do nothing then, so that code
 * can be used without either. Main thread only.
 */
typedef struct _BooruMetrics BooruMetrics;

typedef enum
{
  BOORU_METRIC_COUNTER,
  BOORU_METRIC_GAUGE,
  BOORU_METRIC_HISTOGRAM,
} BooruMetricKind;

#define BOORU_METRIC_MAX_LABELS 4
#define BOORU_METRIC_MAX_BUCKETS 24

/**
 * BooruMetricInfo:
 *
 * Describes a metric. Constant data: it is not copied.
 */
typedef struct
{
  const char *name; /* "booru_http_requests_total" */
  const char *help; /* one sentence */
  BooruMetricKind kind;
  const char *labels[BOORU_METRIC_MAX_LABELS + 1]; /* names, %NULL after the last */
  /* Upper bounds of a histogram, rising; 0 after the last. */
  double buckets[BOORU_METRIC_MAX_BUCKETS + 1];

  /* About something that all processes see alike: one of them is believed, and not named. */
  gboolean shared;
} BooruMetricInfo;

/**
 * BooruMetric:
 *
 * One metric with its label values. Belongs to the registry. The members are the functions' below.
 */
typedef struct
{
  double value;    /* of a histogram: the sum */
  guint64 *counts; /* of a histogram: one a bucket and one above them */
  const BooruMetricInfo *info;
} BooruMetric;

BooruMetrics *booru_metrics_new (void);
void booru_metrics_free (BooruMetrics *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruMetrics, booru_metrics_free)

/* The metric with these label values (const char *, as many as there are labels), made if need be.
 * NULL if @info is not as Prometheus wants it. */
BooruMetric *booru_metrics_get (BooruMetrics *self, const BooruMetricInfo *info, ...);

/* @collect is called before the metrics are handed out: the place to set gauges. */
typedef void (*BooruMetricsFunc) (BooruMetrics *metrics, gpointer user_data);
void booru_metrics_add_collector (BooruMetrics *self, BooruMetricsFunc collect, gpointer user_data);
void booru_metrics_remove_collector (BooruMetrics *self, gpointer user_data);

/* All of it: see BOORU_METRICS_TYPE. Floating. */
GVariant *booru_metrics_to_variant (BooruMetrics *self);

/* Kind, name, help, shared, label names, bounds of the buckets; then for each metric its label
 * values and numbers: the value, or a histogram's counts (one a bucket, one above) and the sum. */
#define BOORU_METRICS_TYPE "a(yssbasada(asad))"

static inline void
booru_metric_add (BooruMetric *self, double by)
{
  if (self)
    self->value += by;
}

static inline void
booru_metric_inc (BooruMetric *self)
{
  booru_metric_add (self, 1);
}

static inline void
booru_metric_set (BooruMetric *self, double value)
{
  if (self)
    self->value = value;
}

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

/* Time since @began, a g_get_monotonic_time(), in seconds. */
static inline void
booru_metric_observe_since (BooruMetric *self, gint64 began)
{
  if (self)
    booru_metric_observe (self, (double)(g_get_monotonic_time () - began) / G_USEC_PER_SEC);
}

G_END_DECLS
