/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "zip-fixture.h"

#include <string.h>
#include <zlib.h>

static void
put (GByteArray *bytes, guint32 value, guint n)
{
  for (; n-- > 0; value >>= 8)
    {
      guint8 byte = (guint8)value;

      g_byte_array_append (bytes, &byte, 1);
    }
}

static void
put_facts (Zip *zip, GByteArray *to, const char *name, guint32 checksum, gsize packed, gsize size)
{
  put (to, 20, 2);
  put (to, zip->flags, 2);
  put (to, zip->deflated ? 8 : 0, 2);
  put (to, 0, 4);
  put (to, checksum, 4);
  put (to, (guint32)packed, 4);
  put (to, zip->size ? zip->size : (guint32)size, 4);
  put (to, (guint32)strlen (name), 2);
  put (to, 0, 2);
}

static GBytes *
pack (Zip *zip, gconstpointer data, gsize size)
{
  z_stream stream = { 0 };
  gsize room = size + 1024;
  guint8 *out;

  if (!zip->deflated)
    return g_bytes_new (data, size);
  out = g_malloc (room);
  deflateInit2 (&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = (Bytef *)data;
  stream.avail_in = (uInt)size;
  stream.next_out = out;
  stream.avail_out = (uInt)room;
  g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
  deflateEnd (&stream);
  return g_bytes_new_take (out, stream.total_out);
}

void
zip_add (Zip *zip, const char *name, gconstpointer data, gsize size)
{
  g_autoptr (GBytes) packed = pack (zip, data, size);
  guint32 checksum = (guint32)crc32 (0, data, (uInt)size) + zip->wrong_checksum;
  guint32 offset;

  if (zip->bytes == NULL)
    {
      zip->bytes = g_byte_array_new ();
      zip->directory = g_byte_array_new ();
    }
  offset = zip->bytes->len - zip->offset_shift;
  put (zip->bytes, 0x04034b50, 4);
  put_facts (zip, zip->bytes, name, checksum, g_bytes_get_size (packed), size);
  g_byte_array_append (zip->bytes, (const guint8 *)name, (guint)strlen (name));
  g_byte_array_append (zip->bytes, g_bytes_get_data (packed, NULL),
                       (guint)g_bytes_get_size (packed));

  put (zip->directory, 0x02014b50, 4);
  put (zip->directory, 20, 2);
  put_facts (zip, zip->directory, name, checksum, g_bytes_get_size (packed), size);
  put (zip->directory, 0, 2);
  put (zip->directory, 0, 4);
  put (zip->directory, 0, 4);
  put (zip->directory, offset, 4);
  g_byte_array_append (zip->directory, (const guint8 *)name, (guint)strlen (name));
  zip->n++;
  zip->flags = 0;
  zip->size = zip->offset_shift = 0;
  zip->wrong_checksum = FALSE;
}

char *
zip_write (Zip *zip, const char *folder, const char *name)
{
  guint32 offset = zip->bytes->len, length = zip->directory->len;
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_byte_array_append (zip->bytes, zip->directory->data, length);
  put (zip->bytes, 0x06054b50, 4);
  put (zip->bytes, 0, 4);
  put (zip->bytes, zip->n, 2);
  put (zip->bytes, zip->n, 2);
  put (zip->bytes, length, 4);
  put (zip->bytes, offset, 4);
  put (zip->bytes, 0, 2);
  g_file_set_contents (path, (const char *)zip->bytes->data, zip->bytes->len, &error);
  g_assert_no_error (error);
  g_clear_pointer (&zip->bytes, g_byte_array_unref);
  g_clear_pointer (&zip->directory, g_byte_array_unref);
  zip->n = 0;
  return path;
}

GByteArray *
gzip_bytes (gconstpointer data, gsize size, const char *file_name)
{
  GByteArray *out = g_byte_array_new ();
  gz_header header = { .os = 3, .name = (Bytef *)file_name };
  z_stream stream = { 0 };

  g_assert_cmpint (deflateInit2 (&stream, size > 1 << 20 ? 1 : 9, Z_DEFLATED, 16 + MAX_WBITS, 9,
                                 Z_DEFAULT_STRATEGY),
                   ==, Z_OK);
  g_assert_cmpint (deflateSetHeader (&stream, &header), ==, Z_OK);
  g_byte_array_set_size (out, (guint)deflateBound (&stream, size) + 100);
  stream.next_in = (Bytef *)data;
  stream.avail_in = (uInt)size;
  stream.next_out = out->data;
  stream.avail_out = out->len;
  g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
  g_byte_array_set_size (out, (guint)stream.total_out);
  deflateEnd (&stream);
  return out;
}
