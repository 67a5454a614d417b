/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pages that other plugins add (BooruWebPage). */
#pragma once

#include "http/web-router.h"

G_BEGIN_DECLS

/* Adds a route for each page, and for its form. Once all plugins have extended the service. */
void web_plugin_pages_add_routes (BooruExtensions *extensions);

/* Adds the menu entries of those whose routes are served. */
void web_plugin_pages_fill_menu (BooruExtensions *extensions, const WebRouter *router);

G_END_DECLS
