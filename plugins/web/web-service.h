/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

#include "http/web-cache.h"
#include "web-metrics.h"
#include "web-settings.h"

G_BEGIN_DECLS

/**
 * WebService:
 *
 * A web worker: the store, the settings, the server. One for each process; a request leads to it
 * (web_request_get_service()).
 */
typedef struct _WebService WebService;

/* The service that the plugin registers. */
extern const BooruService web_service;

BooruStore *web_service_get_store (WebService *self);
const WebSettings *web_service_get_settings (WebService *self); /* until the next "configure" */
BooruServiceContext *web_service_get_context (WebService *self);
WebCache *web_service_get_cache (WebService *self); /* of answers */
WebMetrics *web_service_get_metrics (WebService *self);
GVariant *web_service_get_services (WebService *self);
gboolean web_service_is_quiescing (WebService *self);

/* What the process is at, for the host to name if it crashes or hangs: method and path, without the
 * query, which may hold secrets. NULL: nothing any more. */
void web_service_set_task (WebService *self, const char *method, const char *path);

/* Tells the other processes, and this one's own listeners, that posts changed. */
void web_service_posts_changed (WebService *self, const gint64 *ids, gsize n_ids);

G_END_DECLS
