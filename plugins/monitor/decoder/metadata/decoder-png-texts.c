/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts of PNG files (PNG, third edition, section 11.3.3). libvips reads them too, but takes
 * Latin-1 for damaged UTF-8, and sees only what stands before the picture. */
#include <gio/gio.h>
#include <string.h>

#include "decoder/reading/decoder-bytes.h"
#include "decoder-metadata.h"

#define MAX_CHUNKS 100000 /* a large picture comes in many */
#define MAX_TEXTS 64
#define MAX_CHUNK (1024 * 1024)
#define MAX_INFLATED (1024 * 1024)
#define MAX_KEYWORD 79

#define KEYWORD_XMP "XML:com.adobe.xmp"
#define KEYWORD_RAW "Raw profile type "

typedef struct
{
  char keyword[MAX_KEYWORD + 1];
  const guint8 *text;
  gsize length;
  gboolean compressed;
} Text;

/* After the keyword: for zTXt the method; for iTXt whether it is compressed, the method, a language
 * and the keyword translated. */
static gboolean
parse_text (const guint8 *data, gsize size, const char *type, Text *text)
{
  const guint8 *end = data + size;
  const guint8 *nul = memchr (data, 0, MIN (size, MAX_KEYWORD + 1));

  if (nul == NULL || nul == data)
    return FALSE;
  memcpy (text->keyword, data, (gsize)(nul - data) + 1);
  data = nul + 1;
  text->compressed = type[0] == 'z';
  if (type[0] == 'z')
    data++;
  if (type[0] == 'i')
    {
      if (end - data < 2)
        return FALSE;
      text->compressed = data[0] != 0;
      data += 2;
      for (guint i = 0; i < 2; i++)
        {
          nul = memchr (data, 0, (gsize)(end - data));
          if (nul == NULL)
            return FALSE;
          data = nul + 1;
        }
    }
  if (data > end)
    return FALSE;
  text->text = data;
  text->length = (gsize)(end - data);
  return TRUE;
}

/* Truncated to what fits. */
static GByteArray *
inflate (const guint8 *data, gsize size)
{
  g_autoptr (GConverter) converter
      = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
  GByteArray *out = g_byte_array_new ();

  while (out->len < MAX_INFLATED)
    {
      guint8 buffer[16384];
      gsize n_read, n_written;
      GConverterResult result
          = g_converter_convert (converter, data, size, buffer, sizeof buffer,
                                 G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL);

      if (result == G_CONVERTER_ERROR)
        break;
      g_byte_array_append (out, buffer, (guint)n_written);
      data += n_read;
      size -= n_read;
      if (result == G_CONVERTER_FINISHED)
        break;
    }
  return out;
}

/* How ImageMagick stores other blocks: a name, a length and hexadecimal digits. */
static void
take_raw_profile (DecoderMetadata *self, const char *kind, const char *text, gsize length)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const char *end = text + length;
  guint8 byte = 0;
  gsize n_digits = 0;

  for (guint line = 0; line < 3 && text != NULL; line++)
    {
      text = memchr (text, '\n', (gsize)(end - text));
      text = text ? text + 1 : NULL;
    }
  for (; text != NULL && text < end; text++)
    {
      if (!g_ascii_isxdigit (*text))
        continue;
      byte = (guint8)(byte << 4 | g_ascii_xdigit_value (*text));
      if (++n_digits % 2 == 0)
        g_byte_array_append (bytes, &byte, 1);
    }
  if (g_str_equal (kind, "iptc"))
    decoder_iptc_read (self, bytes->data, bytes->len);
  else if (g_str_equal (kind, "exif") || g_str_equal (kind, "APP1"))
    decoder_exif_read (self, bytes->data, bytes->len);
}

static void
take_text (DecoderMetadata *self, const Text *text)
{
  g_autoptr (GByteArray) inflated = text->compressed ? inflate (text->text, text->length) : NULL;
  const char *content = (const char *)(inflated ? inflated->data : text->text);
  gsize length = inflated ? inflated->len : text->length;
  g_autofree char *name = g_strconcat ("PNG:", text->keyword, NULL);

  if (content == NULL || g_str_equal (text->keyword, KEYWORD_XMP))
    return; /* libvips has it */
  if (g_str_has_prefix (text->keyword, KEYWORD_RAW))
    take_raw_profile (self, text->keyword + strlen (KEYWORD_RAW), content, length);
  else
    decoder_metadata_set_text (self, name, content, (gssize)length);
}

static void
read_chunk (DecoderMetadata *self, int fd, const char *type, gsize size, off_t offset)
{
  g_autofree guint8 *data = g_malloc (size);
  Text text;

  if (decoder_read_at (fd, data, size, offset) == (gssize)size
      && parse_text (data, size, type, &text))
    take_text (self, &text);
}

void
decoder_png_texts_read (DecoderMetadata *self, int fd)
{
  off_t offset = 8; /* of the first chunk */
  guint n_texts = 0;
  guint8 head[8];

  for (guint i = 0; i < MAX_CHUNKS && n_texts < MAX_TEXTS; i++)
    {
      const char *type = (const char *)head + 4;
      gsize size;

      if (decoder_read_at (fd, head, sizeof head, offset) != sizeof head
          || memcmp (type, "IEND", 4) == 0)
        return;
      size = decoder_be32 (head);
      if (size > G_MAXINT32)
        return;
      if (size > 0 && size <= MAX_CHUNK
          && (memcmp (type, "tEXt", 4) == 0 || memcmp (type, "zTXt", 4) == 0
              || memcmp (type, "iTXt", 4) == 0))
        {
          read_chunk (self, fd, type, size, offset + 8);
          n_texts++;
        }
      offset += (off_t)size + 12;
    }
}
