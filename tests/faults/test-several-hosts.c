/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several hosts on one data folder: one of them monitors, whatever is done to it. */
#include "faults.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>
#include <sys/wait.h>

#define TAKEN "This host's monitor has the role"
#define LOST "This host's monitor has lost the role"
#define WAITS "This host's monitor waits"

typedef struct
{
  TestHost *hosts[3];
  guint n;
  char *inbox, *settings;
  guint n_dropped;
} Fixture;

static void
start (Fixture *self, TestHost *host)
{
  g_autofree char *inbox = g_strconcat ("--ingest=", self->inbox, NULL);
  g_autofree char *settings = g_strconcat ("--settings=", self->settings, NULL);

  test_host_start (host, "--shared", "--workers=1", inbox, settings, test_host_get_library (host),
                   NULL);
}

/* One for all, as hosts on one data folder have. */
static char *
dup_runtime_dir (Fixture *self)
{
  g_autofree char *parent = g_path_get_dirname (test_host_get_data_dir (self->hosts[0]));

  return g_build_filename (parent, "run", NULL);
}

static void
start_all (Fixture *self, guint n)
{
  g_autofree char *runtime_dir = NULL;

  self->n = n;
  for (guint i = 0; i < n; i++)
    {
      self->hosts[i] = i == 0 ? test_host_new () : test_host_new_beside (self->hosts[0]);
      /* Which process a test stops for how long is the test's business. */
      test_host_setenv (self->hosts[i], "BOORU_HEARTBEAT_LIMIT", "60");
    }
  runtime_dir = dup_runtime_dir (self);
  for (guint i = 1; i < n; i++)
    test_host_setenv (self->hosts[i], "BOORU_RUNTIME_DIR", runtime_dir);
  self->inbox = g_build_filename (test_host_get_library (self->hosts[0]), "..", "inbox", NULL);
  self->settings = g_build_filename (test_host_get_library (self->hosts[0]), "..", "conf", NULL);
  g_assert_cmpint (g_mkdir_with_parents (self->inbox, 0700), ==, 0);
  g_assert_true (g_file_set_contents (self->settings, "[monitor]\nlease-seconds=3\n", -1, NULL));
  /* The first is the leader: it is there before the others come. */
  for (guint i = 0; i < n; i++)
    {
      start (self, self->hosts[i]);
      test_host_await_ready (self->hosts[i]);
      test_host_await_log (self->hosts[i], i == 0 ? TAKEN : WAITS, 1);
    }
}

static void
end (Fixture *self)
{
  for (guint i = self->n; i-- > 0;)
    test_host_free (self->hosts[i]);
  g_free (self->inbox);
  g_free (self->settings);
}

/* Every second one into the inbox, the others into the library. */
static void
drop (Fixture *self, guint n)
{
  for (guint i = 0; i < n; i++, self->n_dropped++)
    {
      g_autofree char *name = g_strdup_printf ("%u.bmp", self->n_dropped);
      g_autofree char *path = g_build_filename (
          self->n_dropped % 2 ? self->inbox : test_host_get_library (self->hosts[0]), name, NULL);

      faults_write_picture (path, self->n_dropped);
    }
}

static gint64
query (Fixture *self, const char *sql)
{
  return faults_query (self->hosts[0], sql);
}

static gboolean
inbox_is_empty (gpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (data, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".bmp"))
      return FALSE;
  return TRUE;
}

/* Everything that was dropped is one post each, with one file each, none of them a failure; and all
 * hosts that are there say so. */
static void
require_complete (Fixture *self)
{
  for (guint i = 0; i < self->n; i++)
    if (test_host_get_pid (self->hosts[i]) != 0)
      test_host_await_posts (self->hosts[i], "", self->n_dropped);
  for (guint i = 0; i < self->n; i++)
    if (test_host_get_pid (self->hosts[i]) != 0)
      {
        test_host_await (self->hosts[i], "an empty inbox", inbox_is_empty, self->inbox);
        break;
      }
  g_assert_cmpint (query (self, "SELECT count(*) FROM posts"), ==, self->n_dropped);
  g_assert_cmpint (query (self, "SELECT count(*) FROM files"), ==, self->n_dropped);
  g_assert_cmpint (query (self, "SELECT count(DISTINCT post_id) FROM files"), ==, self->n_dropped);
}

static guint
count_taken (Fixture *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n; i++)
    n += test_host_count_log (self->hosts[i], TAKEN);
  return n;
}

typedef struct
{
  Fixture *fixture;
  guint n;
} Takings;

static gboolean
have_taken (gpointer data)
{
  Takings *takings = data;

  return count_taken (takings->fixture) >= takings->n;
}

/* The n-th taking of the role, by whichever host. Tokens count them: at no time have two the same.
 */
static void
await_taking (Fixture *self, guint n)
{
  Takings takings = { self, n };

  test_host_await (self->hosts[self->n - 1], "somebody to take the role", have_taken, &takings);
  g_assert_cmpint (query (self, "SELECT token FROM leases WHERE role = 'monitor'"), ==,
                   count_taken (self));
}

static GPid
monitor_of (TestHost *host)
{
  return test_host_await_process (host, "booru-monitor", 1);
}

static void
test_monitor_killed (void)
{
  Fixture self = { 0 };

  start_all (&self, 2);
  drop (&self, 4);
  kill (monitor_of (self.hosts[0]), SIGKILL);
  drop (&self, 4);
  await_taking (&self, 2);
  drop (&self, 2);
  require_complete (&self);
  end (&self);
}

static void
test_host_killed (void)
{
  Fixture self = { 0 };

  start_all (&self, 3);
  drop (&self, 4);
  test_host_signal (self.hosts[0], SIGKILL);
  test_host_await_exit (self.hosts[0]);
  drop (&self, 4);
  await_taking (&self, 2);
  require_complete (&self);
  g_assert_cmpuint (count_taken (&self), ==, 2);
  end (&self);
}

/* It is stopped at work for longer than its lease, and goes on when another has taken over. */
static void
test_monitor_stopped (void)
{
  Fixture self = { 0 };
  GPid leader;

  start_all (&self, 2);
  leader = monitor_of (self.hosts[0]);
  drop (&self, 6);
  kill (leader, SIGSTOP);
  test_host_await_log (self.hosts[1], TAKEN, 1);
  drop (&self, 2);
  kill (leader, SIGCONT);
  test_host_await_log (self.hosts[0], LOST, 1);
  drop (&self, 2);
  require_complete (&self);

  /* It waits now, as the same process, and takes over in its turn. */
  g_assert_cmpint (monitor_of (self.hosts[0]), ==, leader);
  g_assert_cmpuint (test_host_count_log (self.hosts[0], TAKEN), ==, 1);
  kill (monitor_of (self.hosts[1]), SIGKILL);
  await_taking (&self, 3);
  drop (&self, 2);
  require_complete (&self);
  end (&self);
}

/* Who is stopped in order gives the role back: nobody waits for the lease to end. */
static void
test_stopped_in_order (void)
{
  Fixture self = { 0 };

  start_all (&self, 2);
  drop (&self, 4);
  require_complete (&self);
  test_host_stop (self.hosts[0]);
  g_assert_cmpint (query (&self, "SELECT holder = '' OR token = 2 FROM leases"), ==, 1);
  drop (&self, 4);
  await_taking (&self, 2);
  require_complete (&self);
  test_host_stop (self.hosts[1]);
  g_assert_cmpint (query (&self, "SELECT holder = '' FROM leases"), ==, 1);

  /* Alone again, without others: no lease is asked for. */
  test_host_start (self.hosts[1], "--workers=1", test_host_get_library (self.hosts[1]), NULL);
  test_host_await_ready (self.hosts[1]);
  drop (&self, 1);
  test_host_await_posts (self.hosts[1], "", self.n_dropped);
  g_assert_cmpint (query (&self, "SELECT token FROM leases"), ==, 2);
  end (&self);
}

/* Runs booructl; what it says, errors too. */
static int
ctl (Fixture *self, char **output, const char *first, const char *second)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autofree char *runtime_dir = dup_runtime_dir (self);
  g_autofree char *program = test_host_build_path ("core/ctl/booructl");
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "BOORU_RUNTIME_DIR", runtime_dir, TRUE);
  g_subprocess_launcher_setenv (launcher, "BOORU_DATA_DIR", test_host_get_data_dir (self->hosts[0]),
                                TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, program, first, second, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, output, NULL, &error));
  return g_subprocess_get_exit_status (process);
}

static guint
count (const char *text, const char *what)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, what)) != NULL; at++)
    n++;
  return n;
}

/* booructl finds all hosts of a data folder. What concerns one of them is not done to any unless it
 * is said which. */
static void
test_control (void)
{
  Fixture self = { 0 };
  g_autofree char *status = NULL, *health = NULL, *refused = NULL, *alone = NULL;
  g_autofree char *pid = NULL;

  start_all (&self, 2);
  g_assert_cmpint (ctl (&self, &status, "status", NULL), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_free (pid);
      pid = g_strdup_printf ("pid %d,", test_host_get_pid (self.hosts[i]));
      g_assert_cmpuint (count (status, pid), ==, 1);
    }
  g_assert_cmpuint (count (status, "/host-1/control\n"), ==, 1);
  g_assert_cmpuint (count (status, "/host-2/control\n"), ==, 1);
  g_assert_cmpint (ctl (&self, &health, "--json", "health"), ==, 0);
  g_assert_cmpuint (count (health, "\"state\":\"ready\""), ==, 2);
  g_assert_cmpuint (count (health, "\n"), ==, 2);

  g_assert_cmpint (ctl (&self, &refused, "stop", NULL), ==, EX_USAGE);
  g_assert_cmpuint (count (refused, "--socket="), ==, 2);
  g_assert_cmpint (ctl (&self, NULL, "scan", NULL), ==, EX_USAGE);
  for (guint i = 0; i < 2; i++)
    g_assert_true (test_host_process_lives (test_host_get_pid (self.hosts[i])));

  /* What is left of a killed host is none. */
  test_host_signal (self.hosts[0], SIGKILL);
  test_host_await_exit (self.hosts[0]);
  await_taking (&self, 2);
  g_assert_cmpint (ctl (&self, &alone, "scan", NULL), ==, 0);
  g_assert_cmpint (ctl (&self, NULL, "stop", NULL), ==, 0);
  test_host_await_exit (self.hosts[1]);
  end (&self);
}

/* A standby that is asked to scan says that another host does, and goes on waiting. */
static void
test_scan_by_standby (void)
{
  Fixture self = { 0 };
  g_autofree char *runtime_dir = NULL, *socket = NULL;
  GPid standby;

  start_all (&self, 2);
  runtime_dir = dup_runtime_dir (&self);
  socket = g_strdup_printf ("--socket=%s/host-2/control", runtime_dir);
  standby = monitor_of (self.hosts[1]);
  g_assert_cmpint (ctl (&self, NULL, socket, "scan"), ==, EX_TEMPFAIL);
  g_assert_cmpint (monitor_of (self.hosts[1]), ==, standby);
  end (&self);
}

/* Who shares and who does not never run together. */
static void
test_refused (void)
{
  Fixture self = { 0 };
  g_autofree char *pid = NULL;
  g_autofree char *log = NULL;
  int status;

  start_all (&self, 2);
  pid = g_strdup_printf ("pid %d", test_host_get_pid (self.hosts[0]));
  test_host_stop (self.hosts[1]);
  test_host_start (self.hosts[1], test_host_get_library (self.hosts[1]), NULL);
  status = test_host_await_exit (self.hosts[1]);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, EX_UNAVAILABLE);
  log = test_host_dup_log (self.hosts[1]);
  g_assert_nonnull (strstr (log, pid));
  g_assert_nonnull (strstr (log, "--shared"));
  end (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/several-hosts/monitor-killed", test_monitor_killed);
  g_test_add_func ("/several-hosts/host-killed", test_host_killed);
  g_test_add_func ("/several-hosts/monitor-stopped", test_monitor_stopped);
  g_test_add_func ("/several-hosts/stopped-in-order", test_stopped_in_order);
  g_test_add_func ("/several-hosts/control", test_control);
  g_test_add_func ("/several-hosts/scan-by-standby", test_scan_by_standby);
  g_test_add_func ("/several-hosts/refused", test_refused);
  return g_test_run ();
}
