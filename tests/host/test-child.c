/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a child does while its host lives: each line of defence by itself. */
#include "host/supervise/booru-child-one.h"
#include "host/supervise/booru-child-worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "ipc/booru-heartbeat.h"

#define PATIENCE (60 * G_USEC_PER_SEC)

static const BooruService service = {
  .name = "hang-later",
  .process_name = "booru-fixture",
  .label = "Fixture",
  .instances = BOORU_SERVICE_WORKERS,
  .stop_timeout = 10,
};

static void
add_plugin (BooruServiceSpec *spec, const char *plugin)
{
  g_autofree char *name = g_strconcat (plugin, ".plugin", NULL);
  g_autofree char *path
      = g_build_filename (g_getenv ("BOORU_TEST_BUILD_ROOT"), "tests", "plugins", name, NULL);
  BooruPluginInfo *info = booru_plugin_info_new_from_file (path, NULL);

  g_assert_nonnull (info);
  g_ptr_array_add (spec->plugins, info);
}

static BooruServiceSpec *
make_spec (const char *plugin)
{
  BooruServiceSpec *spec = g_new0 (BooruServiceSpec, 1);

  spec->service = &service;
  spec->listener = -1;
  spec->plugins = g_ptr_array_new_with_free_func (g_object_unref);
  add_plugin (spec, plugin);
  return spec;
}

static void
free_spec (BooruServiceSpec *spec)
{
  g_ptr_array_unref (spec->plugins);
  g_free (spec);
}

static BooruConfig *
make_config (void)
{
  return booru_config_new (g_variant_new ("a{sv}", NULL));
}

static void
await_state (BooruChild *child, BooruChildState state)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  while (booru_child_get_state (child) != state)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
}

static gboolean
lives (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *text = NULL;
  char *end;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  end = strrchr (text, ')');
  return end[2] != 'Z' && end[2] != 'X';
}

static void
on_ended (BooruChild *child, const BooruChildEnd *end, gboolean *clean)
{
  g_assert_nonnull (g_strstr_len (end->text, -1, ") exited with code 0"));
  *clean = end->clean && end->kind == BOORU_CHILD_EXITED && !end->at_boot && !end->error;
}

static void
test_both_ways_of_spawning (void)
{
  const GType types[] = { BOORU_TYPE_CHILD_ONE, BOORU_TYPE_CHILD_WORKER };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      BooruServiceSpec *spec = make_spec ("hang-later");
      g_autoptr (BooruConfig) config = make_config ();
      g_autoptr (BooruChild) child = g_object_new (types[i], NULL);
      g_autoptr (GError) error = NULL;
      gboolean clean = FALSE;

      g_signal_connect (child, "ended", G_CALLBACK (on_ended), &clean);
      booru_child_start (child, spec, 0, config, &error);
      g_assert_no_error (error);
      g_assert_cmpint (booru_child_get_state (child), ==, BOORU_CHILD_STARTING);
      await_state (child, BOORU_CHILD_READY);
      booru_child_quiesce (child, FALSE);
      await_state (child, BOORU_CHILD_ENDED);
      g_assert_true (clean);
      free_spec (spec);
    }
}

static void
on_crashed (BooruChild *child, const BooruChildEnd *end, char **extension)
{
  g_assert_true (end->crashed);
  g_free (*extension);
  *extension = g_strdup (end->extension);
}

/* What crashes the process is named, unless it is the service's own plugin. */
static void
test_extension_is_charged (void)
{
  static const char *const plugins[][2]
      = { { "hang-later", "crash-on-load" }, { "crash-on-load" } };

  for (guint i = 0; i < G_N_ELEMENTS (plugins); i++)
    {
      BooruServiceSpec *spec = make_spec (plugins[i][0]);
      g_autoptr (BooruConfig) config = make_config ();
      g_autoptr (BooruChild) child = g_object_new (BOORU_TYPE_CHILD_WORKER, NULL);
      g_autofree char *extension = g_strdup ("not told yet");

      if (plugins[i][1])
        add_plugin (spec, plugins[i][1]);
      g_signal_connect (child, "ended", G_CALLBACK (on_crashed), &extension);
      booru_child_start (child, spec, 0, config, NULL);
      await_state (child, BOORU_CHILD_ENDED);
      g_assert_cmpstr (extension, ==, plugins[i][1]);
      free_spec (spec);
    }
}

static gboolean
is_hanging (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/comm", (int)pid);
  g_autofree char *name = NULL;

  return g_file_get_contents (path, &name, NULL, NULL) && g_str_equal (name, "hanging\n");
}

/* The parent lives, so it is not the parent-death signal; and the main loop hangs, so it is not the
 * closed channel either. */
static void
test_lifeline_ends_a_hung_child (void)
{
  BooruServiceSpec *spec = make_spec ("hang-later");
  g_autoptr (BooruConfig) config = make_config ();
  BooruChild *child = g_object_new (BOORU_TYPE_CHILD_WORKER, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) payload = g_variant_ref_sink (g_variant_new_string (""));
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  GPid pid;

  booru_child_start (child, spec, 0, config, &error);
  g_assert_no_error (error);
  await_state (child, BOORU_CHILD_READY);
  pid = booru_child_get_pid (child);
  booru_child_channel_deliver (booru_child_get_channel (child), "test-hang", payload);
  while (!is_hanging (pid))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, FALSE);
    }

  /* Lets go of all that leads to the child, as a dying host does. */
  g_object_run_dispose (G_OBJECT (child));
  while (lives (pid))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (1000);
    }
  await_state (child, BOORU_CHILD_ENDED);
  g_object_unref (child);
  free_spec (spec);
}

/* No descriptors are left: no process, an error, and nothing lost. */
static void
test_no_descriptors (void)
{
  BooruServiceSpec *spec = make_spec ("hang-later");
  g_autoptr (BooruConfig) config = make_config ();
  struct rlimit before, none;
  guint n_started = 0;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  for (guint spare = 0; spare < 40; spare += 3)
    {
      g_autoptr (BooruChild) child = g_object_new (BOORU_TYPE_CHILD_WORKER, NULL);
      g_autoptr (GError) error = NULL;
      int next = dup (0);
      gboolean started;

      close (next);
      none = (struct rlimit){ .rlim_cur = (rlim_t)next + spare, .rlim_max = before.rlim_max };
      g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &none), ==, 0);
      started = booru_child_start (child, spec, 0, config, &error);
      g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
      g_assert_true (started == (error == NULL));
      if (!started)
        continue;
      n_started++;
      booru_child_kill (child);
      await_state (child, BOORU_CHILD_ENDED);
    }
  g_assert_cmpuint (n_started, >, 0);
  free_spec (spec);
}

/* Heartbeat */

static void
test_heartbeat (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHeartbeat) host = booru_heartbeat_new (&error);
  g_autoptr (BooruHeartbeat) child = NULL;
  g_autoptr (GMainContext) context = g_main_context_new ();
  int fd;

  g_assert_no_error (error);
  fd = booru_heartbeat_dup_fd (host, &error);
  g_assert_no_error (error);
  /* No child can make the host read beyond the end of the page. */
  g_assert_cmpint (ftruncate (fd, 0), ==, -1);
  g_assert_cmpint (errno, ==, EPERM);

  child = booru_heartbeat_new_for_fd (fd, &error);
  g_assert_no_error (error);
  g_assert_cmpint (booru_heartbeat_get_busy_since (host), ==, 0);
  booru_heartbeat_attach (child, context);
  g_assert_cmpint (booru_heartbeat_get_busy_since (host), >, 0);
}

/* In another thread, whose main loop is watched, as that of a child is. */
static gpointer
wait_in_poll (gpointer loop)
{
  g_main_loop_run (loop);
  return NULL;
}

static gboolean
note_busy (gpointer data)
{
  g_autoptr (GMutexLocker) locker = NULL;
  GMutex *mutex = data;

  locker = g_mutex_locker_new (mutex);
  return G_SOURCE_REMOVE;
}

static void
await_busy (BooruHeartbeat *host, gboolean busy)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  while ((booru_heartbeat_get_busy_since (host) != 0) != busy)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (100);
    }
}

static void
test_heartbeat_tells_idle_from_busy (void)
{
  g_autoptr (BooruHeartbeat) host = booru_heartbeat_new (NULL);
  g_autoptr (BooruHeartbeat) child
      = booru_heartbeat_new_for_fd (booru_heartbeat_dup_fd (host, NULL), NULL);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  GThread *thread;
  GMutex mutex;

  g_mutex_init (&mutex);
  booru_heartbeat_attach (child, context);
  thread = g_thread_new ("loop", wait_in_poll, loop);
  await_busy (host, FALSE);

  g_mutex_lock (&mutex);
  g_main_context_invoke (context, note_busy, &mutex);
  await_busy (host, TRUE);
  g_mutex_unlock (&mutex);
  await_busy (host, FALSE);

  g_main_loop_quit (loop);
  g_thread_join (thread);
  g_mutex_clear (&mutex);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/child/both-ways-of-spawning", test_both_ways_of_spawning);
  g_test_add_func ("/child/extension-is-charged", test_extension_is_charged);
  g_test_add_func ("/child/lifeline-ends-a-hung-child", test_lifeline_ends_a_hung_child);
  g_test_add_func ("/child/no-descriptors", test_no_descriptors);
  g_test_add_func ("/heartbeat/page", test_heartbeat);
  g_test_add_func ("/heartbeat/tells-idle-from-busy", test_heartbeat_tells_idle_from_busy);
  return g_test_run ();
}
