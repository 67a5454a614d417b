/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Failures, settings and the whole state, as programs and pages ask for them. */
#include "control-fixture.h"

#include <sysexits.h>

static GVariant *
ask (GDBusConnection *connection, const char *method, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = call_on (connection, HOST1, method, parameters, &error);

  g_assert_no_error (error);
  return g_variant_get_child_value (reply, 0);
}

static GVariant *
report_failures (GDBusConnection *connection)
{
  g_autoptr (GVariant) boxed
      = ask (connection, "GetReport",
             g_variant_new ("(s@a{sv})", "failures",
                            g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0)));

  return g_variant_get_variant (boxed);
}

static gboolean
has_failures (gpointer data)
{
  Expected *expected = data;
  g_autoptr (GVariant) report = report_failures (expected->connection);
  guint64 total = 0;

  return g_variant_lookup (report, "total", "t", &total) && total == expected->number;
}

static gint64
get_failure_time (GDBusConnection *connection)
{
  g_autoptr (GVariant) report = report_failures (connection);
  g_autoptr (GVariant) list = g_variant_lookup_value (report, "failures", NULL);
  g_autoptr (GVariant) first = g_variant_get_child_value (list, 0);
  gint64 time = 0;

  g_assert_true (g_variant_lookup (first, "time", "x", &time));
  return time;
}

static gboolean
is_tried_again (gpointer data)
{
  Expected *expected = data;

  return get_failure_time (expected->connection) > expected->since;
}

static void
test_failures (Fixture *f, gconstpointer unused)
{
  g_autofree char *broken = g_build_filename (test_host_get_library (f->host), "broken.jpg", NULL);
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (JsonNode) listed = NULL;
  g_autoptr (JsonNode) below = NULL;
  g_autoptr (JsonNode) page = NULL;
  Expected expected = { .fixture = f, .number = 1 };
  JsonArray *list;

  test_host_start_with_library (f->host);
  connection = connect_to (f, FALSE);
  expected.connection = connection;
  await_service (f, connection, "web", 2);
  await_service (f, connection, "monitor", 1);
  g_assert_true (g_file_set_contents (broken, "no picture", -1, NULL));
  test_host_await (f->host, "the failure", has_failures, &expected);

  listed = ctl (f, EX_OK, "failures", NULL);
  list = json_object_get_array_member (json_node_get_object (listed), "failures");
  g_assert_cmpuint (json_array_get_length (list), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (list, 0), "path"),
                   ==, broken);
  below = ctl (f, EX_OK, "failures", test_host_get_library (f->host), NULL);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (below), "total"), ==, 1);
  ctl_fails (f, EX_NOINPUT, "failures", "/nowhere");
  page = test_host_get_json (f->host, "/system/failures.json");
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (page), "total"), ==, 1);

  expected.since = get_failure_time (connection);
  ctl_ok (f, "retry", broken);
  test_host_await (f->host, "the file to be tried again", is_tried_again, &expected);
  expected.since = get_failure_time (connection);
  ctl_ok (f, "retry", "--all");
  test_host_await (f->host, "all files to be tried again", is_tried_again, &expected);
  ctl_fails (f, EX_USAGE, "retry", NULL);
  ctl_fails (f, EX_NOINPUT, "retry", "/nowhere");
  ctl_fails (f, EX_USAGE, "status", "--all");
  assert_refused (connection, "Retry", g_variant_new ("(^ay)", "x"), "org.booru.Error.Invalid");
  assert_refused (
      connection, "GetReport",
      g_variant_new ("(s@a{sv})", "none", g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0)),
      "org.booru.Error.Unsupported");
  test_host_stop (f->host);
}

static GVariant *
describe_setting (GDBusConnection *connection, const char *wanted)
{
  g_autoptr (GVariant) settings = ask (connection, "DescribeSettings", NULL);
  GVariantIter iter;
  GVariant *facts;
  const char *key;

  g_variant_iter_init (&iter, settings);
  while (g_variant_iter_next (&iter, "(&s&s@a{sv})", NULL, &key, &facts))
    {
      if (g_str_equal (key, wanted))
        return facts;
      g_variant_unref (facts);
    }
  g_assert_not_reached ();
}

static void
test_describe (Fixture *f, gconstpointer unused)
{
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (GVariant) before = NULL;
  g_autoptr (GVariant) after = NULL;
  g_autoptr (GVariant) status = NULL;
  g_autoptr (GVariant) processes = NULL;
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (GVariant) maximum = NULL;
  g_autoptr (GVariant) stored = NULL;
  const char *origin, *summary;
  double cpu = -1;

  test_host_start_with_library (f->host);
  connection = connect_to (f, FALSE);
  await_service (f, connection, "web", 2);
  await_service (f, connection, "monitor", 1);

  /* The command line says 2; what is applied counts all the same. */
  before = describe_setting (connection, "workers");
  g_assert_true (g_variant_lookup (before, "origin", "&s", &origin));
  g_assert_cmpstr (origin, ==, "option");
  g_assert_true (g_variant_lookup (before, "summary", "&s", &summary));
  g_assert_cmpstr (summary, ==, "Web processes");
  g_assert_true (g_variant_lookup (before, "maximum", "v", &maximum));
  g_assert_cmpuint (g_variant_get_uint32 (maximum), ==, 64);
  call (connection, "ApplySetting",
        g_variant_new ("(ssv)", "org.booru.host", "workers", g_variant_new_uint32 (1)));
  await_service (f, connection, "web", 1);
  after = describe_setting (connection, "workers");
  g_assert_true (g_variant_lookup (after, "stored", "v", &stored));
  g_assert_cmpuint (g_variant_get_uint32 (stored), ==, 1);
  assert_refused (connection, "ApplySetting",
                  g_variant_new ("(ssv)", "org.booru.host", "workers", g_variant_new_uint32 (65)),
                  "org.booru.Error.Invalid");
  assert_refused (connection, "ApplySetting",
                  g_variant_new ("(ssv)", "org.booru.host", "library-folders",
                                 g_variant_new_parsed ("[b'/nowhere']")),
                  "org.booru.Error.NotFound");
  await_service (f, connection, "web", 1);

  status = ask (connection, "GetStatus", NULL);
  processes = g_variant_lookup_value (status, "processes", G_VARIANT_TYPE ("aa{sv}"));
  /* One that was dismissed may still be on its way out. */
  g_assert_cmpuint (g_variant_n_children (processes), >=, 2);
  {
    g_autoptr (GVariant) first = g_variant_get_child_value (processes, 0);

    g_assert_true (g_variant_lookup (first, "CpuTime", "d", &cpu));
    g_assert_cmpfloat (cpu, >=, 0);
  }

  /* The same by way of a web process. */
  json = test_host_get_json (f->host, "/system.json");
  g_assert_cmpuint (json_array_get_length (
                        json_object_get_array_member (json_node_get_object (json), "processes")),
                    >=, 2);
  g_assert_true (json_object_get_null_member (json_node_get_object (json), "error"));
  test_host_stop (f->host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/control/failures", Fixture, NULL, set_up, test_failures, tear_down);
  g_test_add ("/control/describe", Fixture, NULL, set_up, test_describe, tear_down);
  return g_test_run ();
}
