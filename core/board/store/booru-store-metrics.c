/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the store tells of itself, when somebody asks. */
#include "board/store/booru-store-private.h"

static const BooruMetricInfo posts = {
  .name = "booru_posts",
  .help = "Posts, by status.",
  .kind = BOORU_METRIC_GAUGE,
  .labels = { "status" },
  .shared = TRUE,
};

static void
count_posts (BooruMetrics *metrics, gpointer user_data)
{
  static const char *const names[] = { "active", "deleted", "missing", "expunged" };
  BooruStore *self = user_data;
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
  booru_metrics_add_collector (metrics, count_posts, self);
  booru_sql_set_metrics (self->sql, metrics);
}
