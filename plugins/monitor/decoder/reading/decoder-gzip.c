/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-gzip.h"

#include <errno.h>
#include <zlib.h>

#include "base/booru-error.h"
#include "decoder-bytes.h"

#define BLOCK_SIZE (32 * 1024)
#define GZIP_ONLY 16 /* beside the window's size: of zlib's formats, this one */

typedef struct
{
  int fd;
  goffset offset; /* of what is read next */
  z_stream stream;
  GByteArray *out;
  guint8 block[BLOCK_SIZE];
} Reader;

static gboolean
fail (GError **error, BooruError code, const char *why)
{
  g_set_error (error, BOORU_ERROR, code, "The gzip data cannot be read: %s", why);
  return FALSE;
}

static gboolean
read_block (Reader *self, GError **error)
{
  gssize n = decoder_read_at (self->fd, self->block, sizeof self->block, self->offset);

  if (n < 0)
    return booru_set_errno_error (error, errno, "Cannot read the file");
  if (n == 0)
    return fail (error, BOORU_ERROR_INVALID, "it ends too early");
  self->offset += n;
  self->stream.next_in = self->block;
  self->stream.avail_in = (uInt)n;
  return self->offset <= DECODER_GZIP_MAX_SIZE
         || fail (error, BOORU_ERROR_LIMIT, "it is too large");
}

static gboolean
check_growth (const Reader *self, GError **error)
{
  if (self->out->len > DECODER_GZIP_MAX_SIZE)
    return fail (error, BOORU_ERROR_LIMIT, "its content is too large");
  if (self->out->len > DECODER_GZIP_SMALL
      && self->out->len / DECODER_GZIP_MAX_RATIO > self->stream.total_in)
    return fail (error, BOORU_ERROR_LIMIT, "it would grow to more than a hundred times its size");
  return TRUE;
}

/* As much as one block of output has room for. */
static gboolean
inflate_block (Reader *self, gboolean *at_end, GError **error)
{
  guint before = self->out->len;
  int result;

  if (self->stream.avail_in == 0 && !read_block (self, error))
    return FALSE;
  g_byte_array_set_size (self->out, before + BLOCK_SIZE);
  self->stream.next_out = self->out->data + before;
  self->stream.avail_out = BLOCK_SIZE;
  result = inflate (&self->stream, Z_NO_FLUSH);
  g_byte_array_set_size (self->out, before + BLOCK_SIZE - self->stream.avail_out);
  *at_end = result == Z_STREAM_END;
  if (result == Z_MEM_ERROR)
    return fail (error, BOORU_ERROR_LIMIT, "it exceeds the memory limit");
  if (result != Z_OK && result != Z_STREAM_END)
    return fail (error, BOORU_ERROR_INVALID, "it is damaged");
  return check_growth (self, error);
}

static gboolean
is_at_end_of_file (const Reader *self)
{
  guint8 byte;

  return self->stream.avail_in == 0 && decoder_read_at (self->fd, &byte, 1, self->offset) == 0;
}

static gboolean
inflate_all (Reader *self, gsize limit, GError **error)
{
  gboolean at_end = FALSE;

  while (!at_end && self->out->len < limit)
    if (!inflate_block (self, &at_end, error))
      return FALSE;
  return !at_end || is_at_end_of_file (self)
         || fail (error, BOORU_ERROR_INVALID, "there is data after its end");
}

GByteArray *
decoder_gunzip (int fd, gsize limit, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree Reader *self = g_new0 (Reader, 1);
  gboolean ok;

  self->fd = fd;
  self->out = out;
  if (inflateInit2 (&self->stream, MAX_WBITS + GZIP_ONLY) != Z_OK)
    {
      fail (error, BOORU_ERROR_LIMIT, "it exceeds the memory limit");
      return NULL;
    }
  ok = inflate_all (self, limit, error);
  inflateEnd (&self->stream);
  return ok ? g_steal_pointer (&out) : NULL;
}
