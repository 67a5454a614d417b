/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comments and XMP of GIF files (GIF89a, sections 15 to 26), which libvips' reader passes over. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "decoder-metadata.h"

#define MAX_READ (32 * 1024 * 1024)
#define MAX_TEXT (256 * 1024)

#define MARK_EXTENSION 0x21
#define MARK_IMAGE 0x2c
#define LABEL_COMMENT 0xfe
#define LABEL_APPLICATION 0xff

typedef struct
{
  int fd;
  guint8 buffer[16384];
  gsize at, length; /* in the buffer */
  off_t offset;     /* of what follows the buffer */
} Gif;

/* -1 at the end, or when reading on is not worthwhile. */
static int
next_byte (Gif *self)
{
  if (self->at == self->length)
    {
      ssize_t n;

      if (self->offset >= MAX_READ)
        return -1;
      do
        n = pread (self->fd, self->buffer, sizeof self->buffer, self->offset);
      while (n < 0 && errno == EINTR);
      if (n <= 0)
        return -1;
      self->at = 0;
      self->length = (gsize)n;
      self->offset += n;
    }
  return self->buffer[self->at++];
}

/* Into @bytes, which may be NULL. */
static gboolean
read_bytes (Gif *self, guint8 *bytes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      int byte = next_byte (self);

      if (byte < 0)
        return FALSE;
      if (bytes != NULL)
        bytes[i] = (guint8)byte;
    }
  return TRUE;
}

/* Blocks of at most 255 bytes up to an empty one. @text may be NULL. XMP is not split into blocks,
 * but stored as is, followed by bytes that lead any reader to the end: its text includes the bytes
 * that look like lengths. */
static gboolean
read_blocks (Gif *self, GString *text, gboolean with_lengths)
{
  guint8 block[255];
  int length;

  while ((length = next_byte (self)) > 0)
    {
      if (!read_bytes (self, block, (gsize)length))
        return FALSE;
      if (text == NULL || text->len > MAX_TEXT)
        continue;
      if (with_lengths)
        g_string_append_c (text, (char)length);
      g_string_append_len (text, (const char *)block, length);
    }
  return length == 0;
}

static gboolean
read_extension (Gif *self, DecoderMetadata *out)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint8 name[255];
  int label = next_byte (self), length;
  const char *trailer;

  if (label == LABEL_COMMENT)
    {
      if (!read_blocks (self, text, FALSE))
        return FALSE;
      decoder_metadata_set_text (out, "GIF:Comment", text->str, (gssize)text->len);
      return TRUE;
    }
  if (label != LABEL_APPLICATION)
    return label >= 0 && read_blocks (self, NULL, FALSE);

  length = next_byte (self);
  if (length <= 0)
    return length == 0;
  if (!read_bytes (self, name, (gsize)length))
    return FALSE;
  if (length != 11 || memcmp (name, "XMP DataXMP", 11) != 0)
    return read_blocks (self, NULL, FALSE);
  if (!read_blocks (self, text, TRUE))
    return FALSE;
  trailer = memchr (text->str, 0x01, text->len);
  decoder_xmp_read (out, text->str, trailer ? (gsize)(trailer - text->str) : text->len, NULL);
  return TRUE;
}

static gboolean
skip_colours (Gif *self, guint8 flags)
{
  return !(flags & 0x80) || read_bytes (self, NULL, (gsize)3 << ((flags & 7) + 1));
}

static gboolean
skip_image (Gif *self)
{
  guint8 head[9];

  return read_bytes (self, head, sizeof head) && skip_colours (self, head[8])
         && next_byte (self) >= 0 && read_blocks (self, NULL, FALSE);
}

void
decoder_gif_comments_read (DecoderMetadata *self, int fd)
{
  g_autofree Gif *gif = g_new0 (Gif, 1);
  guint8 head[13];
  gboolean more;

  gif->fd = fd;
  more = read_bytes (gif, head, sizeof head) && skip_colours (gif, head[10]);
  while (more)
    {
      int mark = next_byte (gif);

      if (mark == MARK_EXTENSION)
        more = read_extension (gif, self);
      else
        more = mark == MARK_IMAGE && skip_image (gif);
    }
}
