/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The trash: deleting, undeleting, emptying; and the history that undoes all but the last. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "board-fixture.h"

static void
delete_post (BoardFixture *self, gint64 id)
{
  g_autoptr (GError) error = NULL;

  booru_store_delete_post (self->store, id, BOORU_USER_OWNER, &error);
  g_assert_no_error (error);
}

static void
undelete_post (BoardFixture *self, gint64 id)
{
  g_autoptr (GError) error = NULL;

  booru_store_undelete_post (self->store, id, BOORU_USER_OWNER, &error);
  g_assert_no_error (error);
}

static void
test_delete (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  gint64 other = board_add_post (self, "b.jpg", 2);

  booru_post_unref (board_edit (self->store, id, "sky tree"));
  booru_post_unref (board_edit (self->store, other, "sky"));
  delete_post (self, id);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_DELETED);
  g_assert_cmpint (board_count (self->store, "sky"), ==, 1);
  g_assert_cmpint (board_count (self->store, "sky status:deleted"), ==, 1);
  g_assert_cmpint (board_tag_count (self, "sky"), ==, 1);
  g_assert_cmpint (board_tag_count (self, "tree"), ==, 0);
  board_require_consistent (self);

  /* What its file does meanwhile does not bring it back. */
  board_apply (self, board_change (BOORU_FILE_REMOVE, board_file_id (self, "a.jpg")), NULL);
  board_apply (self, board_add (self, "again.jpg", 1), NULL);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_DELETED);

  /* Deleting again changes nothing. */
  delete_post (self, id);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM post_versions WHERE action = 1"),
                   ==, 1);

  undelete_post (self, id);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_ACTIVE);
  g_assert_cmpint (board_tag_count (self, "tree"), ==, 1);
  board_require_tags (self->store, id, "sky tree");
  board_require_consistent (self);
}

static void
test_without_file (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  g_autoptr (GError) error = NULL;

  booru_post_unref (board_edit (self->store, id, "sky"));
  board_apply (self, board_change (BOORU_FILE_REMOVE, board_file_id (self, "a.jpg")), NULL);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_MISSING);
  delete_post (self, id);
  g_assert_cmpint (board_tag_count (self, "sky"), ==, 0);
  undelete_post (self, id);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_MISSING);
  g_assert_cmpint (board_tag_count (self, "sky"), ==, 0);
  board_require_consistent (self);

  g_assert_false (booru_store_delete_post (self->store, 99, BOORU_USER_OWNER, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
}

static GPtrArray *
list_versions (BoardFixture *self, gint64 post_id)
{
  BooruVersionFilter filter = { .post_id = post_id, .page = { BOORU_PAGE_NUMBER, 1, 100 } };
  g_autoptr (GError) error = NULL;
  GPtrArray *versions = booru_store_list_versions (self->store, &filter, &error);

  g_assert_no_error (error);
  return versions;
}

static void
test_history (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1), other = board_add_post (self, "b.jpg", 2);
  g_autoptr (GPtrArray) versions = NULL, added = NULL, removed = NULL, page = NULL;
  BooruVersionFilter filter = { .page = { BOORU_PAGE_AFTER, 1, 2 } };
  const BooruVersion *version;

  booru_post_unref (board_edit (self->store, id, "sky tree"));
  booru_post_unref (board_edit (self->store, other, "sky"));
  booru_post_unref (board_edit (self->store, id, "sky lake rating:q source:x"));
  delete_post (self, id);

  versions = list_versions (self, id);
  g_assert_cmpuint (versions->len, ==, 3);
  version = versions->pdata[0];
  g_assert_cmpint (version->action, ==, BOORU_ACTION_DELETE);
  g_assert_cmpuint (version->number, ==, 4);
  version = versions->pdata[1];
  g_assert_cmpint (version->action, ==, BOORU_ACTION_EDIT);
  g_assert_cmpuint (version->number, ==, 3);
  added = booru_version_get_added (version);
  removed = booru_version_get_removed (version);
  g_assert_cmpuint (added->len, ==, 1);
  g_assert_cmpstr (added->pdata[0], ==, "lake");
  g_assert_cmpstr (removed->pdata[0], ==, "tree");
  g_assert_cmpint (version->rating_before, ==, 'g');
  g_assert_cmpint (version->rating_after, ==, 'q');
  g_assert_cmpstr (version->source_after, ==, "x");

  /* The nearest ones after an id, newest first. */
  page = booru_store_list_versions (self->store, &filter, NULL);
  g_assert_cmpuint (page->len, ==, 2);
  g_assert_cmpint (((BooruVersion *)page->pdata[0])->id, ==, 3);
  g_assert_cmpint (((BooruVersion *)page->pdata[1])->id, ==, 2);
}

static void
undo (BoardFixture *self, gint64 version_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPost) post
      = booru_store_undo_version (self->store, version_id, BOORU_USER_OWNER, &error);

  g_assert_no_error (error);
  g_assert_nonnull (post);
}

static void
refuse_undo (BoardFixture *self, gint64 version_id)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (booru_store_undo_version (self->store, version_id, BOORU_USER_OWNER, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
}

static void
test_undo (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (GError) error = NULL;

  booru_post_unref (board_edit (self->store, id, "sky tree"));          /* 1 */
  booru_post_unref (board_edit (self->store, id, "sky lake rating:q")); /* 2 */
  booru_post_unref (board_edit (self->store, id, "sky lake boat"));     /* 3 */

  /* Only what the second changed: what came later stays. */
  undo (self, 2);
  board_require_tags (self->store, id, "boat sky tree");
  post = booru_store_get_post (self->store, id, NULL);
  g_assert_cmpint (post->rating, ==, 'g');

  /* Undoing is a version, and can be undone. */
  undo (self, 4);
  board_require_tags (self->store, id, "boat lake sky");

  /* A post is neither deleted nor restored by it. */
  delete_post (self, id); /* 6 */
  refuse_undo (self, 6);
  undo (self, 3);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_DELETED);
  g_assert_true (booru_store_undelete_post (self->store, id, BOORU_USER_OWNER, NULL)); /* 8 */
  refuse_undo (self, 8);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_ACTIVE);
  board_require_consistent (self);

  g_assert_null (booru_store_undo_version (self->store, 99, BOORU_USER_OWNER, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
}

static void
test_revert (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1), other = board_add_post (self, "b.jpg", 2);
  g_autoptr (BooruPost) first = NULL, added = NULL, untouched = NULL;
  g_autoptr (GError) error = NULL;

  booru_post_unref (board_edit (self->store, id, "sky tree"));
  booru_post_unref (board_edit (self->store, id, "lake rating:q source:x"));

  first = booru_store_revert_post (self->store, id, 1, BOORU_USER_OWNER, &error);
  g_assert_no_error (error);
  board_require_tags (self->store, id, "sky tree");
  g_assert_cmpint (first->rating, ==, 'g');
  g_assert_cmpstr (first->source, ==, "");
  added = booru_store_revert_post (self->store, id, 0, BOORU_USER_OWNER, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (added->tags->len, ==, 0);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM post_versions"), ==, 4);

  untouched = booru_store_revert_post (self->store, other, 0, BOORU_USER_OWNER, &error);
  g_assert_no_error (error);
  g_assert_null (booru_store_revert_post (self->store, other, 1, BOORU_USER_OWNER, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  board_require_consistent (self);
}

/* A real file in the managed folder and its row. */
static gint64
add_managed (BoardFixture *self, const char *name, guint content)
{
  g_autofree char *originals = g_build_filename (self->data_dir, BOORU_DIR_ORIGINALS, NULL);
  g_autofree char *path = g_build_filename (originals, name, NULL);
  g_autofree char *dir = g_path_get_dirname (path);
  g_autoptr (BooruFolder) folder = NULL;
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  BooruFileChange *change = board_add (self, name, content);
  struct stat st;

  g_mkdir_with_parents (dir, 0700);
  g_assert_true (g_file_set_contents (path, name, -1, NULL));
  g_assert_cmpint (stat (path, &st), ==, 0);
  folder = booru_store_ensure_folder (self->store, originals, BOORU_FOLDER_MANAGED, NULL);
  change->folder_id = folder->id;
  change->stat = (BooruFileStat){
    st.st_size,
    st.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + st.st_mtim.tv_nsec,
    st.st_ino,
    st.st_dev,
  };
  g_ptr_array_add (changes, change);
  g_assert_true (booru_store_apply_file_changes (self->store, changes, NULL));
  return change->post_id;
}

static gboolean
is_there (BoardFixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->data_dir, BOORU_DIR_ORIGINALS, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gint64
empty_trash (BoardFixture *self, gint64 expected)
{
  BooruTrashResult result;
  g_autoptr (GError) error = NULL;

  booru_trash_empty (self->store, self->data_dir, expected, &result, &error);
  g_assert_no_error (error);
  return result.n_removed;
}

static void
test_empty (BoardFixture *self, gconstpointer data)
{
  gint64 managed = add_managed (self, "ab/one.jpg", 1);
  gint64 kept = add_managed (self, "ab/two.jpg", 2);
  gint64 both = add_managed (self, "three.jpg", 3);
  gint64 library = board_add_post (self, "library.jpg", 4);
  BooruTrash trash;

  board_apply (self, board_add (self, "copy.jpg", 3), NULL);
  booru_post_unref (board_edit (self->store, managed, "sky"));
  delete_post (self, managed);
  delete_post (self, both);
  delete_post (self, library);

  g_assert_true (booru_store_measure_trash (self->store, &trash, NULL));
  g_assert_cmpint (trash.n_files, ==, 2);
  g_assert_cmpint (trash.n_others, ==, 2);
  g_assert_cmpint (empty_trash (self, 2), ==, 2);
  g_assert_false (is_there (self, "ab/one.jpg"));
  g_assert_false (is_there (self, "three.jpg"));
  g_assert_true (is_there (self, "ab/two.jpg"));
  g_assert_cmpint (board_status (self, kept), ==, BOORU_POST_ACTIVE);
  g_assert_cmpint (board_status (self, managed), ==, BOORU_POST_EXPUNGED);
  g_assert_cmpint (board_status (self, both), ==, BOORU_POST_DELETED);
  g_assert_cmpint (board_status (self, library), ==, BOORU_POST_DELETED);
  g_assert_cmpint (board_file_id (self, "copy.jpg"), !=, 0);
  g_assert_cmpint (board_file_id (self, "library.jpg"), !=, 0);

  /* What is known of them stays. */
  undelete_post (self, managed);
  g_assert_cmpint (board_status (self, managed), ==, BOORU_POST_MISSING);
  board_require_tags (self->store, managed, "sky");
  undelete_post (self, both);
  g_assert_cmpint (board_status (self, both), ==, BOORU_POST_ACTIVE);
  g_assert_cmpint (empty_trash (self, 0), ==, 0);
  board_require_consistent (self);
}

static void
test_empty_many (BoardFixture *self, gconstpointer data)
{
  for (guint i = 0; i < 150; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);

      delete_post (self, add_managed (self, name, i));
    }
  g_assert_cmpint (empty_trash (self, 150), ==, 150);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM files"), ==, 0);
  g_assert_cmpint (board_count (self->store, "status:deleted"), ==, 0);
  g_assert_cmpint (board_count (self->store, "status:expunged"), ==, 150);
  board_require_consistent (self);
}

/* In no list, but not forgotten: its file does not make it a new post. */
static void
test_expunged (BoardFixture *self, gconstpointer data)
{
  gint64 id = add_managed (self, "one.jpg", 1), other = board_add_post (self, "b.jpg", 2);

  booru_post_unref (board_edit (self->store, id, "sky"));
  delete_post (self, id);
  g_assert_cmpint (empty_trash (self, 1), ==, 1);
  g_assert_cmpint (board_count (self->store, ""), ==, 1);
  g_assert_cmpint (board_count (self->store, "sky"), ==, 0);
  g_assert_cmpint (board_count (self->store, "-sky"), ==, 1);
  g_assert_cmpint (board_count (self->store, "status:deleted"), ==, 0);
  g_assert_cmpint (board_count (self->store, "sky status:any"), ==, 1);
  g_assert_cmpint (board_count (self->store, "-sky status:any"), ==, 1);
  g_assert_cmpint (board_count (self->store, "-status:expunged"), ==, 1);
  g_assert_cmpint (board_count (self->store, "status:active"), ==, 1);
  g_assert_cmpint (board_count (self->store, "sky status:expunged"), ==, 1);

  /* Deleting it again changes nothing. */
  delete_post (self, id);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_EXPUNGED);

  /* With a file it can be undeleted, so that it is in the trash. */
  board_apply (self, board_add (self, "again.jpg", 1), NULL);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_DELETED);
  g_assert_cmpint (board_count (self->store, "sky status:deleted"), ==, 1);
  board_require_consistent (self);

  board_apply (self, board_change (BOORU_FILE_REMOVE, board_file_id (self, "again.jpg")), NULL);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_DELETED);
  undelete_post (self, id);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_MISSING);
  g_assert_cmpint (board_status (self, other), ==, BOORU_POST_ACTIVE);
  board_require_consistent (self);
}

/* Whoever's file is gone without being asked leaves the trash, too, however many they are. */
static void
test_empty_gone (BoardFixture *self, gconstpointer data)
{
  BooruTrash trash;

  for (guint i = 0; i < 1001; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);

      delete_post (self, board_add_post (self, name, i));
      board_apply (self, board_change (BOORU_FILE_REMOVE, board_file_id (self, name)), NULL);
    }
  g_assert_true (booru_store_measure_trash (self->store, &trash, NULL));
  g_assert_cmpint (trash.n_files, ==, 0);
  g_assert_cmpint (trash.n_gone, ==, 1001);
  g_assert_cmpint (empty_trash (self, 0), ==, 0);
  g_assert_cmpint (board_count (self->store, "status:expunged"), ==, 1001);
  g_assert_true (booru_store_measure_trash (self->store, &trash, NULL));
  g_assert_cmpint (trash.n_gone, ==, 0);
  board_require_consistent (self);
}

static void
test_empty_other_count (BoardFixture *self, gconstpointer data)
{
  BooruTrashResult result;
  g_autoptr (GError) error = NULL;

  delete_post (self, add_managed (self, "one.jpg", 1));
  delete_post (self, add_managed (self, "two.jpg", 2));
  g_assert_false (booru_trash_empty (self->store, self->data_dir, 1, &result, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS);
  g_assert_true (is_there (self, "one.jpg") && is_there (self, "two.jpg"));
}

/* Somebody put another file where the original was: that one is not ours to remove. */
static void
test_empty_replaced (BoardFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->data_dir, BOORU_DIR_ORIGINALS, "one.jpg", NULL);
  BooruTrashResult result;

  delete_post (self, add_managed (self, "one.jpg", 1));
  g_assert_true (g_file_set_contents (path, "something else", -1, NULL));
  g_assert_true (booru_trash_empty (self->store, self->data_dir, 1, &result, NULL));
  g_assert_cmpint (result.n_removed, ==, 0);
  g_assert_cmpint (result.n_kept, ==, 1);
  g_assert_true (is_there (self, "one.jpg"));
}

/* What a crash leaves: a file that was put away, before or after its row went. */
static void
test_crash (BoardFixture *self, gconstpointer data)
{
  gint64 before = add_managed (self, "ab/before.jpg", 1);
  gint64 after = add_managed (self, "ab/after.jpg", 2);
  g_autofree char *originals = g_build_filename (self->data_dir, BOORU_DIR_ORIGINALS, NULL);
  g_autofree char *hidden = g_build_filename (originals, ".purged", NULL);
  g_autoptr (GPtrArray) before_files = booru_store_list_post_files (self->store, before, NULL);
  g_autoptr (GPtrArray) after_files = booru_store_list_post_files (self->store, after, NULL);
  gint64 before_id = ((BooruFile *)before_files->pdata[0])->id;
  gint64 after_id = ((BooruFile *)after_files->pdata[0])->id;
  g_autofree char *before_path = g_build_filename (originals, "ab/before.jpg", NULL);
  g_autofree char *after_path = g_build_filename (originals, "ab/after.jpg", NULL);
  g_autofree char *before_hidden = g_strdup_printf ("%s/%" G_GINT64_FORMAT, hidden, before_id);
  g_autofree char *after_hidden = g_strdup_printf ("%s/%" G_GINT64_FORMAT, hidden, after_id);
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  g_autofree char *lock_path = NULL;
  int fd;

  g_assert_cmpint (g_mkdir (hidden, 0700), ==, 0);
  g_assert_cmpint (rename (before_path, before_hidden), ==, 0);
  g_assert_cmpint (rename (after_path, after_hidden), ==, 0);
  board_apply (self, board_change (BOORU_FILE_REMOVE, after_id), NULL);

  /* Not while somebody is at it. */
  lock_path = g_build_filename (hidden, "lock", NULL);
  fd = open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint (fcntl (fd, F_OFD_SETLK, &whole), ==, 0);
  booru_trash_recover (self->store, self->data_dir);
  g_assert_true (g_file_test (after_hidden, G_FILE_TEST_EXISTS));
  close (fd);

  booru_trash_recover (self->store, self->data_dir);
  g_assert_true (is_there (self, "ab/before.jpg"));
  g_assert_false (is_there (self, "ab/after.jpg"));
  g_assert_false (g_file_test (after_hidden, G_FILE_TEST_EXISTS));
}

#define ADD(path, test)                                                                            \
  g_test_add (path, BoardFixture, NULL, board_fixture_set_up, test, board_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/trash/delete", test_delete);
  ADD ("/store/trash/without-file", test_without_file);
  ADD ("/store/trash/empty", test_empty);
  ADD ("/store/trash/empty-many", test_empty_many);
  ADD ("/store/trash/expunged", test_expunged);
  ADD ("/store/trash/empty-gone", test_empty_gone);
  ADD ("/store/trash/empty-other-count", test_empty_other_count);
  ADD ("/store/trash/empty-replaced", test_empty_replaced);
  ADD ("/store/trash/crash", test_crash);
  ADD ("/store/history/list", test_history);
  ADD ("/store/history/undo", test_undo);
  ADD ("/store/history/revert", test_revert);
  return g_test_run ();
}
