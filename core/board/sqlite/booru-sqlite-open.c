/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening and closing a connection. */
#include "board/sqlite/booru-sqlite-progress.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "board/sqlite/booru-sqlite-functions.h"

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
  sqlite3_busy_timeout (self->handle, (int)booru_sql_get_timeout (BOORU_SQL (self)));
  /* Checkpoints belong to the holder of the lock: booru-sqlite-write.c. */
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  /* The map is shared and clean: what it costs the kernel takes back when it likes. Pages are not
   * checked when they are first used (cell_size_check): with a map that is each time, and took 40 %
   * of reading the rows of a page, 0.90 ms instead of 0.55 for 40 scattered posts. SQLite notices
   * damage where it meets it in any case; files that are examined are opened by
   * booru_sqlite_db_open_file(). */
  if (!booru_sqlite_db_exec (self,
                             "PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = ON;"
                             "PRAGMA temp_store = MEMORY;"
                             "PRAGMA mmap_size = " BOORU_SQLITE_MMAP_SIZE
                             "; PRAGMA cache_size = -6144;",
                             error))
    return FALSE;
  if (!booru_sqlite_add_functions (self->handle))
    return booru_sqlite_db_fail (self, sqlite3_extended_errcode (self->handle), error);
  /* Last: the pragma above takes the place of the hook. */
  sqlite3_wal_hook (self->handle, on_commit, self);
  return TRUE;
}

static BooruSqliteDb *
db_new (const char *path)
{
  BooruSqliteDb *self = g_object_new (BOORU_TYPE_SQLITE_DB, NULL);

  self->path = g_strdup (path);
  booru_sql_set_place (BOORU_SQL (self), path);
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
      return booru_sqlite_db_fail_corrupt (BOORU_SQL (self), "it is not a regular file", error);
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
booru_sqlite_db_open (const char *data_dir,
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

  if (!current && mode != BOORU_STORE_CREATE)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                   "The database %s is not ready: it is empty or of an older version. Start "
                   "booru-host once to bring it up to date",
                   self->path);
      return NULL;
    }
  booru_sqlite_progress_begin (self, progress, user_data);
  if (!booru_sqlite_schema_enter_wal_mode (self, error)
      || (!current && !booru_sqlite_schema_migrate (self, error)))
    return NULL;
  booru_sqlite_progress_end (self);
  booru_sql_get_generation (BOORU_SQL (self));
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
  return open_handle (self, flags, error)
                 && booru_sqlite_db_exec (self, "PRAGMA cell_size_check = ON", error)
             ? g_steal_pointer (&self)
             : NULL;
}
