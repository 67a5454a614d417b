/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the real program tells to those who watch over it. */
#include "test-host.h"

#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>

/* A strict reader of Prometheus' text format. */

typedef struct
{
  GHashTable *samples; /* "name{labels}" -> double * */
  GHashTable *types;   /* name -> type */
} Page;

static void
page_clear (Page *self)
{
  g_clear_pointer (&self->samples, g_hash_table_unref);
  g_clear_pointer (&self->types, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Page, page_clear)

/* The name that HELP and TYPE have. */
static char *
get_family (const Page *page, const char *name)
{
  static const char *const suffixes[] = { "_bucket", "_sum", "_count" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *stem
          = g_strndup (name, strlen (name) - MIN (strlen (name), strlen (suffixes[i])));

      if (g_str_has_suffix (name, suffixes[i])
          && g_strcmp0 (g_hash_table_lookup (page->types, stem), "histogram") == 0)
        return g_steal_pointer (&stem);
    }
  return g_strdup (name);
}

/* Samples follow their TYPE at once: of no name are some here and some there. */
static void
read_sample (Page *page, const char *line, const char *current)
{
  static GRegex *pattern;
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *key = NULL, *name = NULL, *text = NULL, *family = NULL;
  double *value = g_new (double, 1);
  char *end;

  if (pattern == NULL)
    pattern = g_regex_new ("^(([a-zA-Z_:][a-zA-Z0-9_:]*)"
                           "(?:\\{[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\""
                           "(?:,[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\")*\\})?) "
                           "([^ ]+)$",
                           G_REGEX_OPTIMIZE, 0, NULL);
  if (!g_regex_match (pattern, line, 0, &match))
    g_error ("This is no sample: %s", line);
  key = g_match_info_fetch (match, 1);
  name = g_match_info_fetch (match, 2);
  text = g_match_info_fetch (match, 3);
  *value = g_str_equal (text, "+Inf") ? INFINITY : g_ascii_strtod (text, &end);
  g_assert_true (isinf (*value) || *end == '\0');
  family = get_family (page, name);
  g_assert_cmpstr (family, ==, current);
  if (!g_hash_table_insert (page->samples, g_steal_pointer (&key), value))
    g_error ("This sample comes twice: %s", line);
}

static void
read_page (Page *page, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *helped = NULL, *current = NULL;

  g_assert_true (g_str_has_suffix (text, "\n"));
  page->samples = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  page->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (char **line = lines; *line; line++)
    {
      g_auto (GStrv) words = g_strsplit (*line, " ", 4);

      if (**line == '\0')
        {
          g_assert_null (line[1]); /* only behind the last */
          continue;
        }
      if (g_str_has_prefix (*line, "# HELP "))
        {
          g_free (helped);
          helped = g_strdup (words[2]);
          g_assert_cmpuint (strlen (words[3]), >, 0);
        }
      else if (g_str_has_prefix (*line, "# TYPE "))
        {
          g_assert_cmpstr (words[2], ==, helped);
          g_free (current);
          current = g_strdup (words[2]);
          if (!g_hash_table_insert (page->types, g_strdup (words[2]), g_strdup (words[3])))
            g_error ("This name is there twice: %s", words[2]);
          if (g_str_equal (words[3], "counter"))
            g_assert_true (g_str_has_suffix (words[2], "_total"));
          else
            g_assert_true (g_str_equal (words[3], "gauge") || g_str_equal (words[3], "histogram"));
        }
      else
        read_sample (page, *line, current);
    }
}

static char *
fetch (TestHost *host)
{
  g_autoptr (GBytes) answer = NULL;

  g_assert_cmpuint (test_host_request (host, "GET", "/metrics", NULL, NULL, &answer), ==, 200);
  return g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
}

static void
look (TestHost *host, Page *page)
{
  g_autofree char *text = fetch (host);

  page_clear (page);
  read_page (page, text);
}

/* -1: there is no such sample. */
static double
get (const Page *page, const char *key)
{
  const double *value = g_hash_table_lookup (page->samples, key);

  return value ? *value : -1;
}

static void
assert_is (const Page *page, const char *key, double expected)
{
  if (get (page, key) != expected)
    g_error ("%s is %g, not %g", key, get (page, key), expected);
}

typedef struct
{
  TestHost *host;
  const char *key;
  double value;
} Expectation;

static gboolean
sample_is (gpointer data)
{
  const Expectation *expected = data;
  g_auto (Page) page = { 0 };

  look (expected->host, &page);
  return get (&page, expected->key) == expected->value;
}

static void
await (TestHost *host, const char *key, double value)
{
  Expectation expected = { host, key, value };

  test_host_await (host, key, sample_is, &expected);
}

/* A post, a failure, and requests of several kinds. */
static void
make_activity (TestHost *host)
{
  g_autofree char *photo = test_host_dup_photo (0);
  g_autofree char *broken = g_build_filename (test_host_get_library (host), "broken.jpg", NULL);

  g_assert_true (g_file_set_contents (broken, "no picture", -1, NULL));
  if (photo)
    {
      test_host_drop (host, photo, "photo.jpg");
      test_host_await_posts (host, "", 1);
    }
  await (host, "booru_ingest_files_total{process=\"monitor\",result=\"failed\"}", 1);
  for (guint i = 0; i < 20; i++)
    test_host_request (host, "GET", "/posts.json", NULL, NULL, NULL);
  g_assert_cmpuint (test_host_request (host, "GET", "/nowhere", NULL, NULL, NULL), ==, 404);
}

static gboolean
has_index (gpointer host)
{
  g_auto (Page) page = { 0 };

  look (host, &page);
  return get (&page, "booru_index_size_bytes") > 0
         && get (&page, "booru_index_write_time_seconds") > 1e9;
}

static void
check_dashboard (const Page *page)
{
  g_autofree char *path = g_build_filename (g_getenv ("BOORU_TEST_SOURCE_ROOT"),
                                            "data/grafana/booru-host.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GRegex) pattern = g_regex_new ("\\bbooru_[a-z0-9_]+", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *text = NULL;
  guint n = 0;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  for (g_regex_match (pattern, text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL), n++)
    {
      g_autofree char *name = g_match_info_fetch (match, 0);
      g_autofree char *family = get_family (page, name);

      if (!g_hash_table_contains (page->types, family))
        g_error ("The dashboard names %s, which is not there", name);
    }
  g_assert_cmpuint (n, >, 30);
}

static void
check_system_page (TestHost *host)
{
  g_autoptr (GBytes) page = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpuint (test_host_request (host, "GET", "/system", NULL, NULL, &page), ==, 200);
  text = g_strndup (g_bytes_get_data (page, NULL), g_bytes_get_size (page));
  if (!g_regex_match_simple ("<dt>Search index</dt><dd>[0-9.]+.[a-zA-Z]+, written [0-9]+ s ago<",
                             text, 0, 0))
    g_error ("The page of the system does not tell of the search index: %s", text);
}

static void
check_with_promtool (const char *page)
{
  g_autofree char *promtool = g_find_program_in_path ("promtool");
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *complaints = NULL;

  if (promtool == NULL)
    {
      g_test_message ("promtool is not installed");
      return;
    }
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                  | G_SUBPROCESS_FLAGS_STDERR_MERGE,
                              &error, promtool, "check", "metrics", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, page, NULL, &complaints, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (complaints, ==, "");
  g_assert_true (g_subprocess_get_successful (process));
}

static void
test_page (void)
{
  static const char *const processes[] = { "host", "web-1", "web-2", "monitor" };
  g_autoptr (TestHost) host = test_host_new ();
  g_auto (Page) page = { 0 };
  g_autofree char *text = NULL;

  test_host_start_with_library (host);
  await (host, "booru_up{process=\"monitor\"}", 1);
  await (host, "booru_service_ready_processes{service=\"web\"}", 2);
  make_activity (host);
  test_host_await (host, "the search index to be written", has_index, host);
  text = fetch (host);
  read_page (&page, text);

  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    {
      g_autofree char *up = g_strdup_printf ("booru_up{process=\"%s\"}", processes[i]);
      g_autofree char *memory
          = g_strdup_printf ("booru_process_private_memory_bytes{process=\"%s\"}", processes[i]);
      g_autofree char *threads
          = g_strdup_printf ("booru_process_threads{process=\"%s\"}", processes[i]);

      assert_is (&page, up, 1);
      g_assert_cmpfloat (get (&page, memory), >, 100000);
      g_assert_cmpfloat (get (&page, threads), >=, 1);
    }
  assert_is (&page, "booru_posts{status=\"active\"}", (double)test_host_count_posts (host, ""));
  assert_is (&page, "booru_service_wanted_processes{service=\"monitor\"}", 1);
  g_assert_cmpfloat (get (&page, "booru_store_database_size_bytes"), >, 0);
  check_dashboard (&page);
  check_system_page (host);
  check_with_promtool (text);
  test_host_stop (host);
}

/* What both workers say together. */
static double
sum (TestHost *host, const char *name, const char *labels)
{
  g_autofree char *first = g_strdup_printf ("%s{process=\"web-1\"%s}", name, labels);
  g_autofree char *second = g_strdup_printf ("%s{process=\"web-2\"%s}", name, labels);
  g_auto (Page) page = { 0 };

  look (host, &page);
  return MAX (get (&page, first), 0) + MAX (get (&page, second), 0);
}

static void
test_requests_are_counted (void)
{
  const char *found = ",route=\"/posts/:id.json\",method=\"GET\",code=\"404\"";
  g_autoptr (TestHost) host = test_host_new ();
  double hits, misses;

  test_host_start_with_library (host);
  for (guint i = 1; i <= 7; i++)
    {
      g_autofree char *path = g_strdup_printf ("/posts/%u.json", 1000 + i);

      g_assert_cmpuint (test_host_request (host, "GET", path, NULL, NULL, NULL), ==, 404);
    }
  g_assert_cmpfloat (sum (host, "booru_http_requests_total", found), ==, 7);
  g_assert_cmpfloat (
      sum (host, "booru_http_request_duration_seconds_count", ",route=\"/posts/:id.json\""), ==, 7);

  /* Kept answers are counted with their route, too. */
  for (guint i = 0; i < 30; i++)
    g_assert_cmpuint (test_host_request (host, "GET", "/posts.json", NULL, NULL, NULL), ==, 200);
  g_assert_cmpfloat (
      sum (host, "booru_http_requests_total", ",route=\"/posts.json\",method=\"GET\",code=\"200\""),
      ==, 30);
  hits = sum (host, "booru_http_cache_hits_total", "");
  misses = sum (host, "booru_http_cache_misses_total", "");
  g_assert_cmpfloat (hits, >=, 1);
  g_assert_cmpfloat (hits + misses, ==, 30);

  /* What clients make up does not become a label. */
  test_host_request (host, "BREW", "/nowhere", NULL, NULL, NULL);
  test_host_request (host, "GET", "/no/such/page", NULL, NULL, NULL);
  g_assert_cmpfloat (
      sum (host, "booru_http_requests_total", ",route=\"none\",method=\"GET\",code=\"404\""), ==,
      1);
  g_assert_cmpfloat (sum (host, "booru_http_sent_bytes_total", ""), >, 1000);
  test_host_stop (host);
}

static void
test_killed_worker (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_auto (Page) page = { 0 };

  test_host_start_with_library (host);
  await (host, "booru_service_restarts_total{service=\"web\",reason=\"signal\"}", 0);
  await (host, "booru_service_ready_processes{service=\"web\"}", 2);
  g_assert_cmpint (kill (test_host_await_process (host, "booru-web", 2), SIGKILL), ==, 0);
  await (host, "booru_service_restarts_total{service=\"web\",reason=\"signal\"}", 1);
  await (host, "booru_service_ready_processes{service=\"web\"}", 2);
  look (host, &page);
  assert_is (&page, "booru_service_restarts_total{service=\"web\",reason=\"start\"}", 0);
  test_host_stop (host);
}

/* The others answer for themselves; of the one that is stopped, /proc tells. */
static void
test_stopped_process (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_auto (Page) page = { 0 };
  GPid monitor;

  test_host_start_with_library (host);
  await (host, "booru_up{process=\"monitor\"}", 1);
  monitor = test_host_await_process (host, "booru-monitor", 1);
  g_assert_cmpint (kill (monitor, SIGSTOP), ==, 0);
  look (host, &page);
  assert_is (&page, "booru_up{process=\"monitor\"}", 0);
  assert_is (&page, "booru_up{process=\"web-1\"}", 1);
  assert_is (&page, "booru_up{process=\"web-2\"}", 1);
  assert_is (&page, "booru_ingest_queue_length{process=\"monitor\"}", -1);
  g_assert_cmpfloat (get (&page, "booru_process_threads{process=\"monitor\"}"), >=, 1);
  g_assert_cmpint (kill (monitor, SIGCONT), ==, 0);
  await (host, "booru_up{process=\"monitor\"}", 1);
  test_host_stop (host);
}

static gboolean
is_degraded (gpointer data)
{
  g_autoptr (JsonNode) root = test_host_get_json (data, "/health");

  return g_str_equal (json_object_get_string_member (json_node_get_object (root), "status"),
                      "degraded");
}

static void
test_failing_service (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *plugins = test_host_build_path ("tests/plugins");
  JsonObject *health, *service;

  test_host_setenv (host, "BOORU_PLUGIN_PATH", plugins);
  test_host_start (host, "--workers=1", "--disable-plugin=monitor",
                   "--enable-plugin=start-returns-error", NULL);
  test_host_await_ready (host);
  test_host_await (host, "degraded health", is_degraded, host);

  root = test_host_get_json (host, "/health");
  health = json_node_get_object (root);
  g_assert_nonnull (strstr (json_object_get_string_member (health, "reason"), "failed"));
  service = json_object_get_object_member (json_object_get_object_member (health, "services"),
                                           "start-returns-error");
  g_assert_false (json_object_get_boolean_member (service, "essential"));
  g_assert_cmpint (json_object_get_int_member (service, "ready"), ==, 0);
  g_assert_nonnull (json_object_get_string_member (service, "error"));
  service
      = json_object_get_object_member (json_object_get_object_member (health, "services"), "web");
  g_assert_cmpstr (json_object_get_string_member (service, "state"), ==, "ready");
  test_host_stop (host);
}

static gboolean
is_failing (gpointer data)
{
  g_autoptr (GBytes) answer = NULL;
  guint status = test_host_request (data, "GET", "/health", NULL, NULL, &answer);
  gsize length;
  const char *text = g_bytes_get_data (answer, &length);

  return status == 503 && g_strstr_len (text, (gssize)length, "Fixture essential-crash is failing");
}

/* The web works, another service without which nothing works does not. */
static void
test_failing_essential_service (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *plugins = test_host_build_path ("tests/plugins");

  test_host_setenv (host, "BOORU_PLUGIN_PATH", plugins);
  test_host_start (host, "--workers=1", "--disable-plugin=monitor",
                   "--enable-plugin=essential-crash", NULL);
  test_host_await_log (host, "service started (1 worker)", 1);
  test_host_await (host, "failed health", is_failing, host);
  test_host_stop (host);
}

/* Killed until the host gives it up. */
static void
test_failing_monitor (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autoptr (JsonNode) root = NULL;
  JsonObject *health, *monitor;

  test_host_start_with_library (host);
  await (host, "booru_up{process=\"monitor\"}", 1);
  for (guint i = 0; i < 5; i++)
    {
      GPid pid = test_host_await_process (host, "booru-monitor", 1);

      g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
      test_host_await_gone (pid);
    }
  await (host, "booru_service_failed{service=\"monitor\"}", 1);
  await (host, "booru_up{process=\"monitor\"}", 0);

  root = test_host_get_json (host, "/health");
  health = json_node_get_object (root);
  g_assert_cmpstr (json_object_get_string_member (health, "status"), ==, "degraded");
  g_assert_nonnull (strstr (json_object_get_string_member (health, "reason"), "Monitor is failed"));
  monitor = json_object_get_object_member (json_object_get_object_member (health, "services"),
                                           "monitor");
  g_assert_cmpstr (json_object_get_string_member (monitor, "state"), ==, "failed");
  g_assert_cmpint (json_object_get_int_member (monitor, "restarts"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (monitor, "wanted"), ==, 1);
  g_assert_nonnull (strstr (json_object_get_string_member (monitor, "error"), "signal 9"));
  test_host_stop (host);
}

/* A worker serves on and says what it knows when the host is stopped. */
static void
test_stopped_host (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_auto (Page) page = { 0 };

  test_host_start_with_library (host);
  test_host_signal (host, SIGSTOP);
  root = test_host_get_json (host, "/health");
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (root), "status"), ==,
                   "degraded");
  g_assert_nonnull (
      strstr (json_object_get_string_member (json_node_get_object (root), "reason"), "host"));
  text = fetch (host);
  read_page (&page, text);
  g_assert_true (g_hash_table_contains (page.types, "booru_http_requests_total"));
  g_assert_false (g_hash_table_contains (page.types, "booru_up"));
  test_host_signal (host, SIGCONT);
  test_host_stop (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/page", test_page);
  g_test_add_func ("/metrics/requests-are-counted", test_requests_are_counted);
  g_test_add_func ("/metrics/killed-worker", test_killed_worker);
  g_test_add_func ("/metrics/stopped-process", test_stopped_process);
  g_test_add_func ("/metrics/failing-service", test_failing_service);
  g_test_add_func ("/metrics/failing-essential-service", test_failing_essential_service);
  g_test_add_func ("/metrics/failing-monitor", test_failing_monitor);
  g_test_add_func ("/metrics/stopped-host", test_stopped_host);
  return g_test_run ();
}
