/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *web_content_get_type (const char *ext); /* Content-Type of a canonical extension */
gboolean web_content_is_active (const char *ext);   /* a document that could run scripts */
/* Transfer full: value of Content-Disposition for a file name of raw bytes, as RFC 6266 has it: in
 * ASCII for old clients, and in UTF-8 (RFC 5987). */
char *web_content_make_disposition (const char *file_name);

G_END_DECLS
