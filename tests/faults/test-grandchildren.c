/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The processes that the monitor starts, a decoder and the decoder's ffmpeg, with a file in work:
 * nothing outlives whoever started it, a crash costs one file, and a file that was in work when
 * the monitor died is on the board afterwards. */
#include "faults.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#define DECODER "booru-decoder"
#define FFMPEG "ffmpeg"
#define MAX_CATCHES 50

/* A photograph of noise, or a video: content that no other number gives. */
static void
drop (TestHost *host, const char *who, guint number)
{
  g_autofree char *source = g_build_filename (test_host_get_data_dir (host), "..", "v.mp4", NULL);
  g_autofree char *name = g_strdup_printf ("%u.mp4", number);
  g_autofree char *title = g_strdup_printf ("title=%u", number);
  const char *const command[] = { FFMPEG,  "-nostdin",  "-loglevel",
                                  "error", "-y",        "-f",
                                  "lavfi", "-i",        "testsrc2=s=3840x2160:d=1",
                                  "-c:v",  "mpeg4",     "-b:v",
                                  "20M",   "-metadata", title,
                                  source,  NULL };
  g_autoptr (GError) error = NULL;

  if (g_str_equal (who, DECODER))
    {
      faults_drop_picture (host, number);
      return;
    }
  g_spawn_sync (NULL, (char **)command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                &error);
  g_assert_no_error (error);
  test_host_drop (host, source, name);
}

/* Is a file of the library open in this process? A decoder has one when it was given its work. */
static gboolean
is_at_work (TestHost *host, GPid pid)
{
  g_autofree char *folder = g_strdup_printf ("/proc/%d/fd", pid);
  g_autoptr (GDir) fds = g_dir_open (folder, 0, NULL);
  const char *name;

  while (fds && (name = g_dir_read_name (fds)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);

      if (target && g_str_has_prefix (target, test_host_get_library (host)))
        return TRUE;
    }
  return FALSE;
}

/* Stops a process of this name that is at work, and so keeps it there. 0: there is none. */
static GPid
stop_at_work (TestHost *host, const char *who)
{
  g_autoptr (GArray) pids = faults_list_descendants (test_host_get_pid (host), who);

  for (guint i = 0; i < pids->len; i++)
    {
      GPid pid = g_array_index (pids, GPid, i);

      if (!is_at_work (host, pid) || kill (pid, SIGSTOP) != 0)
        continue;
      if (test_host_process_lives (pid) && is_at_work (host, pid))
        return pid;
      kill (pid, SIGCONT);
    }
  return 0;
}

/* Drops files, from number *n + 1 on, until one is in the hands of a process that could be stopped
 * meanwhile: the last one, *n. Those before it have slipped through, and are posts. */
static GPid
catch_at_work (TestHost *host, const char *who, guint *n)
{
  gint64 n_posts = test_host_count_posts (host, "");

  for (guint i = 0; i < MAX_CATCHES; i++)
    {
      GPid pid = 0;

      drop (host, who, ++*n);
      n_posts++;
      while ((pid = stop_at_work (host, who)) == 0 && test_host_count_posts (host, "") < n_posts)
        g_usleep (500);
      if (pid != 0)
        return pid;
    }
  g_error ("No %s was caught at work", who);
}

static void
require_gone (GArray *pids)
{
  for (guint i = 0; i < pids->len; i++)
    test_host_await_gone (g_array_index (pids, GPid, i));
}

static GPid
get_monitor (TestHost *host)
{
  return test_host_await_process (host, "booru-monitor", 1);
}

static void
test_monitor_killed_with_a_decoder (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autoptr (GArray) family = NULL;
  GPid monitor, decoder;
  guint n = 0;

  test_host_start_with_library (host);
  decoder = catch_at_work (host, DECODER, &n);
  monitor = get_monitor (host);
  family = faults_list_descendants (monitor, NULL);
  g_assert_cmpuint (family->len, >=, 1);
  g_assert_cmpint (faults_get_parent (decoder), ==, monitor);

  g_assert_cmpint (kill (monitor, SIGKILL), ==, 0);
  require_gone (family);
  test_host_await_posts (host, "", n);
  test_host_stop (host);
}

static void
test_monitor_killed_with_ffmpeg (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autoptr (GArray) family = NULL;
  GPid monitor, ffmpeg;
  guint n = 0;

  test_host_start_with_library (host);
  ffmpeg = catch_at_work (host, FFMPEG, &n);
  monitor = get_monitor (host);
  family = faults_list_descendants (monitor, NULL);
  g_assert_cmpuint (family->len, >=, 2);
  g_assert_cmpint (faults_get_parent (faults_get_parent (ffmpeg)), ==, monitor);

  g_assert_cmpint (kill (monitor, SIGKILL), ==, 0);
  require_gone (family);
  test_host_await_posts (host, "", n);
  test_host_stop (host);
}

static void
test_host_killed (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autoptr (GArray) family = NULL;
  guint n = 0;

  test_host_start_with_library (host);
  catch_at_work (host, FFMPEG, &n);
  family = faults_list_descendants (test_host_get_pid (host), NULL);
  g_assert_cmpuint (family->len, >=, 5); /* two workers, monitor, decoder, ffmpeg */
  test_host_signal (host, SIGKILL);
  test_host_await_exit (host);
  require_gone (family);

  test_host_start_with_library (host);
  test_host_await_posts (host, "", n);
  test_host_stop (host);
}

static gint64
count_failures (TestHost *host)
{
  return faults_query (host, "SELECT count(*) FROM files WHERE failure IS NOT NULL");
}

typedef struct
{
  TestHost *host;
  gint64 n;
} Failures;

static gboolean
has_failures (gpointer data)
{
  Failures *expected = data;

  return count_failures (expected->host) == expected->n;
}

static void
await_failures (TestHost *host, gint64 n)
{
  test_host_await (host, "the failure to be noted", has_failures, &(Failures){ host, n });
}

/* By the signals that memory gone wrong, a failed assertion and a sandbox's refusal end in. */
static void
test_decoder_crashes (void)
{
  static const int signals[] = { SIGSEGV, SIGABRT, SIGSYS };
  g_autoptr (TestHost) host = test_host_new ();
  guint failed[G_N_ELEMENTS (signals)];
  GPid monitor;
  guint n = 0;

  test_host_start_with_library (host);
  monitor = get_monitor (host);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      GPid decoder = catch_at_work (host, DECODER, &n);

      failed[i] = n;
      g_assert_cmpint (kill (decoder, signals[i]), ==, 0);
      g_assert_cmpint (kill (decoder, SIGCONT), ==, 0);
      test_host_await_gone (decoder);
      await_failures (host, i + 1);
      faults_drop_picture (host, ++n);
      test_host_await_posts (host, "", n - i - 1);
    }
  g_assert_cmpint (get_monitor (host), ==, monitor);

  /* What failed is tried again when it changed. */
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    faults_drop_picture (host, failed[i]);
  test_host_await_posts (host, "", n);
  await_failures (host, 0);
  test_host_stop (host);
}

/* One that does nothing any more is ended when its time is up. */
static void
test_decoder_that_never_ends (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *settings
      = g_build_filename (test_host_get_data_dir (host), "..", "settings.conf", NULL);
  GPid decoder;
  guint n = 0;

  g_assert_true (g_file_set_contents (settings, "[monitor]\ndecode-timeout=2\n", -1, NULL));
  test_host_setenv (host, "BOORU_SETTINGS", settings);
  test_host_start_with_library (host);
  decoder = catch_at_work (host, DECODER, &n);
  test_host_await_gone (decoder);
  await_failures (host, 1);
  /* The next one may take its time. */
  g_assert_true (g_file_set_contents (settings, "", -1, NULL));
  test_host_signal (host, SIGHUP);
  test_host_await_log (host, "replacing the workers", 1);
  faults_drop_picture (host, n + 1);
  test_host_await_posts (host, "", n);
  test_host_stop (host);
}

/* A process that a plugin started, in a session of its own, ends with the service's. */
static void
test_escaped_process (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autofree char *plugins = test_host_build_path ("tests/plugins");
  g_autoptr (GArray) family = NULL;
  GPid service;

  test_host_setenv (host, "BOORU_PLUGIN_PATH", plugins);
  test_host_start (host, "--disable-plugin=web", "--disable-plugin=monitor",
                   "--enable-plugin=fork-on-start", NULL);
  test_host_await_log (host, "Fixture fork-on-start service started", 1);
  service = test_host_await_process (host, "booru-fixture", 1);
  family = faults_list_descendants (service, NULL);
  g_assert_cmpuint (family->len, ==, 1);

  g_assert_cmpint (kill (service, SIGKILL), ==, 0);
  require_gone (family);
  test_host_await_log (host, "The plugin fork-on-start left 1 process behind", 1);
  test_host_await_log (host, "Fixture fork-on-start service started", 2);
  test_host_stop (host);
  g_assert_cmpuint (test_host_count_log (host, "left 1 process behind"), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Orphans become the test's. Were they init's, which is of another session, the kernel would
   * hang up on a stopped group that lost its parent, and do what the program has to do. */
  prctl (PR_SET_CHILD_SUBREAPER, 1);
  g_test_add_func ("/faults/grandchildren/monitor-killed-with-a-decoder",
                   test_monitor_killed_with_a_decoder);
  g_test_add_func ("/faults/grandchildren/monitor-killed-with-ffmpeg",
                   test_monitor_killed_with_ffmpeg);
  g_test_add_func ("/faults/grandchildren/escaped-process", test_escaped_process);
  g_test_add_func ("/faults/grandchildren/host-killed", test_host_killed);
  g_test_add_func ("/faults/grandchildren/decoder-crashes", test_decoder_crashes);
  g_test_add_func ("/faults/grandchildren/decoder-that-never-ends", test_decoder_that_never_ends);
  return g_test_run ();
}
