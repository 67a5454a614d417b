/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks that come and go, trees that contain themselves, and folders in folders. What is mounted
 * here is mounted in a mount namespace of the test's own, which needs rights. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../mount-namespace.h"
#include "library-fixture.h"

#define N_PICTURES 40

/* Why nothing can be mounted, or NULL. */
static const char *no_mounts;

static gboolean
skip_without_mounts (void)
{
  if (no_mounts)
    g_test_skip (no_mounts);
  return no_mounts != NULL;
}

static char *
make_disk (Fixture *f, const char *name)
{
  char *disk = path_in (f->root, name);

  g_assert_cmpint (g_mkdir (disk, 0755), ==, 0);
  g_assert_cmpint (mount ("none", disk, "tmpfs", 0, "size=8m"), ==, 0);
  return disk;
}

static void
insert (const char *disk, const char *place)
{
  g_assert_cmpint (mount (disk, place, NULL, MS_BIND, NULL), ==, 0);
}

static void
write_pictures (const char *dir, guint first, guint n)
{
  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.bmp", i);

      write_picture (dir, name, i);
    }
}

static guint
count_found (Fixture *f, const char *dir, guint n)
{
  guint found = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.bmp", i);

      found += post_at (f, dir, name) != 0;
    }
  return found;
}

/* The disk is torn out lazily while its files come in, and put back: once the same one, and once
 * another with the same files, as a replaced drive with a restored backup is. */
static void
unmount_lazily (Fixture *f, const char *disk, const char *successor)
{
  gint64 post;

  f->prohibit_missing = TRUE;
  expect_warning ("*is not there*");
  insert (disk, f->a);
  fixture_start (f);
  write_pictures (f->a, 0, N_PICTURES);
  eventually (f, n_posts (f) >= 3 && post_at (f, f->a, "0.bmp") != 0);
  post = post_at (f, f->a, "0.bmp");
  g_assert_cmpint (umount2 (f->a, MNT_DETACH), ==, 0);
  eventually (f, !is_present (f, f->a));
  fixture_wait_idle (f);
  monitor_library_reconcile (f->library);
  fixture_wait_idle (f);
  g_assert_false (is_present (f, f->a));
  g_assert_cmpint (post_at (f, f->a, "0.bmp"), ==, post);

  insert (successor, f->a);
  eventually (f, is_present (f, f->a));
  eventually (f, count_found (f, f->a, N_PICTURES) == N_PICTURES);
  write_picture (f->a, "40.bmp", 40);
  eventually (f, post_at (f, f->a, "40.bmp") != 0);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, N_PICTURES + 1);
  g_assert_cmpint (post_at (f, f->a, "0.bmp"), ==, post);
  fixture_stop (f);
  g_assert_cmpint (umount2 (f->a, MNT_DETACH), ==, 0);
}

static void
test_lazily (Fixture *f, gconstpointer data)
{
  g_autofree char *disk = NULL;

  if (skip_without_mounts ())
    return;
  disk = make_disk (f, "disk");
  unmount_lazily (f, disk, disk);
  g_assert_cmpint (umount (disk), ==, 0);
}

static void
test_lazily_another (Fixture *f, gconstpointer data)
{
  g_autofree char *disk = NULL;
  g_autofree char *other = NULL;

  if (skip_without_mounts ())
    return;
  disk = make_disk (f, "disk");
  other = make_disk (f, "other");
  write_pictures (other, 0, N_PICTURES);
  unmount_lazily (f, disk, other);
  g_assert_cmpint (umount (disk), ==, 0);
  g_assert_cmpint (umount (other), ==, 0);
}

/* A folder is mounted again inside itself. Each picture has two places then, and one when the mount
 * is gone; what is new is seen at one of them at once, and at the other by the comparison. */
static void
test_bind_loop (Fixture *f, gconstpointer data)
{
  g_autofree char *loop = path_in (f->a, "sub/loop");
  gint64 post;

  if (skip_without_mounts ())
    return;
  g_assert_cmpint (g_mkdir_with_parents (loop, 0755), ==, 0);
  write_pictures (f->a, 0, 3);
  g_assert_cmpint (mount (f->a, loop, NULL, MS_BIND | MS_REC, NULL), ==, 0);
  fixture_start (f);
  post = post_at (f, f->a, "0.bmp");
  g_assert_cmpuint (n_posts (f), ==, 3);
  g_assert_cmpint (post_at (f, f->a, "sub/loop/0.bmp"), ==, post);
  g_assert_cmpuint (n_files_of (f, post), ==, 2);

  write_picture (f->a, "3.bmp", 3);
  eventually (f, n_posts (f) == 4);
  fixture_wait_idle (f);
  monitor_library_reconcile (f->library);
  eventually (f, post_at (f, f->a, "3.bmp") != 0 && post_at (f, f->a, "sub/loop/3.bmp") != 0);

  fixture_wait_idle (f);
  f->prohibit_missing = TRUE;
  g_assert_cmpint (umount2 (loop, MNT_DETACH), ==, 0);
  monitor_library_reconcile (f->library);
  fixture_wait_idle (f);
  g_assert_cmpint (post_at (f, f->a, "0.bmp"), ==, post);
  g_assert_cmpuint (n_posts (f), ==, 4);
  write_picture (f->a, "4.bmp", 4);
  eventually (f, post_at (f, f->a, "4.bmp") != 0);
}

static void
test_symlink_loop (Fixture *f, gconstpointer data)
{
  g_autofree char *sub = path_in (f->a, "sub");
  g_autofree char *up = path_in (sub, "up");
  g_autofree char *self = path_in (sub, "self");
  g_autofree char *other = path_in (f->b, "other");

  g_mkdir (sub, 0755);
  write_picture (sub, "0.bmp", 0);
  g_assert_cmpint (symlink ("..", up), ==, 0);
  g_assert_cmpint (symlink ("self", self), ==, 0);
  g_assert_cmpint (symlink (f->a, other), ==, 0);
  fixture_start (f);
  g_assert_cmpuint (n_posts (f), ==, 1);
  g_assert_cmpuint (n_files_of (f, post_at (f, f->a, "sub/0.bmp")), ==, 1);
  write_picture (sub, "1.bmp", 1);
  eventually (f, post_at (f, f->a, "sub/1.bmp") != 0);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, 2);
}

/* Each picture is in the store once: in the innermost of @folders that it lies in. */
static gboolean
lies_well (Fixture *f, const char *const *folders, guint n)
{
  static const char *const dirs[] = { "", "x", "x/y" };

  for (guint depth = 0; depth < G_N_ELEMENTS (dirs); depth++)
    {
      g_autofree char *dir = *dirs[depth] ? path_in (f->a, dirs[depth]) : g_strdup (f->a);
      const char *best = NULL;

      for (guint i = 0; folders[i] != NULL; i++)
        if (g_str_has_prefix (dir, folders[i])
            && (best == NULL || strlen (folders[i]) > strlen (best)))
          best = folders[i];
      for (guint i = depth; i < n; i += G_N_ELEMENTS (dirs))
        {
          g_autofree char *full = g_strdup_printf ("%s/%u.bmp", dir, i);

          if (best != NULL && post_at (f, best, full + strlen (best) + 1) == 0)
            return FALSE;
          if (best != NULL && best != folders[0]
              && post_at (f, folders[0], full + strlen (folders[0]) + 1) != 0)
            return FALSE;
        }
    }
  return TRUE;
}

/* Folders in folders are added and taken away while pictures come in. */
static void
test_nested_live (Fixture *f, gconstpointer data)
{
  g_autofree char *x = path_in (f->a, "x");
  g_autofree char *y = path_in (f->a, "x/y");
  const char *const setups[][4] = {
    { f->a, NULL },    { f->a, y, NULL }, { f->a, x, y, NULL },
    { f->a, x, NULL }, { f->a, NULL },    { f->a, x, f->a, NULL },
  };
  const char *const dirs[] = { f->a, x, y };
  guint n = 0;

  g_mkdir_with_parents (y, 0755);
  expect_warning ("*configured twice*");
  fixture_start_with (f, setups[0], NULL);
  f->prohibit_missing = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (setups); i++)
    {
      for (guint j = 0; j < 12; j++, n++)
        {
          g_autofree char *name = g_strdup_printf ("%u.bmp", n);

          write_picture (dirs[n % 3], name, n);
          if (j == 6)
            g_assert_true (monitor_library_set_folders (f->library, setups[i], NULL, NULL));
          fixture_iterate (f, 0);
        }
      eventually (f, n_posts (f) == n && lies_well (f, setups[i], n));
      fixture_wait_idle (f);
    }
  g_assert_cmpuint (n_warnings_seen (), ==, 1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%u.bmp", dirs[i % 3], i);

      g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
    }
}

/* The system that is installed in a folder has its own /proc. */
static void
test_pseudo (Fixture *f, gconstpointer data)
{
  g_autofree char *proc = path_in (f->a, "chroot/proc");

  if (skip_without_mounts ())
    return;
  g_assert_cmpint (g_mkdir_with_parents (proc, 0755), ==, 0);
  write_pictures (f->a, 0, 3);
  if (mount ("proc", proc, "proc", 0, NULL) != 0)
    {
      g_test_skip ("/proc cannot be mounted");
      return;
    }
  fixture_start (f);
  g_assert_cmpuint (n_posts (f), ==, 3);
  g_assert_cmpuint (told_count (last_told (f, f->a), "files-seen"), ==, 3);
  g_assert_cmpint (umount2 (proc, MNT_DETACH), ==, 0);
}

int
main (int argc, char *argv[])
{
  no_mounts = mount_namespace_enter ();
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/mounts/lazily", test_lazily);
  fixture_add ("/monitor/mounts/lazily-another", test_lazily_another);
  fixture_add ("/monitor/mounts/bind-loop", test_bind_loop);
  fixture_add ("/monitor/mounts/symlink-loop", test_symlink_loop);
  fixture_add ("/monitor/mounts/nested-live", test_nested_live);
  fixture_add ("/monitor/mounts/pseudo", test_pseudo);
  return g_test_run ();
}
