/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-reader.h"

#include <string.h>
#include <sys/stat.h>

#include "decoder-bytes.h"

DecoderReader *
decoder_reader_new (int fd)
{
  DecoderReader *self;
  struct stat status;

  if (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode))
    return NULL;
  self = g_new (DecoderReader, 1);
  self->fd = fd;
  self->size = status.st_size;
  self->start = 0;
  self->length = 0;
  return self;
}

DecoderReader *
decoder_reader_new_for_bytes (const guint8 *data, gsize length)
{
  DecoderReader *self = g_new (DecoderReader, 1);

  self->fd = -1;
  self->start = 0;
  self->length = MIN (length, sizeof self->window);
  self->size = (goffset)self->length;
  if (self->length > 0)
    memcpy (self->window, data, self->length);
  return self;
}

/* Whether @at is in the window, which is moved there if need be. */
static gboolean
move_window (DecoderReader *self, goffset at)
{
  gssize length;

  if (at >= self->start && at < self->start + (goffset)self->length)
    return TRUE;
  if (at < 0 || at >= self->size)
    return FALSE;
  length = decoder_read_at (self->fd, self->window, sizeof self->window, at);
  self->start = at;
  self->length = (gsize)MAX (length, 0);
  return length > 0;
}

guint8
decoder_reader_get (DecoderReader *self, goffset at)
{
  return move_window (self, at) ? self->window[at - self->start] : 0;
}

guint64
decoder_reader_get_number (DecoderReader *self, goffset at, guint n, gboolean big_endian)
{
  guint64 value = 0;

  for (guint i = 0; i < n; i++)
    value = value << 8 | decoder_reader_get (self, at + (big_endian ? i : n - 1 - i));
  return value;
}

gboolean
decoder_reader_has (DecoderReader *self, goffset at, const char *bytes, gsize n)
{
  if (at < 0 || at > self->size - (goffset)n)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (decoder_reader_get (self, at + (goffset)i) != (guint8)bytes[i])
      return FALSE;
  return TRUE;
}

goffset
decoder_reader_find (DecoderReader *self, goffset at, guint8 byte)
{
  while (move_window (self, at))
    {
      const guint8 *from = self->window + (at - self->start);
      goffset end = self->start + (goffset)self->length;
      const guint8 *found = memchr (from, byte, (gsize)(end - at));

      if (found != NULL)
        return at + (found - from);
      at = end;
    }
  return self->size;
}

goffset
decoder_reader_find_content_end (DecoderReader *self)
{
  goffset end = self->size;

  while (end > 0)
    {
      goffset from = MAX (0, end - DECODER_READER_WINDOW);

      if (!move_window (self, from))
        return end;
      while (end > from && decoder_reader_get (self, end - 1) == 0)
        end--;
      if (end > from)
        return end;
    }
  return 0;
}
