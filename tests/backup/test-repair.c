/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each page of a database in turn is damaged, and a sound one is made of the rest. */
#include "board-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "../test-util.h"
#include "board/sqlite/booru-sqlite-backup.h"
#include "board/sqlite/booru-sqlite-repair.h"

#define PAGE 4096
#define N_POSTS 150

static void
close_and_checkpoint (BoardFixture *self)
{
  g_clear_object (&self->store);
  board_execute (self, "PRAGMA wal_checkpoint (TRUNCATE)");
}

static void
reopen (BoardFixture *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->store);
  self->store = booru_store_open (self->data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* Every other post is edited after the backup. Returns the backup. */
static char *
fill (BoardFixture *self, const char *folder)
{
  g_autoptr (GError) error = NULL;
  char *backup;

  for (guint i = 1; i <= N_POSTS; i++)
    {
      g_autofree char *path = g_strdup_printf ("folder/picture %u.jpg", i);
      g_autofree char *tags = g_strdup_printf ("sky tree_%u tag_%u artist:bob", i, i % 7);

      booru_post_unref (board_edit (self->store, board_add_post (self, path, i), tags));
    }
  backup = booru_sqlite_backup (self->data_dir, folder, &error);
  g_assert_no_error (error);
  for (gint64 id = 2; id <= N_POSTS; id += 2)
    {
      g_autofree char *tags = g_strdup_printf ("sky newer tag_%d", (int)id % 5);

      booru_post_unref (board_edit (self->store, id, tags));
    }
  return backup;
}

/* Of all posts, in order. */
static GPtrArray *
list_tag_strings (BoardFixture *self)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (g_free);

  for (gint64 id = 1; id <= N_POSTS; id++)
    {
      g_autoptr (BooruPost) post = booru_store_get_post (self->store, id, NULL);

      g_ptr_array_add (all, post ? booru_post_dup_tag_string (post) : NULL);
    }
  return all;
}

static void
spoil (const char *path, const char *good, gsize length, gsize page, guint kind)
{
  g_autofree char *bytes = g_memdup2 (good, length);
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

  for (gsize i = 0; i < PAGE; i++)
    bytes[page * PAGE + i] = (char)(kind == 0 ? 0xa5 : kind == 1 ? 0 : g_test_rand_int ());
  g_assert_cmpint (write (fd, bytes, length), ==, (gssize)length);
  close (fd);
}

static guint
count_lost (GPtrArray *before, GPtrArray *after)
{
  guint n = 0;

  for (guint i = 0; i < before->len; i++)
    n += g_strcmp0 (before->pdata[i], after->pdata[i]) != 0;
  return n;
}

/* The next one may be made within the same second. */
static void
remove_aside (const char *aside)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };

  for (guint i = 0; aside && i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (aside, suffixes[i], NULL);

      g_unlink (path);
    }
}

/* No post is lost, and no tag but those that were made since the backup and whose names stood on
 * the damaged page. */
static void
test_each_page (BoardFixture *self, gconstpointer data)
{
  g_autofree char *root = test_make_folder ();
  g_autofree char *backup = fill (self, root);
  g_autofree char *database = board_fixture_database (self);
  g_autoptr (GPtrArray) before = list_tag_strings (self);
  g_autofree char *good = NULL;
  guint n_repaired = 0;
  gsize length;
  g_auto (GStrv) schema_pages = NULL;
  g_autofree char *list = NULL;

  close_and_checkpoint (self);
  list = board_query_text (self,
                           "SELECT group_concat (pageno) FROM dbstat WHERE name = 'sqlite_schema'");
  schema_pages = g_strsplit (list, ",", -1);
  g_assert_true (g_file_get_contents (database, &good, &length, NULL));
  for (gsize page = 0; page < length / PAGE; page++)
    {
      g_auto (BooruSqliteRepair) repair = { 0 };
      g_autoptr (GPtrArray) after = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *number = g_strdup_printf ("%u", (guint)page + 1);

      spoil (database, good, length, page, (guint)page % 3);
      booru_sqlite_repair (self->data_dir, backup, &repair, &error);
      g_assert_no_error (error);
      if (!repair.was_sound)
        {
          n_repaired++;
          g_assert_true (g_file_test (repair.aside, G_FILE_TEST_EXISTS));
          g_assert_cmpint (repair.n_posts, ==, N_POSTS);
        }
      g_test_message ("page %s: %u gaps", number, (guint)repair.n_gaps);
      reopen (self);
      board_require_consistent (self);
      after = list_tag_strings (self);
      /* Without its schema nothing can be read: only the backup is left. */
      if (!g_strv_contains ((const char *const *)schema_pages, number) && repair.n_unnamed == 0)
        g_assert_cmpuint (count_lost (before, after), ==, 0);
      for (guint i = 0; i < after->len; i++)
        g_assert_nonnull (after->pdata[i]);
      g_clear_object (&self->store);
      remove_aside (repair.aside);
    }
  g_test_message ("%u of %u pages", n_repaired, (guint)(length / PAGE));
  g_assert_cmpuint (n_repaired, >, length / PAGE / 2);
  reopen (self);
  test_remove_folder (root);
}

/* Posts that are nowhere, of which only the files are left, come back with their last tags. */
static void
test_from_files (BoardFixture *self, gconstpointer data)
{
  g_autofree char *root = test_make_folder ();
  g_autofree char *database = board_fixture_database (self);
  g_auto (BooruSqliteRepair) repair = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autofree char *good = NULL;
  gboolean more = TRUE;
  gsize length;
  gint64 page;

  self->folder->id = 0;
  g_clear_pointer (&self->folder, booru_folder_free);
  self->folder = booru_store_ensure_folder (self->store, root, BOORU_FOLDER_LIBRARY, &error);
  g_assert_no_error (error);
  for (guint i = 1; i <= N_POSTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);
      g_autofree char *path = g_build_filename (root, name, NULL);
      g_autofree char *text = g_strdup_printf ("content %u", i);
      g_autofree char *tags = g_strdup_printf ("sky tree_%u", i);
      BooruFileChange *change;
      struct stat st;

      g_assert_true (g_file_set_contents (path, text, -1, NULL));
      g_assert_cmpint (stat (path, &st), ==, 0);
      change = board_add (self, name, i);
      change->stat.size = st.st_size;
      change->stat.mtime_ns
          = st.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + st.st_mtim.tv_nsec;
      board_apply (self, change, NULL);
      booru_post_unref (board_edit (self->store, i, tags));
    }
  /* Of the database that is given up. */
  while (more)
    g_assert_true (booru_store_write_index (self->store, FALSE, &more, NULL));
  before = list_tag_strings (self);
  page = board_query_number (
      self, "SELECT max(pageno) FROM dbstat WHERE name = 'posts' AND pagetype = 'leaf'");
  /* A post whose upload is lost. */
  board_execute (self, "UPDATE posts SET media_asset_id = 41 WHERE id = 1");
  close_and_checkpoint (self);
  g_assert_true (g_file_get_contents (database, &good, &length, NULL));
  spoil (database, good, length, (gsize)page - 1, 1);

  g_assert_true (booru_sqlite_repair (self->data_dir, NULL, &repair, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (repair.n_remade, >, 0);
  g_assert_cmpint (repair.n_posts, ==, N_POSTS);
  reopen (self);
  board_require_consistent (self);
  g_assert_cmpint (
      board_query_number (self, "SELECT seq FROM sqlite_sequence WHERE name = 'upload_assets'"), ==,
      20);
  g_assert_cmpint (board_query_number (self, "SELECT media_asset_id FROM posts WHERE id = 1"), ==,
                   41);
  after = list_tag_strings (self);
  g_assert_cmpuint (count_lost (before, after), ==, 0);
  test_remove_folder (root);
}

static void
test_sound_is_left_alone (BoardFixture *self, gconstpointer data)
{
  g_auto (BooruSqliteRepair) repair = { 0 };
  g_autoptr (GError) error = NULL;

  board_add_post (self, "a.jpg", 1);
  g_assert_true (booru_sqlite_repair (self->data_dir, NULL, &repair, &error));
  g_assert_no_error (error);
  g_assert_true (repair.was_sound);
  g_assert_null (repair.aside);
}

static void
test_refused (BoardFixture *self, gconstpointer data)
{
  g_autofree char *lock = g_build_filename (self->data_dir, BOORU_FILE_HOST_LOCK, NULL);
  g_auto (BooruSqliteRepair) repair = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *empty = test_make_folder ();
  int fd = open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  g_assert_false (booru_sqlite_repair (self->data_dir, NULL, &repair, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_BUSY);
  close (fd);
  g_clear_error (&error);
  g_assert_false (booru_sqlite_repair (empty, NULL, &repair, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  test_remove_folder (empty);
}

#define ADD(path, function)                                                                        \
  g_test_add (path, BoardFixture, NULL, board_fixture_set_up, function, board_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/repair/each-page", test_each_page);
  ADD ("/repair/from-files", test_from_files);
  ADD ("/repair/sound-is-left-alone", test_sound_is_left_alone);
  ADD ("/repair/refused", test_refused);
  return g_test_run ();
}
