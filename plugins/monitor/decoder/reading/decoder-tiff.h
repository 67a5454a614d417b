/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The directories of a TIFF file (TIFF 6.0, section 2; BigTIFF), as far as needed to locate its
 * data. */
#pragma once

#include "decoder-reader.h"

G_BEGIN_DECLS

typedef struct
{
  DecoderReader *reader;
  gboolean big_endian;
  gboolean is_big; /* BigTIFF: offsets of 64 bits */
} DecoderTiff;

typedef struct
{
  guint16 tag, type;
  guint64 count;
  goffset at; /* of the values, in the file */
} DecoderTiffEntry;

/* The offset of the first directory; 0: not a TIFF. Ignores the magic number, which differs in some
 * raw files. */
goffset decoder_tiff_init (DecoderTiff *self, DecoderReader *reader);

/* Of DecoderTiffEntry; empty if there is no directory. @next: place of the following one, 0: none.
 */
GArray *decoder_tiff_read_directory (DecoderTiff *self, goffset at, goffset *next);

/* NULL if there is none; its number @index, 0 if there is none. */
const DecoderTiffEntry *decoder_tiff_find (const GArray *directory, guint16 tag);
guint64 decoder_tiff_get (DecoderTiff *self, const DecoderTiffEntry *entry, guint64 index);
guint64 decoder_tiff_find_number (DecoderTiff *self, const GArray *directory, guint16 tag);

G_END_DECLS
