/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-chunks.h"

#include <string.h>

/* The library reads sizes into a buffer of 128 bytes (soup-body-input-stream.c). */
#define MAX_LINE 120
#define MAX_TRAILERS 100
#define MAX_CHUNK (G_GUINT64_CONSTANT (1) << 56)

enum
{
  STATE_SIZE,
  STATE_EXTENSION,
  STATE_SIZE_LF,
  STATE_DATA,
  STATE_DATA_CR,
  STATE_DATA_LF,
  STATE_TRAILER,
  STATE_TRAILER_LF,
  STATE_LAST_LF,
  STATE_END,
  STATE_BAD,
};

void
web_chunks_init (WebChunks *self)
{
  memset (self, 0, sizeof *self);
}

static guint
take_size (WebChunks *self, char c)
{
  gint digit = g_ascii_xdigit_value (c);

  if (digit >= 0)
    {
      self->left = self->left << 4 | (guint64)digit;
      self->n_line++;
      return self->left < MAX_CHUNK && self->n_line < MAX_LINE ? STATE_SIZE : STATE_BAD;
    }
  if (self->n_line == 0)
    return STATE_BAD;
  if (c == '\r')
    return STATE_SIZE_LF;
  return c == ';' || c == ' ' || c == '\t' ? STATE_EXTENSION : STATE_BAD;
}

/* A line of which nothing matters but its end. */
static guint
take_text (WebChunks *self, char c, guint same, guint next)
{
  if (c == '\r')
    return next;
  if (++self->n_line >= MAX_LINE || c == '\n' || c == '\0')
    return STATE_BAD;
  return same;
}

static guint
begin_line (WebChunks *self, guint state)
{
  self->n_line = 0;
  return state;
}

static guint
take (WebChunks *self, char c)
{
  switch (self->state)
    {
    case STATE_SIZE:
      return take_size (self, c);
    case STATE_EXTENSION:
      return take_text (self, c, STATE_EXTENSION, STATE_SIZE_LF);
    case STATE_SIZE_LF:
      if (c != '\n')
        return STATE_BAD;
      return begin_line (self, self->left > 0 ? STATE_DATA : STATE_TRAILER);
    case STATE_DATA_CR:
      return c == '\r' ? STATE_DATA_LF : STATE_BAD;
    case STATE_DATA_LF:
      return c == '\n' ? begin_line (self, STATE_SIZE) : STATE_BAD;
    case STATE_TRAILER:
      return take_text (self, c, STATE_TRAILER,
                        self->n_line == 0 ? STATE_LAST_LF : STATE_TRAILER_LF);
    case STATE_TRAILER_LF:
      if (c != '\n' || ++self->n_trailers > MAX_TRAILERS)
        return STATE_BAD;
      return begin_line (self, STATE_TRAILER);
    case STATE_LAST_LF:
      return c == '\n' ? STATE_END : STATE_BAD;
    default:
      return STATE_BAD;
    }
}

WebChunksResult
web_chunks_feed (WebChunks *self, char *data, gsize size, gsize *used, gsize *kept)
{
  gsize at = 0, out = 0;

  while (at < size && self->state < STATE_END)
    if (self->state == STATE_DATA)
      {
        gsize step = (gsize)MIN (self->left, size - at);

        out = at += step;
        self->left -= step;
        if (self->left == 0)
          self->state = STATE_DATA_CR;
      }
    else
      {
        gboolean in_trailer = self->state == STATE_TRAILER_LF;

        self->state = take (self, data[at]);
        if (!in_trailer && self->state != STATE_TRAILER_LF
            && !(self->state == STATE_TRAILER && self->n_line > 0))
          data[out++] = data[at];
        at++;
      }

  *used = at;
  *kept = out;
  if (self->state == STATE_BAD)
    return WEB_CHUNKS_BAD;
  return self->state == STATE_END ? WEB_CHUNKS_END : WEB_CHUNKS_MORE;
}
