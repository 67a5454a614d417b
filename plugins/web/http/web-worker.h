/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

#include "web-cache.h"
#include "web-head.h"
#include "web-logins.h"
#include "web-metrics.h"
#include "web-passwords.h"
#include "web-rates.h"
#include "web-settings.h"

G_BEGIN_DECLS

typedef struct _WebRequest WebRequest;
typedef struct _WebPrefilter WebPrefilter;

/**
 * WebWorker:
 *
 * What requests need of their process: the store, the settings, the cache of answers. One for each
 * process; a request leads to it (web_request_get_worker()).
 */
typedef struct _WebWorker WebWorker;

/* What rooms above this one do for each request. */
typedef struct
{
  /* Transfer full: an HTML page that says what went wrong. */
  GBytes *(*render_error) (WebRequest *request, guint status, const char *message);

  /* Answers with a page that asks to sign in, and that keeps what the form of the request holds. */
  void (*ask_login) (WebRequest *request, guint status, const char *message);

  /* Whether the whole answer to a GET of "/thumbnails/…" was put into @answer, after what its head
   * begins with. FALSE: it is up to the routes. */
  gboolean (*answer_thumbnail) (WebWorker *worker, const WebSlice *path, WebPrefilter *answer);
} WebHooks;

/* hooks: outlive the worker. BOORU_ERROR_CONFIG, or those of opening the store. */
WebWorker *web_worker_new (BooruServiceContext *context, const WebHooks *hooks, GError **error);
void web_worker_free (WebWorker *self);
void web_worker_configure (WebWorker *self); /* the context's configuration changed */
void web_worker_set_quiescing (WebWorker *self);

BooruStore *web_worker_get_store (WebWorker *self);
const WebSettings *web_worker_get_settings (WebWorker *self); /* until the next "configure" */
BooruServiceContext *web_worker_get_context (WebWorker *self);
const WebHooks *web_worker_get_hooks (WebWorker *self);
WebCache *web_worker_get_cache (WebWorker *self);     /* of answers */
WebChanges *web_worker_get_changes (WebWorker *self); /* of the store */

/* Whether the folder of originals and thumbnails is there, so that what is not found in it does not
 * exist. While it is away, the service is degraded. */
gboolean web_worker_has_files (WebWorker *self);
WebMetrics *web_worker_get_metrics (WebWorker *self);
gboolean web_worker_is_quiescing (WebWorker *self);

WebLogins *web_worker_get_logins (WebWorker *self);       /* who requests come from */
WebPasswords *web_worker_get_passwords (WebWorker *self); /* a thread that checks them */
WebRates *web_worker_get_rates (WebWorker *self);         /* of what users write */

/* The states of all services of the program, an a{ss} as of BOORU_EVENT_SERVICES; NULL: not heard
 * yet. */
GVariant *web_worker_get_services (WebWorker *self);

/* The request in progress, which the host names if the process crashes or hangs: method and path,
 * without the query, which may hold secrets. NULL: none. */
void web_worker_set_task (WebWorker *self, const char *method, const char *path);

/* Tells the other processes, and this one's own listeners, that posts changed. */
void web_worker_jobs_changed (WebWorker *self, gint64 id); /* asked for, or stopped */
void web_worker_posts_changed (WebWorker *self, const gint64 *ids, gsize n_ids);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebWorker, web_worker_free)

G_END_DECLS
