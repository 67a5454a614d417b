/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "base/booru-metrics.h"

G_BEGIN_DECLS

/**
 * BooruCollector:
 *
 * Asks all processes at once for their metrics and makes one page of the answers. Who does not
 * answer within a second is left out, but for what /proc says of it.
 */
typedef struct _BooruCollector BooruCollector;

/* text: transfer full */
typedef void (*BooruCollectorFunc) (char *text, gpointer user_data);

BooruCollector *booru_collector_new (BooruCollectorFunc done, gpointer user_data);

/* What the host itself says; transfer none. */
BooruMetrics *booru_collector_get_metrics (BooruCollector *self);
void booru_collector_ask (BooruCollector *self, const char *process, GPid pid, GDBusProxy *child);
void booru_collector_add_host (BooruCollector *self); /* this process */
void booru_collector_run (BooruCollector *self);
void booru_collector_forget (BooruCollector *self);

G_END_DECLS
