/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The real host, seen over D-Bus and by booructl. */
#include "control-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

/* Tests */

static void
check_everything (Fixture *f, gboolean bus)
{
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (GVariant) state = NULL;
  g_autoptr (GVariant) workers = NULL;
  const char *const nothing[] = { NULL };
  /* What could not work is refused at once, not at the next start. */
  static const struct
  {
    const char *key, *value, *error;
  } unusable[] = {
    { "library-folders", "[b'/not/there']", "org.booru.Error.NotFound" },
    { "library-folders", "[b'relative']", "org.booru.Error.Invalid" },
    { "library-folders", "[b'/proc']", "org.booru.Error.Usage" },
    { "ingest-folder", "b'/not/there'", "org.booru.Error.NotFound" },
    { "address", "'0.0.0.0'", "org.booru.Error.Config" },
    { "address", "'nowhere'", "org.booru.Error.Config" },
    { "data-dir", "'/dev/null/data'", "org.booru.Error.NotFound" },
    { "database", "'postgresql://me:secret@host/booru'", "org.booru.Error.Invalid" },
  };

  test_host_start_with_library (f->host);
  connection = connect_to (f, bus);
  await_service (f, connection, "web", 2);
  await_service (f, connection, "monitor", 1);
  state = get_property (connection, "State");
  g_assert_cmpstr (g_variant_get_string (state, NULL), ==, "ready");

  call (connection, "SetWorkers", g_variant_new ("(u)", 3));
  await_service (f, connection, "web", 3);
  assert_refused (connection, "SetWorkers", g_variant_new ("(u)", 0), "org.booru.Error.Invalid");
  assert_refused (connection, "SetWorkers", g_variant_new ("(u)", 65), "org.booru.Error.Invalid");
  workers = get_property (connection, "Workers");
  g_assert_cmpuint (g_variant_get_uint32 (workers), ==, 3);

  call (connection, "Reload", NULL);
  call (connection, "RestartService", g_variant_new ("(s)", "monitor"));
  assert_refused (connection, "RestartService", g_variant_new ("(s)", "none"),
                  "org.booru.Error.NotFound");
  call (connection, "Scan", g_variant_new ("(^ay)", ""));
  call (connection, "Scan", g_variant_new ("(^ay)", test_host_get_library (f->host)));
  assert_refused (connection, "Scan", g_variant_new ("(^ay)", "/"), "org.booru.Error.NotFound");
  assert_refused (connection, "Scan", g_variant_new ("(^ay)", "x"), "org.booru.Error.Invalid");
  assert_refused (connection, "Scan", g_variant_new_parsed ("([byte 47],)"),
                  "org.booru.Error.Invalid");

  call (connection, "DisablePlugin", g_variant_new ("(s)", "monitor"));
  await_service (f, connection, "monitor", 0);
  g_assert_cmpuint (test_host_count_processes (f->host, "booru-monitor"), ==, 0);
  assert_refused (connection, "Scan", g_variant_new ("(^ay)", ""), "org.booru.Error.Unsupported");
  assert_refused (connection, "DisablePlugin", g_variant_new ("(s)", "web"),
                  "org.booru.Error.Config");
  assert_refused (connection, "EnablePlugin", g_variant_new ("(s)", "none"),
                  "org.booru.Error.NotFound");
  await_service (f, connection, "web", 3);
  call (connection, "EnablePlugin", g_variant_new ("(s)", "monitor"));
  await_service (f, connection, "monitor", 1);

  call (
      connection, "SetSetting",
      g_variant_new ("(ssv)", "org.booru.host.web", "base-url", g_variant_new_string ("http://x")));
  call (connection, "ResetSetting", g_variant_new ("(ss)", "org.booru.host.web", "base-url"));
  assert_refused (
      connection, "SetSetting",
      g_variant_new ("(ssv)", "org.booru.host.web", "base-url", g_variant_new_uint32 (1)),
      "org.booru.Error.Invalid");
  assert_refused (connection, "SetSetting",
                  g_variant_new ("(ssv)", "org.booru.host", "none", g_variant_new_uint32 (1)),
                  "org.booru.Error.NotFound");
  for (guint i = 0; i < G_N_ELEMENTS (unusable); i++)
    assert_refused (
        connection, "SetSetting",
        g_variant_new ("(ss@v)", "org.booru.host", unusable[i].key,
                       g_variant_new_variant (g_variant_new_parsed (unusable[i].value))),
        unusable[i].error);
  assert_refused (connection, "SetSetting",
                  g_variant_new ("(ssv)", "org.booru.host.none", "x", g_variant_new_uint32 (1)),
                  "org.booru.Error.NotFound");
  assert_refused (connection, "SetSetting",
                  g_variant_new ("(ss@v)", "org.booru.host", "enabled-plugins",
                                 g_variant_new_variant (g_variant_new_strv (nothing, 0))),
                  "org.booru.Error.Config");
  await_service (f, connection, "web", 3);

  call (connection, "Stop", NULL);
  g_assert_cmpint (test_host_await_exit (f->host), ==, 0);
  g_assert_false (g_file_test (f->socket, G_FILE_TEST_EXISTS));
}

static void
test_bus (Fixture *f, gconstpointer unused)
{
  check_everything (f, TRUE);
}

static void
test_socket (Fixture *f, gconstpointer unused)
{
  check_everything (f, FALSE);
}

static void
test_bus_comes_back (Fixture *f, gconstpointer unused)
{
  g_autoptr (GDBusConnection) before = NULL;
  g_autoptr (GDBusConnection) private = NULL;
  g_autoptr (GDBusConnection) after = NULL;

  test_host_start_with_library (f->host);
  before = connect_to (f, TRUE);
  stop_bus (f);
  private = connect_to (f, FALSE);
  await_service (f, private, "web", 2);
  start_bus (f);
  after = connect_to (f, TRUE);
  await_service (f, after, "web", 2);
  test_host_stop (f->host);
}

/* What changes is told once, and what does not is not. */
static void
on_signal (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *interface,
           const char *signal,
           GVariant *parameters,
           gpointer log)
{
  g_autofree char *line = NULL;
  g_autofree char *printed = g_variant_print (parameters, FALSE);

  line = g_strdup_printf ("%s %s %s", signal, path, printed);
  g_ptr_array_add (log, g_steal_pointer (&line));
}

static guint
count_lines (GPtrArray *log, const char *start, const char *text)
{
  guint n = 0;

  for (guint i = 0; i < log->len; i++)
    n += g_str_has_prefix (log->pdata[i], start) && strstr (log->pdata[i], text);
  return n;
}

static gboolean
has_line (gpointer data)
{
  Expected *expected = data;
  GPtrArray *log = (gpointer)expected->fixture;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  return count_lines (log, "", expected->text) >= expected->number;
}

static void
test_changes_are_told (Fixture *f, gconstpointer unused)
{
  g_autoptr (GPtrArray) log = g_ptr_array_new_with_free_func (g_free);
  Expected expected = { (gpointer)log, NULL, "'Workers': <uint32 4>", 1 };
  g_autoptr (GDBusConnection) connection = NULL;
  guint subscription;

  test_host_start_with_library (f->host);
  connection = connect_to (f, FALSE);
  await_service (f, connection, "web", 2);
  subscription = g_dbus_connection_signal_subscribe (
      connection, NULL, NULL, NULL, NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal, log, NULL);
  call (connection, "SetWorkers", g_variant_new ("(u)", 4));
  test_host_await (f->host, "the number of workers to be told", has_line, &expected);
  await_service (f, connection, "web", 4);
  call (connection, "SetWorkers", g_variant_new ("(u)", 4));
  expected.text = "settings-changed";
  expected.number = 2;
  test_host_await (f->host, "two events", has_line, &expected);
  expected.text = "'Ready': <uint32 4>";
  expected.number = 1;
  test_host_await (f->host, "the number of ready processes to be told", has_line, &expected);
  g_assert_cmpuint (count_lines (log, "PropertiesChanged", "'Workers'"), ==, 1);
  g_assert_cmpuint (count_lines (log, "InterfacesAdded " PATH, "/process/"), ==, 2);
  g_assert_cmpuint (count_lines (log, "PropertiesChanged", "'Version'"), ==, 0);
  g_dbus_connection_signal_unsubscribe (connection, subscription);
  test_host_stop (f->host);
}

static void
test_name_is_taken (Fixture *f, gconstpointer unused)
{
  g_autoptr (TestHost) second = test_host_new ();
  Expected expected = { .fixture = f };

  test_host_start_with_library (f->host);
  test_host_await (f->host, "the name on the bus", name_is_there, &expected);
  test_host_setenv (second, "DBUS_SESSION_BUS_ADDRESS", f->address);
  test_host_start_with_library (second);
  test_host_await_log (second, "Another host has the name", 1);
  test_host_stop (f->host);
  /* The bus gives the name to the one that waits for it. */
  test_host_await (second, "the name on the bus", name_is_there, &expected);
  test_host_stop (second);
}

static void
test_socket_is_private (Fixture *f, gconstpointer unused)
{
  g_autoptr (GSubprocess) other = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *program = test_host_build_path ("core/ctl/booructl");
  g_autofree char *setpriv = g_find_program_in_path ("setpriv");
  struct stat info;

  test_host_start_with_library (f->host);
  g_assert_cmpint (g_stat (f->socket, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 0600);
  if (geteuid () != 0 || setpriv == NULL)
    {
      g_test_skip ("needs to be another user");
      return;
    }
  /* Even where somebody opened the way to it. */
  for (g_autofree char *at = g_strdup (f->socket); strlen (at) > strlen (g_get_tmp_dir ());)
    {
      char *parent = g_path_get_dirname (at);

      g_assert_cmpint (g_chmod (at, 0777), ==, 0);
      g_free (at);
      at = parent;
    }
  other = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "setpriv", "--reuid=65534",
                            "--regid=65534", "--clear-groups", program, "--socket", f->socket,
                            "health", NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait (other, NULL, &error));
  g_assert_cmpint (g_subprocess_get_exit_status (other), !=, 0);
  test_host_await_log (f->host, "the user id 65534", 1);
  test_host_stop (f->host);
}

/* booructl */

/* What the processes have answered and hold is looked up for each who asks. */
static void
check_processes (JsonArray *processes)
{
  gint64 requests = 0;

  g_assert_cmpuint (json_array_get_length (processes), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      JsonObject *process = json_array_get_object_element (processes, i);

      requests += json_object_get_int_member (process, "requests");
      g_assert_cmpint (json_object_get_int_member (process, "memory"), >, 0);
    }
  g_assert_cmpint (requests, >, 0); /* whether it is ready was asked by HTTP */
}

static void
test_booructl (Fixture *f, gconstpointer unused)
{
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (JsonNode) status = NULL;
  g_autoptr (JsonNode) health = NULL;
  g_autoptr (JsonNode) plugins = NULL;
  g_autoptr (JsonNode) setting = NULL;
  g_autoptr (JsonNode) event = NULL;
  JsonObject *object;

  ctl_fails (f, EX_UNAVAILABLE, "status", NULL);
  test_host_start_with_library (f->host);
  connection = connect_to (f, FALSE);
  await_service (f, connection, "web", 2);
  await_service (f, connection, "monitor", 1);

  status = ctl (f, EX_OK, "status", NULL);
  object = json_node_get_object (status);
  g_assert_cmpstr (json_object_get_string_member (object, "state"), ==, "ready");
  g_assert_cmpint (json_object_get_int_member (object, "pid"), ==, test_host_get_pid (f->host));
  check_processes (json_object_get_array_member (object, "processes"));
  health = ctl (f, EX_OK, "health", NULL);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (health), "state"), ==,
                   "ready");
  plugins = ctl (f, EX_OK, "plugins", NULL);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (plugins)), >=, 2);

  ctl_ok (f, "workers", "1");
  await_service (f, connection, "web", 1);
  ctl_fails (f, EX_USAGE, "workers", "many");
  ctl_fails (f, EX_DATAERR, "workers", "0");
  ctl_ok (f, "reload", NULL);
  ctl_ok (f, "restart", "web");
  ctl_fails (f, EX_NOINPUT, "restart", "none");
  ctl_ok (f, "scan", NULL);
  ctl_fails (f, EX_NOINPUT, "scan", "/");
  ctl_ok (f, "disable", "monitor");
  await_service (f, connection, "monitor", 0);
  ctl_fails (f, EX_UNAVAILABLE, "scan", NULL);
  ctl_ok (f, "enable", "monitor");
  ctl_fails (f, EX_NOINPUT, "enable", "none");
  ctl_fails (f, EX_USAGE, "status", "more");

  setting = ctl (f, EX_OK, "settings", "web.base-url", "http://board.example", NULL);
  object = json_node_get_object (setting);
  g_assert_cmpstr (json_object_get_string_member (object, "value"), ==, "http://board.example");
  g_assert_cmpstr (json_object_get_string_member (object, "origin"), ==, "stored");
  g_clear_pointer (&setting, json_node_unref);
  setting = ctl (f, EX_OK, "settings", "--reset", "org.booru.host.web:base-url", NULL);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (setting), "origin"), ==,
                   "default");
  ctl_fails (f, EX_NOINPUT, "settings", "none");

  event = ctl (f, EX_OK, "events", NULL);
  /* Which came last is chance: processes are still being replaced. */
  g_assert_true (json_object_has_member (json_node_get_object (event), "topic"));
  ctl_ok (f, "stop", NULL);
  g_assert_cmpint (test_host_await_exit (f->host), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/control/bus", Fixture, "bus", set_up, test_bus, tear_down);
  g_test_add ("/control/socket-without-a-bus", Fixture, NULL, set_up, test_socket, tear_down);
  g_test_add ("/control/bus-comes-back", Fixture, "bus", set_up, test_bus_comes_back, tear_down);
  g_test_add ("/control/changes-are-told", Fixture, NULL, set_up, test_changes_are_told, tear_down);
  g_test_add ("/control/name-is-taken", Fixture, "bus", set_up, test_name_is_taken, tear_down);
  g_test_add ("/control/socket-is-private", Fixture, NULL, set_up, test_socket_is_private,
              tear_down);
  g_test_add ("/control/booructl", Fixture, NULL, set_up, test_booructl, tear_down);
  return g_test_run ();
}
