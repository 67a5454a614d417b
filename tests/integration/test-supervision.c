/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How booru-host keeps processes alive, and what it does to those that misbehave: the real program
 * with the plugins of tests/plugins. */
#include "test-host.h"

#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define WORKERS "booru-workers"
#define ONE "booru-fixture"

static TestHost *
new_host (void)
{
  TestHost *host = test_host_new ();
  g_autofree char *plugins = test_host_build_path ("tests/plugins");

  test_host_setenv (host, "BOORU_PLUGIN_PATH", plugins);
  return host;
}

/* The fixtures named, in place of the board's own plugins. */
static void
start_fixtures (TestHost *host, const char *first, const char *second, const char *more)
{
  g_autofree char *enable = g_strconcat ("--enable-plugin=", first, NULL);
  g_autofree char *also = second ? g_strconcat ("--enable-plugin=", second, NULL) : NULL;

  test_host_start (host, "--disable-plugin=web", "--disable-plugin=monitor", enable,
                   also ? also : more, also ? more : NULL, NULL);
}

static char *
get_runtime_file (TestHost *host, const char *name)
{
  return g_build_filename (test_host_get_data_dir (host), "..", "run", name, NULL);
}

static gboolean
pid_file_holds (TestHost *host, const char *name, GPid pid)
{
  g_autofree char *path = get_runtime_file (host, name);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && atoi (text) == pid;
}

static guint
count_pid_files (TestHost *host)
{
  g_autofree char *path = get_runtime_file (host, "");
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir && (name = g_dir_read_name (dir)))
    n += g_str_has_suffix (name, ".pid");
  return n;
}

static void
assert_order (TestHost *host, ...)
{
  g_autofree char *log = test_host_dup_log (host);
  const char *at = log;
  const char *line;
  va_list lines;

  va_start (lines, host);
  while ((line = va_arg (lines, const char *)))
    {
      at = strstr (at, line);
      if (at == NULL)
        g_error ("“%s” is missing, or out of order, in the log:\n%s", line, log);
    }
  va_end (lines);
}

static int
await_exit_code (TestHost *host)
{
  int status = test_host_await_exit (host);

  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

/* Waits for the one process of this name to be another one than before. Never sees two at once. */
static GPid
await_successor (TestHost *host, const char *name, GPid before)
{
  gint64 deadline = g_get_monotonic_time () + TEST_HOST_PATIENCE_SECONDS * G_USEC_PER_SEC;

  for (;;)
    {
      g_autoptr (GArray) pids = test_host_list_processes (host, name);

      g_assert_cmpuint (pids->len, <=, 1);
      if (pids->len == 1 && g_array_index (pids, GPid, 0) != before)
        return g_array_index (pids, GPid, 0);
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (500);
    }
}

/* Life and end */

static void
test_start_and_stop_in_order (void)
{
  g_autoptr (TestHost) host = new_host ();

  start_fixtures (host, "good-workers", "good", "--workers=3");
  test_host_await_log (host, "Fixture workers service started (3 workers) on http://127.0.0.1:", 1);
  test_host_await_log (host, "Fixture good service started", 1);
  test_host_await_process (host, WORKERS, 3);
  g_assert_true (pid_file_holds (host, "booru-host.pid", test_host_get_pid (host)));
  g_assert_true (
      pid_file_holds (host, "booru-fixture.pid", test_host_await_process (host, ONE, 1)));
  g_assert_cmpuint (count_pid_files (host), ==, 5);

  test_host_stop (host);
  assert_order (host, "Stopping fixture good…", "Fixture good stopped", "Stopping fixture workers…",
                "Fixture workers stopped (3 workers)", NULL);
  g_assert_cmpuint (count_pid_files (host), ==, 0);
  g_assert_cmpuint (test_host_count_log (host, "service started"), ==, 2);
  g_assert_cmpuint (test_host_count_log (host, "WARNING"), ==, 0);
}

static void
test_nothing_outlives_a_killed_host (void)
{
  g_autoptr (TestHost) host = new_host ();
  g_autoptr (GArray) children = NULL;
  GPid hung;

  start_fixtures (host, "good-workers", "good", NULL);
  test_host_await_log (host, "service started", 2);
  /* A child that does nothing any more must go as well. */
  hung = test_host_await_process (host, ONE, 1);
  g_assert_cmpint (kill (hung, SIGSTOP), ==, 0);
  children = test_host_list_processes (host, NULL);
  g_assert_cmpuint (children->len, ==, 5);

  test_host_signal (host, SIGKILL);
  test_host_await_exit (host);
  for (guint i = 0; i < children->len; i++)
    test_host_await_gone (g_array_index (children, GPid, i));
}

static void
test_second_interrupt_kills (void)
{
  g_autoptr (TestHost) host = new_host ();
  GPid stuck;

  start_fixtures (host, "good-workers", "good", "--workers=1");
  test_host_await_log (host, "service started", 2);
  stuck = test_host_await_process (host, ONE, 1);
  g_assert_cmpint (kill (stuck, SIGSTOP), ==, 0);

  test_host_signal (host, SIGINT);
  test_host_await_log (host, "Stopping fixture good…", 1);
  g_assert_true (test_host_process_lives (stuck));
  test_host_signal (host, SIGINT);
  g_assert_cmpint (await_exit_code (host), ==, EX_OK);
  g_assert_false (test_host_process_lives (stuck));
  g_assert_cmpuint (test_host_count_log (host, "did not stop within"), ==, 0);
}

static void
test_one_that_does_not_stop_is_killed (void)
{
  g_autoptr (TestHost) host = new_host ();

  start_fixtures (host, "ignores-quiesce", NULL, NULL);
  test_host_await_log (host, "service started", 1);
  test_host_stop (host);
  assert_order (host, "Stopping fixture ignores-quiesce…", "did not stop within 1 seconds",
                "killed by signal 9", "Fixture ignores-quiesce stopped", NULL);
}

/* Replacement */

static gboolean
has_new_worker (gpointer data)
{
  gpointer *args = data;
  g_autoptr (GArray) now = test_host_list_processes (args[0], WORKERS);
  GArray *before = args[1];
  guint kept = 0;

  for (guint i = 0; i < now->len; i++)
    for (guint j = 0; j < before->len; j++)
      kept += g_array_index (now, GPid, i) == g_array_index (before, GPid, j);
  return now->len == before->len && kept == before->len - GPOINTER_TO_UINT (args[2]);
}

static void
test_killed_worker_is_replaced (void)
{
  g_autoptr (TestHost) host = new_host ();
  g_autoptr (GArray) before = NULL;
  g_autofree char *line = NULL;
  GPid victim;

  start_fixtures (host, "good-workers", NULL, "--workers=3");
  test_host_await_log (host, "service started (3 workers)", 1);
  before = test_host_list_processes (host, WORKERS);
  victim = g_array_index (before, GPid, 0);
  g_assert_cmpint (kill (victim, SIGKILL), ==, 0);

  test_host_await (host, "one new worker", has_new_worker,
                   (gpointer[]){ host, before, GUINT_TO_POINTER (1) });
  line = g_strdup_printf (WORKERS " (pid %d) was killed by signal 9 (Killed); restarting in 0.1 s",
                          victim);
  test_host_await_log (host, line, 1);
  test_host_stop (host);
}

static void
test_killed_one_is_replaced_and_never_two (void)
{
  g_autoptr (TestHost) host = new_host ();
  GPid pid;

  start_fixtures (host, "good", NULL, NULL);
  test_host_await_log (host, "Fixture good service started", 1);
  pid = test_host_await_process (host, ONE, 1);
  for (guint i = 1; i <= 3; i++)
    {
      g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
      pid = await_successor (host, ONE, pid);
      test_host_await_log (host, "Fixture good service started", i + 1);
    }
  test_host_stop (host);
  g_assert_cmpuint (test_host_count_log (host, "Fixture good service started"), ==, 4);
}

static void
test_stopped_process_is_replaced (void)
{
  g_autoptr (TestHost) host = new_host ();
  GPid pid;

  test_host_setenv (host, "BOORU_HEARTBEAT_LIMIT", "1");
  start_fixtures (host, "good", NULL, NULL);
  test_host_await_log (host, "service started", 1);
  pid = test_host_await_process (host, ONE, 1);
  g_assert_cmpint (kill (pid, SIGSTOP), ==, 0);
  await_successor (host, ONE, pid);
  assert_order (host, "has been stopped for more than 1 seconds; aborting it", "restarting in",
                NULL);
  test_host_stop (host);
}

static void
test_hung_process_is_replaced (void)
{
  g_autoptr (TestHost) host = new_host ();
  GPid hung, publisher;

  test_host_setenv (host, "BOORU_HEARTBEAT_LIMIT", "1");
  start_fixtures (host, "hang-later", "publisher", NULL);
  test_host_await_log (host, "service started", 2);
  hung = test_host_await_process (host, ONE, 1);
  publisher = test_host_await_process (host, "booru-publisher", 1);
  g_assert_cmpint (kill (publisher, SIGUSR2), ==, 0);
  await_successor (host, ONE, hung);
  assert_order (host, "has not answered for more than 1 seconds; aborting it",
                "was killed by signal 6", "restarting in", NULL);
  /* An idle process is not a hung one. */
  g_assert_cmpint (test_host_await_process (host, "booru-publisher", 1), ==, publisher);
  test_host_stop (host);
}

/* Giving up */

static void
test_crash_for_ever_is_given_up (void)
{
  g_autoptr (TestHost) host = new_host ();

  start_fixtures (host, "crash-on-start", "good", NULL);
  test_host_await_log (host, "Fixture crash-on-start failed for good", 1);
  g_assert_cmpuint (test_host_count_log (host, "was killed by signal 11"), ==, 6);
  g_assert_cmpuint (test_host_count_log (host, "restarting in"), ==, 4);
  assert_order (host, "giving up after 5 failures within 60 s", "Everything else keeps running",
                NULL);
  g_assert_cmpuint (test_host_count_processes (host, ONE), ==, 1);
  test_host_stop (host);
}

static void
test_essential_crash_is_retried (void)
{
  g_autoptr (TestHost) host = new_host ();

  start_fixtures (host, "essential-crash", "good", NULL);
  test_host_await_log (host, "Fixture essential-crash keeps failing, and is tried again", 1);
  test_host_await_log (host, "restarting in", 6);
  g_assert_cmpuint (test_host_count_log (host, "giving up"), ==, 0);
  test_host_await_process (host, ONE, 1);
  test_host_stop (host);
  g_assert_cmpuint (test_host_count_log (host, "keeps failing"), ==, 1);
}

static void
test_permanent_failure_is_not_retried (void)
{
  g_autoptr (TestHost) host = new_host ();

  start_fixtures (host, "essential-corrupt", NULL, NULL);
  g_assert_cmpint (await_exit_code (host), ==, EX_DATAERR);
  assert_order (host, "the fixture's data are damaged", "failed for good", NULL);
  g_assert_cmpuint (test_host_count_log (host, "restarting in"), ==, 0);
}

static void
test_broken_plugins_cost_only_themselves (void)
{
  static const char *const broken[]
      = { "activate-fails",   "crash-on-activate",  "no-symbol",          "wrong-abi", "wrong-name",
          "undefined-symbol", "missing-dependency", "same-service-twice", "circle-a" };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (TestHost) host = new_host ();
      g_autofree char *words = NULL;

      start_fixtures (host, broken[i], "good", NULL);
      test_host_await_log (host, "Fixture good service started", 1);
      words = g_strconcat ("plugin ", broken[i], NULL);
      test_host_await_log (host, words, 1);
      test_host_await_log (host, "going on without", 1);
      test_host_stop (host);
    }
}

/* One host for one data folder */

static void
test_twenty_hosts_at_once (void)
{
  g_autoptr (TestHost) host = new_host ();
  g_autofree char *program = test_host_build_path ("core/host/booru-host");
  g_autofree char *plugins = test_host_build_path ("tests/plugins");
  g_autofree char *data_dir = g_strconcat ("--data-dir=", test_host_get_data_dir (host), NULL);
  const char *argv[] = { program,
                         data_dir,
                         "--port=0",
                         "--disable-plugin=web",
                         "--disable-plugin=monitor",
                         "--enable-plugin=good",
                         NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDERR_SILENCE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autofree char *runtime = get_runtime_file (host, "");
  GSubprocess *hosts[20];
  guint n_refused = 0;
  guint winner = 0;

  g_subprocess_launcher_setenv (launcher, "BOORU_PLUGIN_PATH", plugins, TRUE);
  g_subprocess_launcher_setenv (launcher, "BOORU_RUNTIME_DIR", runtime, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      hosts[i] = g_subprocess_launcher_spawnv (launcher, argv, NULL);
      g_assert_nonnull (hosts[i]);
    }

  /* All but one end by themselves; g_subprocess_get_identifier() is NULL when one has. */
  while (n_refused < G_N_ELEMENTS (hosts) - 1)
    {
      n_refused = 0;
      for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
        if (g_subprocess_get_identifier (hosts[i]) == NULL)
          n_refused++;
        else
          winner = i;
      g_usleep (5000);
    }
  g_assert_nonnull (g_subprocess_get_identifier (hosts[winner]));
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      if (i == winner)
        g_subprocess_send_signal (hosts[i], SIGTERM);
      g_assert_true (g_subprocess_wait (hosts[i], NULL, NULL));
      g_assert_cmpint (g_subprocess_get_exit_status (hosts[i]), ==,
                       i == winner ? EX_OK : EX_UNAVAILABLE);
      g_object_unref (hosts[i]);
    }
}

static void
test_stale_pid_files_are_removed (void)
{
  g_autoptr (TestHost) host = new_host ();
  g_autofree char *stale = get_runtime_file (host, "booru-web-7.pid");
  g_autofree char *other = get_runtime_file (host, "notes.txt");

  g_assert_true (g_file_set_contents (stale, "1\n", -1, NULL));
  g_assert_true (g_file_set_contents (other, "mine\n", -1, NULL));
  start_fixtures (host, "good", NULL, NULL);
  test_host_await_log (host, "service started", 1);
  g_assert_false (g_file_test (stale, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
  test_host_stop (host);
}

/* Descriptors */

/* What the descriptors of a process lead to that only it and the host may hold. */
static GHashTable *
list_private_ends (GPid pid)
{
  g_autofree char *folder = g_strdup_printf ("/proc/%d/fd", pid);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GHashTable *ends = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);

      /* 0 to 2 are the host's own; 6 is the listening socket. */
      if (target && atoi (name) > 2 && atoi (name) != 6
          && (g_str_has_prefix (target, "socket:") || g_str_has_prefix (target, "pipe:")))
        g_hash_table_add (ends, g_steal_pointer (&target));
    }
  return ends;
}

static void
test_siblings_share_no_ends (void)
{
  g_autoptr (TestHost) host = new_host ();
  g_autoptr (GArray) children = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPid victim;

  start_fixtures (host, "good-workers", "good", "--workers=3");
  test_host_await_log (host, "service started", 2);
  /* A replacement is spawned while its siblings' ends are open in the host. */
  victim = test_host_await_process (host, ONE, 1);
  g_assert_cmpint (kill (victim, SIGKILL), ==, 0);
  test_host_await_log (host, "Fixture good service started", 2);

  children = test_host_list_processes (host, NULL);
  g_assert_cmpuint (children->len, ==, 4);
  for (guint i = 0; i < children->len; i++)
    {
      g_autoptr (GHashTable) ends = list_private_ends (g_array_index (children, GPid, i));
      GHashTableIter iter;
      gpointer end;

      /* The channel and the lifeline at the least. */
      g_assert_cmpuint (g_hash_table_size (ends), >=, 2);
      g_hash_table_iter_init (&iter, ends);
      while (g_hash_table_iter_next (&iter, &end, NULL))
        if (!g_hash_table_add (seen, g_strdup (end)))
          g_error ("%s is held by two children", (char *)end);
    }
  test_host_stop (host);
}

/* Orders to a running host */

static guint
find_port (TestHost *host)
{
  g_autofree char *log = test_host_dup_log (host);
  const char *at = strstr (log, "http://127.0.0.1:");

  g_assert_nonnull (at);
  return (guint)atoi (at + strlen ("http://127.0.0.1:"));
}

/* Each connection is answered with the pid of a worker. */
static GPid
ask_worker (guint port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16)port, NULL, &error);
  char text[32] = "";

  g_assert_no_error (error);
  g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (connection)), text,
                           sizeof text - 1, NULL, NULL, &error);
  g_assert_no_error (error);
  return atoi (text);
}

static gboolean
all_workers_are_new (gpointer data)
{
  gpointer *args = data;

  /* Nobody who asks in the meantime is refused. */
  g_assert_cmpint (ask_worker (GPOINTER_TO_UINT (args[3])), >, 0);
  return has_new_worker (data);
}

static void
test_hangup_rolls_the_workers (void)
{
  g_autoptr (TestHost) host = new_host ();
  g_autoptr (GArray) before = NULL;
  GPid one;

  start_fixtures (host, "good-workers", "good", "--workers=3");
  test_host_await_log (host, "service started", 2);
  before = test_host_list_processes (host, WORKERS);
  one = test_host_await_process (host, ONE, 1);
  test_host_signal (host, SIGHUP);
  test_host_await (
      host, "three new workers", all_workers_are_new,
      (gpointer[]){ host, before, GUINT_TO_POINTER (3), GUINT_TO_POINTER (find_port (host)) });
  g_assert_cmpint (test_host_await_process (host, ONE, 1), ==, one);
  test_host_stop (host);
  g_assert_cmpuint (test_host_count_log (host, "WARNING"), ==, 0);
}

static void
test_number_of_workers_follows_the_settings (void)
{
  g_autoptr (TestHost) host = new_host ();
  g_autofree char *keyfile
      = g_build_filename (test_host_get_data_dir (host), "..", "settings.conf", NULL);
  g_autofree char *option = g_strconcat ("--settings=", keyfile, NULL);
  const guint numbers[] = { 4, 1 };

  g_assert_true (g_file_set_contents (keyfile, "[host]\nworkers=2\n", -1, NULL));
  start_fixtures (host, "good-workers", "publisher", option);
  test_host_await_process (host, WORKERS, 2);
  test_host_await_log (host, "service started", 2);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      guint n = numbers[i];
      g_autofree char *text = g_strdup_printf ("[host]\nworkers=%u\n", n);
      g_autofree char *told = g_strdup_printf ("Publisher is told of %u workers", n);

      g_assert_true (g_file_set_contents (keyfile, text, -1, NULL));
      test_host_await_process (host, WORKERS, n);
      test_host_await_log (host, told, 1);
    }

  /* What is wrong in the file changes nothing. */
  g_assert_true (g_file_set_contents (keyfile, "[host]\nworkers=0\n", -1, NULL));
  test_host_signal (host, SIGHUP);
  test_host_await_log (host, "Reloading is called off", 1);
  test_host_await_process (host, WORKERS, 1);
  test_host_stop (host);
}

static void
test_events_go_to_the_others (void)
{
  g_autoptr (TestHost) host = new_host ();

  start_fixtures (host, "good", "publisher", NULL);
  test_host_await_log (host, "service started", 2);
  g_assert_cmpint (kill (test_host_await_process (host, "booru-publisher", 1), SIGUSR1), ==, 0);
  test_host_await_log (host, "Publisher heard test-echoed: 'hello'", 1);
  g_assert_cmpuint (test_host_count_log (host, "Publisher heard test-echo:"), ==, 0);
  test_host_stop (host);
}

static void
test_processes_know_the_services (void)
{
  g_autoptr (TestHost) host = new_host ();

  start_fixtures (host, "crash-on-start", "publisher", NULL);
  test_host_await_log (host, "Publisher heard services: {", 1);
  test_host_await_log (host, "{'crash-on-start': 'failed', 'publisher': 'ready'}", 1);
  test_host_stop (host);
}

/* What systemd's Type=notify waits for. */
static void
test_service_manager_is_told (void)
{
  g_autoptr (TestHost) host = new_host ();
  g_autofree char *path = get_runtime_file (host, "notify");
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) manager
      = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM, 0, NULL);
  g_autoptr (GString) heard = g_string_new (NULL);
  const char *ready;

  g_assert_true (g_socket_bind (manager, address, TRUE, NULL));
  test_host_setenv (host, "NOTIFY_SOCKET", path);
  start_fixtures (host, "good-workers", "good", NULL);
  test_host_await_log (host, "service started", 2);
  test_host_stop (host);

  g_socket_set_blocking (manager, FALSE);
  for (;;)
    {
      char message[512];
      gssize length = g_socket_receive (manager, message, sizeof message, NULL, NULL);

      if (length <= 0)
        break;
      g_string_append_len (heard, message, length);
    }
  ready = strstr (heard->str, "READY=1");
  g_assert_nonnull (ready);
  g_assert_nonnull (strstr (heard->str, "STATUS=Serving http://127.0.0.1:"));
  g_assert_nonnull (strstr (ready, "STOPPING=1"));
}

static void
test_status_report (void)
{
  g_autoptr (TestHost) host = new_host ();

  start_fixtures (host, "good-workers", "good", "--workers=2");
  test_host_await_log (host, "service started", 2);
  test_host_signal (host, SIGUSR1);
  test_host_await_log (host, "Status of booru-host", 1);
  test_host_await_log (host, ": ready for", 3);
  test_host_stop (host);
}

static void
test_development_mode (void)
{
  g_autoptr (TestHost) host = test_host_new ();

  test_host_start (host, "--dev", NULL);
  test_host_await_ready (host);
  test_host_await_process (host, "booru-web", 1);
  g_assert_cmpuint (test_host_count_processes (host, NULL), ==, 1);
  test_host_stop (host);
}

static void
test_development_mode_with_a_monitor (void)
{
  g_autoptr (TestHost) host = test_host_new ();

  test_host_start (host, "--dev", "--enable-plugin=monitor", NULL);
  test_host_await_ready (host);
  test_host_await_process (host, "booru-web", 1);
  test_host_await_process (host, "booru-monitor", 1);
  test_host_stop (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/supervision/start-and-stop-in-order", test_start_and_stop_in_order);
  g_test_add_func ("/supervision/nothing-outlives-a-killed-host",
                   test_nothing_outlives_a_killed_host);
  g_test_add_func ("/supervision/second-interrupt-kills", test_second_interrupt_kills);
  g_test_add_func ("/supervision/one-that-does-not-stop-is-killed",
                   test_one_that_does_not_stop_is_killed);
  g_test_add_func ("/supervision/killed-worker-is-replaced", test_killed_worker_is_replaced);
  g_test_add_func ("/supervision/killed-one-is-replaced-and-never-two",
                   test_killed_one_is_replaced_and_never_two);
  g_test_add_func ("/supervision/stopped-process-is-replaced", test_stopped_process_is_replaced);
  g_test_add_func ("/supervision/hung-process-is-replaced", test_hung_process_is_replaced);
  g_test_add_func ("/supervision/crash-for-ever-is-given-up", test_crash_for_ever_is_given_up);
  g_test_add_func ("/supervision/essential-crash-is-retried", test_essential_crash_is_retried);
  g_test_add_func ("/supervision/permanent-failure-is-not-retried",
                   test_permanent_failure_is_not_retried);
  g_test_add_func ("/supervision/broken-plugins-cost-only-themselves",
                   test_broken_plugins_cost_only_themselves);
  g_test_add_func ("/supervision/twenty-hosts-at-once", test_twenty_hosts_at_once);
  g_test_add_func ("/supervision/stale-pid-files-are-removed", test_stale_pid_files_are_removed);
  g_test_add_func ("/supervision/siblings-share-no-ends", test_siblings_share_no_ends);
  g_test_add_func ("/supervision/hangup-rolls-the-workers", test_hangup_rolls_the_workers);
  g_test_add_func ("/supervision/number-of-workers-follows-the-settings",
                   test_number_of_workers_follows_the_settings);
  g_test_add_func ("/supervision/events-go-to-the-others", test_events_go_to_the_others);
  g_test_add_func ("/supervision/processes-know-the-services", test_processes_know_the_services);
  g_test_add_func ("/supervision/service-manager-is-told", test_service_manager_is_told);
  g_test_add_func ("/supervision/status-report", test_status_report);
  g_test_add_func ("/supervision/development-mode", test_development_mode);
  g_test_add_func ("/supervision/development-mode-with-a-monitor",
                   test_development_mode_with_a_monitor);
  return g_test_run ();
}
