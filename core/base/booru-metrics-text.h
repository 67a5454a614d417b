/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/booru-metrics.h"

G_BEGIN_DECLS

#define BOORU_METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/**
 * BooruMetricsText:
 *
 * Brings the metrics of several processes together, in Prometheus' text format.
 */
typedef struct _BooruMetricsText BooruMetricsText;

BooruMetricsText *booru_metrics_text_new (void);

/* process: the label that tells it from the others; NULL: none. */
void booru_metrics_text_add (BooruMetricsText *self, const char *process, GVariant *metrics);
char *booru_metrics_text_finish (BooruMetricsText *self); /* transfer full; frees self */
void booru_metrics_text_free (BooruMetricsText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruMetricsText, booru_metrics_text_free)

G_END_DECLS
