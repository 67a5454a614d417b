/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the host runs short of: processes, descriptors, somebody who reads its log. It lives, says
 * so, and is whole again by itself when there is enough. */
#include "faults.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* More failures in a row than a service that is at fault itself would be allowed. */
#define N_FAILURES 7

static gboolean
is_whole (gpointer host)
{
  return test_host_count_processes (host, "booru-web") == 2
         && test_host_count_processes (host, "booru-monitor") == 1
         && test_host_request (host, "GET", "/health", NULL, NULL, NULL) == 200;
}

static void
kill_one_of_each (TestHost *host)
{
  g_autoptr (GArray) workers = test_host_list_processes (host, "booru-web");
  GPid monitor = test_host_await_process (host, "booru-monitor", 1);

  g_assert_cmpuint (workers->len, ==, 2);
  g_assert_cmpint (kill (g_array_index (workers, GPid, 0), SIGKILL), ==, 0);
  g_assert_cmpint (kill (monitor, SIGKILL), ==, 0);
}

/* Whoever was lost meanwhile comes back, and what was dropped meanwhile is there. */
static void
require_recovery (TestHost *host, guint n_dropped)
{
  test_host_await (host, "all processes", is_whole, host);
  faults_drop_picture (host, 2);
  test_host_await_posts (host, "", n_dropped + 1);
  g_assert_cmpuint (test_host_count_log (host, "given up"), ==, 0);
  g_assert_cmpuint (test_host_count_log (host, "giving up"), ==, 0);
  g_assert_cmpuint (test_host_count_log (host, "failed for good"), ==, 0);
}

static void
start (TestHost *host)
{
  test_host_start (host, "--workers=2", "--bus=none", test_host_get_library (host), NULL);
  test_host_await (host, "all processes", is_whole, host);
}

static void
test_no_processes (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  FaultsShim *shim = faults_use_shim (host);

  start (host);
  shim->no_processes = TRUE;
  faults_drop_picture (host, 3);
  test_host_await_log (host, "Cannot start the decoder", 1);
  kill_one_of_each (host);
  test_host_await_log (host, "Cannot start booru-web", N_FAILURES);
  test_host_await_log (host, "Cannot start booru-monitor", N_FAILURES);
  /* The other worker serves. */
  g_assert_cmpuint (test_host_request (host, "GET", "/posts.json", NULL, NULL, NULL), ==, 200);
  /* One that cannot be replaced is kept. */
  test_host_signal (host, SIGHUP);
  test_host_await_log (host, "replacing the workers", 1);
  test_host_await_log (host, "Cannot start booru-web", N_FAILURES + 2);
  g_assert_cmpuint (test_host_count_processes (host, "booru-web"), ==, 1);
  faults_drop_picture (host, 1);

  shim->no_processes = FALSE;
  require_recovery (host, 2);
  g_assert_cmpint (shim->n_refused, >=, 2 * N_FAILURES);
  test_host_stop (host);
}

static guint
count_descriptors (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd", pid);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir))
    n++;
  return n;
}

static void
test_descriptors_of_the_host (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  struct rlimit before;
  struct rlimit few;
  GPid pid;

  start (host);
  pid = test_host_get_pid (host);
  g_assert_cmpint (prlimit (pid, RLIMIT_NOFILE, NULL, &before), ==, 0);
  few = before;
  few.rlim_cur = count_descriptors (pid) + 2;
  g_assert_cmpint (prlimit (pid, RLIMIT_NOFILE, &few, NULL), ==, 0);
  kill_one_of_each (host);
  test_host_await_log (host, "Cannot start booru-web: Too many open files", N_FAILURES);
  test_host_await_log (host, "Cannot start booru-monitor: Too many open files", N_FAILURES);
  g_assert_cmpuint (test_host_request (host, "GET", "/posts.json", NULL, NULL, NULL), ==, 200);
  faults_drop_picture (host, 1);

  g_assert_cmpint (prlimit (pid, RLIMIT_NOFILE, &before, NULL), ==, 0);
  require_recovery (host, 1);
  test_host_stop (host);
}

/* Has the host filled the pipe, of which the test has both ends, that nobody reads? */
static gboolean
is_full (gpointer data)
{
  gpointer *args = data;
  struct pollfd end = { .fd = GPOINTER_TO_INT (args[1]), .events = POLLOUT };

  test_host_signal (args[0], SIGUSR1); /* many lines each */
  return poll (&end, 1, 0) == 0;
}

static gboolean
says (gpointer data)
{
  gpointer *args = data;
  GString *heard = args[0];
  char text[4096];
  gssize length;

  while ((length = read (GPOINTER_TO_INT (args[1]), text, sizeof text)) > 0)
    g_string_append_len (heard, text, length);
  return strstr (heard->str, args[2]) != NULL;
}

static gboolean
is_answered (gpointer port)
{
  int fd = faults_connect (GPOINTER_TO_UINT (port));
  gboolean answered;

  faults_ask (fd, "/health");
  answered = faults_is_answered (fd);
  close (fd);
  return answered;
}

/* The host's log goes to a pipe whose reader falls asleep. */
static void
test_log_that_nobody_reads (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *path = g_build_filename (test_host_get_data_dir (host), "..", "fifo", NULL);
  g_autofree char *script = g_strdup_printf ("exec \"$@\" 2>'%s'", path);
  g_autoptr (GString) heard = g_string_new (NULL);
  gpointer port;
  GPid worker;
  int fd;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  fd = open (path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  test_host_start_in (host, script, "--workers=1", "--disable-plugin=monitor", "--bus=none", NULL);
  test_host_await (host, "a service", says,
                   (gpointer[]){ heard, GINT_TO_POINTER (fd), "service started" });
  port = GUINT_TO_POINTER (atoi (strstr (heard->str, "http://127.0.0.1:") + 17));
  test_host_await (host, "an answer", is_answered, port);

  test_host_await (host, "a full pipe", is_full, (gpointer[]){ host, GINT_TO_POINTER (fd) });
  test_host_signal (host, SIGUSR1);
  worker = test_host_await_process (host, "booru-web", 1);
  g_assert_cmpint (kill (worker, SIGKILL), ==, 0);
  test_host_await_gone (worker);
  test_host_await (host, "an answer", is_answered, port);
  test_host_signal (host, SIGHUP);
  test_host_await (host, "an answer", is_answered, port);

  g_string_truncate (heard, 0);
  while (!says ((gpointer[]){ heard, GINT_TO_POINTER (fd), "log lines were lost" }))
    test_host_signal (host, SIGUSR1);
  test_host_stop (host);
  close (fd);
}

/* The lock that writers take: somebody has it and does not let go of it. */
static int
lock_database (TestHost *host)
{
  g_autofree char *path
      = g_build_filename (test_host_get_data_dir (host), "booru.write-lock", NULL);
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  return fd;
}

static guint
tag_post (TestHost *host)
{
  return test_host_request (host, "PUT", "/posts/1.json", "application/json",
                            "{\"post\":{\"tag_string\":\"sky\"}}", NULL);
}

static gboolean
is_degraded_by_the_lock (gpointer host)
{
  g_autoptr (JsonNode) health = test_host_get_json (host, "/health");
  JsonObject *object = json_node_get_object (health);
  const char *reason = json_object_get_string_member_with_default (object, "reason", "");

  return g_str_equal (json_object_get_string_member (object, "status"), "degraded")
         && strstr (reason, "Another process has been writing to") != NULL;
}

/* It serves, and says what it cannot do; and that it can, though nobody tries again. */
static void
test_locked_database (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  int lock;

  test_host_start_with_library (host);
  faults_drop_picture (host, 1);
  test_host_await_posts (host, "", 1);
  lock = lock_database (host);
  g_assert_cmpuint (tag_post (host), ==, 503);
  test_host_await (host, "its health to say so", is_degraded_by_the_lock, host);
  g_assert_cmpint (test_host_count_posts (host, ""), ==, 1);
  g_assert_cmpuint (test_host_count_processes (host, "booru-web"), ==, 2);

  close (lock);
  test_host_await_ready (host);
  g_assert_cmpuint (tag_post (host), ==, 200);
  test_host_stop (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/faults/shortage/no-processes", test_no_processes);
  g_test_add_func ("/faults/shortage/descriptors-of-the-host", test_descriptors_of_the_host);
  g_test_add_func ("/faults/shortage/locked-database", test_locked_database);
  g_test_add_func ("/faults/shortage/log-that-nobody-reads", test_log_that_nobody_reads);
  return g_test_run ();
}
