/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Databases that are newer, damaged, of others, read-only; disks that are full. */
#include "board-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../mount-namespace.h"
#include "board/sqlite/booru-sqlite-db.h"

#define PAGE 4096

/* With everything in the one file, so that damage to it is not hidden by the log. */
static void
close_and_checkpoint (BoardFixture *self)
{
  g_clear_object (&self->store);
  board_execute (self, "PRAGMA wal_checkpoint (TRUNCATE)");
}

static void
fill (BoardFixture *self)
{
  for (guint i = 1; i <= 60; i++)
    {
      g_autofree char *path = g_strdup_printf ("folder/picture %u.jpg", i);
      g_autofree char *tags = g_strdup_printf ("sky tree_%u tag_%u artist:bob", i, i % 7);
      gint64 id = board_add_post (self, path, i);

      booru_post_unref (board_edit (self->store, id, tags));
    }
}

static char *
checksum (const char *path)
{
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_MD5, (guchar *)contents, length);
}

/* Opening fails with this code, naming the file and the word, and changes nothing. */
static void
require_refused (BoardFixture *self, BooruError code, const char *word)
{
  for (gint mode = BOORU_STORE_READ_WRITE; mode <= BOORU_STORE_CREATE; mode++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = board_fixture_database (self);
      g_autofree char *before = checksum (path);
      g_autofree char *after = NULL;

      g_assert_null (booru_store_open (self->data_dir, NULL, mode, NULL, NULL, &error));
      g_assert_error (error, BOORU_ERROR, (gint)code);
      g_assert_nonnull (strstr (error->message, path));
      g_assert_nonnull (strstr (error->message, word));
      g_assert_nonnull (strstr (error->message, "not touched"));
      after = checksum (path);
      g_assert_cmpstr (before, ==, after);
    }
}

static void
test_newer (BoardFixture *self, gconstpointer data)
{
  fill (self);
  board_execute (self, "PRAGMA user_version = 4711");
  close_and_checkpoint (self);
  require_refused (self, BOORU_ERROR_TOO_NEW, "4711");
}

static void
test_foreign (BoardFixture *self, gconstpointer data)
{
  close_and_checkpoint (self);
  board_execute (self, "PRAGMA application_id = 252006675");
  close_and_checkpoint (self);
  require_refused (self, BOORU_ERROR_CORRUPT, "another program");
}

static void
overwrite (const char *path, off_t offset, const void *bytes, gsize length)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (pwrite (fd, bytes, length, offset), ==, (gssize)length);
  close (fd);
}

static void
test_garbage_header (BoardFixture *self, gconstpointer data)
{
  g_autofree char *path = board_fixture_database (self);

  fill (self);
  close_and_checkpoint (self);
  overwrite (path, 0, "this is no database at all", 26);
  require_refused (self, BOORU_ERROR_CORRUPT, "--repair");
}

static void
test_truncated (BoardFixture *self, gconstpointer data)
{
  static const off_t sizes[] = { 12 * PAGE, 5 * PAGE + 17, PAGE, 100, 7 };
  g_autofree char *path = board_fixture_database (self);

  fill (self);
  close_and_checkpoint (self);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_assert_cmpint (truncate (path, sizes[i]), ==, 0);
      require_refused (self, BOORU_ERROR_CORRUPT, "damaged");
    }
}

static gboolean
ignore_file (const BooruFile *file, gpointer user_data)
{
  return TRUE;
}

/* Does all there is to do; returns whether damage was noticed. Nothing else may go wrong. */
static gboolean
use_everything (BooruStore *store, BoardFixture *self)
{
  GError *errors[9] = { NULL };
  BooruPage page = { BOORU_PAGE_NUMBER, 1, 100 };
  BooruTagFilter filter = BOORU_TAG_FILTER_INIT;
  BooruFailureFilter all = BOORU_FAILURE_FILTER_INIT;
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autoptr (BooruQuery) query = booru_query_parse ("sky");
  BooruFileChange *change = board_add (self, "new.jpg", 999);
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  GPtrArray *lists[5] = { NULL };
  gboolean noticed = FALSE;

  g_ptr_array_add (changes, change);
  edit.tag_string = "sky copyright:new";
  lists[0] = booru_store_search (store, query, &page, &errors[0]);
  booru_store_count (store, query, NULL, &errors[1]);
  lists[1] = booru_store_list_tags (store, &filter, &errors[2]);
  lists[2] = booru_store_list_post_files (store, 3, &errors[3]);
  lists[3] = booru_store_list_folders (store, &errors[4]);
  lists[4] = booru_store_list_failures (store, &all, &errors[5]);
  booru_store_foreach_file (store, self->folder->id, NULL, NULL, ignore_file, NULL, &errors[6]);
  g_clear_pointer (
      (BooruPost **)&(BooruPost *){ booru_store_edit_post (store, 5, &edit, &errors[7]) },
      booru_post_unref);
  booru_store_apply_file_changes (store, changes, &errors[8]);

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_clear_pointer (&lists[i], g_ptr_array_unref);
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      noticed |= g_error_matches (errors[i], BOORU_ERROR, BOORU_ERROR_CORRUPT);
      g_clear_error (&errors[i]);
    }
  return noticed;
}

/* Each page in turn is overwritten: with one byte, with zeroes, with noise. */
static void
test_flipped_pages (BoardFixture *self, gconstpointer data)
{
  g_autofree char *path = board_fixture_database (self);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);
  g_autofree char *good = NULL;
  guint8 noise[PAGE];
  gsize length;
  guint noticed = 0, tries = 0;

  fill (self);
  close_and_checkpoint (self);
  g_assert_true (g_file_get_contents (path, &good, &length, NULL));
  for (gsize page = 1; page < length / PAGE; page++)
    for (guint kind = 0; kind < 3; kind++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (BooruStore) store = NULL;

        for (gsize i = 0; i < PAGE; i++)
          noise[i] = kind == 0 ? 0xa5 : kind == 1 ? 0 : g_test_rand_int ();
        g_assert_true (g_file_set_contents (path, good, length, NULL));
        overwrite (path, page * PAGE, noise, PAGE);
        tries++;

        store = booru_store_open (self->data_dir, NULL, BOORU_STORE_READ_WRITE, NULL, NULL, &error);
        if (store == NULL)
          g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CORRUPT);
        if (store == NULL || use_everything (store, self))
          noticed++;
        g_clear_object (&store);
        g_remove (wal);
        g_remove (shm);
      }
  g_test_message ("%u of %u damaged pages were noticed", noticed, tries);
  /* Most of the others are of tables that are empty here. */
  g_assert_cmpuint (noticed, >, tries / 5);
}

static void
test_not_a_file (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = board_fixture_database (self);
  g_autofree char *below = g_build_filename (path, "x", NULL);

  close_and_checkpoint (self);
  g_remove (path);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (booru_store_open (self->data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CORRUPT);
  g_clear_error (&error);
  g_remove (path);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_null (booru_store_open (self->data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_null (booru_store_open (below, NULL, BOORU_STORE_CREATE, NULL, NULL, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
}

static void
test_missing (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = board_fixture_database (self);

  close_and_checkpoint (self);
  g_remove (path);
  g_assert_null (
      booru_store_open (self->data_dir, NULL, BOORU_STORE_READ_WRITE, NULL, NULL, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_clear_error (&error);

  /* What a crash in the very first moment leaves. */
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_null (
      booru_store_open (self->data_dir, NULL, BOORU_STORE_READ_WRITE, NULL, NULL, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  g_clear_error (&error);
  self->store = booru_store_open (self->data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (board_query_number (self, "SELECT application_id FROM pragma_application_id"),
                   ==, 0x426f6f72);
}

#define CANNOT 77

/* Runs func in a child, which answers with its exit code. CANNOT skips the test with the reason. */
static void
run_in_child (BoardFixture *self, int (*func) (BoardFixture *self), const char *reason)
{
  int status;
  pid_t pid = fork ();

  if (pid == 0)
    _exit (func (self));
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == CANNOT)
    g_test_skip (reason);
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static int
expect_denied (BoardFixture *self)
{
  g_autoptr (GError) error = NULL;

  /* Permissions do not bind root. */
  if (geteuid () == 0 && (setgid (65534) != 0 || setuid (65534) != 0))
    return CANNOT;
  if (booru_store_open (self->data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error) != NULL)
    return 1;
  if (!booru_err_denied (error) || strstr (error->message, self->data_dir) == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  return 0;
}

static void
test_read_only (BoardFixture *self, gconstpointer data)
{
  g_autofree char *path = board_fixture_database (self);
  g_autofree char *lock = g_build_filename (self->data_dir, BOORU_FILE_WRITE_LOCK, NULL);

  fill (self);
  close_and_checkpoint (self);
  chmod (path, 0444);
  chmod (self->data_dir, 0555);
  run_in_child (self, expect_denied, "needs to become another user"); /* nothing may be written */
  chmod (path, 0666);
  run_in_child (self, expect_denied,
                "needs to become another user"); /* the log beside it could not be */
  chmod (path, 0);
  chmod (self->data_dir, 0777);
  run_in_child (self, expect_denied, "needs to become another user"); /* not even read */
  chmod (path, 0600);
  chmod (self->data_dir, 0500);
  g_remove (path);
  g_remove (lock);
  chmod (self->data_dir, 0555);
  run_in_child (self, expect_denied, "needs to become another user"); /* not created */
  chmod (self->data_dir, 0700);
}

/* Writes until the disk is full: an error that says so, what was committed stays, and when there
 * is room again, writing goes on. */
static int
fill_the_disk (BoardFixture *self, guint *written)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruStore) store
      = booru_store_open (self->data_dir, NULL, BOORU_STORE_READ_WRITE, NULL, NULL, &error);

  for (*written = 0; store != NULL && *written < 100000; (*written)++)
    {
      BooruPostEdit edit = BOORU_POST_EDIT_INIT;
      g_autofree char *tags = g_strdup_printf ("turn_%u a_%u b_%u", *written, *written, *written);
      BooruPost *post;

      edit.tag_string = tags;
      post = booru_store_edit_post (store, 1 + *written % 60, &edit, &error);
      if (post == NULL)
        break;
      booru_post_unref (post);
    }
  if (error == NULL || !booru_err_limit (error) || strstr (error->message, "full") == NULL)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "never full");
      return 1;
    }
  /* Reading still works. */
  g_clear_error (&error);
  booru_post_unref (booru_store_get_post (store, 7, &error));
  return error == NULL ? 0 : 2;
}

static int
fill_up_to_limit (BoardFixture *self)
{
  g_autofree char *path = board_fixture_database (self);
  struct rlimit limit;
  struct stat info;
  guint written;

  signal (SIGXFSZ, SIG_IGN);
  if (stat (path, &info) != 0 || getrlimit (RLIMIT_FSIZE, &limit) != 0)
    return CANNOT;
  limit.rlim_cur = info.st_size + 300000;
  if (setrlimit (RLIMIT_FSIZE, &limit) != 0)
    return CANNOT;
  return fill_the_disk (self, &written);
}

static void
test_file_limit (BoardFixture *self, gconstpointer data)
{
  fill (self);
  close_and_checkpoint (self);
  run_in_child (self, fill_up_to_limit, "the size of files cannot be limited here");
  self->store = board_fixture_open (self);
  board_require_consistent (self);
  booru_post_unref (board_edit (self->store, 1, "room again"));
}

static int
fill_small_disk (BoardFixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ballast = NULL;
  g_autofree char *integrity = NULL;
  g_autofree char *stuff = g_malloc0 (8 << 20);
  struct statvfs room;
  guint written;
  int code;

  /* That the log cannot be written back is warned of, rightly. */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  if (mount_namespace_enter () != NULL)
    return CANNOT;
  g_assert_cmpint (mount ("none", self->data_dir, "tmpfs", 0, "size=8m"), ==, 0);
  self->store = booru_store_open (self->data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error);
  g_assert_no_error (error);
  booru_folder_free (self->folder);
  self->folder = booru_store_ensure_folder (self->store, "/p", BOORU_FOLDER_LIBRARY, &error);
  fill (self);
  ballast = g_build_filename (self->data_dir, "ballast", NULL);
  if (statvfs (self->data_dir, &room) != 0
      || !g_file_set_contents (ballast, stuff, room.f_bavail * room.f_bsize - 100000, NULL))
    return 5;
  code = fill_the_disk (self, &written);
  if (code != 0)
    return code;
  if (board_query_number (self, "SELECT count(*) FROM post_versions") != 60 + written)
    return 3;

  g_remove (ballast);
  booru_post_unref (board_edit (self->store, 1, "room again"));
  integrity = board_query_text (self, "SELECT integrity_check FROM pragma_integrity_check");
  return g_strcmp0 (integrity, "ok") == 0 ? 0 : 4;
}

static void
test_disk_full (BoardFixture *self, gconstpointer data)
{
  close_and_checkpoint (self);
  run_in_child (self, fill_small_disk, "mounting is not allowed here");
}

static int
create_here (BoardFixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruStore) store
      = booru_store_open (self->data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error);

  if (store == NULL)
    g_printerr ("%s\n", error->message);
  return store == NULL;
}

/* All processes of a host may be the first. */
static void
test_created_at_once (BoardFixture *self, gconstpointer data)
{
  for (guint round = 0; round < 10; round++)
    {
      g_autofree char *dir = g_strdup_printf ("%s/round-%u", self->data_dir, round);
      BoardFixture fixture = { dir, NULL, NULL };
      pid_t pids[4];

      g_assert_cmpint (g_mkdir (dir, 0700), ==, 0);
      for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
        {
          pids[i] = fork ();
          if (pids[i] == 0)
            _exit (create_here (&fixture));
        }
      for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
        {
          int status;

          g_assert_cmpint (waitpid (pids[i], &status, 0), ==, pids[i]);
          g_assert_true (WIFEXITED (status));
          g_assert_cmpint (WEXITSTATUS (status), ==, 0);
        }
      g_assert_cmpint (
          board_query_number (&fixture, "SELECT user_version FROM pragma_user_version"), ==,
          board_query_number (self, "SELECT user_version FROM pragma_user_version"));
    }
}

/* Between two looks at a database that is still to be made, somebody else makes it. */
static int
make_meanwhile (void *data,
                int action,
                const char *name,
                const char *value,
                const char *database,
                const char *trigger)
{
  BoardFixture *other = data;

  if (action == SQLITE_PRAGMA && g_strcmp0 (name, "user_version") == 0 && other->store == NULL)
    other->store = booru_store_open (other->data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, NULL);
  return SQLITE_OK;
}

static void
test_made_meanwhile (BoardFixture *self, gconstpointer data)
{
  g_autofree char *dir = g_build_filename (self->data_dir, "new", NULL);
  g_autofree char *path = g_build_filename (dir, BOORU_FILE_DATABASE, NULL);
  g_autoptr (BooruSqliteDb) db = NULL;
  g_autoptr (GError) error = NULL;
  BoardFixture other = { dir, NULL, NULL };
  gboolean current;

  g_assert_cmpint (g_mkdir (dir, 0700), ==, 0);
  db = booru_sqlite_db_open_file (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &error);
  g_assert_no_error (error);
  sqlite3_set_authorizer (db->handle, make_meanwhile, &other);
  booru_sqlite_schema_check (db, &current, &error);
  g_assert_no_error (error);
  sqlite3_set_authorizer (db->handle, NULL, NULL);
  g_clear_object (&other.store);
}

#define ADD(path, func)                                                                            \
  g_test_add (path, BoardFixture, NULL, board_fixture_set_up, func, board_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/damage/newer", test_newer);
  ADD ("/store/damage/foreign", test_foreign);
  ADD ("/store/damage/garbage-header", test_garbage_header);
  ADD ("/store/damage/truncated", test_truncated);
  ADD ("/store/damage/flipped-pages", test_flipped_pages);
  ADD ("/store/damage/not-a-file", test_not_a_file);
  ADD ("/store/damage/missing", test_missing);
  ADD ("/store/damage/read-only", test_read_only);
  ADD ("/store/damage/file-limit", test_file_limit);
  ADD ("/store/damage/disk-full", test_disk_full);
  ADD ("/store/damage/created-at-once", test_created_at_once);
  ADD ("/store/damage/made-meanwhile", test_made_meanwhile);
  return g_test_run ();
}
