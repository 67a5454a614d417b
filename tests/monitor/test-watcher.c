/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "watch/monitor-watcher.h"

#define ROOT 7

typedef struct
{
  char *root;
  MonitorWatcher *watcher;
  GPtrArray *seen; /* "KIND path" or "KIND path -> path" */
} Fixture;

static const char *const kinds[] = { "created", "closed", "attributes", "deleted",   "moved",
                                     "dir+",    "dir-",   "dir-moved",  "root-lost", "overflow" };

static void
on_event (const MonitorWatchEvent *event, gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_cmpuint (event->root, ==, ROOT);
  if (event->to_path)
    g_ptr_array_add (
        f->seen, g_strdup_printf ("%s %s -> %s", kinds[event->kind], event->path, event->to_path));
  else
    g_ptr_array_add (f->seen, g_strdup_printf ("%s %s", kinds[event->kind], event->path));
}

static gboolean
watch (Fixture *f, const char *path)
{
  g_autofree char *full = g_build_filename (f->root, path, NULL);
  int fd = open (full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean watched;

  g_assert_cmpint (fd, >=, 0);
  watched = monitor_watcher_watch (f->watcher, ROOT, path, fd);
  close (fd);
  return watched;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->root = g_dir_make_tmp ("booru-watcher-XXXXXX", NULL);
  f->seen = g_ptr_array_new_with_free_func (g_free);
  f->watcher = monitor_watcher_new (GPOINTER_TO_UINT (data), on_event, f);
  g_assert_true (watch (f, ""));
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->watcher, monitor_watcher_free);
  g_ptr_array_unref (f->seen);
  remove_all (f->root);
  g_free (f->root);
}

static gboolean
take (Fixture *f, const char *wanted)
{
  for (guint i = 0; i < f->seen->len; i++)
    if (g_str_equal (g_ptr_array_index (f->seen, i), wanted))
      {
        g_ptr_array_remove_index (f->seen, i);
        return TRUE;
      }
  return FALSE;
}

static gboolean
on_timeout (gpointer user_data)
{
  *(gboolean *)user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
require_event (Fixture *f, const char *wanted)
{
  gboolean late = FALSE;
  guint source = g_timeout_add_seconds (30, on_timeout, &late);

  while (!take (f, wanted) && !late)
    g_main_context_iteration (NULL, TRUE);
  if (late)
    g_error ("Not seen: %s", wanted);
  g_source_remove (source);
}

/* What comes before a marker that is put now has come when the marker has. */
static void
prohibit_event (Fixture *f, const char *unwanted)
{
  g_autofree char *marker = g_build_filename (f->root, "marker", NULL);

  g_assert_true (g_file_set_contents_full (marker, "", 0, G_FILE_SET_CONTENTS_NONE, 0644, NULL));
  require_event (f, "closed marker");
  g_assert_false (take (f, unwanted));
}

static void
write_in (Fixture *f, const char *path)
{
  g_autofree char *full = g_build_filename (f->root, path, NULL);
  int fd = open (full, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, "x", 1), ==, 1);
  close (fd);
}

static void
make_in (Fixture *f, const char *path)
{
  g_autofree char *full = g_build_filename (f->root, path, NULL);

  g_assert_cmpint (g_mkdir (full, 0755), ==, 0);
}

static void
move_in (Fixture *f, const char *from, const char *to)
{
  g_autofree char *full_from = g_build_filename (f->root, from, NULL);
  g_autofree char *full_to = g_build_filename (f->root, to, NULL);

  g_assert_cmpint (g_rename (full_from, full_to), ==, 0);
}

static void
test_files (Fixture *f, gconstpointer data)
{
  g_autofree char *one = g_build_filename (f->root, "one", NULL);

  write_in (f, "one");
  require_event (f, "created one");
  require_event (f, "closed one");
  g_assert_cmpint (g_chmod (one, 0600), ==, 0);
  require_event (f, "attributes one");
  move_in (f, "one", "two");
  require_event (f, "moved one -> two");
  prohibit_event (f, "deleted one");
  prohibit_event (f, "closed two");
  move_in (f, "two", "three");
  g_free (g_steal_pointer (&one));
  one = g_build_filename (f->root, "three", NULL);
  g_assert_cmpint (g_unlink (one), ==, 0);
  require_event (f, "deleted three");
}

static void
test_moved_out_and_in (Fixture *f, gconstpointer data)
{
  g_autofree char *outside = g_dir_make_tmp ("booru-outside-XXXXXX", NULL);
  g_autofree char *here = g_build_filename (f->root, "one", NULL);
  g_autofree char *there = g_build_filename (outside, "one", NULL);

  write_in (f, "one");
  require_event (f, "closed one");
  g_assert_cmpint (g_rename (here, there), ==, 0);
  require_event (f, "deleted one");
  g_assert_cmpint (g_rename (there, here), ==, 0);
  require_event (f, "closed one");
  g_rmdir (outside);
}

static void
test_directories (Fixture *f, gconstpointer data)
{
  make_in (f, "d");
  require_event (f, "dir+ d");
  g_assert_true (watch (f, "d"));
  make_in (f, "d/e");
  require_event (f, "dir+ d/e");
  g_assert_true (watch (f, "d/e"));
  write_in (f, "d/e/file");
  require_event (f, "closed d/e/file");

  /* The watches go along, under the new name. */
  move_in (f, "d", "renamed");
  require_event (f, "dir-moved d -> renamed");
  write_in (f, "renamed/e/file2");
  require_event (f, "closed renamed/e/file2");
  g_assert_cmpuint (monitor_watcher_get_n_watches (f->watcher), ==, 3);
}

static void
test_directory_moved_out (Fixture *f, gconstpointer data)
{
  g_autofree char *outside = g_dir_make_tmp ("booru-outside-XXXXXX", NULL);
  g_autofree char *here = g_build_filename (f->root, "d", NULL);
  g_autofree char *there = g_build_filename (outside, "d", NULL);
  g_autofree char *file = g_build_filename (there, "file", NULL);

  make_in (f, "d");
  g_assert_true (watch (f, "d"));
  g_assert_cmpint (g_rename (here, there), ==, 0);
  require_event (f, "dir- d");
  g_assert_cmpuint (monitor_watcher_get_n_watches (f->watcher), ==, 1);

  g_assert_true (g_file_set_contents_full (file, "", 0, G_FILE_SET_CONTENTS_NONE, 0644, NULL));
  prohibit_event (f, "closed d/file");
  remove_all (outside);
}

static void
test_directory_deleted (Fixture *f, gconstpointer data)
{
  g_autofree char *d = g_build_filename (f->root, "d", NULL);

  make_in (f, "d");
  g_assert_true (watch (f, "d"));
  remove_all (d);
  require_event (f, "dir- d");
  g_assert_cmpuint (monitor_watcher_get_n_watches (f->watcher), ==, 1);

  /* A new one of that name is another. */
  make_in (f, "d");
  require_event (f, "dir+ d");
  g_assert_true (watch (f, "d"));
  write_in (f, "d/file");
  require_event (f, "closed d/file");
}

static void
test_root_lost (Fixture *f, gconstpointer data)
{
  g_autofree char *away = g_strconcat (f->root, "-away", NULL);

  make_in (f, "d");
  g_assert_true (watch (f, "d"));
  g_assert_cmpint (g_rename (f->root, away), ==, 0);
  require_event (f, "root-lost ");
  g_assert_cmpuint (monitor_watcher_get_n_watches (f->watcher), ==, 0);
  g_assert_cmpint (g_rename (away, f->root), ==, 0);
}

static void
test_limit (Fixture *f, gconstpointer data)
{
  g_autofree char *limit = g_build_filename (f->root, "limit", NULL);
  g_autofree char *d = g_build_filename (f->root, "d", NULL);

  g_assert_true (g_file_set_contents (limit, "1000\n", -1, NULL));
  g_assert_cmpuint (monitor_watcher_read_system_limit (limit), ==, 800);

  make_in (f, "d");
  make_in (f, "e");
  make_in (f, "e/f");
  g_assert_true (watch (f, "d"));
  g_test_expect_message ("booru-monitor", G_LOG_LEVEL_WARNING,
                         "*limit of * watched folders is reached*");
  g_assert_false (watch (f, "e"));
  g_test_assert_expected_messages ();
  g_assert_false (watch (f, "e/f")); /* one warning is enough */

  /* Room is used again. */
  remove_all (d);
  require_event (f, "dir- d");
  g_assert_true (watch (f, "e/f"));
  write_in (f, "e/f/file");
  require_event (f, "closed e/f/file");
}

static void
test_odd_names (Fixture *f, gconstpointer data)
{
  write_in (f, "a\nb \xff");
  require_event (f, "closed a\nb \xff");
}

static void
test_from_threads_func (gpointer data, gpointer user_data)
{
  g_autofree char *name = g_strdup_printf ("%d", GPOINTER_TO_INT (data) % 50);

  g_assert_true (watch (user_data, name));
}

static void
test_from_threads (Fixture *f, gconstpointer data)
{
  GThreadPool *pool = g_thread_pool_new (test_from_threads_func, f, 4, FALSE, NULL);

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      make_in (f, name);
    }
  for (gint i = 1; i <= 500; i++)
    g_thread_pool_push (pool, GINT_TO_POINTER (i), NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
  g_assert_cmpuint (monitor_watcher_get_n_watches (f->watcher), ==, 51);
  write_in (f, "17/file");
  require_event (f, "closed 17/file");
}

#define ADD(name, test, limit)                                                                     \
  g_test_add ("/monitor/watcher/" name, Fixture, GUINT_TO_POINTER (limit), set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("files", test_files, 0);
  ADD ("moved-out-and-in", test_moved_out_and_in, 0);
  ADD ("directories", test_directories, 0);
  ADD ("directory-moved-out", test_directory_moved_out, 0);
  ADD ("directory-deleted", test_directory_deleted, 0);
  ADD ("root-lost", test_root_lost, 0);
  ADD ("limit", test_limit, 2);
  ADD ("odd-names", test_odd_names, 0);
  ADD ("from-threads", test_from_threads, 0);
  return g_test_run ();
}
