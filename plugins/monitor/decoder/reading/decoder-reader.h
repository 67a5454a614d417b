/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file read at any offset through a window, so that byte-wise access is cheap. Bytes beyond the
 * end read as 0. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DECODER_READER_WINDOW (64 * 1024)

typedef struct
{
  int fd;
  goffset size;
  goffset start; /* of the window */
  gsize length;
  guint8 window[DECODER_READER_WINDOW];
} DecoderReader;

/* NULL if @fd is not a regular file; free with g_free(). */
DecoderReader *decoder_reader_new (int fd);

/* The same for bytes in memory, as many as fit the window. */
DecoderReader *decoder_reader_new_for_bytes (const guint8 *data, gsize length);

guint8 decoder_reader_get (DecoderReader *self, goffset at);

/* A number of @n bytes, at most eight. */
guint64 decoder_reader_get_number (DecoderReader *self, goffset at, guint n, gboolean big_endian);

gboolean decoder_reader_has (DecoderReader *self, goffset at, const char *bytes, gsize n);

/* The next offset of @byte from @at on; the size if there is none. */
goffset decoder_reader_find (DecoderReader *self, goffset at, guint8 byte);

/* The end of the content without trailing zeros. */
goffset decoder_reader_find_content_end (DecoderReader *self);

G_END_DECLS
