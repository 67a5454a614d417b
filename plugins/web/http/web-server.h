/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-router.h"
#include "web-worker.h"

G_BEGIN_DECLS

/**
 * WebServer:
 *
 * Takes connections from the shared listening socket and leads their requests to the routes.
 */
typedef struct _WebServer WebServer;

typedef void (*WebServerDoneFunc) (gpointer user_data);

/* Accepts connections from the context's listening socket from now on. The worker and its routes
 * outlive the server. BOORU_ERROR_CONFIG. */
WebServer *web_server_new (WebWorker *worker, const WebRouter *router, GError **error);
void web_server_free (WebServer *self);
void web_server_configure (WebServer *self); /* the settings changed */

/* Takes no new connections. What is in flight is finished; who sends one more request on a
 * connection that exists gets an answer, and is told that it was the last one. patience: how long a
 * connection is kept on which nothing happens, in µs; may be called again with less. done: when the
 * last connection has gone; never from inside this call. */
void
web_server_quiesce (WebServer *self, gint64 patience, WebServerDoneFunc done, gpointer user_data);
guint web_server_get_n_connections (WebServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebServer, web_server_free)

G_END_DECLS
