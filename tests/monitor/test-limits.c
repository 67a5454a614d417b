/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's limits, really reached: more events than it keeps, and more folders than may be
 * watched. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include "library-fixture.h"

#define N_FILES 20000
#define PER_DIR 500
#define PICTURE_EACH                                                                               \
  100 /* one file of so many is a picture; of the others, only the row is made                     \
       */

#define N_DIRS 2000
#define MAX_WATCHES "500"
#define IN_NAMESPACE "--in-namespace"
#define CANNOT 77 /* exit code: a namespace cannot be had here */

static guint
read_number (const char *path)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? (guint)atoi (text) : 0;
}

static char *
file_name (guint i)
{
  return g_strdup_printf ("%u/%05u.%s", i / PER_DIR, i, i % PICTURE_EACH == 0 ? "bmp" : "txt");
}

static void
write_files (const char *dir, guint first, guint end)
{
  for (guint i = first; i < end; i++)
    {
      g_autofree char *name = file_name (i);

      if (i % PICTURE_EACH == 0)
        write_picture (dir, name, i);
      else
        write_file (dir, name, "x", 1);
    }
}

static void
count_overflow (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  if (g_str_has_prefix (message, "Changes came faster"))
    ++*(guint *)data;
}

static gpointer
write_second_half (gpointer data)
{
  write_files (((Fixture *)data)->a, N_FILES / 2, N_FILES);
  return NULL;
}

static guint
count_found (Fixture *f)
{
  guint n = 0;

  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *name = file_name (i);

      n += file_id_at (f, f->a, name) != 0;
    }
  return n;
}

/* Half of the files appear while nobody reads, each telling of itself twice, which is more than the
 * kernel keeps; the others while the monitor is at it. */
static void
test_overflow (Fixture *f, gconstpointer data)
{
  guint limit = read_number ("/proc/sys/fs/inotify/max_queued_events"), n_overflows = 0;
  guint handler;
  GThread *thread;

  if (limit > N_FILES - 100)
    {
      g_test_skip ("this kernel keeps more events than the test makes");
      return;
    }
  for (guint i = 0; i < N_FILES / PER_DIR; i++)
    {
      g_autofree char *dir = g_strdup_printf ("%s/%u", f->a, i);

      g_assert_cmpint (g_mkdir (dir, 0755), ==, 0);
    }
  handler = g_log_set_handler ("booru-monitor", G_LOG_LEVEL_MESSAGE, count_overflow, &n_overflows);
  fixture_start (f);
  write_files (f->a, 0, N_FILES / 2);
  thread = g_thread_new ("writer", write_second_half, f);
  eventually (f, n_overflows > 0);
  g_thread_join (thread);
  do
    fixture_wait_idle (f);
  while (count_found (f) < N_FILES);
  g_log_remove_handler ("booru-monitor", handler);
  g_assert_cmpuint (n_posts (f), ==, N_FILES / PICTURE_EACH);
}

static gboolean
write_to (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean written = fd >= 0 && write (fd, text, strlen (text)) > 0;

  if (fd >= 0)
    close (fd);
  return written;
}

/* Inside the namespace: what the user may watch there counts for this process only. */
static gboolean
limit_watches (void)
{
  g_autofree char *uid_map = g_strdup_printf ("0 %u 1", geteuid ());
  g_autofree char *gid_map = g_strdup_printf ("0 %u 1", getegid ());

  if (unshare (CLONE_NEWUSER) < 0)
    return FALSE;
  return write_to ("/proc/self/setgroups", "deny") && write_to ("/proc/self/uid_map", uid_map)
         && write_to ("/proc/self/gid_map", gid_map)
         && write_to ("/proc/sys/user/max_inotify_watches", MAX_WATCHES);
}

static void
write_everywhere (Fixture *f, const char *name, guint seed)
{
  for (guint i = 0; i < N_DIRS; i++)
    {
      g_autofree char *dir = g_strdup_printf ("%s/%02u/%04u", f->a, i % 40, i);

      g_assert_cmpint (g_mkdir_with_parents (dir, 0755), ==, 0);
      if (i % 20 == 0)
        write_picture (dir, name, seed + i);
    }
}

static guint
n_everywhere (Fixture *f, const char *name)
{
  guint n = 0;

  for (guint i = 0; i < N_DIRS; i += 20)
    {
      g_autofree char *path = g_strdup_printf ("%02u/%04u/%s", i % 40, i, name);

      n += post_at (f, f->a, path) != 0;
    }
  return n;
}

static void
test_watch_limit (Fixture *f)
{
  int fd;

  write_everywhere (f, "one.bmp", 0);
  expect_warning ("*limit of * watched folders is reached*");
  fixture_start (f);
  g_assert_cmpuint (n_warnings_seen (), ==, 1);
  g_assert_cmpuint (n_everywhere (f, "one.bmp"), ==, N_DIRS / 20);
  fd = inotify_init1 (IN_CLOEXEC);
  g_assert_cmpint (inotify_add_watch (fd, f->root, IN_CREATE), >=,
                   0); /* some are left for others */
  close (fd);

  /* Some is seen at once, and the comparison finds the rest. */
  write_everywhere (f, "two.bmp", N_DIRS);
  eventually (f, n_everywhere (f, "two.bmp") > 0);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_everywhere (f, "two.bmp"), <, N_DIRS / 20);
  monitor_library_reconcile (f->library);
  eventually (f, n_everywhere (f, "two.bmp") == N_DIRS / 20);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, N_DIRS / 10);
  g_assert_cmpuint (n_warnings_seen (), ==, 1);
}

/* The namespace has to be entered before there is any thread: by a process of its own. */
static void
test_watch_limit_in_namespace (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *argv[] = { self, IN_NAMESPACE, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  if (WIFEXITED (status) && WEXITSTATUS (status) == CANNOT)
    g_test_skip ("a user namespace with limits of its own cannot be had here");
  else
    g_assert_true (g_spawn_check_wait_status (status, NULL));
}

static int
run_in_namespace (int argc, char *argv[])
{
  Fixture f = { 0 };

  if (!limit_watches ())
    return CANNOT;
  g_test_init (&argc, &argv, NULL);
  fixture_set_up (&f, NULL);
  test_watch_limit (&f);
  fixture_tear_down (&f, NULL);
  return 0;
}

int
main (int argc, char *argv[])
{
  if (argc == 2 && g_str_equal (argv[1], IN_NAMESPACE))
    return run_in_namespace (1, argv);
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/limits/overflow", test_overflow);
  g_test_add_func ("/monitor/limits/watches", test_watch_limit_in_namespace);
  return g_test_run ();
}
