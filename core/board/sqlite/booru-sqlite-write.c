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
                     self->path, self->busy_timeout / 1000.0);

  booru_metric_inc (self->busy);
  if (self->on_outcome)
    self->on_outcome (self, SQLITE_BUSY, local_error);
  g_propagate_error (error, local_error);
  return FALSE;
}

/**
 * booru_sqlite_lock_acquire:
 * @error: BOORU_ERROR_BUSY when another process holds it for longer than the busy timeout
 *
 * Takes the write lock. It is asked for without blocking, so that the wait is bounded; the pauses
 * grow and differ from process to process, so that no two keep step.
 */
gboolean
booru_sqlite_lock_acquire (BooruSqliteDb *self, GError **error)
{
  gint64 began = g_get_monotonic_time ();
  gint64 deadline = began + self->busy_timeout * (gint64)1000;
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
          deadline += self->busy_timeout * (gint64)1000;
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
set_synchronous (BooruSqliteDb *self, BooruSqliteDurability durability, GError **error)
{
  int synchronous = durability == BOORU_SQLITE_DURABLE ? 2 : 1;

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
      sqlite3_busy_timeout (self->handle, self->busy_timeout);
    }
  self->wal_checkpointed = self->wal_pages;
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
    {
      g_autoptr (GError) error = NULL;

      booru_sqlite_db_fail (self, code, &error);
      g_warning ("The database's log could not be written back: %s", error->message);
    }
}

gboolean
booru_sqlite_db_fail_fenced (BooruSqliteDb *self, const char *role, gint64 token, GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_FENCED,
               "Nothing was written to %s: the lease of the %s's role (token %" G_GINT64_FORMAT
               ") was lost to another process, or released",
               self->path, role, token);
  return FALSE;
}

/* Within each write transaction: what it finds holds until that ends. */
static gboolean
check_fence (BooruSqliteDb *self, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = NULL;
  int code;

  if (self->fence_role == NULL)
    return TRUE;
  statement = booru_sqlite_db_statement (self, "check-fence", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, self->fence_role, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, self->fence_token);
  code = booru_sqlite_db_step (self, statement, error);
  if (code == SQLITE_DONE)
    return booru_sqlite_db_fail_fenced (self, self->fence_role, self->fence_token, error);
  return code == SQLITE_ROW;
}

static gboolean
run_transaction (BooruSqliteDb *self, BooruSqliteWriteFunc func, gpointer data, GError **error)
{
  if (!booru_sqlite_db_exec (self, "BEGIN IMMEDIATE", error))
    return FALSE;

  /* From here on nobody else writes: what is cached is compared with this very state. */
  booru_sqlite_db_get_generation (self);
  if (check_fence (self, error) && func (self, data, error)
      && booru_sqlite_db_exec (self, "COMMIT", error))
    {
      self->generation++;
      return TRUE;
    }

  /* SQLite has rolled back by itself after some failures. */
  if (!sqlite3_get_autocommit (self->handle))
    booru_sqlite_db_exec (self, "ROLLBACK", NULL);
  self->generation++;
  return FALSE;
}

/**
 * booru_sqlite_db_write:
 * @durability: how sure it must be when this returns
 * @func: makes the changes; %FALSE with an error rolls all of them back
 * @data: for @func
 * @error: @func's, or the database's: BOORU_ERROR_BUSY, BOORU_ERROR_LIMIT, …
 *
 * Runs @func in a transaction of its own, holding the write lock. Every writer goes through here.
 *
 * Returns: %TRUE if it is committed
 */
gboolean
booru_sqlite_db_write (BooruSqliteDb *self,
                       BooruSqliteDurability durability,
                       BooruSqliteWriteFunc func,
                       gpointer data,
                       GError **error)
{
  gboolean committed;

  if (self->owner != getpid ())
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED,
                   "%s was opened by process %d and cannot be written to by its child %d; open it "
                   "again after fork()",
                   self->path, (int)self->owner, (int)getpid ());
      return FALSE;
    }
  g_return_val_if_fail (sqlite3_get_autocommit (self->handle), FALSE);

  if (!booru_sqlite_lock_acquire (self, error))
    return FALSE;
  committed
      = set_synchronous (self, durability, error) && run_transaction (self, func, data, error);
  if (committed)
    {
      if (self->on_outcome)
        self->on_outcome (self, SQLITE_OK, NULL);
      checkpoint (self);
    }
  booru_sqlite_lock_release (self);
  return committed;
}
