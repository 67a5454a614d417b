/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One connection to the database: opening, errors, statements, the write discipline. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "base/booru-metrics.h"
#include "board/sqlite/booru-sqlite-store.h"

G_BEGIN_DECLS

/* "Boor", so that file(1) and we know the database from others. */
#define BOORU_SQLITE_APPLICATION_ID 0x426f6f72

/* Bytes, as text: the most that SQLite allows. */
#define BOORU_SQLITE_MMAP_SIZE "2147418112"

typedef struct _BooruSqliteTagCache BooruSqliteTagCache;
typedef struct _BooruSqliteDb BooruSqliteDb;

/**
 * BooruSqliteDb:
 *
 * A connection and what is kept with it. Belongs to one thread of one process: after a fork() it
 * refuses to write, because SQLite's locks do not survive one.
 */
struct _BooruSqliteDb
{
  sqlite3 *handle;
  char *path;
  pid_t owner;
  GHashTable *statements; /* name or text -> prepared sqlite3_stmt */

  int lock_fd; /* BOORU_FILE_WRITE_LOCK, O_CLOEXEC */
  char *lock_path;
  guint busy_timeout;   /* milliseconds */
  int synchronous;      /* as last set, -1: not yet */
  int wal_pages;        /* in the WAL after our last commit */
  int wal_checkpointed; /* wal_pages at our last checkpoint */

  guint64 generation;
  gint64 data_version; /* as last seen */

  char *fence_role; /* whose lease each write demands; NULL: none */
  gint64 fence_token;
  BooruSqliteClock clock; /* NULL: the machine's */
  gpointer clock_data;

  BooruStoreProgress progress; /* while it is being opened; NULL: nobody wants to know */
  gpointer progress_data;
  char *progress_what;
  gint64 progress_told; /* monotonic time, µs */

  /* Told of each failure, and with SQLITE_OK of each write that succeeds; NULL: nobody is. */
  void (*on_outcome) (BooruSqliteDb *self, int code, const GError *error);
  BooruStoreTrouble trouble_func; /* NULL: nobody wants to know */
  gpointer trouble_data;
  GError *trouble; /* that lasts; NULL: none */
  gboolean trouble_renewed;
  guint trouble_retry; /* source */

  BooruSqliteTagCache *tags;

  BooruMetrics *metrics;  /* not owned; NULL: nobody counts, nor do those below */
  BooruMetric *lock_wait; /* histogram, seconds */
  BooruMetric *busy;
};

BooruSqliteDb *booru_sqlite_db_open (const char *data_dir, BooruStoreOpenMode mode, GError **error);
BooruSqliteDb *booru_sqlite_db_open_with_progress (const char *data_dir,
                                                   BooruStoreOpenMode mode,
                                                   BooruStoreProgress progress,
                                                   gpointer user_data,
                                                   GError **error);
/* Any database file, as it is: without looking at its schema and without the write lock. @flags: of
 * sqlite3_open_v2(). BOORU_ERROR_NOT_FOUND unless it is to be created. */
BooruSqliteDb *booru_sqlite_db_open_file (const char *path, int flags, GError **error);
void booru_sqlite_db_close (BooruSqliteDb *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruSqliteDb, booru_sqlite_db_close)

/* Sets @error from the connection's last failure @code. Returns FALSE always. */
gboolean booru_sqlite_db_fail (BooruSqliteDb *self, int code, GError **error);
gboolean booru_sqlite_db_fail_corrupt (BooruSqliteDb *self, const char *what, GError **error);

/* Differs after each write of anybody; also when a transaction of ours was rolled back. */
guint64 booru_sqlite_db_get_generation (BooruSqliteDb *self);
void booru_sqlite_db_trim (BooruSqliteDb *self);

/* schema.c: brings a database of whatever age to this program's version, or says why it can't. */
gboolean booru_sqlite_schema_check (BooruSqliteDb *self, gboolean *current, GError **error);
gboolean booru_sqlite_schema_read_version (BooruSqliteDb *self, gint64 *version, GError **error);

/* Unless it is in it. */
gboolean booru_sqlite_schema_enter_wal_mode (BooruSqliteDb *self, GError **error);
gboolean booru_sqlite_schema_migrate (BooruSqliteDb *self, GError **error);

/* A prepared statement that the connection keeps. An autoptr resets it and forgets its bindings, so
 * that it holds no snapshot and no memory of the caller's. */
typedef sqlite3_stmt BooruSqliteStatement;
void booru_sqlite_statement_reset (BooruSqliteStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruSqliteStatement, booru_sqlite_statement_reset)

/* @name: of a resource in sql/, without ".sql". */
BooruSqliteStatement *
booru_sqlite_db_statement (BooruSqliteDb *self, const char *name, GError **error);
/* For SQL that the query compiler made. A bounded number of them is kept. */
BooruSqliteStatement *
booru_sqlite_db_prepare (BooruSqliteDb *self, const char *sql, GError **error);

/* SQLITE_ROW, SQLITE_DONE, or another code with @error set. */
int booru_sqlite_db_step (BooruSqliteDb *self, BooruSqliteStatement *statement, GError **error);
/* Runs a statement that returns no rows. */
gboolean booru_sqlite_db_run (BooruSqliteDb *self, BooruSqliteStatement *statement, GError **error);
gboolean booru_sqlite_db_exec (BooruSqliteDb *self, const char *sql, GError **error);

/* A path: BLOB, NULL for NULL; not copied. */
void booru_sqlite_bind_bytes (BooruSqliteStatement *statement, int index, const char *bytes);
void booru_sqlite_bind_id (BooruSqliteStatement *statement, int index, gint64 id); /* 0: NULL */
char *booru_sqlite_column_bytes (BooruSqliteStatement *statement, int column); /* transfer full */

/* A consistent view over several reading statements. Nests; inside a write it is the write's. */
typedef struct
{
  BooruSqliteDb *db; /* NULL: nothing to end */
} BooruSqliteSnapshot;
BooruSqliteSnapshot booru_sqlite_db_snapshot (BooruSqliteDb *self);
void booru_sqlite_snapshot_end (BooruSqliteSnapshot *snapshot);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruSqliteSnapshot, booru_sqlite_snapshot_end)

typedef enum
{
  BOORU_SQLITE_NORMAL,  /* survives a crash of the program; the last of it may go with the power */
  BOORU_SQLITE_DURABLE, /* fsynced before the function returns */
} BooruSqliteDurability;

typedef gboolean (*BooruSqliteWriteFunc) (BooruSqliteDb *self, gpointer data, GError **error);

/* The one way to write: see booru-sqlite-write.c. */
gboolean booru_sqlite_db_write (BooruSqliteDb *self,
                                BooruSqliteDurability durability,
                                BooruSqliteWriteFunc func,
                                gpointer data,
                                GError **error);

/* BOORU_ERROR_FENCED: the lease that writes demand was lost. Always FALSE. */
gboolean
booru_sqlite_db_fail_fenced (BooruSqliteDb *self, const char *role, gint64 token, GError **error);

/* The lock that each write and each checkpoint holds: see booru-sqlite-write.c. */
gboolean booru_sqlite_lock_open (BooruSqliteDb *self, const char *data_dir, GError **error);
gboolean booru_sqlite_lock_acquire (BooruSqliteDb *self, GError **error);
void booru_sqlite_lock_release (BooruSqliteDb *self);

/* booru-sqlite-metrics.c */
void booru_sqlite_db_set_metrics (BooruSqliteDb *self, BooruMetrics *metrics);
void booru_sqlite_db_clear_metrics (BooruSqliteDb *self);

G_END_DECLS
