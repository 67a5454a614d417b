/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the store tells of itself, when somebody asks. */
#include "board/store/booru-store-index-private.h"

static const BooruMetricInfo posts = {
  .name = "booru_posts",
  .help = "Posts, by status.",
  .kind = BOORU_METRIC_GAUGE,
  .labels = { "status" },
  .shared = TRUE,
};

static void
count_posts (BooruMetrics *metrics, BooruStore *self)
{
  static const char *const names[] = { "active", "deleted", "missing", "expunged" };
  g_autoptr (BooruSqlStatement) rows = booru_sql_query (self->sql, NULL, "count-posts", "");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    booru_metric_set (booru_metrics_get (metrics, &posts, names[i]), 0);
  while (booru_sql_step (rows, NULL) == BOORU_SQL_ROW)
    {
      gint64 status = booru_sql_get_number (rows, 0);

      if (status >= 0 && status < (gint64)G_N_ELEMENTS (names))
        booru_metric_set (booru_metrics_get (metrics, &posts, names[status]),
                          (double)booru_sql_get_number (rows, 1));
    }
}

static const BooruMetricInfo index_written = {
  .name = "booru_index_write_time_seconds",
  .help = "When a file of the search index was written last, in seconds since 1970; 0: never.",
  .kind = BOORU_METRIC_GAUGE,
  .shared = TRUE,
};
static const BooruMetricInfo index_size = {
  .name = "booru_index_size_bytes",
  .help = "Size of the files of the search index.",
  .kind = BOORU_METRIC_GAUGE,
  .shared = TRUE,
};
static const BooruMetricInfo index_blocks = {
  .name = "booru_index_blocks",
  .help = "Blocks of the search index: mapped from a file, in memory, or missing until needed.",
  .kind = BOORU_METRIC_GAUGE,
  .labels = { "state" },
};
static const BooruMetricInfo index_changed = {
  .name = "booru_index_changed_posts",
  .help = "Posts kept in memory because they changed since their file was written.",
  .kind = BOORU_METRIC_GAUGE,
};
static const BooruMetricInfo index_built = {
  .name = "booru_index_built_blocks_total",
  .help = "Blocks of the search index that were built from the store.",
  .kind = BOORU_METRIC_COUNTER,
};
static const BooruMetricInfo index_damaged = {
  .name = "booru_index_damaged_files_total",
  .help = "Files of the search index that could not be used, and were not simply missing.",
  .kind = BOORU_METRIC_COUNTER,
};

/* Of a process that has searched. What it knows of the files is brought up to date. */
static void
measure_index (BooruMetrics *metrics, BooruStore *self)
{
  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  BooruIndexStats stats;

  booru_index_catch_up (self->index->index, NULL);
  booru_index_get_stats (self->index->index, &stats);
  booru_metric_set (booru_metrics_get (metrics, &index_written),
                    (double)stats.written_at / G_USEC_PER_SEC);
  booru_metric_set (booru_metrics_get (metrics, &index_size), (double)stats.n_bytes);
  booru_metric_set (booru_metrics_get (metrics, &index_blocks, "mapped"), stats.n_mapped);
  booru_metric_set (booru_metrics_get (metrics, &index_blocks, "memory"), stats.n_in_memory);
  booru_metric_set (booru_metrics_get (metrics, &index_blocks, "missing"), stats.n_missing);
  booru_metric_set (booru_metrics_get (metrics, &index_changed), stats.n_changed);
  booru_metric_set (booru_metrics_get (metrics, &index_built), stats.n_built);
  booru_metric_set (booru_metrics_get (metrics, &index_damaged), stats.n_damaged);
}

static void
collect (BooruMetrics *metrics, gpointer user_data)
{
  BooruStore *self = user_data;

  count_posts (metrics, self);
  if (self->index != NULL)
    measure_index (metrics, self);
}

typedef struct
{
  BooruMetrics *metrics;
  BooruStore *store;
} Collection;

static void
collection_free (gpointer data)
{
  Collection *self = data;

  booru_metrics_remove_collector (self->metrics, self->store);
  g_free (self);
}

void
booru_store_set_metrics (BooruStore *self, BooruMetrics *metrics)
{
  Collection *collection;

  g_return_if_fail (BOORU_IS_STORE (self) && metrics != NULL);

  collection = g_new0 (Collection, 1);
  collection->metrics = metrics;
  collection->store = self;
  booru_store_own (self, collection, collection_free);
  booru_metrics_add_collector (metrics, collect, self);
  booru_sql_set_metrics (self->sql, metrics);
}
