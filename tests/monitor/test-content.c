/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Real files that are edited, renamed and linked: which post they are afterwards. */
#include <glib/gstdio.h>
#include <unistd.h>

#include "library-fixture.h"

static gint64
parent_of (Fixture *f, gint64 id)
{
  g_autoptr (BooruPost) post = booru_store_get_post (f->store, id, NULL);

  return post->parent_id;
}

static void
require_heir_at (Fixture *f, const char *name, gint64 former)
{
  gint64 post;

  eventually (f, post_at (f, f->a, name) != former && post_at (f, f->a, name) != 0);
  post = post_at (f, f->a, name);
  g_assert_true (has_tag (f, post, "kept"));
  g_assert_cmpint (parent_of (f, post), ==, former);
  g_assert_cmpint (post_status (f, post), ==, BOORU_POST_ACTIVE);
}

static void
test_edited_in_place (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp");

  write_picture (f->a, "one.bmp", 2);
  require_heir_at (f, "one.bmp", post);
  eventually (f, post_status (f, post) == BOORU_POST_MISSING);
  g_assert_true (has_tag (f, post, "kept"));
}

/* The three ways in which programs save. */
static void
test_saved_by_renaming (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp");
  g_autofree char *path = path_in (f->a, "one.bmp");
  g_autofree char *hidden = path_in (f->a, ".one.bmp.tmp");
  g_autofree char *visible = path_in (f->a, "one-new.bmp");
  gint64 second;

  write_picture (f->a, ".one.bmp.tmp", 2);
  move_file (hidden, path);
  require_heir_at (f, "one.bmp", post);
  second = post_at (f, f->a, "one.bmp");
  fixture_wait_idle (f);

  /* Found under its other name before it takes the place. */
  write_picture (f->a, "one-new.bmp", 3);
  eventually (f, post_at (f, f->a, "one-new.bmp") != 0);
  fixture_wait_idle (f);
  move_file (visible, path);
  require_heir_at (f, "one.bmp", second);
  g_assert_cmpint (file_id_at (f, f->a, "one-new.bmp"), ==, 0);
}

static void
test_edited_while_away (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp");

  fixture_stop (f);
  write_picture (f->a, "one.bmp", 2);
  fixture_start (f);
  require_heir_at (f, "one.bmp", post);
  g_assert_cmpint (post_status (f, post), ==, BOORU_POST_MISSING);

  /* And what it was comes back from a backup, elsewhere. */
  fixture_stop (f);
  write_picture (f->b, "restored.bmp", 1);
  fixture_start (f);
  g_assert_cmpint (post_at (f, f->b, "restored.bmp"), ==, post);
  g_assert_cmpint (post_status (f, post), ==, BOORU_POST_ACTIVE);
}

static gboolean
has_failed (Fixture *f, const char *name)
{
  g_autofree char *failure = failure_at (f, f->a, name);

  return failure != NULL;
}

/* Half of a file is there for long: it fails, then it is whole. */
static void
test_broken_between (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp");

  write_file (f->a, "one.bmp", "BM but not a picture", -1);
  eventually (f, has_failed (f, "one.bmp"));
  write_picture (f->a, "one.bmp", 2);
  require_heir_at (f, "one.bmp", post);
}

static void
test_case_twins (Fixture *f, gconstpointer data)
{
  gint64 lower = begin_with_picture (f, "one.bmp"), upper;
  g_autofree char *from = path_in (f->a, "one.bmp");
  g_autofree char *to = path_in (f->a, "oNe.bmp");

  write_picture (f->a, "ONE.BMP", 2);
  eventually (f, post_at (f, f->a, "ONE.BMP") != 0);
  upper = post_at (f, f->a, "ONE.BMP");
  g_assert_cmpint (upper, !=, lower);
  g_assert_cmpint (post_at (f, f->a, "one.bmp"), ==, lower);

  f->prohibit_missing = TRUE;
  move_file (from, to);
  eventually (f, post_at (f, f->a, "oNe.bmp") == lower && file_id_at (f, f->a, "one.bmp") == 0);
  g_assert_cmpint (post_at (f, f->a, "ONE.BMP"), ==, upper);
  g_assert_true (has_tag (f, lower, "kept"));
}

#define COMPOSED "caf\xc3\xa9.bmp"
#define DECOMPOSED "cafe\xcc\x81.bmp"

static void
test_unicode_twins (Fixture *f, gconstpointer data)
{
  gint64 composed = begin_with_picture (f, COMPOSED), decomposed;
  g_autofree char *from = path_in (f->a, COMPOSED);
  g_autofree char *to = path_in (f->b, DECOMPOSED);

  write_picture (f->a, DECOMPOSED, 2);
  eventually (f, post_at (f, f->a, DECOMPOSED) != 0);
  decomposed = post_at (f, f->a, DECOMPOSED);
  g_assert_cmpint (decomposed, !=, composed);
  fixture_stop (f);

  /* As a copy by way of another system does it: the same file, the other form. */
  move_file (from, to);
  fixture_start (f);
  g_assert_cmpint (post_at (f, f->b, DECOMPOSED), ==, composed);
  g_assert_cmpint (post_at (f, f->a, DECOMPOSED), ==, decomposed);
  g_assert_cmpint (file_id_at (f, f->a, COMPOSED), ==, 0);
  g_assert_true (has_tag (f, composed, "kept"));
  g_assert_cmpuint (n_files_of (f, composed), ==, 1);
}

/* Two names of one file: what is written by one of them is under both. */
static void
test_hard_links (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp"), edited;
  g_autofree char *from = path_in (f->a, "one.bmp");
  g_autofree char *to = path_in (f->b, "link.bmp");
  g_autofree char *bytes = NULL;
  g_autofree char *other = path_in (f->root, "other.bmp");
  FILE *file;
  gsize length;

  g_assert_cmpint (link (from, to), ==, 0);
  eventually (f, post_at (f, f->b, "link.bmp") == post);
  fixture_wait_idle (f);

  write_picture (f->root, "other.bmp", 2);
  g_assert_true (g_file_get_contents (other, &bytes, &length, NULL));
  file = g_fopen (from, "r+");
  g_assert_cmpuint (fwrite (bytes, 1, length, file), ==, length);
  fclose (file);
  require_heir_at (f, "one.bmp", post);
  edited = post_at (f, f->a, "one.bmp");
  fixture_wait_idle (f);
  monitor_library_reconcile (f->library);
  eventually (f, post_at (f, f->b, "link.bmp") == edited);
  eventually (f, post_status (f, post) == BOORU_POST_MISSING);
  fixture_wait_idle (f);

  f->prohibit_missing = FALSE;
  delete_file (from);
  eventually (f, n_files_of (f, edited) == 1);
  g_assert_cmpint (post_status (f, edited), ==, BOORU_POST_ACTIVE);
}

/* In the trash it stays there, wherever its file goes; what it becomes is another picture. */
static void
test_deleted_post (Fixture *f, gconstpointer data)
{
  gint64 post = begin_with_picture (f, "one.bmp");
  g_autofree char *from = path_in (f->a, "one.bmp");
  g_autofree char *to = path_in (f->b, "two.bmp");

  g_assert_true (booru_store_delete_post (f->store, post, BOORU_USER_OWNER, NULL));
  move_file (from, to);
  eventually (f, post_at (f, f->b, "two.bmp") == post);
  fixture_stop (f);
  write_picture (f->a, "again.bmp", 1);
  fixture_start (f);
  g_assert_cmpint (post_at (f, f->a, "again.bmp"), ==, post);
  g_assert_cmpint (post_status (f, post), ==, BOORU_POST_DELETED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/content/edited-in-place", test_edited_in_place);
  fixture_add ("/monitor/content/saved-by-renaming", test_saved_by_renaming);
  fixture_add ("/monitor/content/edited-while-away", test_edited_while_away);
  fixture_add ("/monitor/content/broken-between", test_broken_between);
  fixture_add ("/monitor/content/case-twins", test_case_twins);
  fixture_add ("/monitor/content/unicode-twins", test_unicode_twins);
  fixture_add ("/monitor/content/hard-links", test_hard_links);
  fixture_add ("/monitor/content/deleted-post", test_deleted_post);
  return g_test_run ();
}
