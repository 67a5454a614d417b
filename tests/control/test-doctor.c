/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* booructl doctor, on what is really broken. Machines that tests run on may lack a codec or a part
 * of the sandbox, so that only findings that were provoked are looked for. */
#include "../integration/test-host.h"
#include "../test-util.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define NOBODY 65534

typedef struct
{
  TestHost *host;
  char *root, *run, *settings;
  char **environment;
} Fixture;

static void
set_variable (Fixture *f, const char *name, const char *value)
{
  f->environment = value ? g_environ_setenv (f->environment, name, value, TRUE)
                         : g_environ_unsetenv (f->environment, name);
  test_host_setenv (f->host, name, value);
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->host = test_host_new ();
  f->root = g_path_get_dirname (test_host_get_data_dir (f->host));
  f->run = g_build_filename (f->root, "run", NULL);
  f->settings = g_build_filename (f->root, "settings.conf", NULL);
  f->environment = g_get_environ ();
  set_variable (f, "BOORU_RUNTIME_DIR", f->run);
  set_variable (f, "BOORU_SETTINGS", f->settings);
  set_variable (f, "GSETTINGS_BACKEND", NULL);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  test_host_free (f->host);
  g_strfreev (f->environment);
  g_free (f->root);
  g_free (f->run);
  g_free (f->settings);
}

static void write_settings (Fixture *f, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
write_settings (Fixture *f, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_free (test_write_file (f->root, "settings.conf", text));
}

/* The port is picked by the kernel: others than this test use theirs. */
static void
write_library (Fixture *f)
{
  write_settings (f, "[host]\nport=0\nlibrary-folders=[b'%s']\n", test_host_get_library (f->host));
}

/* Running it */

static GSubprocess *
start_program (Fixture *f, GPtrArray *argv)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_environ (launcher, f->environment);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv->pdata, &error);
  g_assert_no_error (error);
  return process;
}

/* @shell: a script that runs it as "$@"; or NULL. */
static char *
run_doctor (Fixture *f, const char *shell, const char *const *arguments, int *exit_code)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  const char *const shell_words[] = { "/bin/sh", "-c", shell, "sh" };

  for (guint i = 0; shell && i < G_N_ELEMENTS (shell_words); i++)
    g_ptr_array_add (argv, g_strdup (shell_words[i]));
  g_ptr_array_add (argv, test_host_build_path ("core/ctl/booructl"));
  g_ptr_array_add (argv, g_strdup_printf ("--data-dir=%s", test_host_get_data_dir (f->host)));
  g_ptr_array_add (argv, g_strdup ("doctor"));
  for (guint i = 0; arguments[i]; i++)
    g_ptr_array_add (argv, g_strdup (arguments[i]));
  g_ptr_array_add (argv, NULL);
  process = start_program (f, argv);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  *exit_code = g_subprocess_get_exit_status (process);
  return output;
}

/* The findings of one check; or NULL, of all. */
static JsonArray *
examine_in (Fixture *f, const char *shell, const char *check, int *exit_code)
{
  const char *const arguments[] = { "--json", check, NULL };
  g_autofree char *output = run_doctor (f, shell, arguments, exit_code);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (output, &error);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    g_error ("No JSON array: %s", output);
  return json_array_ref (json_node_get_array (node));
}

static JsonArray *
examine (Fixture *f, const char *check, int *exit_code)
{
  return examine_in (f, NULL, check, exit_code);
}

static char *
print_findings (JsonArray *findings)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), findings);

  return json_to_string (node, TRUE);
}

static gboolean
matches (JsonObject *finding, const char *status, const char *subject, const char *text)
{
  return g_str_equal (json_object_get_string_member (finding, "status"), status)
         && strstr (json_object_get_string_member (finding, "subject"), subject)
         && strstr (json_object_get_string_member (finding, "message"), text);
}

/* Who finds something wrong says what to do. */
static void
require (JsonArray *findings, const char *status, const char *subject, const char *text)
{
  gboolean wrong = g_str_equal (status, "warning") || g_str_equal (status, "error");
  g_autofree char *all = NULL;

  for (guint i = 0; i < json_array_get_length (findings); i++)
    {
      JsonObject *finding = json_array_get_object_element (findings, i);

      if (!matches (finding, status, subject, text))
        continue;
      if (wrong)
        g_assert_cmpstr (json_object_get_string_member (finding, "advice"), !=, "");
      return;
    }
  all = print_findings (findings);
  g_error ("No %s of “%s” with “%s” in\n%s", status, subject, text, all);
}

static void
prohibit (JsonArray *findings, const char *status)
{
  for (guint i = 0; i < json_array_get_length (findings); i++)
    if (matches (json_array_get_object_element (findings, i), status, "", ""))
      {
        g_autofree char *all = print_findings (findings);

        g_error ("There is a finding “%s” in\n%s", status, all);
      }
}

/* Nothing is wrong */

static void
test_before_first_start (Fixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  write_library (f);
  g_free (test_write_file (test_host_get_library (f->host), "below/a.txt", "x"));
  findings = examine (f, NULL, &exit_code);
  prohibit (findings, "error");
  g_assert_cmpint (exit_code, <=, 1);
  require (findings, "ok", "programs", "booru-worker");
  require (findings, "ok", "plugins", "monitor, web");
  require (findings, "ok", "settings file", "no faults");
  require (findings, "ok", "address", "127.0.0.1");
  require (findings, "ok", "library", "1 files in 2 folders");
  require (findings, "ok", "data folder", "can be used");
  require (findings, "note", "database", "the first start makes it");
  require (findings, "ok", "pictures", "png");
  require (findings, "note", "host", "none is running");
}

static void
test_running (Fixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  write_library (f);
  test_host_start (f->host, "--workers=2", "--bus=none", NULL);
  test_host_await_ready (f->host);
  findings = examine (f, NULL, &exit_code);
  prohibit (findings, "error");
  g_assert_cmpint (exit_code, <=, 1);
  require (findings, "ok", "host", "is ready");
  require (findings, "ok", "version", "");
  require (findings, "ok", "service web", "2 of 2");
  require (findings, "ok", "service monitor", "1 of 1");
  require (findings, "ok", "web", "http://127.0.0.1");
  require (findings, "ok", "database", "is sound");
  require (findings, "ok", "private socket", "answers");
  require (findings, "note", "running host", "workers (option)");
  test_host_stop (f->host);
}

/* For people: the same in lines, with what to do below. */
static void
test_text (Fixture *f, gconstpointer unused)
{
  const char *const arguments[] = { "settings", NULL };
  g_autofree char *output = NULL;
  int exit_code;

  write_settings (f, "[host]\nwrokers=3\nport=0\n");
  output = run_doctor (f, NULL, arguments, &exit_code);
  test_assert_contains (output, "line 2: there is no setting “wrokers”");
  test_assert_contains (output, "\n    ");
  test_assert_contains (output, "Correct its name");
  test_assert_contains (output, "warning");
  g_assert_cmpint (exit_code, ==, 1);
}

static void
test_usage (Fixture *f, gconstpointer unused)
{
  const char *const arguments[] = { "nonsense", NULL };
  int exit_code;
  g_autofree char *output = run_doctor (f, NULL, arguments, &exit_code);

  g_assert_cmpint (exit_code, ==, EX_USAGE);
  test_assert_contains (output, "installation, settings");
}

/* Settings */

static void
test_settings (Fixture *f, gconstpointer unused)
{
  static const struct
  {
    const char *text, *status, *subject, *found;
  } table[] = {
    { "[host]\nworkers=2\nbroken\n", "error", "settings file", "line 3" },
    { "[host]\nworkers=99\n", "error", "settings file", "from 1 to 64" },
    { "[host]\nwrokers=2\n", "warning", "settings file", "“wrokers”" },
    { "[hots]\nworkers=2\n", "warning", "settings file", "[hots]" },
    { "[host]\naddress=0.0.0.0\n", "error", "address", "others can reach" },
    { "[host]\naddress=nowhere\n", "error", "address", "no IP address" },
    { "[monitor]\ndecoders-min=8\ndecoders-max=2\n", "warning", "decoders-min",
      "decoders-max is 2" },
    { "[web]\nbase-url='booru'\n", "warning", "base-url", "booru" },
    { "[web]\naccel-redirect='internal'\n", "warning", "accel-redirect", "slash" },
    { "[web]\ntrusted-proxies=['me']\n", "warning", "trusted-proxies", "“me”" },
    { "", "ok", "settings file", "no faults" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (JsonArray) findings = NULL;
      gboolean is_error = g_str_equal (table[i].status, "error");
      int exit_code;

      write_settings (f, "%s%s", table[i].text,
                      strstr (table[i].text, "[host]") ? "" : "[host]\nport=0\n");
      findings = examine (f, "settings", &exit_code);
      require (findings, table[i].status, table[i].subject, table[i].found);
      if (is_error)
        g_assert_cmpint (exit_code, ==, EX_CONFIG);
      else
        g_assert_cmpint (exit_code, <=, 1);
    }
}

static void
test_environment (Fixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  write_library (f);
  set_variable (f, "BOORU_WORKERS", "many");
  set_variable (f, "UVICORN_WORKERS", "3");
  set_variable (f, "FLASK_HOST", "127.0.0.1");
  set_variable (f, "BOORU_MONITOR_ENABLED", "perhaps");
  findings = examine (f, "settings", &exit_code);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  require (findings, "error", "BOORU_WORKERS", "many");
  require (findings, "note", "UVICORN_WORKERS", "ignored");
  require (findings, "note", "FLASK_HOST", "address");
  require (findings, "error", "BOORU_MONITOR_ENABLED", "perhaps");
}

static void
test_port_in_use (Fixture *f, gconstpointer unused)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (address, 0);
  g_autoptr (GSocketAddress) given = NULL;
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  g_assert_true (g_socket_listener_add_address (listener, any, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &given, NULL));
  write_settings (f, "[host]\nport=%u\n",
                  g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (given)));
  findings = examine (f, "settings", &exit_code);
  require (findings, "warning", "port", "in use");
}

/* Folders */

static void
test_folders (Fixture *f, gconstpointer unused)
{
  const char *library = test_host_get_library (f->host);
  const char *data_dir = test_host_get_data_dir (f->host);
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  g_free (test_write_file (library, "inbox/failed/a.jpg", "x"));
  g_free (test_write_file (f->root, "file", "x"));
  write_settings (
      f,
      "[host]\nlibrary-folders=[b'%s', b'%s/inbox', b'%s/gone', b'%s/file', b'%s/tmp']\n"
      "ingest-folder=b'%s/inbox'\n",
      library, library, f->root, f->root, data_dir, library);
  findings = examine (f, "folders", &exit_code);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  require (findings, "ok", library, "1 files in 3 folders");
  require (findings, "note", "/inbox", "which shows it, too");
  require (findings, "warning", "/gone", "does not exist");
  require (findings, "error", "/file", "no folder");
  require (findings, "error", "/tmp", "lies inside the data folder");
  require (findings, "error", "ingest", "lies inside the library folder");
}

static void
test_ingest (Fixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  g_free (test_write_file (f->root, "inbox/failed/a.jpg", "x"));
  write_settings (f, "[host]\nlibrary-folders=[b'%s']\ningest-folder=b'%s/inbox'\n", f->root,
                  f->root);
  findings = examine (f, "folders", &exit_code);
  require (findings, "error", "ingest", "lies inside the library folder");
  require (findings, "note", "library", "has the data folder in it");
  g_clear_pointer (&findings, json_array_unref);

  write_settings (f, "[host]\ningest-folder=b'%s/inbox'\n", f->root);
  findings = examine (f, "folders", &exit_code);
  require (findings, "ok", "ingest", "renamed");
  require (findings, "warning", "ingest", "1 file in “failed”");
  prohibit (findings, "error");
}

/* Root sees all: what counts is what the owner of the data may. */
static void
test_unreadable (Fixture *f, gconstpointer unused)
{
  const char *data_dir = test_host_get_data_dir (f->host);
  const char *library = test_host_get_library (f->host);
  g_autofree char *secret = g_build_filename (library, "secret", NULL);
  g_autofree char *database = test_write_file (data_dir, "booru.sqlite", "");
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  write_library (f);
  g_assert_cmpint (g_mkdir (secret, 0), ==, 0);
  g_assert_cmpint (g_chmod (database, 0400), ==, 0);
  if (geteuid () == 0)
    {
      g_assert_cmpint (g_chmod (f->root, 0755), ==, 0);
      g_assert_cmpint (g_chmod (library, 0755), ==, 0);
      g_assert_cmpint (chown (data_dir, NOBODY, NOBODY), ==, 0);
    }
  findings = examine (f, "folders", &exit_code);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  require (findings, "error", "data folder", "booru.sqlite” may not be written by the user");
  require (findings, "warning", "library", "/secret");
  g_clear_pointer (&findings, json_array_unref);

  g_assert_cmpint (g_chmod (library, 0), ==, 0);
  findings = examine (f, "folders", &exit_code);
  g_chmod (library, 0700);
  g_chmod (secret, 0700);
  require (findings, "error", "library", "may not be read by the user");
}

/* Limits */

static void
test_limits (Fixture *f, gconstpointer unused)
{
  g_autofree char *sysctl = g_build_filename (f->root, "sysctl", NULL);
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  write_library (f);
  for (guint i = 0; i < 9; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u/a", i);

      g_free (test_write_file (test_host_get_library (f->host), name, "x"));
    }
  g_free (test_write_file (sysctl, "fs/inotify/max_user_watches", "10\n"));
  g_free (test_write_file (sysctl, "fs/inotify/max_user_instances", "0\n"));
  set_variable (f, "BOORU_SYSCTL_DIR", sysctl);
  findings = examine_in (f, "ulimit -n 200; exec \"$@\"", "limits", &exit_code);
  g_assert_cmpint (exit_code, ==, 1);
  require (findings, "warning", "inotify watches",
           "8 folders can be watched, but the library has 10");
  require (findings, "warning", "inotify", "no instance is left");
  require (findings, "warning", "open files", "may have 200");
  g_clear_pointer (&findings, json_array_unref);

  g_free (test_write_file (sysctl, "fs/inotify/max_user_watches", "1000\n"));
  findings = examine (f, "limits", &exit_code);
  require (findings, "ok", "inotify watches", "800 folders");
}

/* Database */

static void
damage (const char *path)
{
  int fd = open (path, O_RDWR | O_CLOEXEC);
  off_t size = lseek (fd, 0, SEEK_END);

  g_assert_cmpint (size, >, 8192);
  for (off_t at = 4096 + 8; at < size; at += 4096)
    g_assert_cmpint (pwrite (fd, "damaged!damaged!", 16, at), ==, 16);
  close (fd);
}

static void
back_up (Fixture *f)
{
  g_autofree char *program = test_host_build_path ("core/backup/booru-backup");
  g_autofree char *option = g_strconcat ("--data-dir=", test_host_get_data_dir (f->host), NULL);
  g_autofree char *folder = g_build_filename (f->root, "backups", NULL);
  const char *argv[] = { program, option, folder, NULL };
  int status;

  g_assert_true (g_spawn_sync (NULL, (char **)argv, f->environment, G_SPAWN_STDOUT_TO_DEV_NULL,
                               NULL, NULL, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
}

static void
test_database (Fixture *f, gconstpointer unused)
{
  const char *data_dir = test_host_get_data_dir (f->host);
  g_autofree char *database = g_build_filename (data_dir, "booru.sqlite", NULL);
  g_autofree char *log = g_build_filename (data_dir, "booru.sqlite-wal", NULL);
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  write_library (f);
  test_host_start (f->host, "--bus=none", NULL);
  test_host_await_ready (f->host);
  test_host_stop (f->host);
  findings = examine (f, "database", &exit_code);
  g_assert_cmpint (exit_code, ==, 0);
  require (findings, "ok", "database", "is sound");
  require (findings, "note", "backup", "none was made");
  g_clear_pointer (&findings, json_array_unref);

  back_up (f);
  findings = examine (f, "database", &exit_code);
  require (findings, "ok", "backup", "backups/booru-");
  g_clear_pointer (&findings, json_array_unref);
  g_free (test_write_file (data_dir, "last-backup.conf",
                           "[backup]\nFile=file:///gone\nTime=1700000000\n"));
  findings = examine (f, "database", &exit_code);
  g_assert_cmpint (exit_code, ==, 1);
  require (findings, "warning", "backup", "/gone");
  g_clear_pointer (&findings, json_array_unref);

  /* All of it: a copy is one file. */
  g_unlink (log);
  {
    g_autofree char *folder = g_build_filename (f->root, "backups", NULL);
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    g_autofree char *copy = g_build_filename (folder, g_dir_read_name (dir), NULL);

    g_assert_cmpint (g_rename (copy, database), ==, 0);
  }
  damage (database);
  findings = examine (f, "database", &exit_code);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  require (findings, "error", "database", "is damaged");
}

/* Decoder */

static void
test_no_ffmpeg (Fixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  set_variable (f, "PATH", f->root);
  findings = examine (f, "decoder", &exit_code);
  g_assert_cmpint (exit_code, ==, 1);
  require (findings, "warning", "videos", "ffmpeg and ffprobe are not in PATH");
  require (findings, "ok", "pictures", "jpg");
}

/* Plugins */

static void
test_plugins (Fixture *f, gconstpointer unused)
{
  g_autofree char *plugins = test_host_build_path ("tests/plugins");
  g_autofree char *mine = g_build_filename (f->root, "mine", NULL);
  g_autofree char *path = g_strconcat (mine, ":", plugins, NULL);
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  g_free (test_write_file (mine, "odd.plugin", "[Plugin]\nName=Odd\n"));
  set_variable (f, "BOORU_PLUGIN_PATH", path);
  write_settings (f, "[host]\nport=0\nenabled-plugins="
                     "['web', 'good', 'crash-on-load', 'wrong-abi', 'none']\n");
  findings = examine (f, "installation", &exit_code);
  require (findings, "warning", "plugin crash-on-load", "it crashes");
  require (findings, "warning", "plugin wrong-abi", "ABI");
  require (findings, "note", "plugin undefined-symbol", "not enabled");
  require (findings, "warning", "enabled-plugins", "“none”");
  require (findings, "note", "enabled-plugins", "without “monitor”");
  require (findings, "warning", "plugins", "odd.plugin");
  g_clear_pointer (&findings, json_array_unref);

  /* What crashed while a host ran is remembered, and not tried again. */
  test_host_start (f->host, "--bus=none", NULL);
  test_host_await_log (f->host, "Fixture good service started", 1);
  test_host_stop (f->host);
  findings = examine (f, "installation", &exit_code);
  require (findings, "warning", "plugin crash-on-load", "is left alone");
}

/* A host in trouble */

static void
test_hangs (Fixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  write_library (f);
  test_host_start (f->host, "--bus=none", NULL);
  test_host_await_ready (f->host);
  test_host_signal (f->host, SIGSTOP);
  findings = examine (f, NULL, &exit_code);
  test_host_signal (f->host, SIGCONT);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  require (findings, "error", "host", "does not answer in time");
  test_host_stop (f->host);
}

static void
test_elsewhere (Fixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  g_autofree char *other = g_build_filename (f->root, "other", NULL);
  int exit_code;

  write_library (f);
  test_host_start (f->host, "--bus=none", NULL);
  test_host_await_ready (f->host);
  f->environment = g_environ_setenv (f->environment, "BOORU_RUNTIME_DIR", other, TRUE);
  findings = examine (f, "host", &exit_code);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  require (findings, "error", "host", "is not reached");
  test_host_stop (f->host);
}

/* One that was killed leaves its socket behind, which is no reason to worry. */
static void
test_killed (Fixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  write_library (f);
  test_host_start (f->host, "--bus=none", NULL);
  test_host_await_ready (f->host);
  test_host_signal (f->host, SIGKILL);
  test_host_await_exit (f->host);
  findings = examine (f, NULL, &exit_code);
  prohibit (findings, "error");
  require (findings, "note", "private socket", "left behind");
  require (findings, "note", "host", "none is running");
}

static void
test_failures (Fixture *f, gconstpointer unused)
{
  g_autofree char *plugins = test_host_build_path ("tests/plugins");
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  set_variable (f, "BOORU_PLUGIN_PATH", plugins);
  write_settings (f, "[host]\nport=0\nenabled-plugins=['web', 'crash-on-start', 'wrong-abi']\n");
  test_host_start (f->host, "--bus=none", NULL);
  test_host_await_log (f->host, "failed for good", 1);
  findings = examine (f, "host", &exit_code);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  require (findings, "error", "service crash-on-start", "was given up");
  require (findings, "warning", "host", "is degraded");
  require (findings, "warning", "plugin wrong-abi", "does not run");
  require (findings, "warning", "events", "within the last hour");
  test_host_stop (f->host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/control/doctor/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("before-first-start", test_before_first_start);
  ADD ("running", test_running);
  ADD ("text", test_text);
  ADD ("usage", test_usage);
  ADD ("settings", test_settings);
  ADD ("environment", test_environment);
  ADD ("port-in-use", test_port_in_use);
  ADD ("folders", test_folders);
  ADD ("ingest", test_ingest);
  ADD ("unreadable", test_unreadable);
  ADD ("limits", test_limits);
  ADD ("database", test_database);
  ADD ("no-ffmpeg", test_no_ffmpeg);
  ADD ("plugins", test_plugins);
  ADD ("hangs", test_hangs);
  ADD ("elsewhere", test_elsewhere);
  ADD ("killed", test_killed);
  ADD ("failures", test_failures);
  return g_test_run ();
}
