/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-metrics.h"

#include <stdarg.h>
#include <string.h>

typedef struct
{
  BooruMetric metric; /* first: what users hold is this */
  char *values[BOORU_METRIC_MAX_LABELS + 1];
} Series;

typedef struct
{
  const BooruMetricInfo *info;
  GPtrArray *series; /* Series */
} Family;

typedef struct
{
  BooruMetricsFunc collect;
  gpointer user_data;
} Collector;

struct _BooruMetrics
{
  GPtrArray *families; /* Family */
  GArray *collectors;  /* Collector */
};

static void
series_free (gpointer data)
{
  Series *series = data;

  for (guint i = 0; i < BOORU_METRIC_MAX_LABELS; i++)
    g_free (series->values[i]);
  g_free (series->metric.counts);
  g_free (series);
}

static void
family_free (gpointer data)
{
  Family *family = data;

  g_ptr_array_unref (family->series);
  g_free (family);
}

BooruMetrics *
booru_metrics_new (void)
{
  BooruMetrics *self = g_new0 (BooruMetrics, 1);

  self->families = g_ptr_array_new_with_free_func (family_free);
  self->collectors = g_array_new (FALSE, FALSE, sizeof (Collector));
  return self;
}

void
booru_metrics_free (BooruMetrics *self)
{
  g_return_if_fail (self != NULL);
  g_ptr_array_unref (self->families);
  g_array_unref (self->collectors);
  g_free (self);
}

static gboolean
is_name (const char *name, gboolean colon)
{
  if (name == NULL || !(g_ascii_isalpha (*name) || *name == '_'))
    return FALSE;
  for (const char *c = name; *c; c++)
    if (!g_ascii_isalnum (*c) && *c != '_' && !(colon && *c == ':'))
      return FALSE;
  return TRUE;
}

/* Plugins of others describe metrics too: a mistake in one is not to spoil the page for all. */
static gboolean
is_sound (const BooruMetricInfo *info)
{
  if (!is_name (info->name, TRUE) || info->help == NULL || info->kind > BOORU_METRIC_HISTOGRAM)
    return FALSE;
  for (guint i = 0; info->labels[i]; i++)
    if (i >= BOORU_METRIC_MAX_LABELS || !is_name (info->labels[i], FALSE)
        || g_str_has_prefix (info->labels[i], "__") || g_str_equal (info->labels[i], "le"))
      return FALSE;
  for (guint i = 0; info->buckets[i] > 0; i++)
    if (i >= BOORU_METRIC_MAX_BUCKETS || (i > 0 && info->buckets[i] <= info->buckets[i - 1]))
      return FALSE;
  return TRUE;
}

static Family *
ensure_family (BooruMetrics *self, const BooruMetricInfo *info)
{
  Family *family;

  for (guint i = 0; i < self->families->len; i++)
    {
      family = self->families->pdata[i];
      if (family->info == info)
        return family;
      if (g_str_equal (family->info->name, info->name))
        {
          g_warning ("The metric %s is defined twice; the second definition is ignored",
                     info->name);
          return NULL;
        }
    }
  if (!is_sound (info))
    {
      g_warning ("The metric %s has an invalid description; it is left out",
                 info->name ? info->name : "without a name");
      return NULL;
    }
  family = g_new0 (Family, 1);
  family->info = info;
  family->series = g_ptr_array_new_with_free_func (series_free);
  g_ptr_array_add (self->families, family);
  return family;
}

static gboolean
has_values (const Series *series, const char *const *values)
{
  for (guint i = 0; values[i]; i++)
    if (!g_str_equal (series->values[i], values[i]))
      return FALSE;
  return TRUE;
}

BooruMetric *
booru_metrics_get (BooruMetrics *self, const BooruMetricInfo *info, ...)
{
  g_return_val_if_fail (info != NULL, NULL);

  const char *values[BOORU_METRIC_MAX_LABELS + 1] = { NULL };
  Family *family = self ? ensure_family (self, info) : NULL;
  Series *series;
  va_list list;
  guint n_buckets = 0;

  if (family == NULL)
    return NULL;
  va_start (list, info);
  for (guint i = 0; info->labels[i]; i++)
    values[i] = va_arg (list, const char *);
  va_end (list);

  for (guint i = 0; i < family->series->len; i++)
    if (has_values (family->series->pdata[i], values))
      return family->series->pdata[i];

  series = g_new0 (Series, 1);
  series->metric.info = info;
  for (guint i = 0; values[i]; i++)
    series->values[i] = g_utf8_make_valid (values[i], -1);
  if (info->kind == BOORU_METRIC_HISTOGRAM)
    {
      while (info->buckets[n_buckets] > 0)
        n_buckets++;
      series->metric.counts = g_new0 (guint64, n_buckets + 1);
    }
  g_ptr_array_add (family->series, series);
  return &series->metric;
}

void
booru_metrics_add_collector (BooruMetrics *self, BooruMetricsFunc collect, gpointer user_data)
{
  g_return_if_fail (self == NULL || collect != NULL);

  Collector collector = { collect, user_data };

  if (self)
    g_array_append_val (self->collectors, collector);
}

void
booru_metrics_remove_collector (BooruMetrics *self, gpointer user_data)
{
  for (guint i = self ? self->collectors->len : 0; i > 0; i--)
    if (g_array_index (self->collectors, Collector, i - 1).user_data == user_data)
      g_array_remove_index (self->collectors, i - 1);
}

static void
add_numbers (GVariantBuilder *builder, const BooruMetric *metric)
{
  g_variant_builder_open (builder, G_VARIANT_TYPE ("ad"));
  if (metric->counts)
    for (guint i = 0; i == 0 || metric->info->buckets[i - 1] > 0; i++)
      g_variant_builder_add (builder, "d", (double)metric->counts[i]);
  g_variant_builder_add (builder, "d", metric->value);
  g_variant_builder_close (builder);
}

static void
add_family (GVariantBuilder *builder, const Family *family)
{
  const BooruMetricInfo *info = family->info;

  g_variant_builder_open (builder, G_VARIANT_TYPE ("(yssbasada(asad))"));
  g_variant_builder_add (builder, "y", (guchar)info->kind);
  g_variant_builder_add (builder, "s", info->name);
  g_variant_builder_add (builder, "s", info->help);
  g_variant_builder_add (builder, "b", info->shared);
  g_variant_builder_add_value (builder, g_variant_new_strv (info->labels, -1));
  g_variant_builder_open (builder, G_VARIANT_TYPE ("ad"));
  for (guint i = 0; info->kind == BOORU_METRIC_HISTOGRAM && info->buckets[i] > 0; i++)
    g_variant_builder_add (builder, "d", info->buckets[i]);
  g_variant_builder_close (builder);

  g_variant_builder_open (builder, G_VARIANT_TYPE ("a(asad)"));
  for (guint i = 0; i < family->series->len; i++)
    {
      const Series *series = family->series->pdata[i];

      g_variant_builder_open (builder, G_VARIANT_TYPE ("(asad)"));
      g_variant_builder_add_value (builder,
                                   g_variant_new_strv ((const char *const *)series->values, -1));
      add_numbers (builder, &series->metric);
      g_variant_builder_close (builder);
    }
  g_variant_builder_close (builder);
  g_variant_builder_close (builder);
}

GVariant *
booru_metrics_to_variant (BooruMetrics *self)
{
  GVariantBuilder builder;

  g_return_val_if_fail (self != NULL, NULL);
  for (guint i = 0; i < self->collectors->len; i++)
    {
      Collector *collector = &g_array_index (self->collectors, Collector, i);

      collector->collect (self, collector->user_data);
    }
  g_variant_builder_init (&builder, G_VARIANT_TYPE (BOORU_METRICS_TYPE));
  for (guint i = 0; i < self->families->len; i++)
    add_family (&builder, self->families->pdata[i]);
  return g_variant_builder_end (&builder);
}
