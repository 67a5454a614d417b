/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is done to the processes from outside, and what they run short of. */
#include "faults.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ORIGINAL_SIZE (64 * 1024 * 1024)
#define N_CONNECTIONS 40

/* A photograph made longer than any socket buffer: what follows its end is no part of the image. */
static char *
drop_large_file (TestHost *host)
{
  g_autofree char *source = test_host_dup_photo (0);
  g_autofree char *path = g_build_filename (test_host_get_library (host), "large.jpg", NULL);
  g_autoptr (JsonNode) posts = NULL;

  if (source == NULL)
    return NULL;
  test_host_drop (host, source, "large.jpg");
  g_assert_cmpint (truncate (path, ORIGINAL_SIZE), ==, 0);
  test_host_start_with_library (host);
  test_host_await_posts (host, "", 1);
  posts = test_host_get_json (host, "/posts.json");
  return g_strdup (json_object_get_string_member (
      json_array_get_object_element (json_node_get_array (posts), 0), "file_url"));
}

/* Whoever downloads without reading on does not keep the host from stopping for ever; who reads on
 * gets all of it. */
static void
test_stop_during_download (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *url = drop_large_file (host);
  g_autofree char *buffer = g_malloc (1024 * 1024);
  const char *path;
  gsize total = 0;
  gssize got;
  int fd;

  if (url == NULL)
    {
      g_test_skip ("No photograph is installed");
      return;
    }
  path = strstr (url, "://") ? strchr (strstr (url, "://") + 3, '/') : url;
  fd = faults_connect (faults_get_port (host));
  faults_ask (fd, path);
  got = recv (fd, buffer, 4096, 0);
  g_assert_cmpint (got, >, 0);
  g_assert_true (g_str_has_prefix (buffer, "HTTP/1.1 200 "));

  test_host_signal (host, SIGTERM);
  test_host_await_log (host, "Stopping web", 1);
  for (; got > 0; got = recv (fd, buffer, 1024 * 1024, 0))
    total += (gsize)got;
  g_assert_cmpuint (total, >=, ORIGINAL_SIZE);
  close (fd);
  g_assert_cmpint (test_host_await_exit (host), ==, 0);
}

/* Connections wait while a worker has no descriptors left; nothing dies, and all are served. */
static void
test_descriptors_of_a_worker (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  struct rlimit before;
  struct rlimit few;
  int fds[N_CONNECTIONS];
  GPid worker;

  test_host_start (host, "--workers=1", "--disable-plugin=monitor", "--bus=none", NULL);
  test_host_await_ready (host);
  worker = test_host_await_process (host, "booru-web", 1);
  g_assert_cmpint (prlimit (worker, RLIMIT_NOFILE, NULL, &before), ==, 0);
  few = before;
  few.rlim_cur = 32;
  g_assert_cmpint (prlimit (worker, RLIMIT_NOFILE, &few, NULL), ==, 0);

  for (guint i = 0; i < N_CONNECTIONS; i++)
    fds[i] = faults_connect (faults_get_port (host));
  test_host_await_log (host, "Cannot accept connections for a moment: Too many open files", 1);
  g_assert_cmpint (prlimit (worker, RLIMIT_NOFILE, &before, NULL), ==, 0);
  for (guint i = 0; i < N_CONNECTIONS; i++)
    {
      faults_ask (fds[i], "/health");
      g_assert_true (faults_is_answered (fds[i]));
      close (fds[i]);
    }
  g_assert_cmpint (test_host_await_process (host, "booru-web", 1), ==, worker);
  test_host_stop (host);
}

/* Its children serve while the host is stopped, and when it goes on it takes none of them for hung
 * but replaces one that died meanwhile. */
static void
test_stopped_host (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  GPid worker;
  GPid successor;

  test_host_setenv (host, "BOORU_HEARTBEAT_LIMIT", "1");
  test_host_start (host, "--workers=1", "--disable-plugin=monitor", "--bus=none", NULL);
  test_host_await_ready (host);
  worker = test_host_await_process (host, "booru-web", 1);
  test_host_signal (host, SIGSTOP);
  /* Three times as long as it lets a child hang. */
  for (guint i = 0; i < 30; i++)
    {
      g_assert_cmpuint (test_host_request (host, "GET", "/health", NULL, NULL, NULL), ==, 200);
      g_usleep (G_USEC_PER_SEC / 10);
    }
  g_assert_cmpint (kill (worker, SIGKILL), ==, 0);
  test_host_signal (host, SIGCONT);
  test_host_await_log (host, "was killed by signal 9", 1);
  test_host_await_ready (host);
  successor = test_host_await_process (host, "booru-web", 1);
  g_assert_cmpint (successor, !=, worker);
  g_assert_cmpuint (test_host_count_log (host, "aborting"), ==, 0);
  test_host_stop (host);
}

/* As the first process of a container: orphans of the monitor become its children then. */
static void
test_first_process_of_a_container (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *program = test_host_build_path ("core/host/booru-host");
  g_autofree char *data_dir = g_strconcat ("--data-dir=", test_host_get_data_dir (host), NULL);
  g_autofree char *unshare = g_find_program_in_path ("unshare");
  const char *argv[] = { unshare,        "--pid",       "--fork", "--mount-proc",
                         "--kill-child", program,       data_dir, "--port=0",
                         "--bus=none",   "--workers=1", NULL };
  g_autoptr (GSubprocess) container = NULL;
  g_autoptr (GDataInputStream) log = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;
  gboolean served = FALSE;

  if (unshare == NULL || geteuid () != 0)
    {
      g_test_skip ("Needs unshare(1) and root");
      return;
    }
  container = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  log = g_data_input_stream_new (g_subprocess_get_stderr_pipe (container));
  while (!served && (line = g_data_input_stream_read_line (log, NULL, NULL, &error)) != NULL)
    {
      g_test_message ("%s", line);
      served = strstr (line, "Web service started") != NULL;
      g_clear_pointer (&line, g_free);
    }
  if (!served)
    g_test_skip ("There are no namespaces here");
  else
    {
      g_autofree char *children
          = g_strdup_printf ("/proc/%s/task/%s/children", g_subprocess_get_identifier (container),
                             g_subprocess_get_identifier (container));
      g_autofree char *pids = NULL;

      g_assert_true (g_file_get_contents (children, &pids, NULL, NULL));
      g_assert_cmpint (kill (atoi (pids), SIGTERM), ==, 0);
    }
  g_assert_true (g_subprocess_wait (container, NULL, NULL));
  if (served)
    g_assert_cmpint (g_subprocess_get_exit_status (container), ==, 0);
}

/* Plugin, settings, what is said. */
static const char *const too_much_memory[]
    = { "eats-memory", "", "MiB of memory, more than its limit of 500 MiB" };
static const char *const too_many_processes[]
    = { "eats-processes", "", "ran 10 processes, more than its limit of 8" };
static const char *const more_than_set[]
    = { "eats-processes", "[host]\nservice-limits={'eats-processes': (0, 3)}\n",
        "more than its limit of 3" };

/* It costs that process, and nobody else. */
static void
test_over_limit (gconstpointer data)
{
  const char *const *row = data;
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *settings
      = g_build_filename (test_host_get_data_dir (host), "..", "limits.conf", NULL);
  g_autofree char *plugins = test_host_build_path ("tests/plugins");
  g_autofree char *enable = g_strconcat ("--enable-plugin=", row[0], NULL);
  g_autofree char *service = g_strdup_printf ("Fixture %s service started", row[0]);
  g_autofree char *who = g_strdup_printf ("The plugin %s: booru-greedy (pid ", row[0]);
  GPid good;

  g_assert_true (g_file_set_contents (settings, row[1], -1, NULL));
  test_host_setenv (host, "BOORU_SETTINGS", settings);
  test_host_setenv (host, "BOORU_PLUGIN_PATH", plugins);
  test_host_start (host, "--disable-plugin=web", "--disable-plugin=monitor", enable,
                   "--enable-plugin=good", NULL);
  good = test_host_await_process (host, "booru-fixture", 1);
  test_host_await_log (host, service, 2);
  g_assert_cmpuint (test_host_count_log (host, who), >=, 1);
  g_assert_cmpuint (test_host_count_log (host, row[2]), >=, 2);
  g_assert_cmpint (test_host_await_process (host, "booru-fixture", 1), ==, good);
  test_host_stop (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/faults/processes/stop-during-download", test_stop_during_download);
  g_test_add_func ("/faults/processes/descriptors-of-a-worker", test_descriptors_of_a_worker);
  g_test_add_func ("/faults/processes/stopped-host", test_stopped_host);
  g_test_add_func ("/faults/processes/first-of-a-container", test_first_process_of_a_container);
  g_test_add_data_func ("/faults/processes/too-much-memory", too_much_memory, test_over_limit);
  g_test_add_data_func ("/faults/processes/too-many-processes", too_many_processes,
                        test_over_limit);
  g_test_add_data_func ("/faults/processes/more-than-the-settings-say", more_than_set,
                        test_over_limit);
  return g_test_run ();
}
