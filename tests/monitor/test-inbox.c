/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ingest folder, and files that cannot be posts. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "library-fixture.h"
#include "zip-fixture.h"

static char *
managed_path (const char *source)
{
  g_autofree char *md5 = file_md5 (source);

  return g_strdup_printf ("%.2s/%.2s/%s.bmp", md5, md5 + 2, md5);
}

static char *
managed_dir (Fixture *f)
{
  return path_in (f->data_dir, BOORU_DIR_ORIGINALS);
}

static void
test_taken_in (Fixture *f, gconstpointer data)
{
  g_autofree char *originals = managed_dir (f);
  g_autofree char *path = NULL;
  g_autofree char *source = path_in (f->inbox, "one.bmp");
  gint64 post;

  write_picture (f->inbox, "one.bmp", 1);
  path = managed_path (source);
  fixture_start (f);
  post = post_at (f, originals, path);
  g_assert_cmpint (post, !=, 0);
  g_assert_true (exists (originals, path));
  g_assert_false (exists (f->inbox, "one.bmp"));
  g_assert_true (has_thumbnails (f, post));

  write_picture (f->inbox, "two.bmp", 2);
  eventually (f, n_posts (f) == 2);
  fixture_wait_idle (f);
  g_assert_false (exists (f->inbox, "two.bmp"));
}

static void
test_duplicates (Fixture *f, gconstpointer data)
{
  write_picture (f->a, "one.bmp", 1);
  fixture_start (f);
  write_picture (f->inbox, "same.bmp", 1);
  eventually (f, exists (f->inbox, "duplicates/same.bmp"));
  write_picture (f->inbox, "same.bmp", 1);
  eventually (f, exists (f->inbox, "duplicates/same (2).bmp"));
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, 1);
  g_assert_cmpuint (n_files_of (f, post_at (f, f->a, "one.bmp")), ==, 1);
  g_assert_false (exists (f->inbox, "same.bmp"));
}

static void
test_failed (Fixture *f, gconstpointer data)
{
  g_autofree char *reason_path = path_in (f->inbox, "failed/broken.jpg.reason.txt");
  g_autofree char *reason = NULL;

  fixture_start (f);
  write_file (f->inbox, "broken.jpg", "\xff\xd8\xff\xe0 nothing", -1);
  eventually (f, exists (f->inbox, "failed/broken.jpg.reason.txt"));
  g_assert_true (exists (f->inbox, "failed/broken.jpg"));
  g_assert_true (g_file_get_contents (reason_path, &reason, NULL, NULL));
  g_assert_cmpuint (strlen (reason), >, 10);

  /* What is not meant as a picture stays where it is. */
  write_file (f->inbox, "note.txt", "hello", -1);
  fixture_wait_idle (f);
  g_assert_true (exists (f->inbox, "note.txt"));
  g_assert_cmpuint (n_posts (f), ==, 0);
}

/* The file stays where it is, and nothing is written where the link leads. */
static void
test_aside_by_link (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "failed", "duplicates" };
  g_autofree char *elsewhere = path_in (f->root, "elsewhere");

  g_assert_cmpint (g_mkdir (elsewhere, 0755), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *link = path_in (f->inbox, names[i]);

      g_assert_cmpint (symlink (elsewhere, link), ==, 0);
    }
  write_picture (f->a, "one.bmp", 1);
  fixture_start (f);
  expect_warning ("*is not a folder but a symbolic link*");
  write_picture (f->inbox, "same.bmp", 1);
  write_file (f->inbox, "broken.jpg", "\xff\xd8\xff\xe0 nothing", -1);
  eventually (f, n_warnings_seen () >= 2);
  g_assert_true (exists (f->inbox, "same.bmp"));
  g_assert_true (exists (f->inbox, "broken.jpg"));
  g_assert_cmpint (g_rmdir (elsewhere), ==, 0);
}

/* What was set aside is put back when it is to be tried again, and its reason goes. */
static void
test_retry (Fixture *f, gconstpointer data)
{
  g_autofree char *aside = path_in (f->inbox, "failed");
  g_autofree char *bad = path_in (f->inbox, "failed/bad.bmp");

  fixture_start (f);
  fixture_limit_pixels (f, 1);
  write_picture (f->inbox, "good.bmp", 1);
  write_file (f->inbox, "bad.bmp", "BM, but no picture", -1);
  eventually (f, exists (f->inbox, "failed/good.bmp") && exists (f->inbox, "failed/bad.bmp"));
  fixture_wait_idle (f);
  write_picture (f->inbox, "bad.bmp", 2); /* its name is taken: it comes back under another */
  eventually (f, exists (f->inbox, "failed/bad (2).bmp"));
  fixture_wait_idle (f);

  fixture_limit_pixels (f, 1000000);
  monitor_library_retry (f->library, bad);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, 0);
  g_assert_true (exists (f->inbox, "failed/bad.bmp"));
  g_assert_true (exists (f->inbox, "failed/bad.bmp.reason.txt"));

  monitor_library_retry (f->library, aside);
  eventually (f, n_posts (f) == 2);
  fixture_wait_idle (f);
  g_assert_false (exists (f->inbox, "failed/good.bmp"));
  g_assert_false (exists (f->inbox, "failed/good.bmp.reason.txt"));
  g_assert_false (exists (f->inbox, "failed/bad (2).bmp"));
  g_assert_true (exists (f->inbox, "failed/bad.bmp"));
}

static void
test_missing_comes_back (Fixture *f, gconstpointer data)
{
  g_autofree char *originals = managed_dir (f);
  g_autofree char *path = NULL;
  g_autofree char *source = path_in (f->a, "one.bmp");
  gint64 post;

  write_picture (f->a, "one.bmp", 1);
  path = managed_path (source);
  fixture_start (f);
  post = post_at (f, f->a, "one.bmp");
  add_tag (f, post, "kept");
  delete_file (source);
  eventually (f, post_status (f, post) == BOORU_POST_MISSING);

  write_picture (f->inbox, "back.bmp", 1);
  eventually (f, post_status (f, post) == BOORU_POST_ACTIVE);
  g_assert_cmpint (post_at (f, originals, path), ==, post);
  g_assert_true (has_tag (f, post, "kept"));
}

/* A kill between the rename and the commit leaves the file in the managed folder, without a row. */
static void
test_killed_before_commit (Fixture *f, gconstpointer data)
{
  g_autofree char *originals = managed_dir (f);
  g_autofree char *source = path_in (f->inbox, "one.bmp");
  g_autofree char *path = NULL;
  g_autofree char *full = NULL;
  g_autofree char *dir = NULL;

  write_picture (f->inbox, "one.bmp", 1);
  path = managed_path (source);
  full = path_in (originals, path);
  dir = g_path_get_dirname (full);
  g_mkdir_with_parents (dir, 0755);
  move_file (source, full);
  fixture_start (f);
  g_assert_cmpint (post_at (f, originals, path), !=, 0);

  /* And after a copy and its commit, but before the source was removed: */
  write_picture (f->inbox, "one.bmp", 1);
  eventually (f, exists (f->inbox, "duplicates/one.bmp"));
  g_assert_cmpuint (n_posts (f), ==, 1);
}

static void
test_inbox_in_library (Fixture *f, gconstpointer data)
{
  const char *const folders[] = { f->a, NULL };
  g_autofree char *inbox = path_in (f->a, "inbox");
  g_autofree char *inner = path_in (f->inbox, "library");
  const char *const in_inbox[] = { inner, NULL };

  g_mkdir (inbox, 0755);
  write_picture (inbox, "one.bmp", 1);
  fixture_start_with (f, folders, inbox);
  g_assert_cmpuint (n_posts (f), ==, 1);
  g_assert_cmpint (file_id_at (f, f->a, "inbox/one.bmp"), ==, 0);
  fixture_stop (f);

  /* A library inside the inbox is not emptied by it. */
  g_mkdir (inner, 0755);
  write_picture (inner, "two.bmp", 2);
  fixture_start_with (f, in_inbox, f->inbox);
  g_assert_true (exists (inner, "two.bmp"));
  g_assert_cmpint (post_at (f, inner, "two.bmp"), !=, 0);
}

static void
assert_failure (Fixture *f, const char *name, const char *pattern)
{
  g_autofree char *failure = failure_at (f, f->a, name);

  g_assert_nonnull (failure);
  if (!g_pattern_match_simple (pattern, failure))
    g_error ("%s: \"%s\" is not like \"%s\"", name, failure, pattern);
}

static void
make_irregular (Fixture *f)
{
  g_autofree char *fifo = path_in (f->a, "fifo.jpg");
  g_autofree char *link_path = path_in (f->a, "link.jpg");
  g_autofree char *loop = path_in (f->a, "loop");
  g_autofree char *outside = path_in (f->root, "outside.bmp");

  write_picture (f->root, "outside.bmp", 99);
  g_assert_cmpint (mkfifo (fifo, 0644), ==, 0);
  g_assert_cmpint (symlink (outside, link_path), ==, 0);
  g_assert_cmpint (symlink (f->a, loop), ==, 0);
}

/* An archive of two frames, and one more entry. */
static void
write_archive (const char *dir, const char *name, const char *more)
{
  static const char base64[]
      = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
        "WjR9awAAAABJRU5ErkJggg==";
  static const char delays[]
      = "[{\"file\":\"0.png\",\"delay\":70},{\"file\":\"1.png\",\"delay\":230}]";
  gsize size;
  g_autofree guchar *png = g_base64_decode (base64, &size);
  g_autofree char *path = NULL;
  Zip zip = { 0 };

  zip_add (&zip, "0.png", png, size);
  zip_add (&zip, "1.png", png, size);
  zip_add (&zip, more, delays, strlen (delays));
  path = zip_write (&zip, dir, name);
}

/* An archive is a post if it is an animation, and left alone if it is not, whatever its name. */
static void
test_archives (Fixture *f, gconstpointer data)
{
  g_autofree char *metadata = NULL;
  gint64 post;

  write_archive (f->a, "frames.zip", "animation.json");
  write_archive (f->a, "frames", "animation.json");
  write_archive (f->a, "photos.zip", "readme.json");
  write_file (f->a, "other.zip", "PK\x03\x04 rubbish", -1);
  write_archive (f->a, "photos.jpg", "readme.json");
  fixture_start (f);

  post = post_at (f, f->a, "frames.zip");
  g_assert_cmpint (post, !=, 0);
  g_assert_cmpint (post_at (f, f->a, "frames"), ==, post);
  g_assert_true (has_thumbnails (f, post));
  metadata = booru_store_get_metadata (f->store, post, NULL);
  g_assert_nonnull (strstr (metadata, "\"Ugoira:FrameDelays\":[70,230]"));
  g_assert_nonnull (strstr (metadata, "\"Ugoira:FrameMimeType\":\"image/png\""));
  g_assert_nonnull (strstr (metadata, "\"ZIP:ZipFileName\":\"0.png\""));
  g_assert_null (failure_at (f, f->a, "photos.zip"));
  g_assert_cmpint (file_id_at (f, f->a, "photos.zip"), !=, 0);
  g_assert_null (failure_at (f, f->a, "other.zip"));
  assert_failure (f, "photos.jpg", "*a ZIP archive*");
  g_assert_cmpuint (n_posts (f), ==, 1);
}

static void
test_failures (Fixture *f, gconstpointer data)
{
  g_autofree char *whole = path_in (f->a, "whole.bmp");
  g_autofree char *bytes = NULL;
  gsize length;

  make_irregular (f);
  write_picture (f->a, "whole.bmp", 1);
  g_assert_true (g_file_get_contents (whole, &bytes, &length, NULL));
  write_file (f->a, "truncated.bmp", bytes, (gssize)length / 3);
  write_file (f->a, "empty.jpg", "", 0);
  write_file (f->a, "zip.jpg", "PK\x03\x04 rubbish", -1);
  write_file (f->a, "text.png", "just words", -1);
  write_file (f->a, "other.mp4", "RIFF....AVI rubbish", -1);
  write_file (f->a, "wrong.jpg", bytes, (gssize)length);
  write_file (f->a, "notes.txt", "just words", -1);
  write_file (f->a, ".hidden.bmp", bytes, (gssize)length);
  write_file (f->a, "coming.bmp.part", bytes, (gssize)length);
  fixture_start (f);

  assert_failure (f, "fifo.jpg", "*FIFO*");
  assert_failure (f, "link.jpg", "*symbolic link*");
  assert_failure (f, "loop", "*symbolic link*");
  assert_failure (f, "empty.jpg", "*empty*");
  assert_failure (f, "zip.jpg", "This is a ZIP archive, not a picture or a video");
  assert_failure (f, "text.png", "This is a text file, not a picture or a video");
  assert_failure (f, "other.mp4", "This is an AVI video, which is not supported");
  assert_failure (f, "truncated.bmp", "*");
  g_assert_cmpint (post_at (f, f->a, "wrong.jpg"), !=, 0);
  g_assert_null (failure_at (f, f->a, "notes.txt"));
  g_assert_cmpint (file_id_at (f, f->a, "notes.txt"), !=, 0);
  g_assert_cmpint (file_id_at (f, f->a, ".hidden.bmp"), ==, 0);
  g_assert_cmpint (file_id_at (f, f->a, "coming.bmp.part"), ==, 0);
  g_assert_cmpuint (n_posts (f), ==, 1);

  /* What failed is tried again when it changes. */
  write_picture (f->a, "empty.jpg", 7);
  eventually (f, post_at (f, f->a, "empty.jpg") != 0);
}

static void
test_part_is_renamed (Fixture *f, gconstpointer data)
{
  g_autofree char *part = path_in (f->a, "one.bmp.part");
  g_autofree char *done = path_in (f->a, "one.bmp");

  fixture_start (f);
  write_picture (f->a, "one.bmp.part", 1);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, 0);
  move_file (part, done);
  eventually (f, post_at (f, f->a, "one.bmp") != 0);
}

/* Written slowly, with pauses, by somebody who keeps it open. */
static void
test_slow_writer (Fixture *f, gconstpointer data)
{
  g_autofree char *whole = path_in (f->root, "whole.bmp");
  g_autofree char *path = path_in (f->a, "slow.bmp");
  g_autofree char *bytes = NULL;
  gint64 until;
  gsize length;
  int fd;

  write_picture (f->root, "whole.bmp", 1);
  g_assert_true (g_file_get_contents (whole, &bytes, &length, NULL));
  fixture_start (f);

  fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  for (gsize at = 0; at < length;)
    {
      gsize n = MIN (length / 4 + 1, length - at);

      g_assert_cmpint (write (fd, bytes + at, n), ==, n);
      at += n;
      until = g_get_monotonic_time () + 300 * G_TIME_SPAN_MILLISECOND;
      while (fixture_iterate (f, until))
        g_assert_cmpint (file_id_at (f, f->a, "slow.bmp"), ==, 0);
    }
  close (fd);
  eventually (f, post_at (f, f->a, "slow.bmp") != 0);
}

/* Two contents with one md5 are two: neither takes the other's place. (That the store believes so
 * is arranged here; files that really collide are made in seconds.) */
static void
test_md5_collision (Fixture *f, gconstpointer data)
{
  g_autofree char *victim = path_in (f->a, "victim.bmp");
  g_autofree char *attacker = path_in (f->root, "attacker.bmp");
  g_autofree char *to = path_in (f->a, "attacker.bmp");
  g_autofree char *md5 = NULL;
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (BooruFile) file = NULL;
  g_autoptr (GPtrArray) changes = g_ptr_array_new ();
  g_autoptr (BooruFileChange) change = booru_file_change_new (BOORU_FILE_ADD);
  g_autoptr (GPtrArray) files = NULL;

  write_picture (f->a, "victim.bmp", 1);
  write_picture (f->root, "attacker.bmp", 2);
  md5 = file_md5 (attacker);
  fixture_start (f);

  post = booru_store_get_post (f->store, post_at (f, f->a, "victim.bmp"), NULL);
  files = booru_store_list_post_files (f->store, post->id, NULL);
  change->folder_id = ((BooruFile *)g_ptr_array_index (files, 0))->folder_id;
  change->path = g_strdup ("victim.bmp");
  change->stat = ((BooruFile *)g_ptr_array_index (files, 0))->stat;
  change->media = post->media;
  g_strlcpy (change->media.md5, md5, sizeof change->media.md5);
  g_ptr_array_add (changes, change);
  g_assert_true (booru_store_apply_file_changes (f->store, changes, NULL));

  move_file (attacker, to);
  eventually (f, file_id_at (f, f->a, "attacker.bmp") != 0);
  assert_failure (f, "attacker.bmp", "*victim.bmp*differ*");
}

/* Another process holds the store for long: nothing is lost, and all comes when it lets go. */
static void
test_store_locked (Fixture *f, gconstpointer data)
{
  g_autofree char *path = path_in (f->data_dir, BOORU_FILE_WRITE_LOCK);
  int fd;

  fixture_start (f);
  booru_store_set_busy_timeout (f->store, 50);
  fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  expect_warning ("*cannot be stored now*");
  write_picture (f->a, "one.bmp", 1);
  write_picture (f->inbox, "two.bmp", 2);
  eventually (f, n_warnings_seen () > 0);
  g_assert_cmpuint (n_posts (f), ==, 0);
  close (fd);
  eventually (f, n_posts (f) == 2);
}

static void
test_unreadable (Fixture *f, gconstpointer data)
{
  g_autofree char *path = path_in (f->a, "one.bmp");

  if (geteuid () == 0)
    {
      g_test_skip ("root may read everything");
      return;
    }
  write_picture (f->a, "one.bmp", 1);
  g_chmod (path, 0);
  fixture_start (f);
  assert_failure (f, "one.bmp", "*permission denied*");
  g_chmod (path, 0644);
  eventually (f, post_at (f, f->a, "one.bmp") != 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/inbox/taken-in", test_taken_in);
  fixture_add ("/monitor/inbox/duplicates", test_duplicates);
  fixture_add ("/monitor/inbox/failed", test_failed);
  fixture_add ("/monitor/inbox/retry", test_retry);
  fixture_add ("/monitor/inbox/missing-comes-back", test_missing_comes_back);
  fixture_add ("/monitor/inbox/killed-before-commit", test_killed_before_commit);
  fixture_add ("/monitor/inbox/in-library", test_inbox_in_library);
  fixture_add ("/monitor/files/aside-by-link", test_aside_by_link);
  fixture_add ("/monitor/files/failures", test_failures);
  fixture_add ("/monitor/files/archives", test_archives);
  fixture_add ("/monitor/files/part-is-renamed", test_part_is_renamed);
  fixture_add ("/monitor/files/slow-writer", test_slow_writer);
  fixture_add ("/monitor/files/md5-collision", test_md5_collision);
  fixture_add ("/monitor/files/store-locked", test_store_locked);
  fixture_add ("/monitor/files/unreadable", test_unreadable);
  return g_test_run ();
}
