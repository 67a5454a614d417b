/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The driver of SQLite: one connection, and the write discipline. */
#pragma once

#include <sqlite3.h>

#include "board/booru-store.h"
#include "board/sql/booru-sql-driver.h"

G_BEGIN_DECLS

/* "Boor", so that file(1) and we know the database from others. */
#define BOORU_SQLITE_APPLICATION_ID 0x426f6f72

/* Bytes, as text: the most that SQLite allows. */
#define BOORU_SQLITE_MMAP_SIZE "2147418112"

/**
 * BooruSqliteDb:
 *
 * A connection to an SQLite database and what is kept with it. Belongs to one thread of one
 * process: after a fork() it refuses to write, because SQLite's locks do not survive one.
 */
#define BOORU_TYPE_SQLITE_DB (booru_sqlite_db_get_type ())
G_DECLARE_FINAL_TYPE (BooruSqliteDb, booru_sqlite_db, BOORU, SQLITE_DB, BooruSql)

struct _BooruSqliteDb
{
  BooruSql parent;

  sqlite3 *handle;
  char *path;
  pid_t owner;
  sqlite3_stmt *begin_read, *end_read, *data_version; /* NULL: not prepared yet */

  int lock_fd; /* BOORU_FILE_WRITE_LOCK, O_CLOEXEC */
  char *lock_path;
  int synchronous;      /* as last set, -1: not yet */
  int wal_pages;        /* in the WAL after our last commit */
  int wal_checkpointed; /* wal_pages at our last checkpoint */

  BooruStoreProgress progress; /* while it is being opened; NULL: nobody wants to know */
  gpointer progress_data;
  char *progress_what;
  gint64 progress_told; /* monotonic time, µs */

  BooruMetrics *metrics;  /* not owned; NULL: nobody counts, nor do those below */
  BooruMetric *lock_wait; /* histogram, seconds */
  BooruMetric *busy;
};

/* Where a driver's function is called, it is one. */
static inline BooruSqliteDb *
booru_sqlite_db_of (BooruSql *sql)
{
  return (BooruSqliteDb *)sql;
}

/* As booru_store_open(). */
BooruSqliteDb *booru_sqlite_db_open (const char *data_dir,
                                     BooruStoreOpenMode mode,
                                     BooruStoreProgress progress,
                                     gpointer user_data,
                                     GError **error);
/* Any database file, as it is: without looking at its schema and without the write lock. @flags: of
 * sqlite3_open_v2(). BOORU_ERROR_NOT_FOUND unless it is to be created. */
BooruSqliteDb *booru_sqlite_db_open_file (const char *path, int flags, GError **error);

/* booru-sqlite-error.c. Sets @error from the connection's last failure @code, extended codes
 * included. Returns FALSE. */
gboolean booru_sqlite_db_fail (BooruSqliteDb *self, int code, GError **error);
gboolean booru_sqlite_db_fail_corrupt (BooruSql *sql, const char *what, GError **error);

gboolean booru_sqlite_db_exec (BooruSqliteDb *self, const char *sql, GError **error);

/* booru-sqlite-statement.c */
void booru_sqlite_statement_class_init (BooruSqlClass *klass);

/* booru-sqlite-schema.c: brings a database of whatever age to this program's version, or says why
 * it can't. */
gboolean booru_sqlite_schema_check (BooruSqliteDb *self, gboolean *current, GError **error);
gboolean booru_sqlite_schema_read_version (BooruSqliteDb *self, gint64 *version, GError **error);

/* Unless it is in it. */
gboolean booru_sqlite_schema_enter_wal_mode (BooruSqliteDb *self, GError **error);
gboolean booru_sqlite_schema_migrate (BooruSqliteDb *self, GError **error);

/* booru-sqlite-write.c */
void booru_sqlite_write_class_init (BooruSqlClass *klass);

/* A transaction below booru_sql_write(): for making the tables that that one needs. */
typedef gboolean (*BooruSqliteWriteFunc) (BooruSqliteDb *self, gpointer data, GError **error);
gboolean booru_sqlite_db_write (BooruSqliteDb *self,
                                BooruSqliteWriteFunc func,
                                gpointer data,
                                GError **error);

/* The lock that each write and each checkpoint holds. */
gboolean booru_sqlite_lock_open (BooruSqliteDb *self, const char *data_dir, GError **error);
gboolean booru_sqlite_lock_acquire (BooruSqliteDb *self, GError **error);
void booru_sqlite_lock_release (BooruSqliteDb *self);

/* booru-sqlite-metrics.c */
void booru_sqlite_db_set_metrics (BooruSql *sql, BooruMetrics *metrics);
void booru_sqlite_db_clear_metrics (BooruSqliteDb *self);

G_END_DECLS
