/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies of the database: made while somebody writes, kept, checked, put back. */
#include "board-fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../test-util.h"
#include "board/sqlite/booru-sqlite-backup.h"

static char *
make_backup (BoardFixture *self, const char *folder)
{
  g_autoptr (GError) error = NULL;
  char *path = booru_sqlite_backup (self->data_dir, folder, &error);

  g_assert_no_error (error);
  return path;
}

static guint
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (dir && g_dir_read_name (dir))
    n++;
  return n;
}

static void
damage (const char *path)
{
  struct stat info;
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (fstat (fd, &info), ==, 0);
  for (off_t at = 4096 + 8; at < info.st_size; at += 4096)
    g_assert_cmpint (pwrite (fd, "damaged!damaged!", 16, at), ==, 16);
  close (fd);
}

static void
test_copy (BoardFixture *self, gconstpointer data)
{
  g_autofree char *root = test_make_folder ();
  g_autofree char *folder = g_build_filename (root, "new", "folder", NULL);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  BooruSqliteSummary summary;
  struct stat info;

  board_add_post (self, "a.jpg", 1);
  board_add_post (self, "b.jpg", 2);
  path = make_backup (self, folder);
  g_assert_true (g_str_has_prefix (path, folder));
  /* One file, and nobody else's business. */
  g_assert_cmpuint (count_entries (folder), ==, 1);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  g_assert_true (booru_sqlite_check (path, &summary, &error));
  g_assert_no_error (error);
  g_assert_cmpint (summary.n_posts, ==, 2);
  g_assert_true (summary.current);
  g_assert_cmpuint (count_entries (folder), ==, 1);
  test_remove_folder (root);
}

/* Each post is one transaction of several tables: a copy holds it whole or not at all. */
static void
test_while_written (BoardFixture *self, gconstpointer data)
{
  g_autofree char *folder = test_make_folder ();
  pid_t writer;

  board_add_post (self, "first.jpg", 1);
  g_clear_object (&self->store);
  writer = fork ();
  if (writer == 0)
    {
      self->store = board_fixture_open (self);
      for (guint i = 2;; i++)
        {
          g_autofree char *name = g_strdup_printf ("%u.jpg", i);
          gint64 id = board_add_post (self, name, i);

          booru_post_unref (board_edit (self->store, id, "one two three"));
        }
    }
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *path = make_backup (self, folder);
      g_autofree char *place = test_make_folder ();
      g_autofree char *database = g_build_filename (place, "booru.sqlite", NULL);
      BoardFixture copy = { .data_dir = place };

      g_assert_cmpint (g_rename (path, database), ==, 0);
      copy.store = board_fixture_open (&copy);
      board_require_consistent (&copy);
      g_clear_object (&copy.store);
      test_remove_folder (place);
    }
  kill (writer, SIGKILL);
  waitpid (writer, NULL, 0);
  self->store = board_fixture_open (self);
  test_remove_folder (folder);
}

static void
test_rotate (BoardFixture *self, gconstpointer data)
{
  static const char *const kept[]
      = { "booru-20260103T000000Z.sqlite", "booru-20260104T000000Z.sqlite", "booru-notes.sqlite",
          "booru-20260101T000000Z.sqlite.txt", "mine-20260101T000000Z.sqlite" };
  g_autofree char *folder = test_make_folder ();

  g_free (test_write_file (folder, "booru-20260101T000000Z.sqlite", ""));
  g_free (test_write_file (folder, "booru-20260102T000000Z.sqlite", ""));
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    g_free (test_write_file (folder, kept[i], ""));
  g_assert_cmpint (booru_sqlite_backup_rotate (folder, 2, NULL), ==, 2);
  g_assert_cmpint (booru_sqlite_backup_rotate (folder, 2, NULL), ==, 0);
  g_assert_cmpuint (count_entries (folder), ==, G_N_ELEMENTS (kept));
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autofree char *path = g_build_filename (folder, kept[i], NULL);

      g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
    }
  test_remove_folder (folder);
}

/* A damaged database is not copied over the good copies of before. */
static void
test_damaged (BoardFixture *self, gconstpointer data)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *database = board_fixture_database (self);
  g_autoptr (GError) error = NULL;
  BooruSqliteSummary summary;

  for (guint i = 1; i <= 60; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);

      board_add_post (self, name, i);
    }
  g_clear_object (&self->store);
  board_execute (self, "PRAGMA wal_checkpoint (TRUNCATE)");
  damage (database);

  g_assert_false (booru_sqlite_check (self->data_dir, &summary, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_null (booru_sqlite_backup (self->data_dir, folder, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CORRUPT);
  g_assert_cmpuint (count_entries (folder), ==, 0);
  test_remove_folder (folder);
}

/* A row that somebody deleted by hand is missed, though no page is damaged. */
static void
test_dangling (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BooruSqliteSummary summary;

  board_add_post (self, "a.jpg", 1);
  g_clear_object (&self->store);
  board_execute (self, "PRAGMA foreign_keys = OFF; DELETE FROM folders");
  g_assert_false (booru_sqlite_check (self->data_dir, &summary, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CORRUPT);
  test_assert_contains (error->message, "refers to a row of folders that is gone");
}

static void
test_nothing_there (void)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *file = test_write_file (folder, "file", "no database, whatever it says here");
  g_autoptr (GError) error = NULL;
  BooruSqliteSummary summary;

  g_assert_null (booru_sqlite_backup (folder, folder, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (booru_sqlite_check (folder, &summary, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (booru_sqlite_check (file, &summary, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_false (booru_sqlite_restore (folder, file, NULL, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CORRUPT);
  /* The lock of a host, and what was there. */
  g_assert_cmpuint (count_entries (folder), ==, 2);
  test_remove_folder (folder);
}

/* One that was killed leaves nothing for ever; one that still works is not disturbed. */
static void
test_leftovers (BoardFixture *self, gconstpointer data)
{
  g_autofree char *folder = test_make_folder ();
  g_autoptr (GError) error = NULL;
  int fd;

  g_free (test_write_file (folder, "booru-20260101T000000Z.sqlite.unfinished", "half"));
  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  g_assert_null (booru_sqlite_backup (self->data_dir, folder, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_BUSY);
  g_assert_cmpuint (count_entries (folder), ==, 1);
  close (fd);
  g_free (make_backup (self, folder));
  g_assert_cmpuint (count_entries (folder), ==, 1);
  test_remove_folder (folder);
}

static void
test_restore (BoardFixture *self, gconstpointer data)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *path = NULL;
  g_autofree char *replaced = NULL;
  g_autoptr (GError) error = NULL;
  BooruSqliteSummary summary;
  gint64 id = board_add_post (self, "a.jpg", 1);

  booru_post_unref (board_edit (self->store, id, "before"));
  path = make_backup (self, folder);
  booru_post_unref (board_edit (self->store, id, "after"));
  board_add_post (self, "b.jpg", 2);
  g_clear_object (&self->store);

  g_assert_true (booru_sqlite_restore (self->data_dir, path, &replaced, &error));
  g_assert_no_error (error);
  self->store = board_fixture_open (self);
  board_require_tags (self->store, id, "before");
  board_require_consistent (self);
  /* The copy is one file without a log; the board works with one. */
  {
    g_autofree char *mode = board_query_text (self, "SELECT journal_mode FROM pragma_journal_mode");

    g_assert_cmpstr (mode, ==, "wal");
  }
  board_add_post (self, "c.jpg", 3);
  board_require_consistent (self);

  /* With its log: what was written last is in it. */
  g_assert_true (booru_sqlite_check (replaced, &summary, &error));
  g_assert_no_error (error);
  g_assert_cmpint (summary.n_posts, ==, 2);
  test_remove_folder (folder);
}

static void
write_index (BooruStore *store)
{
  gboolean more = TRUE;

  while (more)
    g_assert_true (booru_store_write_index (store, FALSE, &more, NULL));
}

/* The search index lies beside the database, and knows posts that the restored one never had. */
static void
test_restore_before_index (BoardFixture *self, gconstpointer by_hand)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *database = board_fixture_database (self);
  g_autofree char *log = g_strconcat (database, "-wal", NULL);
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  gint64 id = board_add_post (self, "a.jpg", 1);
  gsize length;

  booru_post_unref (board_edit (self->store, id, "before"));
  path = make_backup (self, folder);
  for (guint i = 0; i < 4; i++)
    booru_post_unref (board_edit (self->store, id, i % 2 ? "lost" : "lost gone"));
  write_index (self->store);
  g_clear_object (&self->store);

  if (by_hand)
    {
      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      g_unlink (log);
      g_assert_true (g_file_set_contents (database, bytes, (gssize)length, NULL));
    }
  else
    g_assert_true (booru_sqlite_restore (self->data_dir, path, NULL, NULL));
  self->store = board_fixture_open (self);
  /* Until it has made as many changes as the one before, and more. */
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (BooruStore) other = board_fixture_open (self);

      g_assert_cmpint (board_count (other, "lost"), ==, 0);
      g_assert_cmpint (board_count (other, i % 2 ? "before" : "before -after"), ==, 1);
      booru_post_unref (board_edit (self->store, id, i % 2 ? "before" : "before after"));
    }
  write_index (self->store);
  board_require_consistent (self);
  test_remove_folder (folder);
}

static void
test_restore_under_host (BoardFixture *self, gconstpointer data)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *path = make_backup (self, folder);
  g_autofree char *lock = g_build_filename (self->data_dir, "booru-host.lock", NULL);
  g_autoptr (GError) error = NULL;
  int fd = open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  guint before = count_entries (self->data_dir);

  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  g_assert_false (booru_sqlite_restore (self->data_dir, path, NULL, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_BUSY);
  test_assert_contains (error->message, "stop it first");
  g_assert_cmpuint (count_entries (self->data_dir), ==, before);
  close (fd);
  test_remove_folder (folder);
}

/* The program. */
static int
run_program (char **output, char **errors, ...)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autofree char *program
      = g_build_filename (g_getenv ("BOORU_TEST_BUILD_ROOT"), "core/backup/booru-backup", NULL);
  const char *argument;
  va_list list;
  int status;

  g_ptr_array_add (arguments, program);
  va_start (list, errors);
  while ((argument = va_arg (list, const char *)) != NULL)
    g_ptr_array_add (arguments, (char *)argument);
  va_end (list);
  g_ptr_array_add (arguments, NULL);
  g_assert_true (g_spawn_sync (NULL, (char **)arguments->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL,
                               output, errors, &status, NULL));
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
test_program (BoardFixture *self, gconstpointer data)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *option = g_strconcat ("--data-dir=", self->data_dir, NULL);
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autofree char *said = NULL;
  g_autoptr (GVariant) facts = NULL;
  g_autoptr (GError) error = NULL;
  const char *backup;
  gboolean current;

  g_free (test_write_file (folder, "booru-20260101T000000Z.sqlite", ""));
  g_assert_cmpint (run_program (&output, &errors, option, "--keep=1", folder, NULL), ==, 0);
  g_strchomp (output);
  g_assert_true (g_file_test (output, G_FILE_TEST_IS_REGULAR));
  test_assert_contains (errors, "deleted 1 old backup\n");
  g_assert_cmpuint (count_entries (folder), ==, 1);
  g_assert_cmpint (run_program (&said, NULL, "--check", output, NULL), ==, 0);
  test_assert_contains (said, "is sound: version ");
  g_clear_pointer (&said, g_free);

  /* What booructl doctor asks, and where the newest copy is. */
  g_assert_cmpint (run_program (&said, NULL, "--describe", "--check", self->data_dir, NULL), ==, 0);
  facts = g_variant_parse (G_VARIANT_TYPE_VARDICT, said, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (facts, "backup", "^&ay", &backup));
  g_assert_cmpstr (backup, ==, output);
  g_assert_true (g_variant_lookup (facts, "current", "b", &current));
  g_assert_true (current);
  test_remove_folder (folder);
}

static void
test_usage (void)
{
  static const char *const cases[][3] = {
    { NULL },
    { "a", "b" },
    { "--keep=-1", "a" },
    { "--keep=x", "a" },
    { "--keep=3" },
    { "--check=a", "b" },
    { "--unknown" },
    { "" },
    { "--keep=3", "--check=a" },
    { "--check=a", "--restore=b" },
    { "--describe", "a" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *errors = NULL;

      g_assert_cmpint (run_program (NULL, &errors, cases[i][0], cases[i][1], cases[i][2], NULL), ==,
                       64);
      test_assert_contains (errors, "booru-backup: ");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/backup/" name, BoardFixture, NULL, board_fixture_set_up, function,                 \
              board_fixture_tear_down)
  ADD ("copy", test_copy);
  ADD ("while-written", test_while_written);
  ADD ("rotate", test_rotate);
  ADD ("damaged", test_damaged);
  ADD ("dangling", test_dangling);
  ADD ("leftovers", test_leftovers);
  ADD ("restore", test_restore);
  ADD ("restore-before-index", test_restore_before_index);
  g_test_add ("/backup/copied-before-index", BoardFixture, GINT_TO_POINTER (1),
              board_fixture_set_up, test_restore_before_index, board_fixture_tear_down);
  ADD ("restore-under-host", test_restore_under_host);
  ADD ("program", test_program);
  g_test_add_func ("/backup/nothing-there", test_nothing_there);
  g_test_add_func ("/backup/usage", test_usage);
  return g_test_run ();
}
