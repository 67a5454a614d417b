/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-service-set.h"

G_BEGIN_DECLS

/**
 * BooruHostMetrics:
 *
 * One page of the metrics of all processes, collected when somebody asks.
 */
typedef struct _BooruHostMetrics BooruHostMetrics;

/* @services: unowned, outlive it; @started_at: monotonic time, µs. */
BooruHostMetrics *booru_host_metrics_new (BooruServiceSet *services, gint64 started_at);
void booru_host_metrics_free (BooruHostMetrics *self);

/* @task: transfer full: returns the page, a GVariant of type s, within a second or so. Concurrent
 * requests share the answer in flight. */
void booru_host_metrics_ask (BooruHostMetrics *self, GTask *task);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruHostMetrics, booru_host_metrics_free)

G_END_DECLS
