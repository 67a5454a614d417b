/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/sqlite/booru-sqlite-db.h"

#include <gio/gio.h>
#include <unistd.h>

#include "booru-sqlite-resources.h"

#define OWN_TEXTS "/org/booru/sqlite/sql/"

G_DEFINE_FINAL_TYPE (BooruSqliteDb, booru_sqlite_db, BOORU_TYPE_SQL)

/* Runs one of the few statements that are no one's but the driver's; returns its code. */
static int
run_own (BooruSqliteDb *self, sqlite3_stmt **statement, const char *sql, gint64 *number)
{
  int code = SQLITE_OK;

  if (*statement == NULL)
    code = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);
  if (code != SQLITE_OK)
    return code;
  code = sqlite3_step (*statement);
  if (code == SQLITE_ROW && number != NULL)
    *number = sqlite3_column_int64 (*statement, 0);
  sqlite3_reset (*statement);
  return code;
}

static gboolean
begin_read (BooruSql *sql)
{
  BooruSqliteDb *self = BOORU_SQLITE_DB (sql);

  return sqlite3_get_autocommit (self->handle)
         && run_own (self, &self->begin_read, "BEGIN", NULL) == SQLITE_DONE;
}

static void
end_read (BooruSql *sql)
{
  BooruSqliteDb *self = BOORU_SQLITE_DB (sql);

  run_own (self, &self->end_read, "COMMIT", NULL);
}

static gint64
get_version (BooruSql *sql)
{
  BooruSqliteDb *self = BOORU_SQLITE_DB (sql);
  gint64 version = -1;

  return run_own (self, &self->data_version, "PRAGMA data_version", &version) == SQLITE_ROW
             ? version
             : -1;
}

static void
set_timeout (BooruSql *sql, guint milliseconds)
{
  sqlite3_busy_timeout (BOORU_SQLITE_DB (sql)->handle, (int)milliseconds);
}

/* Gives back the cache of pages, and the pages of the map that this process has looked at. */
static void
trim (BooruSql *sql)
{
  g_autoptr (GError) error = NULL;

  if (!booru_sqlite_db_exec (
          BOORU_SQLITE_DB (sql),
          "PRAGMA shrink_memory; PRAGMA mmap_size = 0; PRAGMA mmap_size = " BOORU_SQLITE_MMAP_SIZE
          ";",
          &error))
    g_info ("%s", error->message);
}

static char *
describe (BooruSql *sql)
{
  return g_strdup_printf ("SQLite %s", sqlite3_libversion ());
}

static void
booru_sqlite_db_finalize (GObject *object)
{
  BooruSqliteDb *self = BOORU_SQLITE_DB (object);

  booru_sqlite_db_clear_metrics (self);
  /* In a forked child the connection is the parent's: closing it there would let go of its locks.
   */
  if (self->owner == getpid ())
    {
      booru_sql_clear_statements (BOORU_SQL (self));
      sqlite3_finalize (self->begin_read);
      sqlite3_finalize (self->end_read);
      sqlite3_finalize (self->data_version);
      sqlite3_close_v2 (self->handle);
      if (self->lock_fd >= 0)
        close (self->lock_fd);
    }
  g_free (self->path);
  g_free (self->lock_path);
  g_free (self->progress_what);
  G_OBJECT_CLASS (booru_sqlite_db_parent_class)->finalize (object);
}

static void
booru_sqlite_db_class_init (BooruSqliteDbClass *klass)
{
  BooruSqlClass *sql_class = BOORU_SQL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = booru_sqlite_db_finalize;
  g_resources_register (booru_sqlite_get_resource ());
  sql_class->resources = OWN_TEXTS;
  sql_class->begin_read = begin_read;
  sql_class->end_read = end_read;
  sql_class->get_version = get_version;
  sql_class->fail_corrupt = booru_sqlite_db_fail_corrupt;
  sql_class->set_timeout = set_timeout;
  sql_class->trim = trim;
  sql_class->set_metrics = booru_sqlite_db_set_metrics;
  sql_class->describe = describe;
  booru_sqlite_statement_class_init (sql_class);
  booru_sqlite_write_class_init (sql_class);
}

static void
booru_sqlite_db_init (BooruSqliteDb *self)
{
  self->owner = getpid ();
  self->lock_fd = -1;
  self->synchronous = -1;
}
