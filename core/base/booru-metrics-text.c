/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Source of the format: "Exposition formats", text-based format 0.0.4, of Prometheus. */
#include "base/booru-metrics-text.h"

#include <math.h>
#include <string.h>

/* What all processes say of one name. */
typedef struct
{
  BooruMetricKind kind;
  char *help;
  gboolean shared;
  GString *samples;
} Family;

struct _BooruMetricsText
{
  GTree *families; /* name -> Family */
};

static void
family_free (gpointer data)
{
  Family *family = data;

  g_free (family->help);
  g_string_free (family->samples, TRUE);
  g_free (family);
}

static int
compare_names (gconstpointer a, gconstpointer b, gpointer unused)
{
  return strcmp (a, b);
}

BooruMetricsText *
booru_metrics_text_new (void)
{
  BooruMetricsText *self = g_new0 (BooruMetricsText, 1);

  self->families = g_tree_new_full (compare_names, NULL, g_free, family_free);
  return self;
}

void
booru_metrics_text_free (BooruMetricsText *self)
{
  g_return_if_fail (self != NULL);
  g_tree_unref (self->families);
  g_free (self);
}

static void
append_escaped (GString *out, const char *text, gboolean quotes)
{
  for (; *text; text++)
    {
      if (*text == '\\')
        g_string_append (out, "\\\\");
      else if (*text == '\n')
        g_string_append (out, "\\n");
      else if (*text == '"' && quotes)
        g_string_append (out, "\\\"");
      else
        g_string_append_c (out, *text);
    }
}

static void
append_number (GString *out, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    g_string_append (out, "NaN");
  else if (isinf (value))
    g_string_append (out, value > 0 ? "+Inf" : "-Inf");
  else
    {
      g_ascii_formatd (text, sizeof text, "%.15g", value);
      if (g_ascii_strtod (text, NULL) != value) /* exact beats short */
        g_ascii_dtostr (text, sizeof text, value);
      g_string_append (out, text);
    }
}

/* The labels of one metric: "a="x",b="y"", without braces. */
static char *
format_labels (const char *process, const char *const *names, const char *const *values)
{
  GString *out = g_string_new (NULL);

  if (process)
    {
      g_string_append (out, "process=\"");
      append_escaped (out, process, TRUE);
      g_string_append_c (out, '"');
    }
  for (guint i = 0; names[i]; i++)
    {
      g_string_append_printf (out, "%s%s=\"", out->len ? "," : "", names[i]);
      append_escaped (out, values[i], TRUE);
      g_string_append_c (out, '"');
    }
  return g_string_free (out, FALSE);
}

static void
append_sample (GString *out,
               const char *name,
               const char *suffix,
               const char *labels,
               const char *extra,
               double value)
{
  g_string_append_printf (out, "%s%s", name, suffix);
  if (*labels || *extra)
    g_string_append_printf (out, "{%s%s%s}", labels, *labels && *extra ? "," : "", extra);
  g_string_append_c (out, ' ');
  append_number (out, value);
  g_string_append_c (out, '\n');
}

/* Buckets hold what is below their bound in all, here; in the variant, each holds its own. */
static void
append_histogram (GString *out,
                  const char *name,
                  const char *labels,
                  const double *bounds,
                  gsize n_bounds,
                  const double *numbers)
{
  double count = 0;

  for (gsize i = 0; i <= n_bounds; i++)
    {
      g_autoptr (GString) extra = g_string_new ("le=\"");

      count += numbers[i];
      append_number (extra, i < n_bounds ? bounds[i] : INFINITY);
      g_string_append_c (extra, '"');
      append_sample (out, name, "_bucket", labels, extra->str, count);
    }
  append_sample (out, name, "_sum", labels, "", numbers[n_bounds + 1]);
  append_sample (out, name, "_count", labels, "", count);
}

/* NULL: another process has said something else of that name, or it is known already. */
static Family *
ensure_family (BooruMetricsText *self,
               const char *name,
               const char *help,
               guchar kind,
               gboolean shared)
{
  Family *family = g_tree_lookup (self->families, name);

  if (family)
    return family->kind == kind && !family->shared && !shared ? family : NULL;
  if (kind > BOORU_METRIC_HISTOGRAM)
    return NULL;
  family = g_new0 (Family, 1);
  family->kind = kind;
  family->help = g_strdup (help);
  family->shared = shared;
  family->samples = g_string_new (NULL);
  g_tree_insert (self->families, g_strdup (name), family);
  return family;
}

static void
add_metric (Family *family,
            const char *process,
            const char *name,
            const char *const *label_names,
            GVariant *bounds,
            GVariant *metric)
{
  g_autoptr (GVariant) names = g_variant_get_child_value (metric, 0);
  g_autoptr (GVariant) values = g_variant_get_child_value (metric, 1);
  g_autofree const char **label_values = g_variant_get_strv (names, NULL);
  g_autofree char *labels = NULL;
  gsize n_bounds, n_numbers;
  const double *limits = g_variant_get_fixed_array (bounds, &n_bounds, sizeof (double));
  const double *numbers = g_variant_get_fixed_array (values, &n_numbers, sizeof (double));

  if (process && g_strv_contains (label_names, "process"))
    return; /* that one is ours */
  if (g_strv_length ((char **)label_values) != g_strv_length ((char **)label_names)
      || n_numbers != (family->kind == BOORU_METRIC_HISTOGRAM ? n_bounds + 2 : 1))
    return;
  labels = format_labels (family->shared ? NULL : process, label_names, label_values);
  if (family->kind == BOORU_METRIC_HISTOGRAM)
    append_histogram (family->samples, name, labels, limits, n_bounds, numbers);
  else
    append_sample (family->samples, name, "", labels, "", numbers[0]);
}

void
booru_metrics_text_add (BooruMetricsText *self, const char *process, GVariant *metrics)
{
  GVariantIter iter;
  GVariant *item;

  g_return_if_fail (self != NULL && metrics != NULL);
  if (!g_variant_is_of_type (metrics, G_VARIANT_TYPE (BOORU_METRICS_TYPE)))
    return;
  g_variant_iter_init (&iter, metrics);
  while ((item = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_autoptr (GVariant) owned = item, bounds = NULL, list = NULL;
      g_autofree const char **label_names = NULL;
      const char *name, *help;
      gboolean shared;
      guchar kind;
      Family *family;

      g_variant_get (item, "(y&s&sb^a&s@ad@a(asad))", &kind, &name, &help, &shared, &label_names,
                     &bounds, &list);
      if (g_variant_n_children (list) == 0)
        continue;
      family = ensure_family (self, name, help, kind, shared);
      for (gsize i = 0; family && i < g_variant_n_children (list); i++)
        {
          g_autoptr (GVariant) metric = g_variant_get_child_value (list, i);

          add_metric (family, process, name, label_names, bounds, metric);
        }
    }
}

static gboolean
append_family (gpointer name, gpointer data, gpointer out)
{
  static const char *const kinds[] = { "counter", "gauge", "histogram" };
  const Family *family = data;

  g_string_append_printf (out, "# HELP %s ", (const char *)name);
  append_escaped (out, family->help, FALSE);
  g_string_append_printf (out, "\n# TYPE %s %s\n%s", (const char *)name, kinds[family->kind],
                          family->samples->str);
  return FALSE;
}

char *
booru_metrics_text_finish (BooruMetricsText *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  GString *out = g_string_new (NULL);

  g_tree_foreach (self->families, append_family, out);
  booru_metrics_text_free (self);
  return g_string_free (out, FALSE);
}
