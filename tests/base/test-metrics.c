/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "base/booru-metrics-text.h"
#include "test-util.h"

static const BooruMetricInfo requests = {
  .name = "test_requests_total",
  .help = "Requests.",
  .kind = BOORU_METRIC_COUNTER,
  .labels = { "route", "code" },
};
static const BooruMetricInfo size = {
  .name = "test_size_bytes",
  .help = "A size \\ on\ntwo lines.",
  .kind = BOORU_METRIC_GAUGE,
  .shared = TRUE,
};
static const BooruMetricInfo wait = {
  .name = "test_wait_seconds",
  .help = "Waits.",
  .kind = BOORU_METRIC_HISTOGRAM,
  .buckets = { 0.1, 1, 10 },
};

static char *
format (BooruMetrics *metrics, const char *process)
{
  BooruMetricsText *text = booru_metrics_text_new ();
  g_autoptr (GVariant) variant = g_variant_ref_sink (booru_metrics_to_variant (metrics));

  booru_metrics_text_add (text, process, variant);
  return booru_metrics_text_finish (text);
}

static void
test_counter (void)
{
  g_autoptr (BooruMetrics) metrics = booru_metrics_new ();
  BooruMetric *first = booru_metrics_get (metrics, &requests, "/posts", "200");
  BooruMetric *second = booru_metrics_get (metrics, &requests, "/posts", "404");
  g_autofree char *text = NULL;

  g_assert_true (first != second);
  g_assert_true (booru_metrics_get (metrics, &requests, "/posts", "200") == first);
  booru_metric_inc (first);
  booru_metric_add (first, 2);
  text = format (metrics, "web-1");
  g_assert_cmpstr (text, ==,
                   "# HELP test_requests_total Requests.\n"
                   "# TYPE test_requests_total counter\n"
                   "test_requests_total{process=\"web-1\",route=\"/posts\",code=\"200\"} 3\n"
                   "test_requests_total{process=\"web-1\",route=\"/posts\",code=\"404\"} 0\n");
}

static void
test_histogram (void)
{
  g_autoptr (BooruMetrics) metrics = booru_metrics_new ();
  BooruMetric *metric = booru_metrics_get (metrics, &wait);
  g_autofree char *text = NULL;

  booru_metric_observe (metric, 0.05);
  booru_metric_observe (metric, 0.1); /* bounds are inclusive */
  booru_metric_observe (metric, 5);
  booru_metric_observe (metric, 100);
  text = format (metrics, NULL);
  g_assert_cmpstr (text, ==,
                   "# HELP test_wait_seconds Waits.\n"
                   "# TYPE test_wait_seconds histogram\n"
                   "test_wait_seconds_bucket{le=\"0.1\"} 2\n"
                   "test_wait_seconds_bucket{le=\"1\"} 2\n"
                   "test_wait_seconds_bucket{le=\"10\"} 3\n"
                   "test_wait_seconds_bucket{le=\"+Inf\"} 4\n"
                   "test_wait_seconds_sum 105.15\n"
                   "test_wait_seconds_count 4\n");
}

static void
test_escaping (void)
{
  g_autoptr (BooruMetrics) metrics = booru_metrics_new ();
  g_autofree char *text = NULL;

  booru_metric_inc (booru_metrics_get (metrics, &requests, "a\"b\\c\nd", "\xff"));
  booru_metric_set (booru_metrics_get (metrics, &size), 0.1);
  text = format (metrics, "p\"");
  test_assert_contains (text,
                        "process=\"p\\\"\",route=\"a\\\"b\\\\c\\nd\",code=\"\xef\xbf\xbd\"} 1");
  test_assert_contains (text, "# HELP test_size_bytes A size \\\\ on\\ntwo lines.\n");
  test_assert_contains (text, "\ntest_size_bytes 0.1\n");
}

static void
test_numbers (void)
{
  static const struct
  {
    double value;
    const char *text;
  } table[] = {
    { 1e15, "test_size_bytes 1e+15\n" },    { 123456789012, "test_size_bytes 123456789012\n" },
    { INFINITY, "test_size_bytes +Inf\n" }, { -INFINITY, "test_size_bytes -Inf\n" },
    { NAN, "test_size_bytes NaN\n" },       { 1.0 / 3, "test_size_bytes 0.33333333333333331\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (BooruMetrics) metrics = booru_metrics_new ();
      g_autofree char *text = NULL;

      booru_metric_set (booru_metrics_get (metrics, &size), table[i].value);
      text = format (metrics, NULL);
      test_assert_contains (text, table[i].text);
    }
}

/* HELP and TYPE come once, samples of one name together; what is shared is said once. */
static void
test_processes (void)
{
  g_autoptr (BooruMetrics) metrics = booru_metrics_new ();
  g_autoptr (GVariant) variant = NULL;
  BooruMetricsText *text = booru_metrics_text_new ();
  g_autofree char *result = NULL;

  booru_metric_inc (booru_metrics_get (metrics, &requests, "/", "200"));
  booru_metric_set (booru_metrics_get (metrics, &size), 7);
  variant = g_variant_ref_sink (booru_metrics_to_variant (metrics));
  booru_metrics_text_add (text, "b", variant);
  booru_metrics_text_add (text, "a", variant);
  result = booru_metrics_text_finish (text);
  g_assert_cmpstr (result, ==,
                   "# HELP test_requests_total Requests.\n"
                   "# TYPE test_requests_total counter\n"
                   "test_requests_total{process=\"b\",route=\"/\",code=\"200\"} 1\n"
                   "test_requests_total{process=\"a\",route=\"/\",code=\"200\"} 1\n"
                   "# HELP test_size_bytes A size \\\\ on\\ntwo lines.\n"
                   "# TYPE test_size_bytes gauge\n"
                   "test_size_bytes 7\n");
}

/* What another process says of a name in another sense does not get onto the page, nor does what is
 * no such message at all. */
static void
test_contradiction (void)
{
  static const BooruMetricInfo other = {
    .name = "test_requests_total",
    .help = "Another.",
    .kind = BOORU_METRIC_GAUGE,
  };
  g_autoptr (BooruMetrics) first = booru_metrics_new (), second = booru_metrics_new ();
  g_autoptr (GVariant) one = NULL, two = NULL, wrong = NULL;
  BooruMetricsText *text = booru_metrics_text_new ();
  g_autofree char *result = NULL;

  booru_metric_inc (booru_metrics_get (first, &requests, "/", "200"));
  booru_metric_inc (booru_metrics_get (second, &other));
  one = g_variant_ref_sink (booru_metrics_to_variant (first));
  two = g_variant_ref_sink (booru_metrics_to_variant (second));
  wrong = g_variant_ref_sink (g_variant_new_string ("hello"));
  booru_metrics_text_add (text, "a", one);
  booru_metrics_text_add (text, "b", two);
  booru_metrics_text_add (text, "c", wrong);
  result = booru_metrics_text_finish (text);
  test_assert_contains (result, "counter");
  g_assert_null (strstr (result, "gauge"));
  g_assert_null (strstr (result, "\"b\""));
}

static void
test_nothing (void)
{
  booru_metric_inc (NULL);
  booru_metric_set (NULL, 1);
  booru_metric_observe (NULL, 1);
  booru_metric_observe_since (NULL, 0);
  g_assert_null (booru_metrics_get (NULL, &size));
  booru_metrics_add_collector (NULL, NULL, NULL);
  booru_metrics_remove_collector (NULL, NULL);
}

static void
test_refused (void)
{
  static const BooruMetricInfo wrong[] = {
    { .name = "1st", .help = "" },
    { .name = "a-b", .help = "" },
    { .name = "no_help" },
    { .name = "label", .help = "", .labels = { "a-b" } },
    { .name = "reserved", .help = "", .labels = { "le" } },
    { .name = "falling", .help = "", .kind = BOORU_METRIC_HISTOGRAM, .buckets = { 2, 1 } },
  };
  g_autoptr (BooruMetrics) metrics = booru_metrics_new ();
  BooruMetricInfo twice = size;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_test_expect_message ("booru", G_LOG_LEVEL_WARNING, "*invalid description*");
      g_assert_null (booru_metrics_get (metrics, &wrong[i], "value"));
      g_test_assert_expected_messages ();
    }
  g_assert_nonnull (booru_metrics_get (metrics, &size));
  g_test_expect_message ("booru", G_LOG_LEVEL_WARNING, "*defined twice*");
  g_assert_null (booru_metrics_get (metrics, &twice));
  g_test_assert_expected_messages ();
}

static void
collect (BooruMetrics *metrics, gpointer user_data)
{
  int *calls = user_data;

  booru_metric_set (booru_metrics_get (metrics, &size), ++*calls);
}

static void
test_collector (void)
{
  g_autoptr (BooruMetrics) metrics = booru_metrics_new ();
  g_autofree char *first = NULL, *second = NULL;
  int calls = 0;

  booru_metrics_add_collector (metrics, collect, &calls);
  first = format (metrics, NULL);
  test_assert_contains (first, "test_size_bytes 1\n");
  booru_metrics_remove_collector (metrics, &calls);
  second = format (metrics, NULL);
  test_assert_contains (second, "test_size_bytes 1\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/counter", test_counter);
  g_test_add_func ("/metrics/histogram", test_histogram);
  g_test_add_func ("/metrics/escaping", test_escaping);
  g_test_add_func ("/metrics/numbers", test_numbers);
  g_test_add_func ("/metrics/processes", test_processes);
  g_test_add_func ("/metrics/contradiction", test_contradiction);
  g_test_add_func ("/metrics/nothing", test_nothing);
  g_test_add_func ("/metrics/refused", test_refused);
  g_test_add_func ("/metrics/collector", test_collector);
  return g_test_run ();
}
