/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies of the database, by SQLite's backup interface (https://www.sqlite.org/backup.html): a copy
 * of the bare file, made while somebody writes, would be a mixture of several states. */
#include "board/sqlite/booru-sqlite-backup.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "board/sqlite/booru-sqlite-db.h"
#include "board/sqlite/booru-sqlite-place.h"

#define UNFINISHED_SUFFIX ".unfinished"
#define STAMP_LENGTH 16

/* Reading */

/* Runs a statement to its first row. Transfer full; NULL if it has none: *@code is SQLITE_DONE, or
 * @error is set. */
static sqlite3_stmt *
ask (BooruSqliteDb *db, const char *sql, int *code, GError **error)
{
  sqlite3_stmt *statement = NULL;

  *code = sqlite3_prepare_v2 (db->handle, sql, -1, &statement, NULL);
  if (*code == SQLITE_OK)
    *code = sqlite3_step (statement);
  if (*code == SQLITE_ROW)
    return statement;
  if (*code != SQLITE_DONE)
    booru_sqlite_db_fail (db, *code, error);
  sqlite3_finalize (statement);
  return NULL;
}

static gboolean
read_value (BooruSqliteDb *db, const char *sql, gint64 *number, char **text, GError **error)
{
  int code;
  sqlite3_stmt *statement = ask (db, sql, &code, error);

  if (statement == NULL)
    return FALSE;
  if (number)
    *number = sqlite3_column_int64 (statement, 0);
  if (text)
    *text = g_strdup ((const char *)sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  return TRUE;
}

static gboolean
check_pages (BooruSqliteDb *db, const char *sql, GError **error)
{
  g_autofree char *answer = NULL;

  if (!read_value (db, sql, NULL, &answer, error))
    return FALSE;
  return g_strcmp0 (answer, "ok") == 0
         || booru_sql_fail_corrupt (BOORU_SQL (db), answer ? answer : "it says nothing", error);
}

/* Rows that refer to rows which are not there: who edits the file by hand makes such. */
static gboolean
check_references (BooruSqliteDb *db, GError **error)
{
  int code;
  sqlite3_stmt *statement = ask (db, "PRAGMA foreign_key_check", &code, error);
  g_autofree char *what = NULL;

  if (statement == NULL)
    return code == SQLITE_DONE;
  what = g_strdup_printf ("row %" G_GINT64_FORMAT " of %s refers to a row of %s that is gone",
                          (gint64)sqlite3_column_int64 (statement, 1),
                          sqlite3_column_text (statement, 0), sqlite3_column_text (statement, 2));
  sqlite3_finalize (statement);
  return booru_sql_fail_corrupt (BOORU_SQL (db), what, error);
}

static gboolean
summarize (BooruSqliteDb *db, BooruSqliteSummary *summary, GError **error)
{
  summary->n_posts = -1;
  if (!booru_sqlite_schema_check (db, &summary->current, error)
      || !read_value (db, "PRAGMA user_version", &summary->version, NULL, error))
    return FALSE;
  return summary->version == 0
         || read_value (db, "SELECT count(*) FROM posts", &summary->n_posts, NULL, error);
}

gboolean
booru_sqlite_check (const char *path, BooruSqliteSummary *summary, GError **error)
{
  g_autofree char *inside = g_file_test (path, G_FILE_TEST_IS_DIR)
                                ? g_build_filename (path, BOORU_FILE_DATABASE, NULL)
                                : g_strdup (path);
  g_autoptr (BooruSqliteDb) db = booru_sqlite_db_open_file (inside, SQLITE_OPEN_READONLY, error);

  return db != NULL && summarize (db, summary, error)
         && check_pages (db, "PRAGMA quick_check (1)", error) && check_references (db, error);
}

/* Copying */

static gboolean
copy_pages (BooruSqliteDb *from, BooruSqliteDb *to, GError **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (to->handle, "main", from->handle, "main");
  int code;

  if (backup == NULL)
    return booru_sqlite_db_fail (to, sqlite3_extended_errcode (to->handle), error);
  /* In one step, so that it is one state: writers go on in the log meanwhile. */
  do
    code = sqlite3_backup_step (backup, -1);
  while (code == SQLITE_OK);
  code = sqlite3_backup_finish (backup);
  return code == SQLITE_OK || booru_sqlite_db_fail (to, code, error);
}

static gboolean
copy_and_check (const char *from_path, const char *to_path, GError **error)
{
  g_autoptr (BooruSqliteDb) from
      = booru_sqlite_db_open_file (from_path, SQLITE_OPEN_READONLY, error);
  g_autoptr (BooruSqliteDb) to = NULL;
  BooruSqliteSummary summary;

  if (from == NULL || !summarize (from, &summary, error))
    return FALSE;
  if (summary.version == 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is nothing in %s yet",
                   from_path);
      return FALSE;
    }
  to = booru_sqlite_db_open_file (to_path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
  /* One file, without a log beside it. What is not finished is thrown away, so it needs no journal;
   * fsync() comes at the end. */
  return to != NULL && booru_sqlite_db_exec (to, "PRAGMA synchronous = OFF", error)
         && copy_pages (from, to, error)
         && booru_sqlite_db_exec (to, "PRAGMA journal_mode = DELETE", error)
         && check_pages (to, "PRAGMA integrity_check (1)", error);
}

/* Makes @to from @from, whole and on the disk, or not at all. */
static gboolean
copy_database (const char *from, const char *to, GError **error)
{
  g_autofree char *unfinished = g_strconcat (to, UNFINISHED_SUFFIX, NULL);
  g_autofree char *journal = g_strconcat (unfinished, "-journal", NULL);
  g_autofree char *log = g_strconcat (unfinished, "-wal", NULL);
  g_autofree char *index = g_strconcat (unfinished, "-shm", NULL);
  gboolean done;
  int fd;

  /* Tags may be private: nobody else reads the copy. */
  fd = open (unfinished, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return booru_set_errno_error (error, errno, "Cannot create %s", unfinished);
  close (fd);
  done = copy_and_check (from, unfinished, error)
         && booru_sqlite_sync_path (unfinished, O_RDONLY, error)
         && booru_sqlite_move_into_place (unfinished, to, error);
  if (!done)
    g_unlink (unfinished);
  g_unlink (journal);
  g_unlink (log);
  g_unlink (index);
  return done;
}

/* Names of copies */

static gboolean
is_backup_name (const char *name, const char *suffix)
{
  const char *stamp = name + strlen (BOORU_BACKUP_PREFIX);

  if (!g_str_has_prefix (name, BOORU_BACKUP_PREFIX)
      || strlen (stamp) != STAMP_LENGTH + strlen (suffix)
      || !g_str_equal (stamp + STAMP_LENGTH, suffix))
    return FALSE;
  for (guint i = 0; i < STAMP_LENGTH; i++)
    if (i == 8                  ? stamp[i] != 'T'
        : i == STAMP_LENGTH - 1 ? stamp[i] != 'Z'
                                : !g_ascii_isdigit (stamp[i]))
      return FALSE;
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Sorted from the oldest to the newest. */
static GPtrArray *
list_names (const char *folder, const char *suffix, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  const char *name;

  if (dir == NULL)
    return NULL;
  while ((name = g_dir_read_name (dir)) != NULL)
    if (is_backup_name (name, suffix))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

static gboolean
remove_named (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_unlink (path) == 0 || errno == ENOENT
         || booru_set_errno_error (error, errno, "Cannot delete the old backup %s", path);
}

/* Held while a copy is made, so that what has no name yet is somebody's or a leftover, surely. */
static int
lock_folder (const char *folder, GError **error)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    booru_set_errno_error (error, errno, "Cannot use the folder %s", folder);
  else if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      if (errno == EWOULDBLOCK)
        g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY,
                     "Another backup into %s is in progress: wait until it has finished", folder);
      else
        booru_set_errno_error (error, errno, "Cannot lock the folder %s", folder);
      close (fd);
      fd = -1;
    }
  return fd;
}

static void
remove_leftovers (const char *folder)
{
  g_autoptr (GPtrArray) names = list_names (folder, BOORU_BACKUP_SUFFIX UNFINISHED_SUFFIX, NULL);

  for (guint i = 0; names && i < names->len; i++)
    remove_named (folder, names->pdata[i], NULL);
}

char *
booru_sqlite_backup (const char *data_dir, const char *folder, GError **error)
{
  g_autofree char *from = g_build_filename (data_dir, BOORU_FILE_DATABASE, NULL);
  g_autofree char *stamp = booru_sqlite_make_stamp ();
  g_autofree char *name = g_strconcat (BOORU_BACKUP_PREFIX, stamp, BOORU_BACKUP_SUFFIX, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gboolean done;
  int lock;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      booru_set_errno_error (error, errno, "Cannot create the folder %s", folder);
      return NULL;
    }
  lock = lock_folder (folder, error);
  if (lock < 0)
    return NULL;
  remove_leftovers (folder);
  done = copy_database (from, path, error)
         && booru_sqlite_sync_path (folder, O_RDONLY | O_DIRECTORY, error);
  close (lock);
  return done ? g_steal_pointer (&path) : NULL;
}

int
booru_sqlite_backup_rotate (const char *folder, guint keep, GError **error)
{
  g_autoptr (GPtrArray) names = list_names (folder, BOORU_BACKUP_SUFFIX, error);
  guint surplus;

  g_return_val_if_fail (keep > 0, -1);
  if (names == NULL)
    return -1;
  surplus = names->len > keep ? names->len - keep : 0;
  for (guint i = 0; i < surplus; i++)
    if (!remove_named (folder, names->pdata[i], error))
      return -1;
  return (int)surplus;
}

/* Restoring */

static gboolean
replace (const char *database,
         const char *backup,
         const char *stamp,
         char **replaced,
         GError **error)
{
  g_autofree char *fresh = g_strdup_printf ("%s.restored-%s", database, stamp);
  g_autofree char *aside = g_strdup_printf ("%s.replaced-%s", database, stamp);
  gboolean existed = g_file_test (database, G_FILE_TEST_EXISTS);
  gboolean done;

  /* All that can fail for want of space or of a sound backup comes before the first change. */
  if (!copy_database (backup, fresh, error))
    return FALSE;
  done = booru_sqlite_put_aside (database, aside, error)
         && booru_sqlite_move_into_place (fresh, database, error);
  if (!done)
    {
      g_prefix_error (error, "The restored database is %s, the one before is %s or %s: ", fresh,
                      database, aside);
      return FALSE;
    }
  if (existed && replaced)
    *replaced = g_steal_pointer (&aside);
  return TRUE;
}

gboolean
booru_sqlite_restore (const char *data_dir, const char *backup, char **replaced, GError **error)
{
  g_autofree char *database = g_build_filename (data_dir, BOORU_FILE_DATABASE, NULL);
  g_autofree char *stamp = booru_sqlite_make_stamp ();
  gboolean done;
  int lock;

  if (replaced)
    *replaced = NULL;
  if (g_mkdir_with_parents (data_dir, 0700) != 0)
    return booru_set_errno_error (error, errno, "Cannot create the data folder %s", data_dir);
  lock = booru_sqlite_lock_out_hosts (data_dir, error);
  if (lock < 0)
    return FALSE;
  done = replace (database, backup, stamp, replaced, error)
         && booru_sqlite_sync_path (data_dir, O_RDONLY | O_DIRECTORY, error);
  close (lock);
  return done;
}
