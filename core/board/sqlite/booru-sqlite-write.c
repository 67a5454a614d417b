/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The write discipline.
 *
 * SQLite 3.7.0 to 3.51.2 can lose committed pages when a checkpoint of one process races a write of
 * another (the "WAL reset" bug). So SQLite's own checkpoints are off, and one lock file is held
 * exclusively for each write transaction and each checkpoint alike. As SQLite has one writer at a
 * time anyway, that costs next to nothing, and it also spares waiting writers SQLite's own sleeps.
 */
#include "board/sqlite/booru-sqlite-progress.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"

/* Pages in the WAL beyond which a commit is followed by a checkpoint. */
#define CHECKPOINT_PAGES 1000
/* When readers have kept the WAL from being used anew for this long, they are waited for a little.
 */
#define CHECKPOINT_INSIST_PAGES 16000
#define CHECKPOINT_INSIST_TIMEOUT 100 /* milliseconds */

/* Microseconds between two tries to take the lock: doubling from the first to the second. */
#define BACKOFF_MIN 25
#define BACKOFF_MAX 8000
/* While another process migrates the database. */
#define BACKOFF_PATIENT 250000

gboolean
booru_sqlite_lock_open (BooruSqliteDb *self, const char *data_dir, GError **error)
{
  self->lock_path = g_build_filename (data_dir, BOORU_FILE_WRITE_LOCK, NULL);
  self->lock_fd = open (self->lock_path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (self->lock_fd < 0)
    return booru_set_errno_error (error, errno, "Cannot open the lock file %s", self->lock_path);
  return TRUE;
}

static gboolean
fail_busy (BooruSqliteDb *self, GError **error)
{
  GError *local_error
      = g_error_new (BOORU_ERROR, BOORU_ERROR_BUSY,
                     "Another process has been writing to %s for more than %g seconds. Nothing was "
                     "changed; try again later",
                     self->path, booru_sql_get_timeout (&self->parent) / 1000.0);

  booru_metric_inc (self->busy);
  booru_sql_report (&self->parent, local_error, TRUE);
  g_propagate_error (error, local_error);
  return FALSE;
}

/* It is asked for without blocking, so that the wait is bounded; the pauses grow and differ from
 * process to process, so that no two keep step. */
gboolean
booru_sqlite_lock_acquire (BooruSqliteDb *self, GError **error)
{
  gint64 began = g_get_monotonic_time ();
  gint64 deadline = began + booru_sql_get_timeout (&self->parent) * (gint64)1000;
  guint pause = BACKOFF_MIN, longest = BACKOFF_MAX;

  while (flock (self->lock_fd, LOCK_EX | LOCK_NB) != 0)
    {
      gint64 left = deadline - g_get_monotonic_time ();

      if (errno != EWOULDBLOCK && errno != EINTR)
        return booru_set_errno_error (error, errno, "Cannot lock %s", self->lock_path);
      /* Whoever holds it is of this program, and is seen to by its own host. */
      if (left <= 0
          && booru_sqlite_progress_tell (self,
                                         "waiting for another process to migrate the database"))
        {
          deadline += booru_sql_get_timeout (&self->parent) * (gint64)1000;
          longest = BACKOFF_PATIENT;
          continue;
        }
      if (left <= 0)
        {
          booru_metric_observe_since (self->lock_wait, began);
          return fail_busy (self, error);
        }
      g_usleep (MIN (left, (gint64)g_random_int_range (pause / 2, pause + 1)));
      pause = MIN (pause * 2, longest);
    }
  booru_metric_observe_since (self->lock_wait, began);
  return TRUE;
}

void
booru_sqlite_lock_release (BooruSqliteDb *self)
{
  flock (self->lock_fd, LOCK_UN);
}

static gboolean
set_synchronous (BooruSqliteDb *self, BooruSqlDurability durability, GError **error)
{
  int synchronous = durability == BOORU_SQL_DURABLE ? 2 : 1;

  if (self->synchronous == synchronous)
    return TRUE;
  if (!booru_sqlite_db_exec (
          self, synchronous == 2 ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
          error))
    return FALSE;
  self->synchronous = synchronous;
  return TRUE;
}

/* Called with the lock held. What fails here was committed before: it is only a warning. */
static void
checkpoint (BooruSqliteDb *self)
{
  int code;

  /* The WAL was used anew from its start since. */
  if (self->wal_pages < self->wal_checkpointed)
    self->wal_checkpointed = 0;
  if (self->wal_pages - self->wal_checkpointed < CHECKPOINT_PAGES)
    return;

  booru_sqlite_progress_tell (self, "writing the migrated database back");
  if (self->wal_pages < CHECKPOINT_INSIST_PAGES)
    code = sqlite3_wal_checkpoint_v2 (self->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  else
    {
      sqlite3_busy_timeout (self->handle, CHECKPOINT_INSIST_TIMEOUT);
      code = sqlite3_wal_checkpoint_v2 (self->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
      sqlite3_busy_timeout (self->handle, booru_sql_get_timeout (&self->parent));
    }
  self->wal_checkpointed = self->wal_pages;
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
    {
      g_autoptr (GError) error = NULL;

      booru_sqlite_db_fail (self, code, &error);
      g_warning ("The database's log could not be written back: %s", error->message);
    }
}

static gboolean
check_owner (BooruSqliteDb *self, GError **error)
{
  if (self->owner == getpid ())
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED,
               "%s was opened by process %d and cannot be written to by its child %d; open it "
               "again after fork()",
               self->path, (int)self->owner, (int)getpid ());
  return FALSE;
}

static gboolean
begin (BooruSql *sql, BooruSqlDurability durability, GError **error)
{
  BooruSqliteDb *self = booru_sqlite_db_of (sql);

  g_return_val_if_fail (sqlite3_get_autocommit (self->handle), FALSE);

  if (!check_owner (self, error) || !booru_sqlite_lock_acquire (self, error))
    return FALSE;
  if (set_synchronous (self, durability, error)
      && booru_sqlite_db_exec (self, "BEGIN IMMEDIATE", error))
    return TRUE;
  booru_sqlite_lock_release (self);
  return FALSE;
}

static void
rollback (BooruSql *sql)
{
  BooruSqliteDb *self = booru_sqlite_db_of (sql);

  /* SQLite has rolled back by itself after some failures. */
  if (!sqlite3_get_autocommit (self->handle))
    booru_sqlite_db_exec (self, "ROLLBACK", NULL);
  booru_sqlite_lock_release (self);
}

static gboolean
commit (BooruSql *sql, GError **error)
{
  BooruSqliteDb *self = booru_sqlite_db_of (sql);

  if (!booru_sqlite_db_exec (self, "COMMIT", error))
    {
      rollback (sql);
      return FALSE;
    }
  checkpoint (self);
  booru_sqlite_lock_release (self);
  return TRUE;
}

gboolean
booru_sqlite_db_write (BooruSqliteDb *self,
                       BooruSqliteWriteFunc func,
                       gpointer data,
                       GError **error)
{
  BooruSql *sql = &self->parent;

  if (!begin (sql, BOORU_SQL_DURABLE, error))
    return FALSE;
  if (func (self, data, error))
    return commit (sql, error);
  rollback (sql);
  return FALSE;
}

void
booru_sqlite_write_class_init (BooruSqlClass *klass)
{
  klass->begin = begin;
  klass->commit = commit;
  klass->rollback = rollback;
}
