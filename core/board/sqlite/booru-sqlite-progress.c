/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Saying that the opening of a database gets on. SQLite calls back between the steps of its virtual
 * machine, so that what is said is true; but not within one sort or one sync, for which there is
 * time enough. */
#include "board/sqlite/booru-sqlite-progress.h"

/* Steps of the virtual machine between two looks at the clock: a few milliseconds. */
#define STEPS 100000
#define INTERVAL G_USEC_PER_SEC

/* Within these many seconds it is heard of again. */
#define PATIENCE 300

static void
tell (BooruSqliteDb *self, const char *what)
{
  self->progress_told = g_get_monotonic_time ();
  self->progress (what, PATIENCE, self->progress_data);
}

static int
on_steps (void *data)
{
  BooruSqliteDb *self = data;

  if (g_get_monotonic_time () - self->progress_told >= INTERVAL)
    tell (self, self->progress_what);
  return 0;
}

/**
 * booru_sqlite_progress_begin:
 * @progress: (nullable): is told from now on
 * @data: for @progress
 */
void
booru_sqlite_progress_begin (BooruSqliteDb *self, BooruStoreProgress progress, gpointer data)
{
  self->progress = progress;
  self->progress_data = data;
}

/**
 * booru_sqlite_progress_set:
 * @what: (transfer full): what the database is at from now on; told only if that takes long
 */
void
booru_sqlite_progress_set (BooruSqliteDb *self, char *what)
{
  g_free (self->progress_what);
  self->progress_what = what;
  self->progress_told = g_get_monotonic_time ();
  if (self->progress)
    sqlite3_progress_handler (self->handle, STEPS, on_steps, self);
}

/**
 * booru_sqlite_progress_tell:
 * @what: what it is at, now and until it says something else
 *
 * Returns: whether anybody is told
 */
gboolean
booru_sqlite_progress_tell (BooruSqliteDb *self, const char *what)
{
  if (self->progress == NULL)
    return FALSE;
  tell (self, what);
  return TRUE;
}

void
booru_sqlite_progress_end (BooruSqliteDb *self)
{
  if (self->progress_what)
    sqlite3_progress_handler (self->handle, 0, NULL, NULL);
  g_clear_pointer (&self->progress_what, g_free);
  self->progress = NULL;
}
