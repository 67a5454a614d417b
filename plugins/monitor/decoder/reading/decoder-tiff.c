/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-tiff.h"

#define MAX_ENTRIES 4096

static guint
get_type_size (guint16 type)
{
  static const guint8 sizes[] = { 0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8 };

  return type < G_N_ELEMENTS (sizes) ? sizes[type] : 0;
}

static guint64
get_number (DecoderTiff *self, goffset at, guint n)
{
  return decoder_reader_get_number (self->reader, at, n, self->big_endian);
}

goffset
decoder_tiff_init (DecoderTiff *self, DecoderReader *reader)
{
  self->reader = reader;
  self->big_endian = decoder_reader_has (reader, 0, "MM", 2);
  if (!self->big_endian && !decoder_reader_has (reader, 0, "II", 2))
    return 0;
  self->is_big = get_number (self, 2, 2) == 43;
  return (goffset)(self->is_big ? get_number (self, 8, 8) : get_number (self, 4, 4));
}

GArray *
decoder_tiff_read_directory (DecoderTiff *self, goffset at, goffset *next)
{
  GArray *directory = g_array_new (FALSE, FALSE, sizeof (DecoderTiffEntry));
  guint word = self->is_big ? 8 : 4;
  guint entry_size = self->is_big ? 20 : 12;
  guint64 n;

  *next = 0;
  if (at <= 0 || at >= self->reader->size)
    return directory;
  n = get_number (self, at, self->is_big ? 8 : 2);
  at += self->is_big ? 8 : 2;
  if (n > MAX_ENTRIES)
    return directory;
  for (guint64 i = 0; i < n && at + entry_size <= self->reader->size; i++, at += entry_size)
    {
      DecoderTiffEntry entry = { .tag = (guint16)get_number (self, at, 2),
                                 .type = (guint16)get_number (self, at + 2, 2),
                                 .count = get_number (self, at + 4, word),
                                 .at = at + 4 + word };

      if (entry.count > word / MAX (1, get_type_size (entry.type)))
        entry.at = (goffset)get_number (self, entry.at, word);
      g_array_append_val (directory, entry);
    }
  *next = (goffset)get_number (self, at, word);
  return directory;
}

const DecoderTiffEntry *
decoder_tiff_find (const GArray *directory, guint16 tag)
{
  for (guint i = 0; i < directory->len; i++)
    if (g_array_index (directory, DecoderTiffEntry, i).tag == tag)
      return &g_array_index (directory, DecoderTiffEntry, i);
  return NULL;
}

guint64
decoder_tiff_get (DecoderTiff *self, const DecoderTiffEntry *entry, guint64 index)
{
  guint size = entry != NULL ? get_type_size (entry->type) : 0;

  if (size == 0 || index >= entry->count || index > (guint64)self->reader->size)
    return 0;
  return get_number (self, entry->at + (goffset)(index * size), size);
}

guint64
decoder_tiff_find_number (DecoderTiff *self, const GArray *directory, guint16 tag)
{
  return decoder_tiff_get (self, decoder_tiff_find (directory, tag), 0);
}
