/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several processes writing at once, dying in the middle, waiting for each other. */
#include "board-fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_POSTS 20

/* In a child: g_test's assertions would print into the parent's TAP. */
#define REQUIRE(condition)                                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (!(condition))                                                                              \
      {                                                                                            \
        g_printerr ("%s:%d: %s: %s\n", __FILE__, __LINE__, #condition,                             \
                    error != NULL ? error->message : "");                                          \
        _exit (1);                                                                                 \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

static void
add_posts (BoardFixture *self)
{
  for (guint i = 1; i <= N_POSTS; i++)
    {
      g_autofree char *path = g_strdup_printf ("%u.jpg", i);

      board_add_post (self, path, i);
    }
}

static BooruStore *
open_in_child (BoardFixture *self)
{
  g_autoptr (GError) error = NULL;
  BooruStore *store
      = booru_store_open (self->data_dir, self->database, BOORU_STORE_CREATE, NULL, NULL, &error);

  REQUIRE (store != NULL);
  return store;
}

/* One of the kinds of transactions, each of which leaves exactly one version behind. */
static void
write_once (BooruStore *store, BoardFixture *self, guint child, guint turn)
{
  g_autoptr (GError) error = NULL;
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autofree char *tags
      = g_strdup_printf ("child_%u turn_%u common a%u b%u", child, turn % 50, turn % 7, turn % 11);
  g_autofree char *source = g_strdup_printf ("%u/%u", child, turn);
  g_autoptr (BooruPost) post = NULL;

  if (turn % 4 == 0)
    {
      g_autofree char *path = g_strdup_printf ("child-%u/%u.jpg", child, turn);
      BooruFileChange *change = board_add (self, path, 1000 + child * 100000 + turn);
      g_autoptr (GPtrArray) changes
          = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);

      g_ptr_array_add (changes, change);
      REQUIRE (booru_store_apply_file_changes (store, changes, &error));
      REQUIRE (change->created);
    }
  edit.tag_string = tags;
  edit.source = source;
  post = booru_store_edit_post (store, 1 + (turn * 7 + child) % N_POSTS, &edit, &error);
  REQUIRE (post != NULL);
}

static pid_t
fork_writer (BoardFixture *self, guint child, guint n_turns)
{
  pid_t pid = fork ();

  if (pid == 0)
    {
      BooruStore *store = open_in_child (self);

      for (guint turn = 0; turn < n_turns; turn++)
        write_once (store, self, child, turn);
      g_object_unref (store);
      _exit (0);
    }
  return pid;
}

static void
require_exit (pid_t pid)
{
  int status;

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
run_writers (BoardFixture *self, guint n, guint n_turns)
{
  g_autofree pid_t *pids = g_new (pid_t, n);
  gint64 others = 0;

  add_posts (self);
  g_clear_object (&self->store);
  for (guint i = 0; i < n; i++)
    pids[i] = fork_writer (self, i, n_turns);
  for (guint i = 0; i < n; i++)
    require_exit (pids[i]);

  self->store = board_fixture_open (self);
  others = n * ((n_turns + 3) / 4);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM post_versions"), ==,
                   n * n_turns);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM posts"), ==, N_POSTS + others);
  board_require_consistent (self);
}

static void
test_two (BoardFixture *self, gconstpointer data)
{
  run_writers (self, 2, 1000);
}

static void
test_four (BoardFixture *self, gconstpointer data)
{
  run_writers (self, 4, 600);
}

/* A reader beside the writers sees whole states only: each edit sets tags and source together. */
static void
test_reader (BoardFixture *self, gconstpointer data)
{
  pid_t writer;
  guint changes = 0;
  guint64 generation;
  int status;

  add_posts (self);
  writer = fork_writer (self, 1, 500);
  generation = booru_store_get_generation (self->store);
  while (waitpid (writer, &status, WNOHANG) == 0)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BooruPost) post
          = booru_store_get_post (self->store, 1 + changes % N_POSTS, &error);
      guint child, turn;

      g_assert_no_error (error);
      if (post->source[0] != '\0')
        {
          g_autofree char *tags = booru_post_dup_tag_string (post);
          g_autofree char *expected = NULL;

          g_assert_cmpint (sscanf (post->source, "%u/%u", &child, &turn), ==, 2);
          expected = g_strdup_printf ("a%u b%u child_%u common turn_%u", turn % 7, turn % 11, child,
                                      turn % 50);
          g_assert_cmpstr (tags, ==, expected);
        }
      if (booru_store_get_generation (self->store) != generation)
        {
          generation = booru_store_get_generation (self->store);
          changes++;
        }
    }
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  g_assert_cmpuint (changes, >, 0);
}

/* A child that writes and, after each commit, says so with one byte. */
static pid_t
fork_reporting_writer (BoardFixture *self, guint round, int pipes[2])
{
  pid_t pid;

  g_assert_cmpint (pipe (pipes), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      BooruStore *store = open_in_child (self);

      for (guint turn = 0;; turn++)
        {
          write_once (store, self, 100 + round, turn);
          if (write (pipes[1], "", 1) != 1)
            _exit (1);
        }
    }
  close (pipes[1]);
  return pid;
}

/* PostgreSQL ends what a client began a little after that died. */
static void
await_nobody (BoardFixture *self)
{
  while (self->database != NULL
         && board_query_number (
                self, "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid ()"
                      " AND datname = current_database ()")
                > 0)
    g_usleep (1000);
}

static void
test_killed (BoardFixture *self, gconstpointer data)
{
  gint64 committed = 0;

  add_posts (self);
  g_clear_object (&self->store);
  for (guint round = 0; round < 30; round++)
    {
      guint wanted = g_test_rand_int_range (1, 40), seen = 0;
      int pipes[2], status;
      pid_t pid = fork_reporting_writer (self, round, pipes);
      gint64 found;
      char byte;

      while (seen < wanted && read (pipes[0], &byte, 1) == 1)
        seen++;
      /* Somewhere within the next transaction. */
      g_usleep (g_test_rand_int_range (0, 600));
      kill (pid, SIGKILL);
      g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
      g_assert_true (WIFSIGNALED (status));
      while (read (pipes[0], &byte, 1) == 1)
        seen++;
      close (pipes[0]);

      await_nobody (self);
      found = board_query_number (self, "SELECT count(*) FROM post_versions");
      g_assert_cmpint (found, >=, committed + seen);
      g_assert_cmpint (found, <=, committed + seen + 1);
      committed = found;
      board_require_intact (self);
    }
  self->store = board_fixture_open (self);
  board_require_consistent (self);
}

static void
test_busy (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id = board_add_post (self, "a.jpg", 1);
  guint64 generation = booru_store_get_generation (self->store);
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  BoardLock *lock = board_take_lock (self);

  g_ptr_array_add (changes, board_add (self, "b.jpg", 2));
  edit.tag_string = "sky";
  booru_store_set_busy_timeout (self->store, 20);
  g_assert_null (booru_store_edit_post (self->store, id, &edit, &error));
  g_assert_true (booru_err_busy (error));
  g_clear_error (&error);
  g_assert_false (booru_store_apply_file_changes (self->store, changes, &error));
  g_assert_true (booru_err_busy (error));
  g_clear_error (&error);
  g_assert_null (booru_store_ensure_folder (self->store, "/new", BOORU_FOLDER_LIBRARY, &error));
  g_assert_true (booru_err_busy (error));
  g_clear_error (&error);
  g_assert_false (booru_store_set_folder_state (self->store, self->folder->id, FALSE, 1, &error));
  g_assert_true (booru_err_busy (error));
  g_clear_error (&error);

  /* Nothing of it was written, and reading goes on. */
  board_require_tags (self->store, id, "");
  g_assert_cmpuint (booru_store_get_generation (self->store), ==, generation);
  g_assert_cmpint (board_file_id (self, "b.jpg"), ==, 0);

  board_release_lock (lock);
  booru_post_unref (board_edit (self->store, id, "sky"));
  board_require_consistent (self);
}

typedef struct
{
  int lock;
  guint n_told;
  char *what;
} Opening;

static void
on_opening (const char *what, guint seconds, gpointer user_data)
{
  Opening *opening = user_data;

  g_assert_cmpuint (seconds, >, 0);
  g_free (opening->what);
  opening->what = g_strdup (what);
  /* The other process has done its work. */
  if (++opening->n_told == 2)
    close (opening->lock);
}

/* While another process makes or migrates the database, one that can say so waits for it longer
 * than for any write. */
static void
test_opening_waits (BoardFixture *self, gconstpointer data)
{
  g_autofree char *data_dir = g_build_filename (self->data_dir, BOORU_DIR_TEMPORARY, NULL);
  g_autofree char *path = g_build_filename (data_dir, BOORU_FILE_WRITE_LOCK, NULL);
  g_autoptr (BooruStore) store = NULL;
  g_autoptr (GError) error = NULL;
  Opening opening = { 0 };

  if (board_skip_but_for_sqlite (self))
    return;
  g_mkdir (data_dir, 0700);
  opening.lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  g_assert_cmpint (flock (opening.lock, LOCK_EX | LOCK_NB), ==, 0);
  store = booru_store_open (data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error);
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_BUSY);
  g_assert_null (store);
  g_clear_error (&error);
  store = booru_store_open (data_dir, NULL, BOORU_STORE_CREATE, on_opening, &opening, &error);
  g_assert_no_error (error);
  g_assert_nonnull (store);
  g_assert_cmpuint (opening.n_told, ==, 2);
  g_assert_true (g_str_has_prefix (opening.what, "waiting for another process"));
  g_free (opening.what);
}

/* A program that knows nothing of the lock file and holds SQLite's own lock. */
static void
test_foreign_writer (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id = board_add_post (self, "a.jpg", 1);
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autofree char *database = board_fixture_database (self);
  sqlite3 *other = NULL;

  if (board_skip_but_for_sqlite (self))
    return;
  g_assert_cmpint (sqlite3_open (database, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  booru_store_set_busy_timeout (self->store, 20);
  edit.tag_string = "sky";
  g_assert_null (booru_store_edit_post (self->store, id, &edit, &error));
  g_assert_true (booru_err_busy (error));
  sqlite3_exec (other, "ROLLBACK", NULL, NULL, NULL);
  sqlite3_close (other);
  booru_post_unref (board_edit (self->store, id, "sky"));
}

/* Whoever dies with the lock leaves it free. */
static void
test_dead_holder (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  int pipes[2], status;
  pid_t pid;
  char byte;

  g_assert_cmpint (pipe (pipes), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      board_take_lock (self);
      if (write (pipes[1], "", 1) == 1)
        pause ();
      _exit (1);
    }
  g_assert_cmpint (read (pipes[0], &byte, 1), ==, 1);
  kill (pid, SIGKILL);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  booru_post_unref (board_edit (self->store, id, "sky"));
  close (pipes[0]);
  close (pipes[1]);
}

static void
test_forked (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  pid_t pid = fork ();

  if (pid == 0)
    {
      g_autoptr (GError) error = NULL;
      BooruPostEdit edit = BOORU_POST_EDIT_INIT;

      edit.tag_string = "sky";
      REQUIRE (booru_store_edit_post (self->store, id, &edit, &error) == NULL);
      REQUIRE (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_FAILED));
      g_clear_object (&self->store);
      _exit (0);
    }
  require_exit (pid);
  board_require_tags (self->store, id, "");
  booru_post_unref (board_edit (self->store, id, "sea"));
  board_require_consistent (self);
}

static void
test_not_inherited (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GDir) fds = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;
  guint n = 0;

  if (board_skip_but_for_sqlite (self))
    return;
  board_add_post (self, "a.jpg", 1);
  while ((name = g_dir_read_name (fds)) != NULL)
    {
      g_autofree char *link = g_strconcat ("/proc/self/fd/", name, NULL);
      g_autofree char *target = g_file_read_link (link, NULL);

      if (target == NULL || !g_str_has_prefix (target, self->data_dir))
        continue;
      n++;
      g_assert_cmpint (fcntl (atoi (name), F_GETFD) & FD_CLOEXEC, !=, 0);
    }
  g_assert_cmpuint (n, >=, 3);
}

/* The log of writes is written back by the writers, and by nobody else: not by the last to close.
 */
static void
test_checkpoints (BoardFixture *self, gconstpointer data)
{
  g_autofree char *database = board_fixture_database (self);
  g_autofree char *wal = g_strconcat (database, "-wal", NULL);
  struct stat info;

  if (board_skip_but_for_sqlite (self))
    return;
  add_posts (self);
  for (guint turn = 0; turn < 1500; turn++)
    write_once (self->store, self, 1, turn);
  g_assert_cmpint (g_stat (wal, &info), ==, 0);
  g_assert_cmpint (info.st_size, >, 0);
  g_assert_cmpint (info.st_size, <, 2000 * 4096);

  g_clear_object (&self->store);
  g_assert_cmpint (g_stat (wal, &info), ==, 0);
  g_assert_cmpint (info.st_size, >, 0);
}

#define ADD(path, func)                                                                            \
  g_test_add (path, BoardFixture, NULL, board_fixture_set_up, func, board_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/writers/two", test_two);
  ADD ("/store/writers/four", test_four);
  ADD ("/store/writers/reader", test_reader);
  ADD ("/store/writers/killed", test_killed);
  ADD ("/store/writers/busy", test_busy);
  ADD ("/store/writers/opening-waits", test_opening_waits);
  ADD ("/store/writers/foreign-writer", test_foreign_writer);
  ADD ("/store/writers/dead-holder", test_dead_holder);
  ADD ("/store/writers/forked", test_forked);
  ADD ("/store/writers/not-inherited", test_not_inherited);
  ADD ("/store/writers/checkpoints", test_checkpoints);
  return g_test_run ();
}
