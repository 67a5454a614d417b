/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/booru-metrics.h"
#include "board/booru-store.h"

G_BEGIN_DECLS

/**
 * BooruSqliteStore:
 *
 * A #BooruStore in an SQLite database.
 */
#define BOORU_TYPE_SQLITE_STORE (booru_sqlite_store_get_type ())
G_DECLARE_FINAL_TYPE (BooruSqliteStore, booru_sqlite_store, BOORU, SQLITE_STORE, GObject)

/**
 * BooruStoreOpenMode:
 * @BOORU_STORE_READ_WRITE: the database must exist
 * @BOORU_STORE_CREATE: create and migrate the database if need be: for the monitor, or whoever is
 *   first
 *
 * How a store is opened.
 */
typedef enum
{
  BOORU_STORE_READ_WRITE,
  BOORU_STORE_CREATE,
} BooruStoreOpenMode;

/**
 * booru_sqlite_store_open:
 * @data_dir: the data folder, which exists
 * @mode: whether to create a missing database and migrate an older one
 * @error: %BOORU_ERROR_TOO_NEW, %BOORU_ERROR_CORRUPT, %BOORU_ERROR_DENIED, %BOORU_ERROR_LIMIT;
 *   %BOORU_ERROR_NOT_FOUND without %BOORU_STORE_CREATE
 *
 * Not to be used across a fork(): the child opens its own.
 *
 * Returns: (transfer full): the store in @data_dir
 */
BooruStore *booru_sqlite_store_open (const char *data_dir, BooruStoreOpenMode mode, GError **error);

/**
 * BooruStoreProgress:
 * @what: what is being done, for people
 * @seconds: the next call comes within this time
 * @user_data: as given to booru_sqlite_store_open_with_progress()
 *
 * Told that opening a store makes progress.
 */
typedef void (*BooruStoreProgress) (const char *what, guint seconds, gpointer user_data);

/**
 * booru_sqlite_store_open_with_progress:
 * @data_dir: the data folder, which exists
 * @mode: whether to create a missing database and migrate an older one
 * @progress: (scope call): called about once a second, if it takes longer than that
 * @user_data: for @progress
 * @error: as booru_sqlite_store_open()
 *
 * Like booru_sqlite_store_open(), for callers that have to show that they do not hang: a migration
 * may take minutes. Also waits, for as long as it takes, while another process of this program
 * migrates the database.
 *
 * Returns: (transfer full): the store in @data_dir
 */
BooruStore *booru_sqlite_store_open_with_progress (const char *data_dir,
                                                   BooruStoreOpenMode mode,
                                                   BooruStoreProgress progress,
                                                   gpointer user_data,
                                                   GError **error);

/**
 * booru_sqlite_store_set_busy_timeout:
 * @self: a store
 * @milliseconds: 5000 by default
 *
 * Sets how long a write waits for another writer before it fails with %BOORU_ERROR_BUSY.
 */
void booru_sqlite_store_set_busy_timeout (BooruSqliteStore *self, guint milliseconds);

/**
 * BooruSqliteClock:
 * @now: (out): microseconds
 * @boot_id: (out) (transfer none): the boot's id
 * @user_data: as given to booru_sqlite_store_set_clock()
 *
 * Replaces CLOCK_BOOTTIME and the kernel's boot id, for tests of leases.
 */
typedef void (*BooruSqliteClock) (gint64 *now, const char **boot_id, gpointer user_data);

/**
 * booru_sqlite_store_set_clock:
 * @self: a store
 * @clock: (scope forever): the clock to use
 * @user_data: for @clock
 *
 * For tests.
 */
void
booru_sqlite_store_set_clock (BooruSqliteStore *self, BooruSqliteClock clock, gpointer user_data);

/**
 * BooruStoreTrouble:
 * @error: (nullable): a lasting fault, such as a full disk, a lock that another program keeps, or
 *   damage; %NULL: it is over
 * @user_data: as given to booru_sqlite_store_watch_trouble()
 *
 * Told of lasting faults of a store.
 */
typedef void (*BooruStoreTrouble) (const GError *error, gpointer user_data);

/**
 * booru_sqlite_store_watch_trouble:
 * @self: a store that is used in the thread of the main loop
 * @func: (scope forever): called when an operation finds a fault, and when a later one shows that
 * it is over
 * @user_data: for @func
 *
 * While there is a fault, a small write is tried every 15 seconds, so that its end is noticed in
 * any case. Damage has no end.
 */
void booru_sqlite_store_watch_trouble (BooruSqliteStore *self,
                                       BooruStoreTrouble func,
                                       gpointer user_data);

/**
 * booru_sqlite_store_set_metrics:
 * @self: a store
 * @metrics: a registry that outlives it
 *
 * Has the store's waits, sizes and posts counted. Can be called once.
 */
void booru_sqlite_store_set_metrics (BooruSqliteStore *self, BooruMetrics *metrics);

/**
 * booru_sqlite_store_get_library_version:
 *
 * Returns: (transfer none): the version of SQLite at run time: "3.40.1"
 */
const char *booru_sqlite_store_get_library_version (void);

G_END_DECLS
