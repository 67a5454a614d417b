/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compression of what is sent (RFC 9110, 8.4 and 12.5.3). */
#pragma once

#include <gio/gio.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* value: of Accept-Encoding; need not be terminated */
gboolean web_encoding_accepts_gzip (const char *value, gsize length);

/* Whether answers to @path of this type and size are compressed for those who accept it. */
gboolean web_encoding_is_wanted (const char *path, const char *content_type, gsize size);

/* Transfer full: the body as it is sent: compressed, if the client takes gzip and it is worth it.
 * headers: of the answer, whose type is set; get what the encoding asks for. */
GBytes *
web_encoding_apply (const char *path, SoupMessageHeaders *headers, gboolean accepted, GBytes *body);

/* Transfer full; NULL: it would not get smaller. */
GBytes *web_encoding_gzip (GBytes *body, int level);

/* Runs all of @input through @converter. NULL: it fails, or the result is larger than @max_size. */
/* Transfer full. */
GBytes *web_encoding_convert (GConverter *converter, GBytes *input, gsize max_size);

G_END_DECLS
