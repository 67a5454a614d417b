/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/sqlite/booru-sqlite-db.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "booru-sqlite-resources.h"
#include "board/sqlite/booru-sqlite-hashes.h"
#include "board/sqlite/booru-sqlite-search.h"
#include "board/sqlite/booru-sqlite-progress.h"
#include "board/sqlite/booru-sqlite-tags.h"
#include "board/sqlite/booru-sqlite-trouble.h"

#define DEFAULT_BUSY_TIMEOUT 5000
#define MAX_COMPILED_STATEMENTS 128
/* Bytes, as text: the most that SQLite allows. */
#define MMAP_SIZE "2147418112"
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
                   "Cannot read or write %s: %s%s%s. Look into the system's log for errors of the "
                   "disk",
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
  booru_sqlite_trouble_note (self, code, local_error);
  g_propagate_error (error, local_error);
  return FALSE;
}

void
booru_sqlite_statement_reset (BooruSqliteStatement *statement)
{
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}

static void
statement_finalize (gpointer statement)
{
  sqlite3_finalize (statement);
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
          self, "PRAGMA shrink_memory; PRAGMA mmap_size = 0; PRAGMA mmap_size = " MMAP_SIZE ";",
          &error))
    g_info ("%s", error->message);
}

static int
on_commit (void *data, sqlite3 *handle, const char *schema, int pages)
{
  BooruSqliteDb *self = data;

  self->wal_pages = pages;
  return SQLITE_OK;
}

static gboolean
configure (BooruSqliteDb *self, GError **error)
{
  sqlite3_extended_result_codes (self->handle, 1);
  sqlite3_busy_timeout (self->handle, self->busy_timeout);
  /* Checkpoints belong to the holder of the lock: booru-sqlite-write.c. */
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  /* The map is shared and clean: what it costs the kernel takes back when it likes. */
  if (!booru_sqlite_db_exec (self,
                             "PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = ON;"
                             "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"
                             "PRAGMA mmap_size = " MMAP_SIZE "; PRAGMA cache_size = -6144;",
                             error))
    return FALSE;
  if (!booru_sqlite_hashes_add_functions (self->handle)
      || !booru_sqlite_neighbours_add_functions (self->handle))
    return booru_sqlite_db_fail (self, sqlite3_extended_errcode (self->handle), error);
  /* Last: the pragma above takes the place of the hook. */
  sqlite3_wal_hook (self->handle, on_commit, self);
  return TRUE;
}

static BooruSqliteDb *
db_new (const char *path)
{
  BooruSqliteDb *self = g_new0 (BooruSqliteDb, 1);

  self->path = g_strdup (path);
  self->owner = getpid ();
  self->lock_fd = -1;
  self->busy_timeout = DEFAULT_BUSY_TIMEOUT;
  self->synchronous = -1;
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, statement_finalize);
  self->tags = booru_sqlite_tag_cache_new ();
  return self;
}

static gboolean
open_handle (BooruSqliteDb *self, int flags, GError **error)
{
  int code = sqlite3_open_v2 (self->path, &self->handle, flags | SQLITE_OPEN_NOMUTEX, "unix");

  if (code != SQLITE_OK)
    return booru_sqlite_db_fail (self, code, error);
  if ((flags & SQLITE_OPEN_READWRITE) && sqlite3_db_readonly (self->handle, "main") == 1)
    return booru_sqlite_db_fail (self, SQLITE_READONLY, error);
  return configure (self, error);
}

/* SQLite gives its log the mode of the database, and would give that one 0644. */
static gboolean
create_private (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd < 0 && errno != EEXIST)
    return booru_set_errno_error (error, errno, "Cannot create the database %s", path);
  if (fd >= 0)
    close (fd);
  return TRUE;
}

/* Of earlier versions, or restored. The group keeps what it was given. */
static void
close_to_others (const char *database, const struct stat *info)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };

  if (!S_ISREG (info->st_mode) || (info->st_mode & S_IRWXO) == 0 || info->st_uid != geteuid ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (database, suffixes[i], NULL);

      if (chmod (path, info->st_mode & 0770) != 0 && errno != ENOENT)
        g_message ("All users of this machine can read %s: %s", path, g_strerror (errno));
    }
}

static gboolean
check_place (BooruSqliteDb *self, const char *data_dir, BooruStoreOpenMode mode, GError **error)
{
  struct stat info;

  if (stat (data_dir, &info) != 0)
    return booru_set_errno_error (error, errno, "Cannot use the data folder %s", data_dir);
  if (!S_ISDIR (info.st_mode))
    return booru_set_errno_error (error, ENOTDIR, "Cannot use %s as data folder", data_dir);
  if (lstat (self->path, &info) == 0)
    {
      close_to_others (self->path, &info);
      if (S_ISREG (info.st_mode) || S_ISLNK (info.st_mode))
        return TRUE;
      return booru_sqlite_db_fail_corrupt (self, "it is not a regular file", error);
    }
  if (errno != ENOENT)
    return booru_set_errno_error (error, errno, "Cannot open the database %s", self->path);
  if (mode == BOORU_STORE_CREATE)
    return create_private (self->path, error);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
               "There is no database %s yet. Start booru-host once to create it", self->path);
  return FALSE;
}

/* SQLite would open what it can only read, and fail at the first write. */
static gboolean
check_rights (BooruSqliteDb *self, const char *data_dir, GError **error)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };

  if (faccessat (AT_FDCWD, data_dir, W_OK | X_OK, AT_EACCESS) != 0)
    return booru_set_errno_error (
        error, errno,
        "Cannot write to the data folder %s; give this user the right to, or "
        "use another data folder",
        data_dir);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (self->path, suffixes[i], NULL);

      if (faccessat (AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) != 0 && errno != ENOENT)
        return booru_set_errno_error (error, errno,
                                      "Cannot write to %s; give this user the right to", path);
    }
  return TRUE;
}

BooruSqliteDb *
booru_sqlite_db_open (const char *data_dir, BooruStoreOpenMode mode, GError **error)
{
  return booru_sqlite_db_open_with_progress (data_dir, mode, NULL, NULL, error);
}

/**
 * booru_sqlite_db_open_with_progress:
 * @data_dir: the data folder
 * @mode: whether to create and to migrate
 * @progress: (nullable): told how it gets on, if it takes long
 * @user_data: for @progress
 * @error: as booru_sqlite_store_open() says
 *
 * Returns: (transfer full): the connection
 */
BooruSqliteDb *
booru_sqlite_db_open_with_progress (const char *data_dir,
                                    BooruStoreOpenMode mode,
                                    BooruStoreProgress progress,
                                    gpointer user_data,
                                    GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, BOORU_FILE_DATABASE, NULL);
  g_autoptr (BooruSqliteDb) self = db_new (path);
  gboolean current = FALSE;

  if (!check_place (self, data_dir, mode, error) || !check_rights (self, data_dir, error)
      || !open_handle (
          self, SQLITE_OPEN_READWRITE | (mode == BOORU_STORE_CREATE ? SQLITE_OPEN_CREATE : 0),
          error)
      || !booru_sqlite_schema_check (self, &current, error)
      || !booru_sqlite_lock_open (self, data_dir, error))
    return NULL;

  if (!current)
    {
      if (mode != BOORU_STORE_CREATE)
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                       "The database %s is not ready: it is empty or of an older version. Start "
                       "booru-host once to bring it up to date",
                       self->path);
          return NULL;
        }
    }
  booru_sqlite_progress_begin (self, progress, user_data);
  if (!booru_sqlite_schema_enter_wal_mode (self, error)
      || (!current && !booru_sqlite_schema_migrate (self, error)))
    return NULL;
  booru_sqlite_progress_end (self);
  booru_sqlite_db_get_generation (self);
  return g_steal_pointer (&self);
}

BooruSqliteDb *
booru_sqlite_db_open_file (const char *path, int flags, GError **error)
{
  g_autoptr (BooruSqliteDb) self = db_new (path);
  struct stat info;

  if (!(flags & SQLITE_OPEN_CREATE) && stat (path, &info) != 0)
    {
      booru_set_errno_error (error, errno, "Cannot open the database %s", path);
      return NULL;
    }
  return open_handle (self, flags, error) ? g_steal_pointer (&self) : NULL;
}

void
booru_sqlite_db_close (BooruSqliteDb *self)
{
  booru_sqlite_db_clear_metrics (self);
  booru_sqlite_trouble_clear (self);
  /* In a forked child the connection is the parent's: closing it there would let go of its locks.
   */
  if (self->owner == getpid ())
    {
      g_hash_table_unref (self->statements);
      sqlite3_close_v2 (self->handle);
      if (self->lock_fd >= 0)
        close (self->lock_fd);
    }
  booru_sqlite_tag_cache_free (self->tags);
  g_free (self->path);
  g_free (self->lock_path);
  g_free (self->progress_what);
  g_free (self->fence_role);
  g_free (self);
}
