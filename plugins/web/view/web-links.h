/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Puts the path of the base URL in front of each link of a page that begins with a slash. The page
 * is one of ours: attributes in double quotes, values escaped. */
void web_links_add_base_path (GString *html, const char *base_path);

G_END_DECLS
