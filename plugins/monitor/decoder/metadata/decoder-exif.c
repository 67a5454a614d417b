/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EXIF: a TIFF structure of its own (TIFF 6.0, section 2; CIPA DC-008, "Exif 2.32", section 4.6).
 * Only the first directory and the one that it calls the EXIF directory are read, each once, so
 * that there is nothing to go round in. The GPS directory is never looked at. */
#include <string.h>
#include <sys/stat.h>

#include "decoder/reading/decoder-bytes.h"
#include "decoder-metadata.h"

#define TAG_EXIF_DIRECTORY 0x8769
#define MAX_DIRECTORY 1000
#define MAX_VALUE (256 * 1024) /* bytes of one field that are looked at */

typedef enum
{
  KIND_TEXT,
  KIND_NUMBER,
  KIND_COMMENT, /* eight bytes say how the rest is written */
  KIND_UTF16,   /* little-endian, whatever the rest is: Windows' own */
} Kind;

typedef struct
{
  guint16 tag;
  guint16 kind;
  const char *name;
} Known;

/* Names as in ExifTool; none that identify the owner of a camera. */
static const Known known_image[] = {
  { 0x010e, KIND_TEXT, "EXIF:ImageDescription" },
  { 0x010f, KIND_TEXT, "EXIF:Make" },
  { 0x0110, KIND_TEXT, "EXIF:Model" },
  { 0x0112, KIND_NUMBER, "EXIF:Orientation" },
  { 0x0131, KIND_TEXT, "EXIF:Software" },
  { 0x0132, KIND_TEXT, "EXIF:ModifyDate" },
  { 0x013b, KIND_TEXT, "EXIF:Artist" },
  { 0x4746, KIND_NUMBER, "EXIF:Rating" },
  { 0x8298, KIND_TEXT, "EXIF:Copyright" },
  { 0x9c9b, KIND_UTF16, "EXIF:XPTitle" },
  { 0x9c9c, KIND_UTF16, "EXIF:XPComment" },
  { 0x9c9d, KIND_UTF16, "EXIF:XPAuthor" },
  { 0x9c9e, KIND_UTF16, "EXIF:XPKeywords" },
  { 0x9c9f, KIND_UTF16, "EXIF:XPSubject" },
};
static const Known known_photo[] = {
  { 0x829a, KIND_NUMBER, "EXIF:ExposureTime" },
  { 0x829d, KIND_NUMBER, "EXIF:FNumber" },
  { 0x8822, KIND_NUMBER, "EXIF:ExposureProgram" },
  { 0x8827, KIND_NUMBER, "EXIF:ISO" },
  { 0x9003, KIND_TEXT, "EXIF:DateTimeOriginal" },
  { 0x9004, KIND_TEXT, "EXIF:CreateDate" },
  { 0x9010, KIND_TEXT, "EXIF:OffsetTime" },
  { 0x9011, KIND_TEXT, "EXIF:OffsetTimeOriginal" },
  { 0x9204, KIND_NUMBER, "EXIF:ExposureCompensation" },
  { 0x9207, KIND_NUMBER, "EXIF:MeteringMode" },
  { 0x9209, KIND_NUMBER, "EXIF:Flash" },
  { 0x920a, KIND_NUMBER, "EXIF:FocalLength" },
  { 0x9286, KIND_COMMENT, "EXIF:UserComment" },
  { 0x9291, KIND_TEXT, "EXIF:SubSecTimeOriginal" },
  { 0xa403, KIND_NUMBER, "EXIF:WhiteBalance" },
  { 0xa405, KIND_NUMBER, "EXIF:FocalLengthIn35mmFormat" },
  { 0xa433, KIND_TEXT, "EXIF:LensMake" },
  { 0xa434, KIND_TEXT, "EXIF:LensModel" },
};

enum
{
  TYPE_BYTE = 1,
  TYPE_ASCII,
  TYPE_SHORT,
  TYPE_LONG,
  TYPE_RATIONAL,
  TYPE_SBYTE,
  TYPE_UNDEFINED,
  TYPE_SSHORT,
  TYPE_SLONG,
  TYPE_SRATIONAL,
  N_TYPES,
};
static const guint8 type_sizes[N_TYPES] = { 0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8 };

typedef struct
{
  const guint8 *data; /* NULL: the data is the whole file */
  int fd;
  gsize size;
  gboolean big_endian;
} Tiff;

typedef struct
{
  guint16 tag, type;
  gsize offset, size; /* of the value, within the data */
} Field;

static gboolean
read_bytes (const Tiff *self, gsize at, guint8 *out, gsize n)
{
  if (n > self->size || at > self->size - n)
    return FALSE;
  if (self->data == NULL)
    return decoder_read_at (self->fd, out, n, (goffset)at) == (gssize)n;
  memcpy (out, self->data + at, n);
  return TRUE;
}

/* 0 beyond the end. */
static guint32
read_number (const Tiff *self, gsize at, guint n_bytes)
{
  guint8 bytes[4] = { 0 };
  guint32 value = 0;

  if (!read_bytes (self, at, bytes, n_bytes))
    return 0;
  for (guint i = 0; i < n_bytes; i++)
    value = value << 8 | bytes[self->big_endian ? i : n_bytes - 1 - i];
  return value;
}

static gboolean
read_field (const Tiff *self, gsize at, Field *field)
{
  guint64 size;

  field->tag = (guint16)read_number (self, at, 2);
  field->type = (guint16)read_number (self, at + 2, 2);
  if (field->type == 0 || field->type >= N_TYPES)
    return FALSE;
  size = (guint64)read_number (self, at + 4, 4) * type_sizes[field->type];
  field->offset = size <= 4 ? at + 8 : read_number (self, at + 8, 4);
  field->size = size;
  return size > 0 && size <= self->size && field->offset <= self->size - size;
}

static gboolean
get_number (const Tiff *self, const Field *field, double *value)
{
  guint32 first = read_number (self, field->offset, MIN (type_sizes[field->type], 4));
  guint32 second = read_number (self, field->offset + 4, 4);

  switch (field->type)
    {
    case TYPE_BYTE:
    case TYPE_SHORT:
    case TYPE_LONG:
      *value = first;
      return TRUE;
    case TYPE_SSHORT:
      *value = (gint16)first;
      return TRUE;
    case TYPE_SLONG:
      *value = (gint32)first;
      return TRUE;
    case TYPE_RATIONAL:
      *value = second != 0 ? (double)first / second : 0;
      return second != 0;
    case TYPE_SRATIONAL:
      *value = second != 0 ? (double)(gint32)first / (gint32)second : 0;
      return second != 0;
    default:
      return FALSE;
    }
}

static void
take_utf16 (DecoderMetadata *out,
            const char *name,
            const guint8 *bytes,
            gsize size,
            gboolean big_endian)
{
  g_autofree gunichar2 *units = g_new (gunichar2, size / 2 + 1);
  g_autofree char *text = NULL;
  glong n = 0;

  for (; n < (glong)(size / 2); n++)
    units[n]
        = big_endian ? bytes[2 * n] << 8 | bytes[2 * n + 1] : bytes[2 * n + 1] << 8 | bytes[2 * n];
  text = g_utf16_to_utf8 (units, n, NULL, NULL, NULL);
  if (text != NULL)
    decoder_metadata_set_text (out, name, text, -1);
}

/* Writers disagree about the byte order: the standard says that of the TIFF structure, many write
 * big-endian. Prompts are mostly ASCII, so the position of zero bytes tells. */
static void
take_comment (DecoderMetadata *out,
              const char *name,
              const guint8 *bytes,
              gsize size,
              gboolean big_endian)
{
  gsize zeros[2] = { 0, 0 };

  if (size <= 8)
    return;
  if (memcmp (bytes, "UNICODE\0", 8) != 0)
    {
      if (memcmp (bytes, "JIS\0", 4) != 0)
        decoder_metadata_set_text (out, name, (const char *)bytes + 8, (gssize)size - 8);
      return;
    }
  for (gsize i = 8; i < size; i++)
    zeros[i % 2] += bytes[i] == 0;
  take_utf16 (out, name, bytes + 8, size - 8,
              zeros[0] != zeros[1] ? zeros[0] > zeros[1] : big_endian);
}

static void
take_field (const Tiff *self, const Field *field, const Known *known, DecoderMetadata *out)
{
  gsize size = MIN (field->size, MAX_VALUE);
  g_autofree guint8 *value = g_malloc (size);
  double number;

  if (!read_bytes (self, field->offset, value, size))
    return;
  switch ((Kind)known->kind)
    {
    case KIND_TEXT:
      if (field->type == TYPE_ASCII)
        decoder_metadata_set_text (out, known->name, (const char *)value, (gssize)size);
      break;
    case KIND_NUMBER:
      if (get_number (self, field, &number))
        decoder_metadata_set_number (out, known->name, number);
      break;
    case KIND_COMMENT:
      take_comment (out, known->name, value, size, self->big_endian);
      break;
    case KIND_UTF16:
      take_utf16 (out, known->name, value, size, FALSE);
      break;
    default:
      break;
    }
}

/* Returns where the EXIF directory is; 0: none. */
static gsize
read_directory (const Tiff *self, gsize at, const Known *known, gsize n_known, DecoderMetadata *out)
{
  guint n_fields = MIN (read_number (self, at, 2), MAX_DIRECTORY);
  gsize below = 0;

  for (guint i = 0; i < n_fields; i++)
    {
      Field field;

      if (!read_field (self, at + 2 + (gsize)i * 12, &field))
        continue;
      if (field.tag == TAG_EXIF_DIRECTORY && field.type == TYPE_LONG)
        below = read_number (self, field.offset, 4);
      for (gsize j = 0; j < n_known; j++)
        if (known[j].tag == field.tag)
          take_field (self, &field, &known[j], out);
    }
  return below;
}

static void
read_tiff (Tiff *self, DecoderMetadata *out)
{
  guint8 head[4];
  gsize below;

  if (!read_bytes (self, 0, head, sizeof head)
      || (memcmp (head, "II*\0", 4) != 0 && memcmp (head, "MM\0*", 4) != 0))
    return;
  self->big_endian = head[0] == 'M';
  below = read_directory (self, read_number (self, 4, 4), known_image, G_N_ELEMENTS (known_image),
                          out);
  if (below != 0)
    read_directory (self, below, known_photo, G_N_ELEMENTS (known_photo), out);
}

void
decoder_exif_read (DecoderMetadata *self, const guint8 *data, gsize size)
{
  Tiff tiff = { .data = data, .size = size };

  if (size >= 6 && memcmp (data, "Exif\0\0", 6) == 0)
    {
      tiff.data += 6;
      tiff.size -= 6;
    }
  if (tiff.size > 0)
    read_tiff (&tiff, self);
}

/* The directories of a TIFF file also describe its pixels. */
void
decoder_exif_read_file (DecoderMetadata *self, int fd)
{
  Tiff tiff = { .fd = fd };
  struct stat status;

  if (fstat (fd, &status) != 0 || status.st_size <= 0)
    return;
  tiff.size = (gsize)status.st_size;
  read_tiff (&tiff, self);
}
