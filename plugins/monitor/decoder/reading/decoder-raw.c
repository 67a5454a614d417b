/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-raw.h"

#include <string.h>

#include "decoder-tiff.h"

typedef struct
{
  gsize at, n;
  const char *bytes;
  const char *name;
} Magic;

#define MAGIC(at, bytes, name)                                                                     \
  {                                                                                                \
    at, sizeof (bytes) - 1, bytes, name                                                            \
  }

static const Magic magics[] = {
  MAGIC (0, "FUJIFILMCCD-RAW", "Fujifilm RAF"),
  MAGIC (0, "FOVb", "Sigma X3F"),
  MAGIC (0, "\0MRM", "Minolta MRW"),
  MAGIC (0, "IIRO", "Olympus ORF"),
  MAGIC (0, "IIRS", "Olympus ORF"),
  MAGIC (0, "MMOR", "Olympus ORF"),
  MAGIC (0, "IIU\0", "Panasonic RW2"),
  MAGIC (4, "ftypcrx ", "Canon CR3"),
  MAGIC (6, "HEAPCCDR", "Canon CRW"),
  MAGIC (8, "CR\2", "Canon CR2"),
  MAGIC (8, "IIII", "Phase One IIQ"),
};

/* What makers call theirs. */
static const char *const makers[][2] = {
  { "NIKON", "Nikon NEF" },         { "Canon", "Canon raw" },
  { "SONY", "Sony ARW" },           { "OLYMPUS", "Olympus ORF" },
  { "OM Digital", "Olympus ORF" },  { "Panasonic", "Panasonic RW2" },
  { "PENTAX", "Pentax PEF" },       { "RICOH", "Pentax PEF" },
  { "SAMSUNG", "Samsung SRW" },     { "Hasselblad", "Hasselblad 3FR" },
  { "SEIKO EPSON", "Epson ERF" },   { "EASTMAN KODAK", "Kodak DCR" },
  { "Kodak", "Kodak DCR" },         { "KODAK", "Kodak DCR" },
  { "Mamiya", "Mamiya MEF" },       { "Leaf", "Leaf MOS" },
  { "Phase One", "Phase One IIQ" }, { "LEICA", "Leica raw" },
};

enum
{
  TAG_SUBFILE_TYPE = 254,
  TAG_PHOTOMETRIC = 262,
  TAG_MAKE = 271,
  TAG_SUB_DIRECTORIES = 330,
  TAG_DNG_VERSION = 50706,

  PHOTOMETRIC_CFA = 32803,
  PHOTOMETRIC_LINEAR_RAW = 34892,
};

static const char *
get_name (DecoderReader *reader, const DecoderTiffEntry *make)
{
  for (guint i = 0; make != NULL && i < G_N_ELEMENTS (makers); i++)
    if (decoder_reader_has (reader, make->at, makers[i][0], strlen (makers[i][0])))
      return makers[i][1];
  return "camera raw";
}

/* A TIFF whose first picture is made small, the others lying below it, is what TIFF/EP and DNG
 * prescribe for cameras. */
static const char *
recognise_tiff (DecoderReader *reader)
{
  DecoderTiff tiff;
  goffset first = decoder_tiff_init (&tiff, reader);
  goffset next;
  g_autoptr (GArray) directory = decoder_tiff_read_directory (&tiff, first, &next);
  const DecoderTiffEntry *make = decoder_tiff_find (directory, TAG_MAKE);
  guint64 photometric = decoder_tiff_find_number (&tiff, directory, TAG_PHOTOMETRIC);
  guint64 type = decoder_tiff_find_number (&tiff, directory, TAG_SUBFILE_TYPE);

  if (decoder_tiff_find (directory, TAG_DNG_VERSION) != NULL)
    return "Adobe DNG";
  if (photometric == PHOTOMETRIC_CFA || photometric == PHOTOMETRIC_LINEAR_RAW
      || (make != NULL && (type & 1) && decoder_tiff_find (directory, TAG_SUB_DIRECTORIES) != NULL))
    return get_name (reader, make);
  return NULL;
}

const char *
decoder_raw_recognise (const guint8 *data, gsize length)
{
  g_autofree DecoderReader *reader = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (magics); i++)
    if (magics[i].at + magics[i].n <= length && (magics[i].at < 8 || memcmp (data, "II*\0", 4) == 0)
        && memcmp (data + magics[i].at, magics[i].bytes, magics[i].n) == 0)
      return magics[i].name;
  reader = decoder_reader_new_for_bytes (data, length);
  return recognise_tiff (reader);
}
