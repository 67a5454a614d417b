/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A database of version 12 becomes one of this version, however often that is interrupted. */
#include "board-fixture.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../test-util.h"
#include "board/sqlite/booru-sqlite-db.h"

#define SCHEMA "/org/booru/sqlite/schema/"
#define OLD_VERSION 12
#define N_POSTS 240
#define N_KILLS 60

/* The old database */

static void
execute (BooruSqliteDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;

  booru_sqlite_db_exec (db, sql, &error);
  g_assert_no_error (error);
}

static void
run_script (BooruSqliteDb *db, guint number)
{
  g_auto (GStrv) names
      = g_resources_enumerate_children (SCHEMA, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *prefix = g_strdup_printf ("%03u-", number);

  for (guint i = 0; names[i]; i++)
    {
      g_autofree char *path = g_strconcat (SCHEMA, names[i], NULL);
      g_autoptr (GBytes) script
          = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
      g_autofree char *sql = g_strndup (g_bytes_get_data (script, NULL), g_bytes_get_size (script));

      if (g_str_has_prefix (names[i], prefix))
        execute (db, sql);
    }
}

/* Of each table of the database "old": "posts\tid, md5, …". */
static GPtrArray *
list_tables (BooruSqliteDb *db)
{
  GPtrArray *tables = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *rows = NULL;

  sqlite3_prepare_v2 (db->handle,
                      "SELECT name, (SELECT group_concat (name, ', ') "
                      "FROM pragma_table_info (tables.name, 'old')) "
                      "FROM old.sqlite_schema AS tables WHERE type = 'table' "
                      "AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'post_index%'",
                      -1, &rows, NULL);
  while (sqlite3_step (rows) == SQLITE_ROW)
    g_ptr_array_add (tables, g_strdup_printf ("%s\t%s", sqlite3_column_text (rows, 0),
                                              sqlite3_column_text (rows, 1)));
  sqlite3_finalize (rows);
  return tables;
}

/* The rows of the database "current", in one of the old version. */
static void
make_old (const char *path, const char *current)
{
  g_autoptr (BooruSqliteDb) db
      = booru_sqlite_db_open_file (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  g_autofree char *attach
      = g_strdup_printf ("ATTACH '%s' AS current; ATTACH '%s' AS old", current, path);
  g_autoptr (GPtrArray) tables = NULL;

  execute (db, "PRAGMA foreign_keys = OFF");
  for (guint i = 1; i <= OLD_VERSION; i++)
    run_script (db, i);
  execute (db, attach);
  tables = list_tables (db);
  execute (db, "DETACH old");
  for (guint i = 0; i < tables->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (tables->pdata[i], "\t", 2);
      g_autofree char *sql = g_strdup_printf ("INSERT INTO main.%s (%s) SELECT %s FROM current.%s",
                                              parts[0], parts[1], parts[1], parts[0]);

      /* Those have triggers. */
      if (!g_str_has_suffix (parts[0], "_counts"))
        execute (db, sql);
    }
  execute (db, "INSERT INTO post_index (rowid, tokens) "
               "SELECT -id, 'r' || rating || ' s' || status || ' t1 t' || id FROM posts;"
               "PRAGMA application_id = 0x426f6f72; PRAGMA user_version = 12");
}

typedef struct
{
  BoardFixture board;
  char *place, *old;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  BoardFixture *board = &self->board;
  g_autofree char *path = NULL;
  g_autofree char *current = NULL;

  board_fixture_set_up (board, data);
  self->place = test_make_folder ();
  self->old = g_build_filename (self->place, "old.sqlite", NULL);
  current = g_build_filename (self->place, "current.sqlite", NULL);
  path = board_fixture_database (board);
  for (guint i = 1; i <= N_POSTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);
      g_autofree char *tags = g_strdup_printf ("all %s third_%u", i % 2 ? "odd" : "even", i % 3);

      booru_post_unref (board_edit (board->store, board_add_post (board, name, i), tags));
    }
  g_assert_true (booru_store_delete_post (board->store, 7, 1, NULL));
  g_clear_object (&board->store);
  board_execute (board, "INSERT INTO media_metadata VALUES (4, '{\"File:Incomplete\":\"yes\"}');"
                        "INSERT INTO uploads VALUES (1, 1, '', 0);"
                        "INSERT INTO upload_assets (upload_id, file_name, size, md5, created_at, "
                        "updated_at) SELECT 1, 'a.jpg', size, md5, 0, 0 FROM posts;"
                        "PRAGMA wal_checkpoint (TRUNCATE)");
  g_assert_cmpint (g_rename (path, current), ==, 0);
  make_old (self->old, current);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  board_fixture_tear_down (&self->board, data);
  test_remove_folder (self->place);
  g_free (self->place);
  g_free (self->old);
}

static void
put_old (Fixture *self)
{
  static const char *const leftovers[] = { "-wal", "-shm" };
  g_autofree char *path = board_fixture_database (&self->board);
  g_autofree char *bytes = NULL;
  gsize length;

  for (guint i = 0; i < G_N_ELEMENTS (leftovers); i++)
    {
      g_autofree char *leftover = g_strconcat (path, leftovers[i], NULL);

      g_unlink (leftover);
    }
  g_assert_true (g_file_get_contents (self->old, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize)length, NULL));
}

static BooruStore *
open_store (Fixture *self, GError **error)
{
  return booru_store_open (self->board.data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, error);
}

/* Each row of the old database is there, and no other. */
static void
require_rows (Fixture *self)
{
  g_autofree char *path = board_fixture_database (&self->board);
  g_autofree char *attach = g_strdup_printf ("ATTACH '%s' AS old", self->old);
  g_autoptr (BooruSqliteDb) db = booru_sqlite_db_open_file (path, SQLITE_OPEN_READWRITE, NULL);
  g_autoptr (GPtrArray) tables = NULL;

  execute (db, attach);
  tables = list_tables (db);
  g_assert_cmpuint (tables->len, >, 15);
  for (guint i = 0; i < tables->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (tables->pdata[i], "\t", 2);
      g_autofree char *sql = g_strdup_printf (
          "SELECT (SELECT count(*) FROM (SELECT %s FROM old.%s EXCEPT SELECT %s FROM main.%s)) "
          "+ (SELECT count(*) FROM (SELECT %s FROM main.%s EXCEPT SELECT %s FROM old.%s))",
          parts[1], parts[0], parts[1], parts[0], parts[1], parts[0], parts[1], parts[0]);
      sqlite3_stmt *row = NULL;

      sqlite3_prepare_v2 (db->handle, sql, -1, &row, NULL);
      g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
      if (sqlite3_column_int (row, 0) != 0)
        g_error ("%d rows of %s were changed", sqlite3_column_int (row, 0), parts[0]);
      sqlite3_finalize (row);
    }
}

/* Brings to an end what may have been begun. */
static void
require_migrated (Fixture *self)
{
  BoardFixture *board = &self->board;
  g_autoptr (GError) error = NULL;

  board->store = open_store (self, &error);
  g_assert_no_error (error);
  require_rows (self);
  board_require_consistent (board);
  g_assert_cmpint (board_count (board->store, "all"), ==, N_POSTS - 1);
  g_assert_cmpint (board_count (board->store, "odd -third_0"), ==, N_POSTS / 3 - 1);
  g_assert_cmpint (board_count (board->store, "is:incomplete"), ==, 1);
  g_assert_cmpint (board_query_number (board, "SELECT count(*) FROM sqlite_schema "
                                              "WHERE name LIKE 'post_index%'"),
                   ==, 0);
  g_assert_cmpint (board_query_number (board, "SELECT count(*) FROM upload_assets "
                                              "JOIN posts USING (md5) "
                                              "WHERE upload_assets.media_asset_id = 2 * posts.id"),
                   ==, N_POSTS);
  /* It works as a new one does. */
  booru_post_unref (board_edit (board->store, 1, "all odd third_1 fresh"));
  g_assert_cmpint (board_count (board->store, "fresh"), ==, 1);
  g_clear_object (&board->store);
}

/* Being killed */

static guint n_writes, last_write; /* the process ends within that one; 0: never */

static ssize_t
count_write (int fd, const void *data, size_t length, off_t at)
{
  if (++n_writes != last_write)
    return pwrite (fd, data, length, at);
  g_assert_cmpint (pwrite (fd, data, length / 2, at), >=, 0);
  kill (getpid (), SIGKILL);
  return -1;
}

static void
watch_writes (void)
{
  sqlite3_vfs *vfs = sqlite3_vfs_find ("unix");

  vfs->xSetSystemCall (vfs, "pwrite", (sqlite3_syscall_ptr)count_write);
  vfs->xSetSystemCall (vfs, "pwrite64", (sqlite3_syscall_ptr)count_write);
}

static void
killed_at (Fixture *self, guint write)
{
  int status;
  pid_t child = fork ();

  if (child == 0)
    {
      n_writes = 0;
      last_write = write;
      open_store (self, NULL);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
}

static void
test_whole (Fixture *self, gconstpointer data)
{
  put_old (self);
  require_migrated (self);
}

/* Halfway through a write, wherever in the migration; also when it is taken up again. */
static void
test_killed (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruStore) store = NULL;
  guint n;

  watch_writes ();
  put_old (self);
  store = open_store (self, NULL);
  g_clear_object (&store);
  n = n_writes;
  g_assert_cmpuint (n, >, N_KILLS);
  for (guint i = 0; i < N_KILLS; i++)
    {
      guint write = 1 + i * (n - 1) / (N_KILLS - 1);

      put_old (self);
      killed_at (self, write);
      if (i % 2)
        killed_at (self, 1 + (guint)g_test_rand_int_range (0, (gint32)MIN (n - write + 1, 3)));
      require_migrated (self);
    }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/migration/whole", test_whole);
  ADD ("/store/migration/killed", test_killed);
  return g_test_run ();
}
