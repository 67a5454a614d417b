/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What earlier hosts, or somebody else, left where the host keeps its pid and lock files. */
#include "faults.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

/* Below the folder that holds data/ and run/. */
static const char *const pid_files[] = { "run/booru-host.pid", "run/booru-web-1.pid",
                                         "run/booru-web-9.pid", "run/booru-monitor.pid" };
static const char *const locks[]
    = { "data/booru-host.lock", "data/booru-monitor.lock", "data/booru.write-lock" };

static char *
get_path (TestHost *host, const char *name)
{
  return g_build_filename (test_host_get_data_dir (host), "..", name, NULL);
}

static void
leave (TestHost *host, const char *name, const char *text, guint mode)
{
  g_autofree char *path = get_path (host, name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, (int)mode), ==, 0);
}

static void
leave_all (TestHost *host, GPid pid, guint mode)
{
  g_autofree char *text = g_strdup_printf ("%d\n", pid);

  for (guint i = 0; i < G_N_ELEMENTS (pid_files); i++)
    leave (host, pid_files[i], text, mode);
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    leave (host, locks[i], text, mode);
}

static gboolean
holds (TestHost *host, const char *name, GPid pid)
{
  g_autofree char *path = get_path (host, name);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && atoi (text) == pid;
}

/* Starts the host, by a shell's words if there are any. All of it is there, and told by its own
 * pids. */
static void
require_work (TestHost *host, const char *script)
{
  g_autofree char *stale = get_path (host, "run/booru-web-9.pid");

  test_host_start_in (host, script ? script : "exec \"$@\"", "--workers=1", "--bus=none",
                      test_host_get_library (host), NULL);
  test_host_await_ready (host);
  faults_drop_picture (host, 1);
  test_host_await_posts (host, "", 1);
  g_assert_true (holds (host, "run/booru-host.pid", test_host_get_pid (host)));
  g_assert_true (holds (host, "data/booru-host.lock", test_host_get_pid (host)));
  g_assert_true (
      holds (host, "run/booru-monitor.pid", test_host_await_process (host, "booru-monitor", 1)));
  g_assert_false (g_file_test (stale, G_FILE_TEST_EXISTS));
  test_host_stop (host);
}

static void
test_dead_pid (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  GPid pid;
  char *argv[] = { "/bin/true", NULL };

  g_assert_true (
      g_spawn_async (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL));
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  leave_all (host, pid, 0600);
  require_work (host, NULL);
}

/* A number that somebody else has by now: that process is none of ours, and is left in peace. */
static void
test_foreign_pid (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  GPid pid;
  char *argv[] = { "/bin/sleep", "1000", NULL };

  g_assert_true (
      g_spawn_async (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL));
  leave_all (host, pid, 0600);
  require_work (host, NULL);
  g_assert_cmpint (waitpid (pid, NULL, WNOHANG), ==, 0);
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}

/* Root may write to everything; but not without the capability that says so. */
static void
test_read_only (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *setpriv = g_find_program_in_path ("setpriv");
  const char *script = NULL;

  if (geteuid () == 0 && setpriv == NULL)
    {
      g_test_skip ("Nothing is read-only for root, and there is no setpriv(1)");
      return;
    }
  if (geteuid () == 0)
    script = "exec setpriv --bounding-set=-dac_override,-dac_read_search \"$@\"";
  leave_all (host, 1, 0400);
  require_work (host, script);
}

static void
test_garbage (void)
{
  g_autoptr (TestHost) host = test_host_new ();

  for (guint i = 0; i < G_N_ELEMENTS (pid_files); i++)
    leave (host, pid_files[i], "-1\n99999999999999999999\nx", 0600);
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    leave (host, locks[i], "-1\n99999999999999999999\nx", 0600);
  require_work (host, NULL);
}

static void
make_directory (TestHost *host, const char *name)
{
  g_autofree char *path = get_path (host, name);
  g_autofree char *inside = g_build_filename (path, "mine", NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_true (g_file_set_contents (inside, "kept", -1, NULL));
}

static void
require_directory (TestHost *host, const char *name)
{
  g_autofree char *path = get_path (host, name);
  g_autofree char *inside = g_build_filename (path, "mine", NULL);

  g_assert_true (g_file_test (inside, G_FILE_TEST_IS_REGULAR));
}

/* Nobody needs the pid files: somebody's directories in their place cost a warning each. */
static void
test_directories_for_pid_files (void)
{
  g_autoptr (TestHost) host = test_host_new ();

  for (guint i = 0; i < G_N_ELEMENTS (pid_files); i++)
    make_directory (host, pid_files[i]);
  test_host_start_with_library (host);
  faults_drop_picture (host, 1);
  test_host_await_posts (host, "", 1);
  g_assert_cmpuint (test_host_count_log (host, "Cannot write a pid file"), >=, 3);
  test_host_stop (host);
  for (guint i = 0; i < G_N_ELEMENTS (pid_files); i++)
    require_directory (host, pid_files[i]);
}

/* Without its lock the host does not start: it says where what stands, and removes nothing. */
static void
test_directory_for_the_lock (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  int status;

  make_directory (host, "data/booru-host.lock");
  test_host_start (host, "--bus=none", NULL);
  status = test_host_await_exit (host);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), !=, EX_OK);
  test_host_await_log (host, "data/booru-host.lock”: Is a directory", 1);
  require_directory (host, "data/booru-host.lock");
}

/* Without theirs, monitor and store do not work, but the host lives and tells. */
static void
test_directory_for_the_monitors_lock (void)
{
  g_autoptr (TestHost) host = test_host_new ();

  make_directory (host, "data/booru-monitor.lock");
  test_host_start (host, "--workers=1", "--bus=none", test_host_get_library (host), NULL);
  test_host_await_log (host, "data/booru-monitor.lock”: Is a directory", 1);
  test_host_await_ready (host);
  require_directory (host, "data/booru-monitor.lock");
  test_host_stop (host);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/faults/leftovers/dead-pid", test_dead_pid);
  g_test_add_func ("/faults/leftovers/foreign-pid", test_foreign_pid);
  g_test_add_func ("/faults/leftovers/read-only", test_read_only);
  g_test_add_func ("/faults/leftovers/garbage", test_garbage);
  g_test_add_func ("/faults/leftovers/directories-for-pid-files", test_directories_for_pid_files);
  g_test_add_func ("/faults/leftovers/directory-for-the-lock", test_directory_for_the_lock);
  g_test_add_func ("/faults/leftovers/directory-for-the-monitors-lock",
                   test_directory_for_the_monitors_lock);
  return g_test_run ();
}
