/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An inbox on a disk of its own, full disks, files of one name, and posts in the trash. Disks are
 * mounted in a mount namespace of the test's own, which needs rights. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <utime.h>

#include "../mount-namespace.h"
#include "library-fixture.h"

/* Why nothing can be mounted, or NULL. */
static const char *no_mounts;

static gboolean
mount_at (const char *place, const char *options)
{
  if (no_mounts)
    {
      g_test_skip (no_mounts);
      return FALSE;
    }
  g_assert_cmpint (mount ("none", place, "tmpfs", 0, options), ==, 0);
  return TRUE;
}

static void
require_reason (Fixture *f, const char *name, const char *part)
{
  g_autofree char *path = path_in (f->inbox, name);
  g_autofree char *reason = NULL;

  g_assert_true (g_file_get_contents (path, &reason, NULL, NULL));
  g_assert_nonnull (strstr (reason, part));
}

/* Taken in by a copy: the content, its time, and nothing left behind. */
static void
test_other_disk (Fixture *f, gconstpointer data)
{
  g_autofree char *source = path_in (f->inbox, "one.bmp");
  g_autofree char *originals = path_in (f->data_dir, BOORU_DIR_ORIGINALS);
  g_autofree char *md5 = NULL;
  g_autofree char *name = NULL;
  g_autofree char *target = NULL;
  struct stat st;

  if (!mount_at (f->inbox, "size=4m"))
    return;
  write_picture (f->inbox, "one.bmp", 1);
  md5 = file_md5 (source);
  g_assert_cmpint (utime (source, &(struct utimbuf){ 1000000, 1000000 }), ==, 0);
  fixture_start (f);
  g_assert_cmpuint (n_posts (f), ==, 1);
  g_assert_false (exists (f->inbox, "one.bmp"));
  name = g_strdup_printf ("%.2s/%.2s/%s.bmp", md5, md5 + 2, md5);
  target = path_in (originals, name);
  g_assert_cmpint (stat (target, &st), ==, 0);
  g_assert_cmpint (st.st_mtime, ==, 1000000);

  write_picture (f->inbox, "same.bmp", 1);
  eventually (f, exists (f->inbox, "duplicates/same.bmp"));
  write_file (f->inbox, "broken.jpg", "\xff\xd8\xff\xe0 nothing", -1);
  eventually (f, exists (f->inbox, "failed/broken.jpg"));
  g_assert_true (exists (f->inbox, "failed/broken.jpg.reason.txt"));
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, 1);
  fixture_stop (f);
  umount (f->inbox);
}

/* The post is there, and so is the file: again and again, without doing any harm. */
static void
test_read_only (Fixture *f, gconstpointer data)
{
  gint64 post;

  if (!mount_at (f->inbox, "size=4m"))
    return;
  write_picture (f->inbox, "one.bmp", 1);
  g_assert_cmpint (mount ("none", f->inbox, "tmpfs", MS_REMOUNT | MS_RDONLY, "size=4m"), ==, 0);
  expect_warning ("*Read-only file system*");
  fixture_start (f);
  eventually (f, n_posts (f) == 1);
  post = 1;
  monitor_library_reconcile (f->library);
  eventually (f, n_warnings_seen () >= 2);
  g_assert_true (exists (f->inbox, "one.bmp"));
  g_assert_cmpuint (n_posts (f), ==, 1);
  g_assert_cmpuint (n_files_of (f, post), ==, 1);
  fixture_stop (f);

  /* Once it may be written to, the file is put away. */
  g_assert_cmpint (mount ("none", f->inbox, "tmpfs", MS_REMOUNT, "size=4m"), ==, 0);
  fixture_start (f);
  eventually (f, exists (f->inbox, "duplicates/one.bmp"));
  fixture_stop (f);
  umount (f->inbox);
}

/* The disk of the originals has no room for another copy: the file waits in the inbox. */
static void
test_full_disk (Fixture *f, gconstpointer data)
{
  g_autofree char *originals = path_in (f->data_dir, BOORU_DIR_ORIGINALS);
  g_autofree char *filler = path_in (f->data_dir, "filler");
  g_autofree char *zeros = g_malloc0 (64 * 1024);
  gsize written = 0;
  FILE *file;

  g_mkdir_with_parents (f->data_dir, 0755);
  if (!mount_at (f->data_dir, "size=12m"))
    return;
  fixture_start (f);
  file = g_fopen (filler, "w");
  while (fwrite (zeros, 1, 64 * 1024, file) == 64 * 1024 && fflush (file) == 0)
    written += 64 * 1024;
  fclose (file);
  g_assert_cmpuint (written, >, 0);

  expect_warning ("*");
  write_picture (f->inbox, "one.bmp", 1);
  eventually (f, n_warnings_seen () > 0);
  g_assert_true (exists (f->inbox, "one.bmp"));
  g_assert_cmpuint (n_posts (f), ==, 0);

  delete_file (filler);
  eventually (f, n_posts (f) == 1);
  g_assert_false (exists (f->inbox, "one.bmp"));
  fixture_wait_idle (f);
  g_assert_cmpuint (count_files (originals), ==, 1);
  fixture_stop (f);
  umount (f->data_dir);
}

/* Folders in the inbox are emptied, and stay; what is set aside lies side by side. */
static void
test_same_names (Fixture *f, gconstpointer data)
{
  g_autofree char *x = path_in (f->inbox, "x");
  g_autofree char *y = path_in (f->inbox, "x/y");

  g_mkdir_with_parents (y, 0755);
  write_file (x, "broken.jpg", "\xff\xd8\xff\xe0 first", -1);
  write_file (y, "broken.jpg", "\xff\xd8\xff\xe0 second one", -1);
  write_picture (x, "one.bmp", 1);
  write_picture (y, "one.bmp", 2);
  write_picture (y, "again.bmp", 2);
  fixture_start (f);
  eventually (f, n_posts (f) == 2 && count_files (x) == 0);
  fixture_wait_idle (f);
  g_assert_true (exists (f->inbox, "failed/broken.jpg"));
  g_assert_true (exists (f->inbox, "failed/broken.jpg.reason.txt"));
  g_assert_true (exists (f->inbox, "failed/broken (2).jpg"));
  g_assert_true (exists (f->inbox, "failed/broken (2).jpg.reason.txt"));
  g_assert_true (exists (f->inbox, "x/y"));
  /* One of the two of seed 2 is a duplicate, whichever came later. */
  g_assert_true (exists (f->inbox, "duplicates/again.bmp")
                 != exists (f->inbox, "duplicates/one.bmp"));
}

/* What was deleted on the board neither comes back by the inbox, nor vanishes. */
static void
test_deleted (Fixture *f, gconstpointer data)
{
  g_autofree char *path = path_in (f->a, "one.bmp");
  gint64 post;

  write_picture (f->a, "one.bmp", 1);
  fixture_start (f);
  post = post_at (f, f->a, "one.bmp");
  g_assert_true (booru_store_delete_post (f->store, post, BOORU_USER_OWNER, NULL));
  write_picture (f->inbox, "same.bmp", 1);
  eventually (f, exists (f->inbox, "duplicates/same.bmp"));
  require_reason (f, "duplicates/same.bmp.reason.txt", "was deleted");

  /* Nor when there is no other file of it. */
  delete_file (path);
  eventually (f, n_files_of (f, post) == 0);
  write_picture (f->inbox, "last.bmp", 1);
  eventually (f, exists (f->inbox, "duplicates/last.bmp"));
  g_assert_cmpint (post_status (f, post), ==, BOORU_POST_DELETED);
  fixture_wait_idle (f);

  /* Until somebody wants it. */
  g_assert_true (booru_store_undelete_post (f->store, post, BOORU_USER_OWNER, NULL));
  write_picture (f->inbox, "wanted.bmp", 1);
  eventually (f, post_status (f, post) == BOORU_POST_ACTIVE);
}

int
main (int argc, char *argv[])
{
  no_mounts = mount_namespace_enter ();
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/inbox-disks/other-disk", test_other_disk);
  fixture_add ("/monitor/inbox-disks/read-only", test_read_only);
  fixture_add ("/monitor/inbox-disks/full-disk", test_full_disk);
  fixture_add ("/monitor/inbox-disks/same-names", test_same_names);
  fixture_add ("/monitor/inbox-disks/deleted", test_deleted);
  return g_test_run ();
}
