/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-request.h"

G_BEGIN_DECLS

/**
 * WebServer:
 *
 * Takes connections from the shared listening socket and leads their requests to the routes.
 */
typedef struct _WebServer WebServer;

typedef void (*WebServerDoneFunc) (gpointer user_data);

WebServer *web_server_new (WebService *service, WebRouter *router, int listener, GError **error);
void web_server_free (WebServer *self);
void web_server_configure (WebServer *self, const WebSettings *settings);

/* done: when the last connection has gone; never from inside this call. */
void
web_server_quiesce (WebServer *self, gint64 patience, WebServerDoneFunc done, gpointer user_data);
guint web_server_get_n_connections (WebServer *self);

/* Cuts the connection that the message came by. */
void web_server_abort_message (SoupServerMessage *message);

/* Transfer full; ready when its client has closed. NULL: there is no connection any more. */
GSource *web_server_create_hangup_source (SoupServerMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebServer, web_server_free)

G_END_DECLS
