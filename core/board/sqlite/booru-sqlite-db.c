/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/sqlite/booru-sqlite-db.h"

#include <errno.h>
#include <gio/gio.h>

#include "base/booru-error.h"
#include "booru-sqlite-resources.h"

#define MAX_COMPILED_STATEMENTS 128
#define SQL_PREFIX "/org/booru/store/sql/"

static gboolean
is_disk_full (int code, int errnum)
{
  switch (code)
    {
    case SQLITE_FULL:
    case SQLITE_IOERR_SHMSIZE: /* the index of the WAL could not grow */
      return TRUE;
    default:
      return (code & 0xff) == SQLITE_IOERR
             && (errnum == ENOSPC || errnum == EDQUOT || errnum == EFBIG);
    }
}

gboolean
booru_sqlite_db_fail_corrupt (BooruSqliteDb *self, const char *what, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CORRUPT,
               "The database %s is damaged: %s. It was not touched. Stop the program and run "
               "“booru-backup --data-dir=%s --repair”: it saves what can be read, fills the gaps "
               "from the newest backup, and keeps the damaged file",
               self->path, what, folder);
  return FALSE;
}

static gboolean
set_error (BooruSqliteDb *self, int code, GError **error)
{
  /* SQLite forgets the errno of a commit that fails; then the system's own is still there, for
   * whoever calls SQLite clears it before. */
  int last = errno;
  const char *message;
  int errnum = self->handle != NULL ? sqlite3_system_errno (self->handle) : 0;

  if (errnum == 0 && (code & 0xff) == SQLITE_IOERR)
    errnum = last;
  message = self->handle != NULL ? sqlite3_errmsg (self->handle) : sqlite3_errstr (code);

  if (is_disk_full (code, errnum))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                   "Cannot write to %s: the disk is full (%s). Nothing was changed; free some "
                   "space and try again",
                   self->path, message);
      return FALSE;
    }

  switch (code & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY,
                   "Another process keeps %s locked (%s). Nothing was changed; try again later",
                   self->path, message);
      return FALSE;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return booru_sqlite_db_fail_corrupt (self, message, error);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_DENIED,
                   "Cannot write to %s (%s). Give this user the right to write to the file and to "
                   "its folder",
                   self->path, message);
      return FALSE;
    case SQLITE_CANTOPEN:
      if (errnum != 0)
        return booru_set_errno_error (error, errnum,
                                      "Cannot open the database %s or the files "
                                      "beside it; give this user the right to write to its folder",
                                      self->path);
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_DENIED,
                   "Cannot open the database %s or the files beside it (%s). Give this user the "
                   "right to write to its folder",
                   self->path, message);
      return FALSE;
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT, "Too much for %s: %s", self->path,
                   message);
      return FALSE;
    case SQLITE_IOERR:
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_IO,
                   "Cannot read or write %s: %s%s%s. Check the system log for disk errors",
                   self->path, sqlite3_errstr (code), errnum != 0 ? ", " : "",
                   errnum != 0 ? g_strerror (errnum) : "");
      return FALSE;
    default:
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED, "%s: %s (%d)", self->path, message,
                   code);
      return FALSE;
    }
}

/**
 * booru_sqlite_db_fail:
 * @code: what SQLite returned, extended codes included
 * @error: where to store it
 *
 * Turns a failure of SQLite into an error that says what was tried, on what, and what to do.
 *
 * Returns: %FALSE always
 */
gboolean
booru_sqlite_db_fail (BooruSqliteDb *self, int code, GError **error)
{
  GError *local_error = NULL;

  set_error (self, code, &local_error);
  if (self->on_outcome)
    self->on_outcome (self, code, local_error);
  g_propagate_error (error, local_error);
  return FALSE;
}

void
booru_sqlite_statement_reset (BooruSqliteStatement *statement)
{
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}

static BooruSqliteStatement *
prepare (BooruSqliteDb *self, const char *sql, gssize length, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code
      = sqlite3_prepare_v3 (self->handle, sql, length, SQLITE_PREPARE_PERSISTENT, &statement, NULL);

  if (code != SQLITE_OK)
    booru_sqlite_db_fail (self, code, error);
  return statement;
}

/**
 * booru_sqlite_db_statement:
 * @name: of a resource in sql/, without ".sql"
 * @error: where to store why it could not be prepared
 *
 * Returns: (transfer none): the statement, ready for its bindings; to be reset by the caller, best
 *   by g_autoptr
 */
BooruSqliteStatement *
booru_sqlite_db_statement (BooruSqliteDb *self, const char *name, GError **error)
{
  BooruSqliteStatement *statement = g_hash_table_lookup (self->statements, name);
  g_autofree char *path = NULL;
  g_autoptr (GBytes) sql = NULL;

  if (statement != NULL)
    {
      g_return_val_if_fail (!sqlite3_stmt_busy (statement), NULL);
      return statement;
    }

  path = g_strconcat (SQL_PREFIX, name, ".sql", NULL);
  sql = g_resource_lookup_data (booru_sqlite_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                error);
  if (sql == NULL)
    return NULL;

  statement = prepare (self, g_bytes_get_data (sql, NULL), g_bytes_get_size (sql), error);
  if (statement != NULL)
    g_hash_table_insert (self->statements, g_strdup (name), statement);
  return statement;
}

static gboolean
is_compiled (gpointer name, gpointer statement, gpointer user_data)
{
  return strchr (name, ' ') != NULL && !sqlite3_stmt_busy (statement);
}

/**
 * booru_sqlite_db_prepare:
 * @sql: text with bound parameters
 * @error: where to store why it could not be prepared
 *
 * Like booru_sqlite_db_statement() for text that is no resource. Searches come in a few shapes, so
 * they are kept too; when there are too many, they are all forgotten.
 *
 * Returns: (transfer none): the statement
 */
BooruSqliteStatement *
booru_sqlite_db_prepare (BooruSqliteDb *self, const char *sql, GError **error)
{
  BooruSqliteStatement *statement = g_hash_table_lookup (self->statements, sql);

  if (statement != NULL)
    return statement;
  if (g_hash_table_size (self->statements) >= MAX_COMPILED_STATEMENTS)
    g_hash_table_foreach_remove (self->statements, is_compiled, NULL);

  statement = prepare (self, sql, -1, error);
  if (statement != NULL)
    g_hash_table_insert (self->statements, g_strdup (sql), statement);
  return statement;
}

int
booru_sqlite_db_step (BooruSqliteDb *self, BooruSqliteStatement *statement, GError **error)
{
  int code;

  errno = 0;
  code = sqlite3_step (statement);
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    booru_sqlite_db_fail (self, code, error);
  return code;
}

gboolean
booru_sqlite_db_run (BooruSqliteDb *self, BooruSqliteStatement *statement, GError **error)
{
  return booru_sqlite_db_step (self, statement, error) == SQLITE_DONE;
}

gboolean
booru_sqlite_db_exec (BooruSqliteDb *self, const char *sql, GError **error)
{
  int code;

  errno = 0;
  code = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);
  return code == SQLITE_OK || booru_sqlite_db_fail (self, code, error);
}

void
booru_sqlite_bind_bytes (BooruSqliteStatement *statement, int index, const char *bytes)
{
  if (bytes == NULL)
    sqlite3_bind_null (statement, index);
  else
    sqlite3_bind_blob (statement, index, bytes, strlen (bytes), SQLITE_STATIC);
}

void
booru_sqlite_bind_id (BooruSqliteStatement *statement, int index, gint64 id)
{
  if (id == 0)
    sqlite3_bind_null (statement, index);
  else
    sqlite3_bind_int64 (statement, index, id);
}

char *
booru_sqlite_column_bytes (BooruSqliteStatement *statement, int column)
{
  const void *bytes = sqlite3_column_blob (statement, column);

  return g_strndup (bytes, sqlite3_column_bytes (statement, column));
}

/**
 * booru_sqlite_db_snapshot:
 *
 * Begins a reading transaction, unless one is open. Failing to begin one is harmless: then each
 * statement sees its own snapshot, or reports the failure itself.
 *
 * Returns: what ends it, for g_auto (BooruSqliteSnapshot)
 */
BooruSqliteSnapshot
booru_sqlite_db_snapshot (BooruSqliteDb *self)
{
  BooruSqliteSnapshot snapshot = { NULL };

  if (sqlite3_get_autocommit (self->handle))
    {
      g_autoptr (BooruSqliteStatement) begin = booru_sqlite_db_statement (self, "begin-read", NULL);

      if (begin != NULL && sqlite3_step (begin) == SQLITE_DONE)
        snapshot.db = self;
    }
  return snapshot;
}

void
booru_sqlite_snapshot_end (BooruSqliteSnapshot *snapshot)
{
  g_autoptr (BooruSqliteStatement) end = NULL;

  if (snapshot->db == NULL)
    return;
  end = booru_sqlite_db_statement (snapshot->db, "end-read", NULL);
  if (end != NULL)
    sqlite3_step (end);
  snapshot->db = NULL;
}

/**
 * booru_sqlite_db_get_generation:
 *
 * Asks SQLite whether another connection has committed (some microseconds).
 *
 * Returns: a number that differs from each earlier one if anything was written since
 */
guint64
booru_sqlite_db_get_generation (BooruSqliteDb *self)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (self, "data-version", NULL);

  if (statement == NULL || sqlite3_step (statement) != SQLITE_ROW)
    return ++self->generation; /* not known: nothing cached may be used */

  if (sqlite3_column_int64 (statement, 0) != self->data_version)
    {
      self->data_version = sqlite3_column_int64 (statement, 0);
      self->generation++;
    }
  return self->generation;
}

/**
 * booru_sqlite_db_trim:
 * @self: a database
 *
 * Gives back the cache of pages, and the pages of the map that this process has looked at.
 */
void
booru_sqlite_db_trim (BooruSqliteDb *self)
{
  g_autoptr (GError) error = NULL;

  if (!booru_sqlite_db_exec (
          self,
          "PRAGMA shrink_memory; PRAGMA mmap_size = 0; PRAGMA mmap_size = " BOORU_SQLITE_MMAP_SIZE
          ";",
          &error))
    g_info ("%s", error->message);
}
