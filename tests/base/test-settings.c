/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-settings.h"
#include "test-util.h"

#define WEB BOORU_SCHEMA_HOST ".web"
#define VARIABLE "BOORU_TEST_VARIABLE"

typedef struct
{
  char *folder;
  char *keyfile;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  fixture->folder = test_make_folder ();
  fixture->keyfile = g_build_filename (fixture->folder, "settings.conf", NULL);
  g_unsetenv (VARIABLE);
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  test_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->keyfile);
}

static void
write_keyfile (Fixture *fixture, const char *contents)
{
  g_free (test_write_file (fixture->folder, "settings.conf", contents));
}

static BooruSettings *
open_settings (Fixture *fixture, const char *schema_id)
{
  g_autoptr (GError) error = NULL;
  BooruSettings *settings = booru_settings_new (schema_id, fixture->keyfile, &error);

  g_assert_no_error (error);
  return settings;
}

static void
assert_value (BooruSettings *settings,
              const char *key,
              const char *expected,
              BooruSettingOrigin origin)
{
  g_autoptr (GVariant) value = booru_settings_get (settings, key);
  g_autofree char *printed = g_variant_print (value, FALSE);

  g_assert_false (g_variant_is_floating (value));
  g_assert_cmpstr (printed, ==, expected);
  g_assert_cmpint (booru_settings_get_origin (settings, key), ==, origin);
}

static void
test_defaults (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruSettings) settings = open_settings (fixture, BOORU_SCHEMA_HOST);
  g_autoptr (GVariant) all = booru_settings_to_dictionary (settings, TRUE);
  g_auto (GStrv) plugins = booru_settings_get_strv (settings, "enabled-plugins");
  g_autofree char *address = booru_settings_get_string (settings, "address");
  guint16 port;

  g_assert_cmpuint (booru_settings_get_uint (settings, "workers"), ==, 4);
  g_assert_cmpuint (booru_settings_get_uint (settings, "port"), ==, 5000);
  g_assert_false (booru_settings_get_boolean (settings, "verbose"));
  g_assert_cmpstr (address, ==, "127.0.0.1");
  g_assert_cmpstr (plugins[0], ==, "web");
  g_assert_cmpstr (plugins[1], ==, "monitor");
  assert_value (settings, "library-folders", "[]", BOORU_SETTING_DEFAULT);
  g_assert_true (g_variant_lookup (all, "port", "q", &port));
  g_assert_cmpuint (g_variant_n_children (all), ==, 16);
  g_assert_false (g_variant_is_floating (all));
  g_assert_false (g_file_test (fixture->keyfile, G_FILE_TEST_EXISTS));
}

static void
count (BooruSettings *settings, const char *key, guint *n)
{
  *n += 1;
}

static void
test_priority (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruSettings) settings = NULL;
  g_autoptr (GError) error = NULL;
  guint changes = 0;

  write_keyfile (fixture, "[host]\nworkers=2\n");
  settings = open_settings (fixture, BOORU_SCHEMA_HOST);
  g_signal_connect (settings, "changed::workers", G_CALLBACK (count), &changes);
  assert_value (settings, "workers", "2", BOORU_SETTING_STORED);

  g_setenv (VARIABLE, "3", TRUE);
  g_assert_true (booru_settings_bind_environment (settings, "workers", VARIABLE, &error));
  assert_value (settings, "workers", "3", BOORU_SETTING_ENVIRONMENT);
  g_assert_cmpuint (changes, ==, 1);

  /* The first variable that is set counts. */
  g_setenv (VARIABLE, "9", TRUE);
  g_assert_true (booru_settings_bind_environment (settings, "workers", VARIABLE, &error));
  assert_value (settings, "workers", "3", BOORU_SETTING_ENVIRONMENT);

  booru_settings_set_option (settings, "workers", g_variant_new_uint32 (5), &error);
  g_assert_no_error (error);
  assert_value (settings, "workers", "5", BOORU_SETTING_OPTION);
  g_assert_cmpuint (changes, ==, 2);

  /* What is hidden may change without anybody noticing. */
  booru_settings_store (settings, "workers", g_variant_new_uint32 (6), &error);
  g_assert_no_error (error);
  assert_value (settings, "workers", "5", BOORU_SETTING_OPTION);
  g_assert_cmpuint (changes, ==, 2);

  booru_settings_set_option (settings, "workers", NULL, &error);
  assert_value (settings, "workers", "3", BOORU_SETTING_ENVIRONMENT);
  g_assert_cmpuint (changes, ==, 3);
}

static void
test_option_refused (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruSettings) settings = open_settings (fixture, BOORU_SCHEMA_HOST);
  g_autoptr (GError) range = NULL;
  g_autoptr (GError) type = NULL;

  g_assert_false (
      booru_settings_set_option (settings, "workers", g_variant_new_uint32 (0), &range));
  g_assert_error (range, BOORU_ERROR, BOORU_ERROR_USAGE);
  test_assert_contains (range->message, "a number from 1 to 64");
  g_assert_false (
      booru_settings_set_option (settings, "workers", g_variant_new_string ("many"), &type));
  g_assert_error (type, BOORU_ERROR, BOORU_ERROR_USAGE);
  assert_value (settings, "workers", "4", BOORU_SETTING_DEFAULT);
}

static const struct
{
  const char *key;
  const char *text;
  const char *expected; /* NULL: refused */
  const char *why;
} words[] = {
  { "verbose", "1", "true" },
  { "verbose", "TRUE", "true" },
  { "verbose", "yes", "true" },
  { "verbose", "On", "true" },
  { "verbose", "0", "false" },
  { "verbose", "false", "false" },
  { "verbose", "no", "false" },
  { "verbose", "off", "false" },
  { "verbose", "maybe", NULL, "true or false" },
  { "verbose", "2", NULL, "true or false" },
  { "workers", "64", "64" },
  { "workers", "0", NULL, "from 1 to 64" },
  { "workers", "65", NULL, "from 1 to 64" },
  { "workers", "-1", NULL, "from 1 to 64" },
  { "workers", "4x", NULL, "from 1 to 64" },
  { "workers", " 4", NULL, "from 1 to 64" },
  { "workers", "99999999999999999999", NULL, "from 1 to 64" },
  { "port", "0", "0" },
  { "port", "65535", "65535" },
  { "port", "65536", NULL, "0 to 65535" },
  { "address", "::1", "'::1'" },
  { "address", "\xff", NULL, "text" },
  { "data-dir", "/srv/booru", "'/srv/booru'" },
  { "enabled-plugins", "web, other", "['web', 'other']" },
  { "library-folders", "/a:/b c::/d", "[b'/a', b'/b c', b'/d']" },
  { "ingest-folder", "/in:box", "b'/in:box'" },
};

static void
test_environment (Fixture *fixture, gconstpointer unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (BooruSettings) settings = open_settings (fixture, BOORU_SCHEMA_HOST);
      g_autoptr (GError) error = NULL;
      gboolean bound;

      g_setenv (VARIABLE, words[i].text, TRUE);
      bound = booru_settings_bind_environment (settings, words[i].key, VARIABLE, &error);
      if (words[i].expected)
        {
          g_assert_no_error (error);
          assert_value (settings, words[i].key, words[i].expected, BOORU_SETTING_ENVIRONMENT);
          continue;
        }
      g_assert_false (bound);
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG);
      test_assert_contains (error->message, VARIABLE);
      test_assert_contains (error->message, words[i].text);
      test_assert_contains (error->message, words[i].why);
    }
}

static void
test_environment_empty (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruSettings) settings = open_settings (fixture, BOORU_SCHEMA_HOST);
  g_autoptr (GError) error = NULL;

  g_setenv (VARIABLE, "", TRUE);
  g_assert_true (booru_settings_bind_environment (settings, "workers", VARIABLE, &error));
  assert_value (settings, "workers", "4", BOORU_SETTING_DEFAULT);
}

static void
test_keyfile (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruSettings) host = NULL;
  g_autoptr (BooruSettings) web = NULL;

  write_keyfile (fixture, "# Ours\n[host]\nport=8080\naddress=::\n"
                          "library-folders=[b'/srv/a', b'/srv/\\377']\n"
                          "[web]\nbase-url='https://example.org'\n");
  host = open_settings (fixture, BOORU_SCHEMA_HOST);
  web = open_settings (fixture, WEB);
  assert_value (host, "port", "8080", BOORU_SETTING_STORED);
  assert_value (host, "address", "'::'", BOORU_SETTING_STORED);
  assert_value (host, "library-folders", "[b'/srv/a', b'/srv/\\377']", BOORU_SETTING_STORED);
  assert_value (host, "workers", "4", BOORU_SETTING_DEFAULT);
  assert_value (web, "base-url", "'https://example.org'", BOORU_SETTING_STORED);
}

static void
test_keyfile_broken (Fixture *fixture, gconstpointer unused)
{
  static const struct
  {
    const char *contents;
    const char *line;
    const char *reason;
  } table[] = {
    { "[host]\nport=1\n\nthis is no setting\nworkers=2\n", "line 4", "this is no setting" },
    { "port=1\n", "line 1", "" },
    { "[host\nport=1\n", "line 1", "[host" },
    { "[host]\nport=abc\n", "line 2", "“abc” is not a valid value for port" },
    { "[host]\n# workers=1\nworkers=99\n", "line 3", "from 1 to 64" },
    { "[web]\nworkers=99\n[host]\nworkers = 0\n", "line 4", "from 1 to 64" },
    { "[host]\nverbose=yes\n", "line 2", "true or false" },
    { "[host]\nlibrary-folders=/srv/pictures\n", "line 2", "[b'/srv/pictures'" },
    { "[host]\nlibrary-folders=['/srv/pictures']\n", "line 2", "[b'/srv/pictures'" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GError) error = NULL;

      write_keyfile (fixture, table[i].contents);
      g_assert_null (booru_settings_new (BOORU_SCHEMA_HOST, fixture->keyfile, &error));
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG);
      test_assert_contains (error->message, fixture->keyfile);
      test_assert_contains (error->message, table[i].line);
      test_assert_contains (error->message, table[i].reason);
    }
}

static void
test_keyfile_unreadable (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (fixture->keyfile, 0700), ==, 0);
  g_assert_null (booru_settings_new (BOORU_SCHEMA_HOST, fixture->keyfile, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG);
  test_assert_contains (error->message, fixture->keyfile);
}

/* All that is wrong at once, whatever schema it belongs to. */
static void
test_keyfile_inspected (Fixture *fixture, gconstpointer unused)
{
  static const struct
  {
    guint line;
    gboolean harmless;
    const char *text;
  } expected[] = {
    { 2, TRUE, "“wrokers”" },
    { 3, FALSE, "from 1 to 64" },
    { 5, FALSE, "idle-timeout" },
    { 0, TRUE, "[hots]" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) faults = booru_settings_inspect_keyfile (fixture->keyfile, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (faults->len, ==, 0);
  g_ptr_array_unref (faults);
  write_keyfile (fixture, "[host]\nwrokers=2\nworkers=99\n[web]\nidle-timeout=0\n[hots]\nport=1\n");
  faults = booru_settings_inspect_keyfile (fixture->keyfile, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (faults->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < faults->len; i++)
    {
      const BooruSettingsFault *fault = faults->pdata[i];

      g_assert_cmpuint (fault->line, ==, expected[i].line);
      g_assert_cmpint (fault->harmless, ==, expected[i].harmless);
      test_assert_contains (fault->text, expected[i].text);
    }
}

static void
test_keyfile_unknown (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruSettings) settings = NULL;

  write_keyfile (fixture, "[host]\nwrokers=2\nworkers=3\n[hots]\nport=1\n");
  g_test_expect_message ("booru", G_LOG_LEVEL_WARNING, "*line 2*“wrokers”*");
  g_test_expect_message ("booru", G_LOG_LEVEL_WARNING, "*no settings for the group [hots]*");
  settings = open_settings (fixture, BOORU_SCHEMA_HOST);
  g_test_assert_expected_messages ();
  assert_value (settings, "workers", "3", BOORU_SETTING_STORED);
}

static void
test_store (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruSettings) settings = open_settings (fixture, BOORU_SCHEMA_HOST);
  g_autoptr (BooruSettings) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refused = NULL;
  guint changes = 0;

  g_signal_connect (settings, "changed::port", G_CALLBACK (count), &changes);
  g_assert_true (booru_settings_store (settings, "port", g_variant_new_uint16 (81), &error));
  g_assert_no_error (error);
  assert_value (settings, "port", "81", BOORU_SETTING_STORED);
  g_assert_cmpuint (changes, ==, 1);
  again = open_settings (fixture, BOORU_SCHEMA_HOST);
  assert_value (again, "port", "81", BOORU_SETTING_STORED);

  g_assert_false (booru_settings_store (settings, "workers", g_variant_new_uint32 (0), &refused));
  g_assert_error (refused, BOORU_ERROR, BOORU_ERROR_INVALID);

  g_assert_true (booru_settings_store (settings, "port", NULL, &error));
  assert_value (settings, "port", "5000", BOORU_SETTING_DEFAULT);
}

/* As on a full disk: the keyfile's backend only logs that it could not write. */
static void
test_store_in_vain (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruSettings) settings = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit before;
  struct rlimit none;

  write_keyfile (fixture, "[host]\nport=82\n");
  settings = open_settings (fixture, BOORU_SCHEMA_HOST);
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &before);
  none = before;
  none.rlim_cur = 0;
  g_test_expect_message ("GLib-GIO", G_LOG_LEVEL_WARNING, "*Failed to write keyfile*");
  g_test_expect_message ("GLib-GIO", G_LOG_LEVEL_WARNING, "*Failed to write keyfile*");

  setrlimit (RLIMIT_FSIZE, &none);
  g_assert_false (booru_settings_store (settings, "port", g_variant_new_uint16 (81), &error));
  setrlimit (RLIMIT_FSIZE, &before);
  g_test_assert_expected_messages ();
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_DENIED);
  test_assert_contains (error->message, fixture->keyfile);
  assert_value (settings, "port", "82", BOORU_SETTING_STORED);
}

static void
wait_for (guint *n, guint wanted)
{
  while (*n < wanted)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_edited_while_running (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruSettings) settings = NULL;
  guint changes = 0;

  write_keyfile (fixture, "[host]\nworkers=2\n");
  settings = open_settings (fixture, BOORU_SCHEMA_HOST);
  g_signal_connect (settings, "changed::workers", G_CALLBACK (count), &changes);
  write_keyfile (fixture, "[host]\nworkers=3\n");
  wait_for (&changes, 1);
  assert_value (settings, "workers", "3", BOORU_SETTING_STORED);
}

static guint n_warnings;

static void
count_warning (const char *domain, GLogLevelFlags level, const char *message, gpointer path)
{
  test_assert_contains (message, path);
  n_warnings++;
}

static gboolean
never_fatal (const char *domain, GLogLevelFlags level, const char *message, gpointer unused)
{
  return FALSE;
}

static void
test_broken_while_running (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruSettings) settings = NULL;
  guint changes = 0;
  guint handler;

  write_keyfile (fixture, "[host]\nworkers=2\n");
  settings = open_settings (fixture, BOORU_SCHEMA_HOST);
  g_signal_connect (settings, "changed", G_CALLBACK (count), &changes);
  n_warnings = 0;
  handler = g_log_set_handler ("booru", G_LOG_LEVEL_WARNING | G_LOG_FLAG_FATAL, count_warning,
                               fixture->keyfile);
  g_test_log_set_fatal_handler (never_fatal, NULL);

  write_keyfile (fixture, "[host]\nworkers=3\nrubbish\n");
  wait_for (&n_warnings, 1);
  assert_value (settings, "workers", "2", BOORU_SETTING_STORED);
  g_assert_cmpuint (changes, ==, 0);

  write_keyfile (fixture, "[host]\nworkers=4\nport=1\n");
  wait_for (&changes, 2);
  assert_value (settings, "workers", "4", BOORU_SETTING_STORED);
  assert_value (settings, "port", "1", BOORU_SETTING_STORED);
  g_assert_cmpuint (n_warnings, ==, 1);
  g_log_remove_handler ("booru", handler);
}

static void
test_reload (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruSettings) settings = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) broken = NULL;
  guint changes = 0;

  write_keyfile (fixture, "[host]\nworkers=2\n");
  settings = open_settings (fixture, BOORU_SCHEMA_HOST);
  g_signal_connect (settings, "changed", G_CALLBACK (count), &changes);

  write_keyfile (fixture, "[host]\nworkers=3\n");
  g_assert_true (booru_settings_reload (settings, &error));
  g_assert_no_error (error);
  assert_value (settings, "workers", "3", BOORU_SETTING_STORED);
  g_assert_cmpuint (changes, ==, 1);

  write_keyfile (fixture, "[host]\nworkers=300\n");
  g_assert_false (booru_settings_reload (settings, &broken));
  g_assert_error (broken, BOORU_ERROR, BOORU_ERROR_CONFIG);
  assert_value (settings, "workers", "3", BOORU_SETTING_STORED);
  g_assert_cmpuint (changes, ==, 1);
}

static void
test_unknown_schema (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (booru_settings_new ("org.booru.host.nothing", fixture->keyfile, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG);
  test_assert_contains (error->message, "org.booru.host.nothing");
}

/* On a server without a session bus nothing is said about back ends, and what is stored, stays. */
static void
test_without_bus (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruSettings) settings = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *stored = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      g_test_trap_assert_stderr ("");
      return;
    }
  g_unsetenv ("GSETTINGS_BACKEND");
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_unsetenv ("BOORU_SETTINGS");
  g_unsetenv ("XDG_RUNTIME_DIR");
  g_setenv ("XDG_CONFIG_HOME", fixture->folder, TRUE);
  settings = booru_settings_new (BOORU_SCHEMA_HOST, NULL, &error);
  g_assert_no_error (error);
  booru_settings_store (settings, "workers", g_variant_new_uint32 (7), &error);
  g_assert_no_error (error);
  stored = g_build_filename (fixture->folder, "booru-host", "settings.conf", NULL);
  g_assert_true (g_file_test (stored, G_FILE_TEST_EXISTS));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/settings/defaults", test_defaults);
  ADD ("/settings/priority", test_priority);
  ADD ("/settings/option-refused", test_option_refused);
  ADD ("/settings/environment", test_environment);
  ADD ("/settings/environment-empty", test_environment_empty);
  ADD ("/settings/keyfile", test_keyfile);
  ADD ("/settings/keyfile/broken", test_keyfile_broken);
  ADD ("/settings/keyfile/unreadable", test_keyfile_unreadable);
  ADD ("/settings/keyfile/unknown", test_keyfile_unknown);
  ADD ("/settings/keyfile/inspected", test_keyfile_inspected);
  ADD ("/settings/store", test_store);
  ADD ("/settings/store-in-vain", test_store_in_vain);
  ADD ("/settings/edited-while-running", test_edited_while_running);
  ADD ("/settings/broken-while-running", test_broken_while_running);
  ADD ("/settings/reload", test_reload);
  ADD ("/settings/unknown-schema", test_unknown_schema);
  ADD ("/settings/without-bus", test_without_bus);
  return g_test_run ();
}
