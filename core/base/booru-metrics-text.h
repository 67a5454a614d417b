/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/booru-metrics.h"

G_BEGIN_DECLS

/**
 * BOORU_METRICS_CONTENT_TYPE:
 *
 * The media type of Prometheus' text format.
 */
#define BOORU_METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/**
 * BooruMetricsText:
 *
 * Merges the metrics of several processes into one page of Prometheus' text format.
 */
typedef struct _BooruMetricsText BooruMetricsText;

/**
 * booru_metrics_text_new:
 *
 * Returns: (transfer full): an empty page
 */
BooruMetricsText *booru_metrics_text_new (void);

/**
 * booru_metrics_text_add:
 * @self: a page
 * @process: (nullable): value of the label "process", which tells processes apart
 * @metrics: the result of that process's booru_metrics_to_variant()
 *
 * Adds the metrics of one process, leaving out malformed ones.
 */
void booru_metrics_text_add (BooruMetricsText *self, const char *process, GVariant *metrics);

/**
 * booru_metrics_text_finish:
 * @self: (transfer full): a page
 *
 * Returns: (transfer full): the page, sorted by name, each metric with HELP and TYPE
 */
char *booru_metrics_text_finish (BooruMetricsText *self);

/**
 * booru_metrics_text_free:
 * @self: (transfer full): a page
 */
void booru_metrics_text_free (BooruMetricsText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruMetricsText, booru_metrics_text_free)

G_END_DECLS
