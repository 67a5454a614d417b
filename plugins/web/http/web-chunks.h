/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WebChunks:
 *
 * Follows the framing of a chunked body (RFC 9112, 7.1) without taking it apart: where it ends, and
 * whether it is well-formed. The server library takes a malformed size for 0, and a trailer or the
 * end of the connection for the end of the body.
 */
typedef struct
{
  guint state;
  guint64 left; /* bytes of the chunk */
  guint n_line; /* bytes of the line */
  guint n_trailers;
} WebChunks;

typedef enum
{
  WEB_CHUNKS_MORE,
  WEB_CHUNKS_END,
  WEB_CHUNKS_BAD,
} WebChunksResult;

void web_chunks_init (WebChunks *self);
/* Feeds what came next. @used: how much of it belonged to the body; the rest stays as it was.
 * @kept: how much is left of that: trailers, which mean nothing here, are removed. */
WebChunksResult web_chunks_feed (WebChunks *self, char *data, gsize size, gsize *used, gsize *kept);

G_END_DECLS
