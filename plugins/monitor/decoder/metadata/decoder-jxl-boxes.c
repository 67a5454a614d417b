/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Boxes of JPEG XL files beside the picture's own (ISO/IEC 18181-2): "Exif" and "xml ", or "brob",
 * which is one of these compressed by Brotli. A file may also be a bare picture, without boxes. */
#include <gmodule.h>
#include <string.h>

#include "decoder/reading/decoder-bytes.h"
#include "decoder-metadata.h"

#define SIGNATURE "\0\0\0\x0cJXL \r\n\x87\n"
#define MAX_BOXES 10000 /* a picture may come in many */
#define MAX_BOX (1024 * 1024)
#define MAX_UNPACKED (1024 * 1024)
#define BROTLI "libbrotlidec.so.1"
#define BROTLI_SUCCESS 1

/* BrotliDecoderDecompress() of brotli/decode.h. */
typedef int (*UnpackFunc) (size_t packed_size,
                           const guint8 *packed,
                           size_t *unpacked_size,
                           guint8 *unpacked);

/* libjxl has already loaded it: decoders of other files need not link it. */
static UnpackFunc
find_brotli (void)
{
  GModule *module = g_module_open (BROTLI, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  gpointer func = NULL;

  if (module == NULL || !g_module_symbol (module, "BrotliDecoderDecompress", &func))
    {
      g_debug ("%s", g_module_error ());
      return NULL;
    }
  g_module_make_resident (module);
  return (UnpackFunc)func;
}

static void take_box (DecoderMetadata *self, const guint8 *type, const guint8 *data, gsize size);

static void
take_packed (DecoderMetadata *self, const guint8 *data, gsize size)
{
  UnpackFunc unpack = find_brotli ();
  g_autofree guint8 *unpacked = g_malloc (MAX_UNPACKED);
  size_t unpacked_size = MAX_UNPACKED;

  /* Boxes within boxes might never end. */
  if (unpack == NULL || size < 4 || memcmp (data, "brob", 4) == 0)
    return;
  if (unpack (size - 4, data + 4, &unpacked_size, unpacked) == BROTLI_SUCCESS)
    take_box (self, data, unpacked, unpacked_size);
}

static void
take_box (DecoderMetadata *self, const guint8 *type, const guint8 *data, gsize size)
{
  gsize skipped = size >= 4 ? (gsize)4 + decoder_be32 (data) : 0;

  if (memcmp (type, "xml ", 4) == 0)
    decoder_xmp_read (self, (const char *)data, size, NULL);
  else if (memcmp (type, "brob", 4) == 0)
    take_packed (self, data, size);
  /* It begins with the offset of the TIFF structure. */
  else if (memcmp (type, "Exif", 4) == 0 && skipped >= 4 && skipped < size)
    decoder_exif_read (self, data + skipped, size - skipped);
}

static gboolean
is_wanted (const guint8 *type)
{
  return memcmp (type, "Exif", 4) == 0 || memcmp (type, "xml ", 4) == 0
         || memcmp (type, "brob", 4) == 0;
}

/* A box of length 0 goes to the end of the file; one of length 1 has a longer length behind. */
static goffset
read_box_head (int fd, goffset at, guint8 *type, goffset *content)
{
  guint8 head[16];
  gssize n = decoder_read_at (fd, head, sizeof head, at);
  guint64 length;

  if (n < 8)
    return 0;
  length = decoder_be32 (head);
  memcpy (type, head + 4, 4);
  *content = at + 8;
  if (length == 1 && n == sizeof head)
    {
      length = (guint64)decoder_be32 (head + 8) << 32 | decoder_be32 (head + 12);
      *content = at + 16;
    }
  if (length == 0)
    return G_MAXOFFSET;
  return length >= (guint64)(*content - at) && length < (guint64)(G_MAXOFFSET - at)
             ? at + (goffset)length
             : 0;
}

void
decoder_jxl_boxes_read (DecoderMetadata *self, int fd)
{
  guint8 signature[sizeof SIGNATURE - 1], type[4];
  goffset at = sizeof signature, content, next;

  if (decoder_read_at (fd, signature, sizeof signature, 0) != sizeof signature
      || memcmp (signature, SIGNATURE, sizeof signature) != 0)
    return;
  for (guint i = 0; i < MAX_BOXES && (next = read_box_head (fd, at, type, &content)) > 0; i++)
    {
      gsize room = (gsize)MIN (next - content, MAX_BOX);

      if (is_wanted (type) && (next - content <= MAX_BOX || next == G_MAXOFFSET))
        {
          g_autofree guint8 *data = g_malloc (room);
          gssize size = decoder_read_at (fd, data, room, content);

          if (size > 0)
            take_box (self, type, data, (gsize)size);
        }
      if (next == G_MAXOFFSET)
        break;
      at = next;
    }
}
