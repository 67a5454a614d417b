/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A strict reader for the plain ZIP archives that ugoira are. Libraries support and tolerate much
 * more; here, anything unusual is refused.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
#include "decoder-zip.h"

#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/booru-error.h"
#include "decoder-bytes.h"

#define END_SIZE 22
#define CENTRAL_SIZE 46
#define LOCAL_SIZE 30
#define MAX_COMMENT 65535
#define MAX_DIRECTORY (1024 * 1024)

#define STORED 0
#define DEFLATED 8
#define FLAG_ENCRYPTED (1 | 1 << 6 | 1 << 13)

static gboolean
fail (GError **error, BooruError code, const char *why)
{
  g_set_error (error, BOORU_ERROR, code, "The ZIP archive cannot be read: %s", why);
  return FALSE;
}

static gboolean
fail_unsupported (GError **error, const char *what)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
               "This is a ZIP archive%s, which is not supported", what);
  return FALSE;
}

/* All of it, or not at all. */
static gboolean
read_at (int fd, guint8 *buffer, gsize size, goffset offset)
{
  return decoder_read_at (fd, buffer, size, offset) == (gssize)size;
}

static void
entry_free (DecoderZipEntry *entry)
{
  g_free (entry->name);
  g_free (entry);
}

/* The end record: the last one that is followed by a comment of the right length. */
static gboolean
find_end (int fd, goffset size, guint8 end[END_SIZE], goffset *end_offset)
{
  gsize length = (gsize)MIN (size, END_SIZE + MAX_COMMENT);
  g_autofree guint8 *tail = g_malloc (length);

  if (length < END_SIZE || !read_at (fd, tail, length, size - (goffset)length))
    return FALSE;
  for (gsize at = length - END_SIZE + 1; at-- > 0;)
    if (memcmp (tail + at, "PK\5\6", 4) == 0
        && at + END_SIZE + decoder_le16 (tail + at + 20) == length)
      {
        memcpy (end, tail + at, END_SIZE);
        *end_offset = size - (goffset)length + (goffset)at;
        return TRUE;
      }
  return FALSE;
}

/* Reads one directory entry at @data. Returns its length; 0 if it is invalid. */
static gsize
parse_central (const guint8 *data, gsize length, GPtrArray *entries)
{
  gsize name_length, total;
  DecoderZipEntry *entry;

  if (length < CENTRAL_SIZE || memcmp (data, "PK\1\2", 4) != 0)
    return 0;
  name_length = decoder_le16 (data + 28);
  total = CENTRAL_SIZE + name_length + decoder_le16 (data + 30) + decoder_le16 (data + 32);
  if (total > length || memchr (data + CENTRAL_SIZE, '\0', name_length) != NULL)
    return 0;
  entry = g_new0 (DecoderZipEntry, 1);
  entry->flags = (guint16)decoder_le16 (data + 8);
  entry->method = (guint16)decoder_le16 (data + 10);
  entry->checksum = decoder_le32 (data + 16);
  entry->packed_size = decoder_le32 (data + 20);
  entry->size = decoder_le32 (data + 24);
  entry->offset = decoder_le32 (data + 42);
  entry->name = g_strndup ((const char *)data + CENTRAL_SIZE, name_length);
  g_ptr_array_add (entries, entry);
  return total;
}

GPtrArray *
decoder_zip_list (int fd, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify)entry_free);
  g_autofree guint8 *directory = NULL;
  guint8 end[END_SIZE];
  struct stat status;
  goffset end_offset;
  guint32 n, size, offset;

  if (fstat (fd, &status) != 0 || !find_end (fd, status.st_size, end, &end_offset))
    {
      fail_unsupported (error, " that ends too early");
      return NULL;
    }
  n = decoder_le16 (end + 10);
  size = decoder_le32 (end + 12);
  offset = decoder_le32 (end + 16);
  /* The directory directly precedes its end record, as every program writes it. */
  if (decoder_le16 (end + 4) != 0 || decoder_le16 (end + 6) != 0 || decoder_le16 (end + 8) != n
      || n > DECODER_ZIP_MAX_ENTRIES || size > MAX_DIRECTORY
      || (goffset)offset + size != end_offset)
    {
      fail_unsupported (error, "");
      return NULL;
    }
  directory = g_malloc (size + 1);
  if (!read_at (fd, directory, size, offset))
    {
      fail (error, BOORU_ERROR_IO, "it changed while it was read");
      return NULL;
    }
  for (gsize at = 0; entries->len < n;)
    {
      gsize taken = parse_central (directory + at, size - at, entries);

      if (taken == 0)
        {
          fail_unsupported (error, " with a damaged directory");
          return NULL;
        }
      at += taken;
    }
  return g_steal_pointer (&entries);
}

/* Where an entry's content begins; 0 if its own header is not the one that the directory tells of.
 */
static goffset
find_content (int fd, const DecoderZipEntry *entry)
{
  guint8 header[LOCAL_SIZE];
  gsize name_length = strlen (entry->name);
  g_autofree guint8 *name = g_malloc (name_length + 1);

  if (!read_at (fd, header, sizeof header, entry->offset) || memcmp (header, "PK\3\4", 4) != 0
      || decoder_le16 (header + 26) != name_length || decoder_le16 (header + 8) != entry->method
      || !read_at (fd, name, name_length, (goffset)entry->offset + LOCAL_SIZE)
      || memcmp (name, entry->name, name_length) != 0)
    return 0;
  return (goffset)entry->offset + LOCAL_SIZE + (goffset)name_length + decoder_le16 (header + 28);
}

static gint
compare_offsets (gconstpointer a, gconstpointer b)
{
  const DecoderZipEntry *x = *(const DecoderZipEntry *const *)a;
  const DecoderZipEntry *y = *(const DecoderZipEntry *const *)b;

  return (x->offset > y->offset) - (x->offset < y->offset);
}

static gboolean
check_entry (const DecoderZipEntry *entry, GHashTable *names, GError **error)
{
  if (!g_hash_table_add (names, entry->name))
    return fail (error, BOORU_ERROR_INVALID, "two entries have the same name");
  if (entry->flags & FLAG_ENCRYPTED)
    return fail (error, BOORU_ERROR_INVALID, "it is encrypted");
  if (entry->method != STORED && entry->method != DEFLATED)
    return fail (error, BOORU_ERROR_INVALID, "its compression method is not supported");
  if (entry->method == STORED && entry->size != entry->packed_size)
    return fail (error, BOORU_ERROR_INVALID, "the size of an entry is not that of its content");
  if (entry->size > DECODER_ZIP_MAX_ENTRY_SIZE)
    return fail (error, BOORU_ERROR_LIMIT, "an entry is too large");
  return TRUE;
}

gboolean
decoder_zip_check (int fd, GPtrArray *entries, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (entries, NULL, NULL);
  goffset free_from = 0;
  guint8 end[END_SIZE];
  struct stat status;
  goffset end_offset, directory;

  if (fstat (fd, &status) != 0 || !find_end (fd, status.st_size, end, &end_offset))
    return fail (error, BOORU_ERROR_INVALID, "it ends too early");
  directory = decoder_le32 (end + 16);
  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_offsets);
  for (guint i = 0; i < sorted->len; i++)
    {
      const DecoderZipEntry *entry = g_ptr_array_index (sorted, i);
      goffset content;

      if (!check_entry (entry, names, error))
        return FALSE;
      content = find_content (fd, entry);
      if (content == 0)
        return fail (error, BOORU_ERROR_INVALID, "an entry is not where the directory says");
      if (entry->offset < free_from || content + entry->packed_size > directory)
        return fail (error, BOORU_ERROR_INVALID, "its entries overlap");
      free_from = content + entry->packed_size;
    }
  return TRUE;
}

static gboolean
inflate_all (const guint8 *packed, gsize packed_size, guint8 *out, gsize size)
{
  z_stream stream = { 0 };
  int result;

  if (inflateInit2 (&stream, -MAX_WBITS) != Z_OK)
    return FALSE;
  stream.next_in = (Bytef *)packed;
  stream.avail_in = (uInt)packed_size;
  stream.next_out = out;
  stream.avail_out = (uInt)size;
  result = inflate (&stream, Z_FINISH);
  inflateEnd (&stream);
  return result == Z_STREAM_END && stream.total_out == size && stream.avail_in == 0;
}

GBytes *
decoder_zip_extract (int fd, const DecoderZipEntry *entry, GError **error)
{
  goffset content = find_content (fd, entry);
  g_autofree guint8 *packed = g_try_malloc ((gsize)entry->packed_size + 1);
  g_autofree guint8 *data = g_try_malloc ((gsize)entry->size + 1);
  gboolean ok;

  if (packed == NULL || data == NULL)
    {
      fail (error, BOORU_ERROR_LIMIT, "an entry exceeds the memory limit");
      return NULL;
    }
  ok = content > 0 && read_at (fd, packed, entry->packed_size, content);
  if (ok && entry->method == STORED)
    memcpy (data, packed, entry->size);
  else if (ok)
    ok = inflate_all (packed, entry->packed_size, data, entry->size);
  if (!ok || crc32 (crc32 (0, NULL, 0), data, entry->size) != entry->checksum)
    {
      fail (error, BOORU_ERROR_INVALID, "an entry is damaged");
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&data), entry->size);
}
