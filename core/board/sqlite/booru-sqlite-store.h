/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/booru-metrics.h"
#include "board/booru-store.h"

G_BEGIN_DECLS

#define BOORU_TYPE_SQLITE_STORE (booru_sqlite_store_get_type ())
G_DECLARE_FINAL_TYPE (BooruSqliteStore, booru_sqlite_store, BOORU, SQLITE_STORE, GObject)

typedef enum
{
  BOORU_STORE_READ_WRITE,

  /* Create the database and carry out migrations: the monitor, or the first that comes. */
  BOORU_STORE_CREATE,
} BooruStoreOpenMode;

/**
 * booru_sqlite_store_open:
 * @data_dir: the data folder, which exists
 * @mode: whether a missing database is made and an older one migrated
 * @error: BOORU_ERROR_TOO_NEW, BOORU_ERROR_CORRUPT, BOORU_ERROR_DENIED, BOORU_ERROR_LIMIT,
 *   BOORU_ERROR_NOT_FOUND without BOORU_STORE_CREATE
 *
 * Not to be used across a fork(): the child opens its own.
 *
 * Returns: (transfer full): the store in @data_dir
 */
BooruStore *booru_sqlite_store_open (const char *data_dir, BooruStoreOpenMode mode, GError **error);

/* Says that the opening gets on: with @what, for people; @seconds: within which it is heard of
 * again. */
typedef void (*BooruStoreProgress) (const char *what, guint seconds, gpointer user_data);

/**
 * booru_sqlite_store_open_with_progress:
 * @data_dir: the data folder, which exists
 * @mode: whether a missing database is made and an older one migrated
 * @progress: told about once a second, if it takes longer than that
 * @user_data: for @progress
 * @error: as booru_sqlite_store_open()
 *
 * Like booru_sqlite_store_open(), for whoever has to show that it does not hang: a migration may
 * take minutes. It also waits for another process of this program that migrates the database, for
 * as long as that takes.
 *
 * Returns: (transfer full): the store in @data_dir
 */
BooruStore *booru_sqlite_store_open_with_progress (const char *data_dir,
                                                   BooruStoreOpenMode mode,
                                                   BooruStoreProgress progress,
                                                   gpointer user_data,
                                                   GError **error);

/* How long a write waits for another writer before it gives up with BOORU_ERROR_BUSY: 5000 ms. */
void booru_sqlite_store_set_busy_timeout (BooruSqliteStore *self, guint milliseconds);

/* For tests: what leases are measured by, instead of CLOCK_BOOTTIME and the kernel's boot id. */
typedef void (*BooruSqliteClock) (gint64 *now, const char **boot_id, gpointer user_data);
void
booru_sqlite_store_set_clock (BooruSqliteStore *self, BooruSqliteClock clock, gpointer user_data);

/* Something is wrong with the store that lasts, such as a full disk, a lock that another program
 * does not let go of, or damage; %NULL: it is over. */
typedef void (*BooruStoreTrouble) (const GError *error, gpointer user_data);
void booru_sqlite_store_watch_trouble (BooruSqliteStore *self,
                                       BooruStoreTrouble func,
                                       gpointer user_data);

/* Has the store's waits, sizes and posts counted in @metrics, which outlives it. Once. */
void booru_sqlite_store_set_metrics (BooruSqliteStore *self, BooruMetrics *metrics);

const char *booru_sqlite_store_get_library_version (void); /* of SQLite, as it runs: "3.40.1" */

G_END_DECLS
