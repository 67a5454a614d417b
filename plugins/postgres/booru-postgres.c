/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The object. */
#include "booru-postgres-private.h"

#include <unistd.h>

#include "base/booru-error.h"
#include "board/drivers/booru-driver.h"
#include "booru-postgres-resources.h"

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

G_DEFINE_FINAL_TYPE (BooruPostgres, booru_postgres, BOORU_TYPE_SQL)

static gboolean
fail_corrupt (BooruSql *sql, const char *what, GError **error)
{
  BooruPostgres *self = BOORU_POSTGRES (sql);
  GError *failure
      = g_error_new (BOORU_ERROR, BOORU_ERROR_CORRUPT,
                     "What is in %s cannot be: %s. Restore it from a backup", self->place, what);

  booru_sql_report (sql, failure, TRUE);
  g_propagate_error (error, failure);
  return FALSE;
}

static void
set_metrics (BooruSql *sql, BooruMetrics *metrics)
{
  BooruPostgres *self = BOORU_POSTGRES (sql);

  self->lock_wait = metrics != NULL ? booru_metrics_get (metrics, &lock_wait) : NULL;
  self->busy = metrics != NULL ? booru_metrics_get (metrics, &busy) : NULL;
}

static char *
describe (BooruSql *sql)
{
  BooruPostgres *self = BOORU_POSTGRES (sql);
  int version = self->connection != NULL ? PQserverVersion (self->connection) : 0;

  if (version == 0)
    return g_strdup ("PostgreSQL, not connected");
  return g_strdup_printf ("PostgreSQL %d.%d", version / 10000, version % 10000);
}

static void
booru_postgres_finalize (GObject *object)
{
  BooruPostgres *self = BOORU_POSTGRES (object);

  booru_sql_clear_statements (BOORU_SQL (self));
  booru_postgres_close (self);
  g_free (self->info);
  g_free (self->place);
  g_free (self->failure);
  G_OBJECT_CLASS (booru_postgres_parent_class)->finalize (object);
}

static void
booru_postgres_class_init (BooruPostgresClass *klass)
{
  BooruSqlClass *sql_class = BOORU_SQL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = booru_postgres_finalize;
  g_resources_register (booru_postgres_get_resource ());
  sql_class->resources = "/org/booru/postgres/queries/";
  booru_postgres_statement_init_class (sql_class);
  booru_postgres_transaction_init_class (sql_class);
  sql_class->fail_corrupt = fail_corrupt;
  sql_class->set_metrics = set_metrics;
  sql_class->describe = describe;
}

static void
booru_postgres_init (BooruPostgres *self)
{
  self->owner = getpid ();
  self->version = -1;
}

static BooruSql *
open_database (const char *database,
               BooruStoreOpenMode mode,
               BooruStoreProgress progress,
               gpointer data,
               GError **error)
{
  g_autoptr (BooruPostgres) self = g_object_new (BOORU_TYPE_POSTGRES, NULL);

  self->progress = progress;
  self->progress_data = data;
  self->progress_what = "connecting to the database";
  if (!booru_postgres_set_database (self, database, error) || !booru_postgres_connect (self, error)
      || !booru_postgres_schema_open (self, mode, error))
    return NULL;
  self->progress = NULL;
  return BOORU_SQL (g_steal_pointer (&self));
}

BOORU_DRIVER_DEFINE ("postgres", open_database)
