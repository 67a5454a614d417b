/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole trees that come, go and are renamed, also while they are being walked; and names that look
 * alike. No comparison of folders and store is asked for: all must be seen as it happens. */
#include <dlfcn.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "library-fixture.h"

#define N_FILES 1000
#define PER_DIR 20
#define PICTURE_EACH                                                                               \
  10 /* one file of so many is a picture; of the others, only the row is made                      \
      */

/* Opening the directory of this name is held up, once, until it is let go. */
static const char *held_name; /* atomic */
static int is_held;           /* atomic */

/* Stands before the C library's. */
int
openat (int dir, const char *path, int flags, ...)
{
  static int (*real) (int, const char *, int, ...);
  const char *wanted = g_atomic_pointer_get (&held_name);
  mode_t mode = 0;
  int fd;

  if (flags & (O_CREAT | __O_TMPFILE))
    {
      va_list args;

      va_start (args, flags);
      mode = va_arg (args, mode_t);
      va_end (args);
    }
  if (real == NULL)
    real = (int (*) (int, const char *, int, ...))dlsym (RTLD_NEXT, "openat64");
  fd = real (dir, path, flags, mode);
  if (wanted != NULL && g_str_equal (path, wanted)
      && g_atomic_pointer_compare_and_exchange (&held_name, wanted, NULL))
    {
      g_atomic_int_set (&is_held, TRUE);
      while (g_atomic_int_get (&is_held))
        g_usleep (1000);
    }
  return fd;
}

static char *
tree_file (guint i)
{
  guint dir = i / PER_DIR;

  return g_strdup_printf ("%u/%u/%u/%04u.%s", dir % 3, dir % 7, dir, i,
                          i % PICTURE_EACH == 0 ? "bmp" : "txt");
}

static void
write_tree (const char *root)
{
  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *name = tree_file (i);
      g_autofree char *path = path_in (root, name);
      g_autofree char *dir = g_path_get_dirname (path);

      g_assert_cmpint (g_mkdir_with_parents (dir, 0755), ==, 0);
      if (i % PICTURE_EACH == 0)
        write_picture (root, name, i);
      else
        write_file (root, name, "x", 1);
    }
}

static guint
count_found (Fixture *f, const char *folder, const char *below)
{
  guint n = 0;

  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *name = tree_file (i);
      g_autofree char *path = *below ? path_in (below, name) : g_strdup (name);

      n += file_id_at (f, folder, path) != 0
           && (i % PICTURE_EACH != 0 || post_at (f, folder, path) != 0);
    }
  return n;
}

/* Asked now and then: it takes a thousand questions. */
static void
await_tree (Fixture *f, const char *folder, const char *below)
{
  do
    fixture_wait_idle (f);
  while (count_found (f, folder, below) < N_FILES && fixture_iterate (f, G_MAXINT64));
  g_assert_cmpuint (n_posts (f), ==, N_FILES / PICTURE_EACH);
}

static void
test_moved_in (Fixture *f, gconstpointer data)
{
  g_autofree char *outside = path_in (f->root, "outside");
  g_autofree char *inside = path_in (f->a, "inside");

  g_mkdir (outside, 0755);
  write_tree (outside);
  fixture_start (f);
  move_file (outside, inside);
  await_tree (f, f->a, "inside");
}

static void
on_copied (GPid pid, int status, gpointer data)
{
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  *(gboolean *)data = TRUE;
}

/* From another file system, while the monitor looks. */
static void
test_copied_in (Fixture *f, gconstpointer data)
{
  g_autofree char *outside = g_strdup ("/dev/shm/booru-tree-XXXXXX");
  g_autofree char *inside = path_in (f->a, "inside");
  const char *argv[] = { "cp", "-r", outside, inside, NULL };
  gboolean copied = FALSE;
  GPid pid;

  if (g_mkdtemp (outside) == NULL)
    {
      g_free (outside);
      outside = path_in (f->root, "outside");
      g_mkdir (outside, 0755);
      argv[2] = outside;
    }
  write_tree (outside);
  fixture_start (f);
  g_assert_true (g_spawn_async (NULL, (char **)argv, NULL,
                                G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                                NULL));
  g_child_watch_add (pid, on_copied, &copied);
  eventually (f, copied);
  await_tree (f, f->a, "inside");
  remove_tree (outside);
}

/* Out and back at once, then to the other folder, then half out for good. */
static void
test_out_and_back (Fixture *f, gconstpointer data)
{
  g_autofree char *inside = path_in (f->a, "inside");
  g_autofree char *outside = path_in (f->root, "outside");
  g_autofree char *other = path_in (f->b, "other");
  g_autofree char *part = path_in (f->b, "other/1");
  g_autofree char *first = tree_file (0);
  g_autofree char *first_inside = path_in ("inside", first);
  g_autofree char *first_other = path_in ("other", first);
  gint64 post;

  g_mkdir (inside, 0755);
  write_tree (inside);
  fixture_start (f);
  post = post_at (f, f->a, first_inside);
  add_tag (f, post, "kept");

  for (guint i = 0; i < 5; i++)
    {
      move_file (inside, outside);
      move_file (outside, inside);
    }
  await_tree (f, f->a, "inside");
  f->prohibit_missing = TRUE;
  move_file (inside, other);
  await_tree (f, f->b, "other");
  f->prohibit_missing = FALSE;
  g_assert_cmpint (post_at (f, f->b, first_other), ==, post);
  g_assert_true (has_tag (f, post, "kept"));
  g_assert_cmpint (file_id_at (f, f->a, first_inside), ==, 0);

  move_file (part, outside);
  eventually (f, count_found (f, f->b, "other") < N_FILES);
  fixture_wait_idle (f);
  g_assert_cmpint (post_status (f, post), ==, BOORU_POST_ACTIVE);
  move_file (outside, part);
  await_tree (f, f->b, "other");
}

static gpointer
keep_renaming (gpointer data)
{
  Fixture *f = data;

  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *from = g_strdup_printf ("%s/%u", f->a, i % 3);
      g_autofree char *to = g_strdup_printf ("%s/renamed-%u", f->a, i % 3);
      g_autofree char *deep_from = g_strdup_printf ("%s/%u", from, i % 7);
      g_autofree char *deep_to = g_strdup_printf ("%s/moved", f->b);

      move_file (from, to);
      g_usleep (2000); /* for the walk to come to other places */
      move_file (to, from);
      if (rename (deep_from, deep_to) == 0)
        move_file (deep_to, deep_from);
    }
  return NULL;
}

/* The first scan finds a tree that does not keep still, and all is watched when it has ended. */
static void
test_renamed_while_scanned (Fixture *f, gconstpointer data)
{
  GThread *thread;

  write_tree (f->a);
  thread = g_thread_new ("renamer", keep_renaming, f);
  fixture_start (f);
  g_thread_join (thread);
  await_tree (f, f->a, "");
  for (guint i = 0; i < N_FILES; i += PER_DIR)
    {
      g_autofree char *file = tree_file (i);
      g_autofree char *dir = g_path_get_dirname (file);
      g_autofree char *name = path_in (dir, "late.bmp");

      write_picture (f->a, name, N_FILES + i);
      eventually (f, post_at (f, f->a, name) != 0);
    }
}

/* The walk has just opened a directory when the one above it gets another name: it may not take the
 * watch for a place that is none any more. */
static void
test_renamed_under_the_walk (Fixture *f, gconstpointer data)
{
  const char *const none[] = { NULL };
  const char *const folders[] = { f->a, NULL };
  g_autofree char *old = path_in (f->a, "old");
  g_autofree char *new = path_in (f->a, "new");
  g_autofree char *sub = path_in (f->a, "old/sub-of-old");

  g_mkdir_with_parents (sub, 0755);
  write_file (sub, "one.txt", "x", 1);
  fixture_start_with (f, none, NULL);
  g_atomic_pointer_set (&held_name, "sub-of-old");
  g_assert_true (monitor_library_set_folders (f->library, folders, NULL, NULL));
  eventually (f, g_atomic_int_get (&is_held));
  move_file (old, new);
  eventually (f, file_id_at (f, f->a, "new/sub-of-old/one.txt") != 0);
  g_atomic_int_set (&is_held, FALSE);
  fixture_wait_idle (f);

  write_picture (new, "sub-of-old/two.bmp", 2);
  eventually (f, post_at (f, f->a, "new/sub-of-old/two.bmp") != 0);
  g_assert_cmpint (file_id_at (f, f->a, "old/sub-of-old/one.txt"), ==, 0);
}

/* Names that some file systems take for one: here they are two. */
static const char *const twins[][2] = {
  { "a.jpg.bmp", "A.JPG.bmp" },
  { "b.bmp", "b.BMP" },
  { "cafe\xcc\x81.bmp", "caf\xc3\xa9.bmp" },
  { "\xe1\x84\x80\xe1\x85\xa1.bmp", "\xea\xb0\x80.bmp" },
  { "\xef\xac\x81.bmp", "fi.bmp" },
  { "trailing.bmp", "trailing.bmp " },
  { "\xff.bmp", "\xfe.bmp" },
  { "straße.bmp", "STRASSE.bmp" },
};

static void
test_twins (Fixture *f, gconstpointer data)
{
  guint n = G_N_ELEMENTS (twins);

  fixture_start (f);
  for (guint i = 0; i < n; i++)
    {
      write_picture (f->a, twins[i][0], i * 2);
      write_picture (f->a, twins[i][1], i * 2 + 1);
    }
  for (guint i = 0; i < n; i++)
    eventually (f, post_at (f, f->a, twins[i][0]) != 0 && post_at (f, f->a, twins[i][1]) != 0);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, 2 * n);

  /* One of each goes: the other stays. */
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = path_in (f->a, twins[i][0]);

      delete_file (path);
    }
  eventually (f, n_posts (f) == n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (post_status (f, post_at (f, f->a, twins[i][1])), ==, BOORU_POST_ACTIVE);
}

/* Each byte that a name may hold, in directories' names, too; and again after a restart. */
static void
test_any_bytes (Fixture *f, gconstpointer data)
{
  for (guint byte = 1; byte < 256; byte++)
    {
      const char name[] = { 'x', (char)byte, '\0' };
      g_autofree char *dir = path_in (f->a, name);
      g_autofree char *file = g_strconcat (name, ".bmp", NULL);

      if (byte == '/')
        continue;
      g_assert_cmpint (g_mkdir (dir, 0755), ==, 0);
      write_picture (dir, file, byte % 8);
    }
  fixture_start (f);
  for (guint round = 0; round < 2; round++)
    {
      for (guint byte = 1; byte < 256; byte++)
        {
          const char name[] = { 'x', (char)byte, '\0' };
          g_autofree char *path = g_strdup_printf ("%s/%s.bmp", name, name);

          if (byte != '/')
            g_assert_cmpint (post_at (f, f->a, path), !=, 0);
        }
      g_assert_cmpuint (n_posts (f), ==, 8);
      fixture_stop (f);
      fixture_start (f);
    }
}

/* Three names of one file: three files of one post, which is missing only without all of them. */
static void
test_hard_links (Fixture *f, gconstpointer data)
{
  g_autofree char *one = path_in (f->a, "one.bmp");
  g_autofree char *two = path_in (f->a, "two.bmp");
  g_autofree char *three = path_in (f->b, "three.bmp");
  gint64 post;

  write_picture (f->a, "one.bmp", 1);
  g_assert_cmpint (link (one, two), ==, 0);
  fixture_start (f);
  post = post_at (f, f->a, "one.bmp");
  g_assert_cmpint (link (one, three), ==, 0);
  eventually (f, post_at (f, f->b, "three.bmp") == post);
  g_assert_cmpuint (n_files_of (f, post), ==, 3);
  g_assert_cmpuint (n_posts (f), ==, 1);

  f->prohibit_missing = TRUE;
  delete_file (one);
  delete_file (three);
  eventually (f, n_files_of (f, post) == 1);
  g_assert_cmpint (post_at (f, f->a, "two.bmp"), ==, post);
  f->prohibit_missing = FALSE;
  delete_file (two);
  eventually (f, post_status (f, post) == BOORU_POST_MISSING);
}

/* A folder that answers slowly holds up no other one. */
static void
test_slow_folder (Fixture *f, gconstpointer data)
{
  g_autofree char *slow = path_in (f->a, "slow");
  GVariant *told;

  g_mkdir (slow, 0755);
  fixture_start (f);
  g_atomic_pointer_set (&held_name, "slow");
  monitor_library_reconcile (f->library);
  eventually (f, g_atomic_int_get (&is_held) && !is_told_running (last_told (f, f->b)));
  told = last_told (f, f->b);
  monitor_library_reconcile (f->library);
  eventually (f, last_told (f, f->b) != told);
  g_assert_true (is_told_running (last_told (f, f->a)));
  g_atomic_int_set (&is_held, FALSE);
  fixture_wait_idle (f);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/trees/moved-in", test_moved_in);
  fixture_add ("/monitor/trees/copied-in", test_copied_in);
  fixture_add ("/monitor/trees/out-and-back", test_out_and_back);
  fixture_add ("/monitor/trees/renamed-while-scanned", test_renamed_while_scanned);
  fixture_add ("/monitor/trees/renamed-under-the-walk", test_renamed_under_the_walk);
  fixture_add ("/monitor/trees/twins", test_twins);
  fixture_add ("/monitor/trees/any-bytes", test_any_bytes);
  fixture_add ("/monitor/trees/hard-links", test_hard_links);
  fixture_add ("/monitor/trees/slow-folder", test_slow_folder);
  return g_test_run ();
}
