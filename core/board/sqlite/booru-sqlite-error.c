/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From SQLite's codes to errors that say what was tried, on what, and what to do. */
#include "board/sqlite/booru-sqlite-db.h"

#include <errno.h>
#include <gio/gio.h>

#include "base/booru-error.h"

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
booru_sqlite_db_fail_corrupt (BooruSql *sql, const char *what, GError **error)
{
  BooruSqliteDb *self = booru_sqlite_db_of (sql);
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
      return booru_sqlite_db_fail_corrupt (&self->parent, message, error);
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

/* Whether it is of the database rather than of the operation that met it. */
static gboolean
is_lasting (int code)
{
  switch (code & 0xff)
    {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return TRUE;
    default:
      return FALSE;
    }
}

gboolean
booru_sqlite_db_fail (BooruSqliteDb *self, int code, GError **error)
{
  GError *local_error = NULL;

  set_error (self, code, &local_error);
  booru_sql_report (&self->parent, local_error, is_lasting (code));
  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
booru_sqlite_db_exec (BooruSqliteDb *self, const char *sql, GError **error)
{
  int code;

  errno = 0;
  code = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);
  return code == SQLITE_OK || booru_sqlite_db_fail (self, code, error);
}
