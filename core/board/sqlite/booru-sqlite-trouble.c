/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wrong with the database lastingly, as its users have found out: a disk that is full, a
 * lock that is not let go of, damage. While all is well this costs nothing. While it is not, a
 * write is tried now and then, so that the end of it is noticed though nobody else writes. */
#include "board/sqlite/booru-sqlite-trouble.h"

#include "base/booru-error.h"

#define RETRY_SECONDS 15

static void
tell (BooruSqliteDb *self)
{
  self->trouble_func (self->trouble, self->trouble_data);
}

static void
end (BooruSqliteDb *self)
{
  if (self->trouble == NULL || self->trouble->code == BOORU_ERROR_CORRUPT)
    return;
  g_clear_handle_id (&self->trouble_retry, g_source_remove);
  g_clear_error (&self->trouble);
  tell (self);
}

/* Writes a page of the database with what is in it. */
static gboolean
write_version (BooruSqliteDb *self, gpointer data, GError **error)
{
  g_autofree char *sql = NULL;
  gint64 version;

  if (!booru_sqlite_schema_read_version (self, &version, error))
    return FALSE;
  sql = g_strdup_printf ("PRAGMA user_version = %" G_GINT64_FORMAT, version);
  return booru_sqlite_db_exec (self, sql, error);
}

/* Nobody waits for it, so it does not wait for anybody. */
static gboolean
on_retry (gpointer user_data)
{
  BooruSqliteDb *self = user_data;
  guint usual = self->busy_timeout;

  self->busy_timeout = 0;
  sqlite3_busy_timeout (self->handle, 0);
  self->trouble_renewed = FALSE;
  booru_sqlite_db_write (self, BOORU_SQLITE_NORMAL, write_version, NULL, NULL);
  self->busy_timeout = usual;
  sqlite3_busy_timeout (self->handle, (int)usual);

  /* That something else forbids it, such as a lease that was lost, is no trouble of the database.
   */
  if (self->trouble_renewed)
    return G_SOURCE_CONTINUE;
  end (self);
  self->trouble_retry = 0;
  return G_SOURCE_REMOVE;
}

/* Whether it is one that lasts, rather than one of the operation that met it. */
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

/* @code: what SQLite returned; @error: what was made of it. */
static void
on_outcome (BooruSqliteDb *self, int code, const GError *error)
{
  gboolean damaged = self->trouble && self->trouble->code == BOORU_ERROR_CORRUPT;

  if (code == SQLITE_OK)
    end (self);
  if (!is_lasting (code))
    return;
  self->trouble_renewed = TRUE;
  if (damaged || (self->trouble && self->trouble->code == error->code))
    return;
  g_clear_error (&self->trouble);
  self->trouble = g_error_copy (error);
  /* Damage does not heal. */
  if (error->code != BOORU_ERROR_CORRUPT && self->trouble_retry == 0)
    self->trouble_retry = g_timeout_add_seconds (RETRY_SECONDS, on_retry, self);
  tell (self);
}

/**
 * booru_sqlite_trouble_watch:
 * @func: (nullable): called with what is wrong, and with %NULL when it is over
 * @user_data: for @func
 *
 * From the main loop's thread only.
 */
void
booru_sqlite_trouble_watch (BooruSqliteDb *self, BooruStoreTrouble func, gpointer user_data)
{
  self->on_outcome = func ? on_outcome : NULL;
  self->trouble_func = func;
  self->trouble_data = user_data;
}

void
booru_sqlite_trouble_clear (BooruSqliteDb *self)
{
  g_clear_handle_id (&self->trouble_retry, g_source_remove);
  g_clear_error (&self->trouble);
}
