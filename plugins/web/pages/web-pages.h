/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTML side: pages and assets. */
#pragma once

#include "http/web-request.h"

G_BEGIN_DECLS

/* Adds the board's own pages, once their templates were found to be right. */
gboolean web_pages_add_routes (BooruExtensions *extensions, GError **error);

/* Once all plugins have extended the service: adds the routes of their pages. dev: the board's
 * templates and assets are read from the source tree. */
gboolean web_pages_start (BooruExtensions *extensions, gboolean dev, GError **error);

/* The hooks of these names. */
GBytes *web_pages_render_error (WebRequest *request, guint status, const char *message);
void web_pages_ask_login (WebRequest *request, guint status, const char *message);

G_END_DECLS
