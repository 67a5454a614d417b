/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * WebMetrics:
 *
 * What a worker counts and measures. The members may be counted in directly.
 */
typedef struct
{
  BooruServiceContext *context; /* not owned */
  BooruMetrics *registry;       /* its own */
  GHashTable *routes;           /* BooruRoute, NULL for none -> what is counted of it */

  BooruMetric *connections, *cache_size;  /* gauges: set when somebody asks */
  BooruMetric *accepted, *refused;        /* connections */
  BooruMetric *cache_hits, *cache_misses; /* answers */
  BooruMetric *sent;                      /* bytes */
} WebMetrics;

WebMetrics *web_metrics_new (BooruServiceContext *context);
void web_metrics_free (WebMetrics *self);

/* Counts a request that was answered, and tells the host. route: NULL: none; began: when the
 * request had been read; monotonic time, µs. */
void web_metrics_count (WebMetrics *self,
                        const BooruRoute *route,
                        const char *method,
                        guint status,
                        gint64 began);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebMetrics, web_metrics_free)

G_END_DECLS
