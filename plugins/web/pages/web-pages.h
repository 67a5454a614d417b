/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTML side: pages and assets. */
#pragma once

#include "http/web-request.h"

G_BEGIN_DECLS

/* Parses the templates too. */
gboolean web_pages_add_routes (BooruExtensions *extensions, GError **error);

/**
 * web_pages_render_error:
 * @request: the request that failed
 * @status: HTTP status
 * @message: what went wrong, for the user
 *
 * Returns: (transfer full): an HTML page that says so
 */
GBytes *web_pages_render_error (WebRequest *request, guint status, const char *message);

G_END_DECLS
