/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happens in folders, and what becomes of the posts. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "library-fixture.h"

static void
test_appears (Fixture *f, gconstpointer data)
{
  gint64 post;

  fixture_start (f);
  write_picture (f->a, "one.bmp", 1);
  eventually (f, post_at (f, f->a, "one.bmp") != 0);
  post = post_at (f, f->a, "one.bmp");
  g_assert_cmpint (post_status (f, post), ==, BOORU_POST_ACTIVE);
  g_assert_true (has_thumbnails (f, post));
  g_assert_cmpuint (f->n_announced, >=, 1);
}

static void
test_found_at_start (Fixture *f, gconstpointer data)
{
  g_autofree char *deep = path_in (f->a, "x/y/z");

  g_assert_cmpint (g_mkdir_with_parents (deep, 0755), ==, 0);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.bmp", i);

      write_picture (i % 2 ? deep : f->b, name, i);
    }
  fixture_start (f);
  g_assert_cmpuint (n_posts (f), ==, 20);
  g_assert_cmpint (post_at (f, f->a, "x/y/z/1.bmp"), !=, 0);
}

static void
test_copied (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp");
  g_autofree char *from = path_in (f->a, "one.bmp");
  g_autofree char *to = path_in (f->b, "copy.bmp");

  copy_file (from, to);
  eventually (f, post_at (f, f->b, "copy.bmp") == post);
  g_assert_cmpuint (n_files_of (f, post), ==, 2);

  /* The first of two copies goes: the post stays. */
  f->prohibit_missing = TRUE;
  delete_file (from);
  eventually (f, n_files_of (f, post) == 1);
  g_assert_true (has_tag (f, post, "kept"));
}

static void
test_copies_at_once (Fixture *f, gconstpointer data)
{
  fixture_start (f);
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.bmp", i);

      write_picture (i % 2 ? f->a : f->b, name, 1);
    }
  eventually (f, post_at (f, f->a, "7.bmp") != 0 && post_at (f, f->b, "6.bmp") != 0);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, 1);
  g_assert_cmpuint (n_files_of (f, post_at (f, f->a, "7.bmp")), ==, 8);
}

static void
test_renamed (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp"), file = file_id_at (f, f->a, "one.bmp");
  g_autofree char *from = path_in (f->a, "one.bmp");
  g_autofree char *to = path_in (f->a, "two.bmp");

  f->prohibit_missing = TRUE;
  move_file (from, to);
  eventually (f, file_id_at (f, f->a, "two.bmp") == file);
  fixture_wait_idle (f);
  g_assert_cmpint (file_id_at (f, f->a, "one.bmp"), ==, 0);
  g_assert_cmpint (post_at (f, f->a, "two.bmp"), ==, post);
  g_assert_true (has_tag (f, post, "kept"));
}

static void
test_moved_between_folders (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp"), file = file_id_at (f, f->a, "one.bmp");
  g_autofree char *from = path_in (f->a, "one.bmp");
  g_autofree char *to = path_in (f->b, "one.bmp");

  f->prohibit_missing = TRUE;
  move_file (from, to);
  eventually (f, file_id_at (f, f->b, "one.bmp") == file);
  fixture_wait_idle (f);
  g_assert_cmpint (file_id_at (f, f->a, "one.bmp"), ==, 0);
  g_assert_true (has_tag (f, post, "kept"));
}

/* As mv does it from one file system to another: a copy, then the original goes. */
static void
test_copied_then_deleted (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp");
  g_autofree char *from = path_in (f->a, "one.bmp");
  g_autofree char *to = path_in (f->b, "one.bmp");

  f->prohibit_missing = TRUE;
  copy_file (from, to);
  delete_file (from);
  eventually (f, post_at (f, f->b, "one.bmp") == post);
  eventually (f, file_id_at (f, f->a, "one.bmp") == 0);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_files_of (f, post), ==, 1);
  g_assert_true (has_tag (f, post, "kept"));
}

static void
test_folder_renamed (Fixture *f, gconstpointer data)
{
  g_autofree char *old = path_in (f->a, "old");
  g_autofree char *new = path_in (f->b, "new");
  gint64 post, file;

  g_mkdir (old, 0755);
  write_picture (old, "one.bmp", 1);
  fixture_start (f);
  post = post_at (f, f->a, "old/one.bmp");
  file = file_id_at (f, f->a, "old/one.bmp");
  g_assert_cmpint (post, !=, 0);

  f->prohibit_missing = TRUE;
  move_file (old, new);
  eventually (f, file_id_at (f, f->b, "new/one.bmp") == file);
  eventually (f, file_id_at (f, f->a, "old/one.bmp") == 0);
  g_assert_cmpint (post_at (f, f->b, "new/one.bmp"), ==, post);

  /* And it is still watched in its new place. */
  write_picture (new, "two.bmp", 2);
  eventually (f, post_at (f, f->b, "new/two.bmp") != 0);
}

static void
test_deleted_and_back (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp");
  g_autofree char *path = path_in (f->a, "one.bmp");

  delete_file (path);
  eventually (f, post_status (f, post) == BOORU_POST_MISSING);
  g_assert_true (has_tag (f, post, "kept"));

  write_picture (f->b, "again.bmp", 1);
  eventually (f, post_status (f, post) == BOORU_POST_ACTIVE);
  g_assert_cmpint (post_at (f, f->b, "again.bmp"), ==, post);
  g_assert_true (has_tag (f, post, "kept"));
}

static void
test_tree_deleted (Fixture *f, gconstpointer data)
{
  g_autofree char *dir = path_in (f->a, "x/y");
  g_autofree char *top = path_in (f->a, "x");
  gint64 post;

  g_mkdir_with_parents (dir, 0755);
  write_picture (dir, "one.bmp", 1);
  fixture_start (f);
  post = post_at (f, f->a, "x/y/one.bmp");
  remove_tree (top);
  eventually (f, post_status (f, post) == BOORU_POST_MISSING);
}

static void
test_replaced (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp");
  g_autofree char *path = path_in (f->a, "one.bmp");
  g_autofree char *new = path_in (f->a, ".new");

  write_picture (f->a, ".new", 2);
  move_file (new, path);
  eventually (f, post_at (f, f->a, "one.bmp") != post && post_at (f, f->a, "one.bmp") != 0);
  eventually (f, post_status (f, post) == BOORU_POST_MISSING);
  g_assert_true (has_tag (f, post, "kept"));

  /* Written over in place, with what it was before. */
  write_picture (f->a, "one.bmp", 1);
  eventually (f, post_at (f, f->a, "one.bmp") == post);
  g_assert_cmpint (post_status (f, post), ==, BOORU_POST_ACTIVE);
}

static void
test_swapped (Fixture *f, gconstpointer data)
{
  gint64 one, two;
  g_autofree char *path_one = path_in (f->a, "one.bmp");
  g_autofree char *path_two = path_in (f->a, "two.bmp");

  write_picture (f->a, "one.bmp", 1);
  write_picture (f->a, "two.bmp", 2);
  fixture_start (f);
  one = post_at (f, f->a, "one.bmp");
  two = post_at (f, f->a, "two.bmp");
  g_assert_cmpint (renameat2 (AT_FDCWD, path_one, AT_FDCWD, path_two, RENAME_EXCHANGE), ==, 0);
  eventually (f, post_at (f, f->a, "one.bmp") == two && post_at (f, f->a, "two.bmp") == one);
  fixture_wait_idle (f);
  g_assert_cmpint (post_status (f, one), ==, BOORU_POST_ACTIVE);
  g_assert_cmpint (post_status (f, two), ==, BOORU_POST_ACTIVE);
}

static void
test_touched (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp"), file = file_id_at (f, f->a, "one.bmp");
  g_autofree char *path = path_in (f->a, "one.bmp");
  struct timespec times[] = { { 1000000000, 0 }, { 1000000000, 0 } };

  f->prohibit_missing = TRUE;
  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
  fixture_wait_idle (f);
  g_assert_cmpint (file_id_at (f, f->a, "one.bmp"), ==, file);
  g_assert_cmpint (post_at (f, f->a, "one.bmp"), ==, post);
}

static void
test_hard_link (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp");
  g_autofree char *from = path_in (f->a, "one.bmp");
  g_autofree char *to = path_in (f->b, "link.bmp");

  g_assert_cmpint (link (from, to), ==, 0);
  eventually (f, post_at (f, f->b, "link.bmp") == post);
  g_assert_cmpuint (n_files_of (f, post), ==, 2);
}

/* Everything at once while nobody looks. */
static void
test_changed_while_away (Fixture *f, gconstpointer data)
{
  const char *const names[] = { "renamed.bmp", "moved.bmp", "deleted.bmp", "kept.bmp" };
  gint64 posts[4], moved_file_id;
  g_autofree char *sub = path_in (f->b, "sub");
  g_autofree char *renamed = path_in (f->a, "renamed.bmp");
  g_autofree char *renamed_to = path_in (f->a, "0.bmp");
  g_autofree char *moved = path_in (f->a, "moved.bmp");
  g_autofree char *moved_to = path_in (sub, "moved.bmp");
  g_autofree char *deleted = path_in (f->a, "deleted.bmp");

  for (guint i = 0; i < 4; i++)
    write_picture (f->a, names[i], i);
  fixture_start (f);
  for (guint i = 0; i < 4; i++)
    {
      posts[i] = post_at (f, f->a, names[i]);
      add_tag (f, posts[i], "kept");
    }
  moved_file_id = file_id_at (f, f->a, "moved.bmp");
  fixture_stop (f);

  g_mkdir (sub, 0755);
  move_file (renamed, renamed_to);
  move_file (moved, moved_to);
  delete_file (deleted);
  fixture_start (f);

  g_assert_cmpint (post_at (f, f->a, "0.bmp"), ==, posts[0]);
  g_assert_cmpint (post_at (f, f->b, "sub/moved.bmp"), ==, posts[1]);
  g_assert_cmpint (file_id_at (f, f->b, "sub/moved.bmp"), ==, moved_file_id);
  g_assert_cmpint (post_status (f, posts[2]), ==, BOORU_POST_MISSING);
  g_assert_cmpint (post_at (f, f->a, "kept.bmp"), ==, posts[3]);
  g_assert_cmpuint (n_posts (f), ==, 3);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_true (has_tag (f, posts[i], "kept"));
      g_assert_cmpuint (n_files_of (f, posts[i]), ==, i == 2 ? 0 : 1);
    }
}

/* A new file gets the inode of a deleted one, with its size and time: it is not the deleted one. */
static void
test_inode_used_again (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp");
  g_autofree char *one = path_in (f->a, "one.bmp");
  g_autofree char *two = path_in (f->a, "two.bmp");
  struct stat before, after;
  struct timespec times[2];

  g_assert_cmpint (stat (one, &before), ==, 0);
  times[0] = times[1] = before.st_mtim;
  fixture_stop (f);
  delete_file (one);
  write_picture (f->a, "two.bmp", 2);
  utimensat (AT_FDCWD, two, times, 0);
  g_assert_cmpint (stat (two, &after), ==, 0);
  if (before.st_ino != after.st_ino)
    {
      g_test_skip ("this file system does not use an inode number again at once");
      return;
    }
  fixture_start (f);
  g_assert_cmpint (post_at (f, f->a, "two.bmp"), !=, 0);
  g_assert_cmpint (post_at (f, f->a, "two.bmp"), !=, post);
  g_assert_cmpint (post_status (f, post), ==, BOORU_POST_MISSING);
}

static void
test_unmounted (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp"), file = file_id_at (f, f->a, "one.bmp");
  g_autofree char *away = path_in (f->root, "away");

  f->prohibit_missing = TRUE;
  expect_warning ("*is not there*");
  move_file (f->a, away);
  eventually (f, !is_present (f, f->a));
  g_assert_cmpuint (n_warnings_seen (), ==, 1);
  fixture_wait_idle (f);
  monitor_library_reconcile (f->library);
  fixture_wait_idle (f);
  g_assert_cmpint (post_at (f, f->a, "one.bmp"), ==, post);

  /* The empty mount point does not count as an emptied folder. */
  g_mkdir (f->a, 0755);
  monitor_library_reconcile (f->library);
  fixture_wait_idle (f);
  g_assert_cmpint (post_at (f, f->a, "one.bmp"), ==, post);

  g_rmdir (f->a);
  move_file (away, f->a);
  write_picture (f->a, "two.bmp", 2);
  eventually (f, post_at (f, f->a, "two.bmp") != 0);
  g_assert_cmpint (file_id_at (f, f->a, "one.bmp"), ==, file);
}

/* A real disk that is really unmounted, which needs rights. */
static void
test_disk_unmounted (Fixture *f, gconstpointer data)
{
  g_autofree char *disk = path_in (f->root, "disk");
  gint64 post, file;

  g_mkdir (disk, 0755);
  if (mount ("none", disk, "tmpfs", 0, "size=1m") < 0
      || mount (disk, f->a, NULL, MS_BIND, NULL) < 0)
    {
      umount (disk);
      g_test_skip ("mounting is not allowed here");
      return;
    }
  post = begin_with_picture (f, "one.bmp");
  file = file_id_at (f, f->a, "one.bmp");
  f->prohibit_missing = TRUE;
  expect_warning ("*is not there*");

  /* Nothing of ours keeps the disk busy. */
  g_assert_cmpint (umount (f->a), ==, 0);
  eventually (f, !is_present (f, f->a));
  monitor_library_reconcile (f->library);
  fixture_wait_idle (f);
  g_assert_cmpint (post_at (f, f->a, "one.bmp"), ==, post);

  g_assert_cmpint (mount (disk, f->a, NULL, MS_BIND, NULL), ==, 0);
  eventually (f, is_present (f, f->a));
  write_picture (f->a, "two.bmp", 2);
  eventually (f, post_at (f, f->a, "two.bmp") != 0);
  g_assert_cmpint (file_id_at (f, f->a, "one.bmp"), ==, file);

  fixture_stop (f);
  g_assert_cmpint (umount (f->a), ==, 0);
  g_assert_cmpint (umount (disk), ==, 0);
}

/* More happens than the kernel keeps (max_queued_events, 16,384 by default) while nobody reads. */
static void
test_overflow (Fixture *f, gconstpointer data)
{
  guint n = 0;

  fixture_start (f);
  for (guint i = 0; i < 9000; i++)
    {
      g_autofree char *name = g_strdup_printf ("%04u.txt", i);

      write_file (f->a, name, "x", 1);
    }
  write_picture (f->a, "last.bmp", 1);
  eventually (f, post_at (f, f->a, "last.bmp") != 0);
  fixture_wait_idle (f);
  for (guint i = 0; i < 9000; i++)
    {
      g_autofree char *name = g_strdup_printf ("%04u.txt", i);

      n += file_id_at (f, f->a, name) != 0;
    }
  g_assert_cmpuint (n, ==, 9000);
}

static void
test_folders_change (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp");
  const char *const only_b[] = { f->b, NULL };
  const char *const both[] = { f->a, f->b, NULL };
  g_autofree char *from = path_in (f->a, "one.bmp");
  g_autofree char *to = path_in (f->b, "one.bmp");

  monitor_library_set_folders (f->library, only_b, NULL, NULL);
  fixture_wait_idle (f);
  g_assert_true (has_tag (f, post, "kept"));
  g_assert_cmpint (post_status (f, post), ==, BOORU_POST_ACTIVE);

  monitor_library_set_folders (f->library, both, NULL, NULL);
  fixture_wait_idle (f);
  g_assert_cmpint (post_at (f, f->a, "one.bmp"), ==, post);

  /* Its folder is taken away, and it turns up in another. */
  monitor_library_set_folders (f->library, only_b, NULL, NULL);
  move_file (from, to);
  eventually (f, post_at (f, f->b, "one.bmp") == post);
  g_assert_true (has_tag (f, post, "kept"));
}

static void
test_nested_folders (Fixture *f, gconstpointer data)
{
  g_autofree char *inner = path_in (f->a, "inner");
  const char *const outer_only[] = { f->a, NULL };
  const char *const both[] = { f->a, inner, NULL };
  gint64 post;

  g_mkdir (inner, 0755);
  write_picture (inner, "one.bmp", 1);
  fixture_start_with (f, outer_only, NULL);
  post = post_at (f, f->a, "inner/one.bmp");
  g_assert_cmpint (post, !=, 0);

  f->prohibit_missing = TRUE;
  monitor_library_set_folders (f->library, both, NULL, NULL);
  eventually (f, post_at (f, inner, "one.bmp") == post);
  fixture_wait_idle (f);
  g_assert_cmpint (file_id_at (f, f->a, "inner/one.bmp"), ==, 0);

  monitor_library_set_folders (f->library, outer_only, NULL, NULL);
  eventually (f, post_at (f, f->a, "inner/one.bmp") == post);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, 1);
}

static void
test_watch_limit (Fixture *f, gconstpointer data)
{
  g_autofree char *deep = path_in (f->a, "1/2/3/4");

  f->max_watches = 3;
  g_mkdir_with_parents (deep, 0755);
  expect_warning ("*limit of * watched folders is reached*");
  fixture_start (f);
  g_assert_cmpuint (n_warnings_seen (), ==, 1);

  write_picture (deep, "one.bmp", 1);
  fixture_wait_idle (f);
  monitor_library_reconcile (f->library);
  eventually (f, post_at (f, f->a, "1/2/3/4/one.bmp") != 0);
}

static void
test_lost_thumbnails (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp");
  g_autofree char *thumbnails = path_in (f->data_dir, BOORU_DIR_THUMBNAILS);
  g_autofree char *rubbish = path_in (f->data_dir, BOORU_DIR_TEMPORARY "/rubbish");

  fixture_stop (f);
  remove_tree (thumbnails);
  write_file ("/", rubbish, "x", 1);
  fixture_start (f);
  g_assert_true (has_thumbnails (f, post));
  g_assert_true (has_tag (f, post, "kept"));
  g_assert_cmpuint (n_files_of (f, post), ==, 1);
  g_assert_false (g_file_test (rubbish, G_FILE_TEST_EXISTS));
}

static const char *const odd_names[] = {
  "new\nline.bmp",
  "emoji 😀.bmp",
  "invalid \xff\xfe.bmp",
  "Case.bmp",
  "case.bmp",
  " leading and trailing .bmp",
  "%20 & \"quotes\" '.bmp",
  "no extension",
  "-rf.bmp",
  "cafe\xcc\x81.bmp",
  "caf\xc3\xa9.bmp",
};

static void
test_odd_names (Fixture *f, gconstpointer data)
{
  fixture_start (f);
  for (guint i = 0; i < G_N_ELEMENTS (odd_names); i++)
    write_picture (f->a, odd_names[i], i);
  for (guint i = 0; i < G_N_ELEMENTS (odd_names); i++)
    eventually (f, post_at (f, f->a, odd_names[i]) != 0);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, G_N_ELEMENTS (odd_names));
}

static int
add_facts (const char *path, const struct stat *st, GString *facts)
{
  g_string_append_printf (facts, "%s %lu %u %ld %ld.%ld %ld.%ld\n", path, (gulong)st->st_ino,
                          st->st_mode, (glong)st->st_size, (glong)st->st_mtim.tv_sec,
                          (glong)st->st_mtim.tv_nsec, (glong)st->st_ctim.tv_sec,
                          (glong)st->st_ctim.tv_nsec);
  return 0;
}

static void
collect_facts (const char *dir, GString *facts)
{
  g_autoptr (GDir) entries = g_dir_open (dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = path_in (dir, name);
      struct stat st;

      g_assert_cmpint (lstat (path, &st), ==, 0);
      add_facts (path, &st, facts);
      if (S_ISDIR (st.st_mode))
        collect_facts (path, facts);
    }
}

static void
test_folders_are_only_read (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) before = g_string_new (NULL);
  g_autoptr (GString) after = g_string_new (NULL);
  g_autofree char *sub = path_in (f->a, "sub");
  g_autofree char *symlink_path = path_in (f->a, "symlink.jpg");

  g_mkdir (sub, 0755);
  write_picture (f->a, "one.bmp", 1);
  write_picture (sub, "copy.bmp", 1);
  write_picture (sub, "two.bmp", 2);
  write_file (f->a, "broken.jpg", "\xff\xd8\xff nothing", -1);
  g_assert_cmpint (symlink ("sub/two.bmp", symlink_path), ==, 0);
  collect_facts (f->a, before);
  fixture_start (f);
  monitor_library_reconcile (f->library);
  fixture_wait_idle (f);
  fixture_stop (f);
  collect_facts (f->a, after);
  g_assert_cmpstr (after->str, ==, before->str);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/library/appears", test_appears);
  fixture_add ("/monitor/library/found-at-start", test_found_at_start);
  fixture_add ("/monitor/library/copied", test_copied);
  fixture_add ("/monitor/library/copies-at-once", test_copies_at_once);
  fixture_add ("/monitor/library/renamed", test_renamed);
  fixture_add ("/monitor/library/moved-between-folders", test_moved_between_folders);
  fixture_add ("/monitor/library/copied-then-deleted", test_copied_then_deleted);
  fixture_add ("/monitor/library/folder-renamed", test_folder_renamed);
  fixture_add ("/monitor/library/deleted-and-back", test_deleted_and_back);
  fixture_add ("/monitor/library/tree-deleted", test_tree_deleted);
  fixture_add ("/monitor/library/replaced", test_replaced);
  fixture_add ("/monitor/library/swapped", test_swapped);
  fixture_add ("/monitor/library/touched", test_touched);
  fixture_add ("/monitor/library/hard-link", test_hard_link);
  fixture_add ("/monitor/library/changed-while-away", test_changed_while_away);
  fixture_add ("/monitor/library/inode-used-again", test_inode_used_again);
  fixture_add ("/monitor/library/unmounted", test_unmounted);
  fixture_add ("/monitor/library/disk-unmounted", test_disk_unmounted);
  fixture_add ("/monitor/library/overflow", test_overflow);
  fixture_add ("/monitor/library/folders-change", test_folders_change);
  fixture_add ("/monitor/library/nested-folders", test_nested_folders);
  fixture_add ("/monitor/library/watch-limit", test_watch_limit);
  fixture_add ("/monitor/library/lost-thumbnails", test_lost_thumbnails);
  fixture_add ("/monitor/library/odd-names", test_odd_names);
  fixture_add ("/monitor/library/folders-are-only-read", test_folders_are_only_read);
  return g_test_run ();
}
