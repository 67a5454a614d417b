/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* booructl doctor, on what is really broken. */
#include "doctor-fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "../test-util.h"

#define NOBODY 65534

/* Nothing is wrong */

static void
test_before_first_start (DoctorFixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  doctor_fixture_write_library (f);
  g_free (test_write_file (test_host_get_library (f->host), "below/a.txt", "x"));
  findings = doctor_fixture_examine (f, NULL, &exit_code);
  doctor_prohibit (findings, "error");
  g_assert_cmpint (exit_code, <=, 1);
  doctor_require (findings, "ok", "programs", "booru-worker");
  doctor_require (findings, "ok", "plugins", "monitor, web");
  doctor_require (findings, "ok", "settings file", "is valid");
  doctor_require (findings, "ok", "address", "127.0.0.1");
  doctor_require (findings, "ok", "library", "1 file in 2 folders");
  doctor_require (findings, "ok", "data folder", "can be used");
  doctor_require (findings, "note", "database", "the first start creates it");
  doctor_require (findings, "ok", "pictures", "png");
  doctor_require (findings, "note", "host", "none is running");
}

static void
test_running (DoctorFixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  doctor_fixture_write_library (f);
  test_host_start (f->host, "--workers=2", "--bus=none", NULL);
  test_host_await_ready (f->host);
  findings = doctor_fixture_examine (f, NULL, &exit_code);
  doctor_prohibit (findings, "error");
  g_assert_cmpint (exit_code, <=, 1);
  doctor_require (findings, "ok", "host", "is ready");
  doctor_require (findings, "ok", "version", "");
  doctor_require (findings, "ok", "service web", "2 of 2");
  doctor_require (findings, "ok", "service monitor", "1 of 1");
  doctor_require (findings, "ok", "web", "http://127.0.0.1");
  doctor_require (findings, "ok", "database", "is sound");
  doctor_require (findings, "ok", "private socket", "answers");
  doctor_require (findings, "note", "running host", "workers (option)");
  test_host_stop (f->host);
}

/* For people: the same in lines, with what to do below. */
static void
test_text (DoctorFixture *f, gconstpointer unused)
{
  const char *const arguments[] = { "settings", NULL };
  g_autofree char *output = NULL;
  int exit_code;

  doctor_fixture_write_settings (f, "[host]\nwrokers=3\nport=0\n");
  output = doctor_fixture_run (f, NULL, arguments, &exit_code);
  test_assert_contains (output, "line 2: there is no setting “wrokers”");
  test_assert_contains (output, "\n    ");
  test_assert_contains (output, "Correct or delete it");
  test_assert_contains (output, "warning");
  g_assert_cmpint (exit_code, ==, 1);
}

static void
test_usage (DoctorFixture *f, gconstpointer unused)
{
  const char *const arguments[] = { "nonsense", NULL };
  int exit_code;
  g_autofree char *output = doctor_fixture_run (f, NULL, arguments, &exit_code);

  g_assert_cmpint (exit_code, ==, EX_USAGE);
  test_assert_contains (output, "installation, settings");
}

/* Settings */

static void
test_settings (DoctorFixture *f, gconstpointer unused)
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
    { "[host]\naddress=nowhere\n", "error", "address", "not an IP address" },
    { "[monitor]\ndecoders-min=8\ndecoders-max=2\n", "warning", "decoders-min",
      "decoders-max is 2" },
    { "[web]\nbase-url='booru'\n", "warning", "base-url", "booru" },
    { "[web]\naccel-redirect='internal'\n", "warning", "accel-redirect", "slash" },
    { "[web]\ntrusted-proxies=['me']\n", "warning", "trusted-proxies", "“me”" },
    { "", "ok", "settings file", "is valid" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (JsonArray) findings = NULL;
      gboolean is_error = g_str_equal (table[i].status, "error");
      int exit_code;

      doctor_fixture_write_settings (f, "%s%s", table[i].text,
                                     strstr (table[i].text, "[host]") ? "" : "[host]\nport=0\n");
      findings = doctor_fixture_examine (f, "settings", &exit_code);
      doctor_require (findings, table[i].status, table[i].subject, table[i].found);
      if (is_error)
        g_assert_cmpint (exit_code, ==, EX_CONFIG);
      else
        g_assert_cmpint (exit_code, <=, 1);
    }
}

static void
test_environment (DoctorFixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  doctor_fixture_write_library (f);
  doctor_fixture_setenv (f, "BOORU_WORKERS", "many");
  doctor_fixture_setenv (f, "UVICORN_WORKERS", "3");
  doctor_fixture_setenv (f, "FLASK_HOST", "127.0.0.1");
  doctor_fixture_setenv (f, "BOORU_MONITOR_ENABLED", "perhaps");
  findings = doctor_fixture_examine (f, "settings", &exit_code);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  doctor_require (findings, "error", "BOORU_WORKERS", "many");
  doctor_require (findings, "note", "UVICORN_WORKERS", "ignored");
  doctor_require (findings, "note", "FLASK_HOST", "address");
  doctor_require (findings, "error", "BOORU_MONITOR_ENABLED", "perhaps");
}

static void
test_port_in_use (DoctorFixture *f, gconstpointer unused)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (address, 0);
  g_autoptr (GSocketAddress) given = NULL;
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  g_assert_true (g_socket_listener_add_address (listener, any, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &given, NULL));
  doctor_fixture_write_settings (f, "[host]\nport=%u\n",
                                 g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (given)));
  findings = doctor_fixture_examine (f, "settings", &exit_code);
  doctor_require (findings, "warning", "port", "in use");
}

/* Folders */

static void
test_folders (DoctorFixture *f, gconstpointer unused)
{
  const char *library = test_host_get_library (f->host);
  const char *data_dir = test_host_get_data_dir (f->host);
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  g_free (test_write_file (library, "inbox/failed/a.jpg", "x"));
  g_free (test_write_file (f->root, "file", "x"));
  doctor_fixture_write_settings (
      f,
      "[host]\nlibrary-folders=[b'%s', b'%s/inbox', b'%s/gone', b'%s/file', b'%s/tmp']\n"
      "ingest-folder=b'%s/inbox'\n",
      library, library, f->root, f->root, data_dir, library);
  findings = doctor_fixture_examine (f, "folders", &exit_code);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  doctor_require (findings, "ok", library, "1 file in 3 folders");
  doctor_require (findings, "note", "/inbox", "which already shows it");
  doctor_require (findings, "warning", "/gone", "does not exist");
  doctor_require (findings, "error", "/file", "not a folder");
  doctor_require (findings, "error", "/tmp", "is inside the data folder");
  doctor_require (findings, "error", "ingest", "is inside the library folder");
}

static void
test_ingest (DoctorFixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  g_free (test_write_file (f->root, "inbox/failed/a.jpg", "x"));
  doctor_fixture_write_settings (f, "[host]\nlibrary-folders=[b'%s']\ningest-folder=b'%s/inbox'\n",
                                 f->root, f->root);
  findings = doctor_fixture_examine (f, "folders", &exit_code);
  doctor_require (findings, "error", "ingest", "is inside the library folder");
  doctor_require (findings, "note", "library", "contains the data folder");
  g_clear_pointer (&findings, json_array_unref);

  doctor_fixture_write_settings (f, "[host]\ningest-folder=b'%s/inbox'\n", f->root);
  findings = doctor_fixture_examine (f, "folders", &exit_code);
  doctor_require (findings, "ok", "ingest", "renamed");
  doctor_require (findings, "warning", "ingest", "1 file in “failed”");
  doctor_prohibit (findings, "error");
}

/* Root sees all: what counts is what the owner of the data may. */
static void
test_unreadable (DoctorFixture *f, gconstpointer unused)
{
  const char *data_dir = test_host_get_data_dir (f->host);
  const char *library = test_host_get_library (f->host);
  g_autofree char *secret = g_build_filename (library, "secret", NULL);
  g_autofree char *database = test_write_file (data_dir, "booru.sqlite", "");
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  doctor_fixture_write_library (f);
  g_assert_cmpint (g_mkdir (secret, 0), ==, 0);
  g_assert_cmpint (g_chmod (database, 0400), ==, 0);
  if (geteuid () == 0)
    {
      g_assert_cmpint (g_chmod (f->root, 0755), ==, 0);
      g_assert_cmpint (g_chmod (library, 0755), ==, 0);
      g_assert_cmpint (chown (data_dir, NOBODY, NOBODY), ==, 0);
    }
  findings = doctor_fixture_examine (f, "folders", &exit_code);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  doctor_require (findings, "error", "data folder", "booru.sqlite” is not writable by the user");
  doctor_require (findings, "warning", "library", "/secret");
  g_clear_pointer (&findings, json_array_unref);

  g_assert_cmpint (g_chmod (library, 0), ==, 0);
  findings = doctor_fixture_examine (f, "folders", &exit_code);
  g_chmod (library, 0700);
  g_chmod (secret, 0700);
  doctor_require (findings, "error", "library", "can't be read by the user");
}

/* Whoever may not look into the folder is not told that it is empty, nor to take it. */
static void
test_of_another_user (DoctorFixture *f, gconstpointer unused)
{
  g_autofree char *setpriv = g_find_program_in_path ("setpriv");
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  if (geteuid () != 0 || setpriv == NULL)
    {
      g_test_skip ("needs to be another user");
      return;
    }
  doctor_fixture_write_library (f);
  g_assert_cmpint (g_chmod (f->root, 0755), ==, 0);
  findings = doctor_fixture_examine_in (
      f, "exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$@\"", NULL, &exit_code);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  doctor_require (findings, "error", "data folder", "is not writable by the user");
  doctor_require_advice (findings, "data folder", "The folder belongs to the user root");
  doctor_require (findings, "note", "database", "is not accessible");
  doctor_require (findings, "note", "host", "can't see whether one runs");
}

/* Limits */

static void
test_limits (DoctorFixture *f, gconstpointer unused)
{
  g_autofree char *sysctl = g_build_filename (f->root, "sysctl", NULL);
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  doctor_fixture_write_library (f);
  for (guint i = 0; i < 9; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u/a", i);

      g_free (test_write_file (test_host_get_library (f->host), name, "x"));
    }
  g_free (test_write_file (sysctl, "fs/inotify/max_user_watches", "10\n"));
  g_free (test_write_file (sysctl, "fs/inotify/max_user_instances", "0\n"));
  doctor_fixture_setenv (f, "BOORU_SYSCTL_DIR", sysctl);
  findings = doctor_fixture_examine_in (f, "ulimit -n 200; exec \"$@\"", "limits", &exit_code);
  g_assert_cmpint (exit_code, ==, 1);
  doctor_require (findings, "warning", "inotify watches",
                  "8 folders can be watched, but the library has 10");
  doctor_require (findings, "warning", "inotify", "no inotify instance is left");
  doctor_require (findings, "warning", "open files", "may have 200");
  g_clear_pointer (&findings, json_array_unref);

  g_free (test_write_file (sysctl, "fs/inotify/max_user_watches", "1000\n"));
  findings = doctor_fixture_examine (f, "limits", &exit_code);
  doctor_require (findings, "ok", "inotify watches", "800 folders");
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
back_up (DoctorFixture *f)
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
require_index (DoctorFixture *f, const char *status, const char *found)
{
  int exit_code;
  g_autoptr (JsonArray) findings = doctor_fixture_examine (f, "database", &exit_code);

  doctor_require (findings, status, "search index", found);
}

/* Whatever there is in its place. */
static void
examine_index (DoctorFixture *f)
{
  const char *data_dir = test_host_get_data_dir (f->host);
  g_autofree char *index = g_build_filename (data_dir, "index", NULL);
  g_autofree char *names = g_build_filename (index, "names", NULL);

  test_remove_folder (index);
  require_index (f, "note", "has no files yet");
  g_free (test_write_file (index, "names", "123456789"));
  g_free (test_write_file (index, "00007.block", "1"));
  g_free (test_write_file (index, "manifest.new", "is being written"));
  require_index (f, "ok", "10 bytes in 2 files");
  g_free (test_write_file (index, "letter.txt", ""));
  require_index (f, "note", "holds 1 foreign file");
  g_unlink (names);
  g_assert_cmpint (g_mkdir (names, 0700), ==, 0);
  require_index (f, "warning", "index/names” can't be used");
  test_remove_folder (index);
  g_free (test_write_file (data_dir, "index", "no folder"));
  require_index (f, "warning", "Not a directory");
  g_unlink (index);
}

static void
test_database (DoctorFixture *f, gconstpointer unused)
{
  const char *data_dir = test_host_get_data_dir (f->host);
  g_autofree char *database = g_build_filename (data_dir, "booru.sqlite", NULL);
  g_autofree char *log = g_build_filename (data_dir, "booru.sqlite-wal", NULL);
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  doctor_fixture_write_library (f);
  test_host_start (f->host, "--bus=none", NULL);
  test_host_await_ready (f->host);
  test_host_stop (f->host);
  findings = doctor_fixture_examine (f, "database", &exit_code);
  g_assert_cmpint (exit_code, ==, 0);
  doctor_require (findings, "ok", "database", "is sound");
  doctor_require (findings, "note", "backup", "not made one yet");
  g_clear_pointer (&findings, json_array_unref);

  examine_index (f);
  back_up (f);
  findings = doctor_fixture_examine (f, "database", &exit_code);
  doctor_require (findings, "ok", "backup", "backups/booru-");
  g_clear_pointer (&findings, json_array_unref);
  g_free (test_write_file (data_dir, "last-backup.conf",
                           "[backup]\nFile=file:///gone\nTime=1700000000\n"));
  findings = doctor_fixture_examine (f, "database", &exit_code);
  g_assert_cmpint (exit_code, ==, 1);
  doctor_require (findings, "warning", "backup", "/gone");
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
  findings = doctor_fixture_examine (f, "database", &exit_code);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  doctor_require (findings, "error", "database", "is damaged");
}

/* Decoder */

static void
test_no_ffmpeg (DoctorFixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  doctor_fixture_setenv (f, "PATH", f->root);
  findings = doctor_fixture_examine (f, "decoder", &exit_code);
  g_assert_cmpint (exit_code, ==, 1);
  doctor_require (findings, "warning", "videos", "ffmpeg and ffprobe are not in PATH");
  doctor_require (findings, "ok", "pictures", "jpg");
}

/* Plugins */

static void
test_plugins (DoctorFixture *f, gconstpointer unused)
{
  g_autofree char *plugins = test_host_build_path ("tests/plugins");
  g_autofree char *mine = g_build_filename (f->root, "mine", NULL);
  g_autofree char *path = g_strconcat (mine, ":", plugins, NULL);
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  g_free (test_write_file (mine, "odd.plugin", "[Plugin]\nName=Odd\n"));
  doctor_fixture_setenv (f, "BOORU_PLUGIN_PATH", path);
  doctor_fixture_write_settings (f, "[host]\nport=0\nenabled-plugins="
                                    "['web', 'good', 'crash-on-load', 'wrong-abi', 'none']\n");
  findings = doctor_fixture_examine (f, "installation", &exit_code);
  doctor_require (findings, "warning", "plugin crash-on-load", "it crashes");
  doctor_require (findings, "warning", "plugin wrong-abi", "ABI");
  doctor_require (findings, "note", "plugin undefined-symbol", "not enabled");
  doctor_require (findings, "warning", "enabled-plugins", "“none”");
  doctor_require (findings, "note", "enabled-plugins", "lacks “monitor”");
  doctor_require (findings, "warning", "plugins", "odd.plugin");
  g_clear_pointer (&findings, json_array_unref);

  /* What crashed while a host ran is remembered, and not tried again. */
  test_host_start (f->host, "--bus=none", NULL);
  test_host_await_log (f->host, "Fixture good service started", 1);
  test_host_stop (f->host);
  findings = doctor_fixture_examine (f, "installation", &exit_code);
  doctor_require (findings, "warning", "plugin crash-on-load", "is skipped");
}

/* A host in trouble */

static void
test_hangs (DoctorFixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  doctor_fixture_write_library (f);
  test_host_start (f->host, "--bus=none", NULL);
  test_host_await_ready (f->host);
  test_host_signal (f->host, SIGSTOP);
  findings = doctor_fixture_examine (f, NULL, &exit_code);
  test_host_signal (f->host, SIGCONT);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  doctor_require (findings, "error", "host", "does not answer in time");
  test_host_stop (f->host);
}

static void
test_elsewhere (DoctorFixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  g_autofree char *other = g_build_filename (f->root, "other", NULL);
  g_autofree char *link = g_build_filename (test_host_get_data_dir (f->host), "runtime", NULL);
  int exit_code;

  doctor_fixture_write_library (f);
  test_host_start (f->host, "--bus=none", NULL);
  test_host_await_ready (f->host);
  f->environment = g_environ_setenv (f->environment, "BOORU_RUNTIME_DIR", other, TRUE);
  findings = doctor_fixture_examine (f, "host", &exit_code);
  g_assert_cmpint (exit_code, ==, 0);
  g_clear_pointer (&findings, json_array_unref);

  /* Without the link of the data folder to it. */
  g_assert_cmpint (g_unlink (link), ==, 0);
  findings = doctor_fixture_examine (f, "host", &exit_code);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  doctor_require (findings, "error", "host", "can't be reached");
  test_host_stop (f->host);
}

/* One that was killed leaves its socket behind, which is no reason to worry. */
static void
test_killed (DoctorFixture *f, gconstpointer unused)
{
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  doctor_fixture_write_library (f);
  test_host_start (f->host, "--bus=none", NULL);
  test_host_await_ready (f->host);
  test_host_signal (f->host, SIGKILL);
  test_host_await_exit (f->host);
  findings = doctor_fixture_examine (f, NULL, &exit_code);
  doctor_prohibit (findings, "error");
  doctor_require (findings, "note", "private socket", "left behind");
  doctor_require (findings, "note", "host", "none is running");
}

static void
test_failures (DoctorFixture *f, gconstpointer unused)
{
  g_autofree char *plugins = test_host_build_path ("tests/plugins");
  g_autoptr (JsonArray) findings = NULL;
  int exit_code;

  doctor_fixture_setenv (f, "BOORU_PLUGIN_PATH", plugins);
  doctor_fixture_write_settings (
      f, "[host]\nport=0\nenabled-plugins=['web', 'crash-on-start', 'wrong-abi']\n");
  test_host_start (f->host, "--bus=none", NULL);
  test_host_await_log (f->host, "failed for good", 1);
  findings = doctor_fixture_examine (f, "host", &exit_code);
  g_assert_cmpint (exit_code, ==, EX_CONFIG);
  doctor_require (findings, "error", "service crash-on-start", "was given up");
  doctor_require (findings, "warning", "host", "is degraded");
  doctor_require (findings, "warning", "plugin wrong-abi", "does not run");
  doctor_require (findings, "warning", "events", "within the last hour");
  test_host_stop (f->host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/control/doctor/" name, DoctorFixture, NULL, doctor_fixture_set_up, function,       \
              doctor_fixture_tear_down)
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
  ADD ("of-another-user", test_of_another_user);
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
