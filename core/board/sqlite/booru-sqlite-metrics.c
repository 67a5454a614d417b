/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the database tells of itself, when somebody asks. */
#include "board/sqlite/booru-sqlite-db.h"

#include <sys/stat.h>

static const BooruMetricInfo lock_wait = {
  .name = "booru_store_lock_wait_seconds",
  .help = "Time that writes waited for the write lock of the database.",
  .kind = BOORU_METRIC_HISTOGRAM,
  .buckets = { 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5 },
};
static const BooruMetricInfo busy = {
  .name = "booru_store_busy_errors_total",
  .help = "Writes given up because another process wrote for too long.",
  .kind = BOORU_METRIC_COUNTER,
};
static const BooruMetricInfo database_size = {
  .name = "booru_store_database_size_bytes",
  .help = "Size of the database file.",
  .kind = BOORU_METRIC_GAUGE,
  .shared = TRUE,
};
static const BooruMetricInfo wal_size = {
  .name = "booru_store_wal_size_bytes",
  .help = "Size of the database's write-ahead log.",
  .kind = BOORU_METRIC_GAUGE,
  .shared = TRUE,
};
static double
get_file_size (const char *path)
{
  struct stat info;

  return stat (path, &info) == 0 ? (double)info.st_size : 0;
}

static void
collect (BooruMetrics *metrics, gpointer user_data)
{
  BooruSqliteDb *self = user_data;
  g_autofree char *wal = g_strconcat (self->path, "-wal", NULL);

  booru_metric_set (booru_metrics_get (metrics, &database_size), get_file_size (self->path));
  booru_metric_set (booru_metrics_get (metrics, &wal_size), get_file_size (wal));
}

void
booru_sqlite_db_set_metrics (BooruSql *sql, BooruMetrics *metrics)
{
  BooruSqliteDb *self = booru_sqlite_db_of (sql);

  g_return_if_fail (self->metrics == NULL);

  self->metrics = metrics;
  self->lock_wait = booru_metrics_get (metrics, &lock_wait);
  self->busy = booru_metrics_get (metrics, &busy);
  booru_metrics_add_collector (metrics, collect, self);
}

void
booru_sqlite_db_clear_metrics (BooruSqliteDb *self)
{
  booru_metrics_remove_collector (self->metrics, self);
  self->metrics = NULL;
  self->lock_wait = self->busy = NULL;
}
