/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a process of its own finds out about a plugin, and what that costs the one who asks. */
#include <string.h>

#include "base/booru-error.h"
#include "host/plugins/booru-probe.h"
#include "test-util.h"

static BooruPluginInfo *
read_fixture (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".plugin", NULL);
  g_autofree char *path = g_build_filename (TEST_PLUGIN_DIR, file, NULL);
  g_autoptr (GError) error = NULL;
  BooruPluginInfo *plugin = booru_plugin_info_new_from_file (path, &error);

  g_assert_no_error (error);
  return plugin;
}

/* Waits for what comes last. */
static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static BooruTrialReport *
try (BooruPluginInfo *info, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  booru_probe_run_async (info, cancellable, on_done, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return booru_probe_run_finish (info, result, error);
}

static void
test_report (void)
{
  g_autoptr (BooruPluginInfo) info = read_fixture ("good-workers");
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruTrialReport) report = try (info, NULL, &error);
  const BooruService *service;

  g_assert_no_error (error);
  g_assert_cmpuint (report->services->len, ==, 1);
  g_assert_cmpuint (g_strv_length (report->routes), ==, 0);
  g_assert_false (report->checks_settings);

  g_assert_true (booru_plugin_info_knows_services (info));
  g_assert_null (booru_plugin_info_get_descriptor (info));
  service = booru_plugin_info_get_services (info)->pdata[0];
  g_assert_cmpstr (service->name, ==, "good-workers");
  g_assert_cmpstr (service->process_name, ==, "booru-workers");
  g_assert_cmpint (service->instances, ==, BOORU_SERVICE_WORKERS);
  g_assert_true (service->listener);
  g_assert_cmpuint (service->stop_timeout, >, 0);
}

static void
test_report_of_extension (void)
{
  g_autoptr (BooruPluginInfo) info = read_fixture ("extends");
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruTrialReport) report = try (info, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (report->services->len, ==, 0);
  g_assert_cmpuint (g_strv_length (report->routes), ==, 1);
  g_assert_cmpstr (report->routes[0], ==, "GET /test/extends/:name");
  g_assert_cmpstr (report->reports[0], ==, "extended");
  g_assert_true (report->checks_settings);
}

typedef struct
{
  const char *name;
  BooruError code; /* that a plugin which takes its process down gives */
  const char *says;
} Fault;

/* All at once, as when the host starts. */
static void
test_faults (void)
{
  static const Fault table[] = {
    { "good", 0, NULL },
    { "abort-on-extend", BOORU_ERROR_FAILED, "it crashes: Aborted" },
    { "abort-on-load", BOORU_ERROR_FAILED, "it crashes: Aborted" },
    { "atexit-on-load", 0, NULL },
    { "chdir-on-load", 0, NULL },
    { "close-fds-on-load", BOORU_ERROR_FAILED, "it ends the process with code" },
    { "crash-on-activate", BOORU_ERROR_FAILED, "it crashes: Segmentation fault" },
    { "crash-on-extend", BOORU_ERROR_FAILED, "it crashes: Segmentation fault" },
    { "crash-on-load", BOORU_ERROR_FAILED, "it crashes: Segmentation fault" },
    { "crash-on-start", 0, NULL },
    { "exit-0-on-activate", BOORU_ERROR_FAILED, "it ends the process with code 0" },
    { "exit-0-on-extend", BOORU_ERROR_FAILED, "it ends the process with code 0" },
    { "exit-0-on-load", BOORU_ERROR_FAILED, "it ends the process with code 0" },
    { "exit-on-load", BOORU_ERROR_FAILED, "it ends the process with code 7" },
    { "extends-not", BOORU_ERROR_CONFIG, "cannot extend the service web: no lamp in web" },
    { "extends-too-much", BOORU_ERROR_FAILED, "it ends the process with code 74. It printed: “" },
    { "fork-on-load", 0, NULL },
    { "hang-on-load", BOORU_ERROR_FAILED, "it has not returned within 10 seconds" },
    { "kill-on-activate", BOORU_ERROR_FAILED, "it crashes: Killed" },
    { "loop-on-extend", BOORU_ERROR_FAILED, "it has not returned after 5 seconds of processor" },
    { "loop-on-load", BOORU_ERROR_FAILED, "it has not returned after 5 seconds of processor" },
    { "recurse-on-activate", BOORU_ERROR_FAILED, "it crashes: Segmentation fault" },
    { "scribble-on-load", 0, NULL },
    { "shout-on-load", BOORU_ERROR_FAILED, "it crashes: Aborted. It printed: “…" },
    { "signals-on-load", 0, NULL },
    { "threads-on-activate", 0, NULL },
    { "undefined-symbol", BOORU_ERROR_CONFIG, "fixture_function_that_nobody_has" },
    { "wrong-abi", BOORU_ERROR_CONFIG, "plugin ABI 4711" },
  };
  g_autoptr (GPtrArray) plugins = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) faults = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    g_ptr_array_add (plugins, read_fixture (table[i].name));
  faults = booru_probe_plugins (plugins);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      const GError *fault = faults->pdata[i];

      g_test_message ("%s: %s", table[i].name, fault ? fault->message : "good");
      g_assert_cmpint (fault == NULL, ==, table[i].says == NULL);
      g_assert_cmpint (booru_plugin_info_knows_services (plugins->pdata[i]), ==, fault == NULL);
      if (fault == NULL)
        continue;
      g_assert_error (fault, BOORU_ERROR, (int)table[i].code);
      test_assert_contains (fault->message, table[i].says);
      test_assert_contains (fault->message, table[i].name);
      g_assert_cmpuint (strlen (fault->message), <, 1500);
    }
}

static gboolean
on_tick (gpointer ticks)
{
  (*(guint *)ticks)++;
  return G_SOURCE_CONTINUE;
}

/* Whoever asks goes on meanwhile, and need not wait for the end. */
static void
test_cancelled (void)
{
  g_autoptr (BooruPluginInfo) info = read_fixture ("hang-on-load");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint ticks = 0, source = g_timeout_add (5, on_tick, &ticks);

  booru_probe_run_async (info, cancellable, on_done, &result);
  while (result == NULL)
    {
      g_main_context_iteration (NULL, TRUE);
      if (ticks >= 20)
        g_cancellable_cancel (cancellable);
    }
  g_assert_null (booru_probe_run_finish (info, result, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CANCELLED);
  g_source_remove (source);
}

static BooruConfig *
make_config (guint port)
{
  return booru_config_new (g_variant_new_parsed ("{%s: <%u>}", BOORU_CONFIG_PORT, port));
}

static gboolean
check_port (const char *plugin, guint port, guint current_port, GError **error)
{
  g_autoptr (BooruPluginInfo) info = read_fixture (plugin);
  g_autoptr (BooruConfig) wanted = make_config (port);
  g_autoptr (BooruConfig) current = make_config (current_port);
  g_autoptr (GAsyncResult) result = NULL;

  booru_probe_check_settings_async (info, wanted, current, NULL, on_done, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return booru_probe_check_settings_finish (info, result, error);
}

static void
assert_refused (guint port, guint current_port, BooruError code, const char *says)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (check_port ("extends", port, current_port, &error));
  g_assert_error (error, BOORU_ERROR, (int)code);
  test_assert_contains (error->message, says);
}

static void
test_check_settings (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (check_port ("extends", 8000, 0, &error));
  g_assert_true (check_port ("extends", 8000, 8000, &error));
  g_assert_true (check_port ("good", 2, 0, &error)); /* checks nothing */
  g_assert_no_error (error);

  assert_refused (2, 0, BOORU_ERROR_USAGE, "Port 2 is too low");
  assert_refused (7999, 8000, BOORU_ERROR_USAGE, "Port 7999 is too low");
  assert_refused (3, 0, BOORU_ERROR_INVALID, "The plugin extends refuses these settings");

  /* A crash there keeps nobody from changing anything. */
  g_test_expect_message ("booru-host", G_LOG_LEVEL_WARNING, "*extends cannot check*it crashes*");
  g_assert_true (check_port ("extends", 1, 0, &error));
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
}

static BooruConfig *
parse_config (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return booru_config_new (value);
}

/* What the plugin of the board @name says about a change, in GVariant's text format. */
static void
assert_change (const char *name, const char *wanted, const char *current, const char *says)
{
  g_autofree char *path
      = g_strdup_printf ("%s/plugins/%s/%s.plugin", g_getenv ("BOORU_TEST_BUILD_ROOT"), name, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPluginInfo) info = booru_plugin_info_new_from_file (path, &error);
  g_autoptr (BooruConfig) to = parse_config (wanted);
  g_autoptr (BooruConfig) from = parse_config (current);
  g_autoptr (GAsyncResult) result = NULL;
  gboolean accepted;

  booru_probe_check_settings_async (info, to, from, NULL, on_done, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  accepted = booru_probe_check_settings_finish (info, result, &error);
  g_test_message ("%s: %s", wanted, accepted ? "accepted" : error->message);
  g_assert_cmpint (accepted, ==, says == NULL);
  if (says)
    test_assert_contains (error->message, says);
}

/* What stands in the settings since before keeps nobody from starting; a new mistake is refused. */
static void
test_check_of_the_board (void)
{
  static const char *const none = "@a{sv} {}";
  static const struct
  {
    const char *plugin, *wanted, *says;
  } table[] = {
    { "web", "{'base-url': <'booru.example'>}", "is not an absolute URL" },
    { "web", "{'time-zone': <'Europe/Nowhere'>}", "is not a known time zone" },
    { "web", "{'trusted-proxies': <['10.0.0.0/8', 'proxy']>}", "“proxy” is neither an address" },
    { "monitor", "{'library-folders': <[b'/nothing/here']>}", "“/nothing/here” does not exist" },
    { "monitor", "{'library-folders': <[b'/proc']>}", "/proc" },
    { "monitor", "{'ingest-folder': <b'inbox'>}", "is not a full path" },
    { "web", "{'ingest-folder': <b'/nothing/here'>}", "“/nothing/here” does not exist" },
    { "monitor", "{'folder-rules': <[(b'pictures', {'tags': <'a'>})]>}", "full path" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      assert_change (table[i].plugin, table[i].wanted, none, table[i].says);
      assert_change (table[i].plugin, table[i].wanted, table[i].wanted, NULL);
    }
  assert_change ("web", "{'base-url': <'https://booru.example/x'>, 'time-zone': <'Asia/Tokyo'>}",
                 none, NULL);
  assert_change ("monitor", "{'library-folders': <[b'/usr']>, 'ingest-folder': <b'/tmp'>}", none,
                 NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe/report", test_report);
  g_test_add_func ("/probe/report/extension", test_report_of_extension);
  g_test_add_func ("/probe/faults", test_faults);
  g_test_add_func ("/probe/cancelled", test_cancelled);
  g_test_add_func ("/probe/check-settings", test_check_settings);
  g_test_add_func ("/probe/check-of-the-board", test_check_of_the_board);
  return g_test_run ();
}
