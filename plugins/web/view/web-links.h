/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Puts the path of the base URL in front of each link of a page that begins with a slash. The page
 * is one of ours: attributes in double quotes, values escaped. */
void web_links_add_base_path (GString *html, const char *base_path);

/* Adds a field "token" to each form that is posted. */
void web_links_add_token (GString *html, const char *token);

G_END_DECLS
