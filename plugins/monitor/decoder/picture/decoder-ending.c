/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-ending.h"

#include <string.h>

#include "decoder/reading/decoder-bytes.h"
#include "decoder/reading/decoder-jpeg.h"
#include "decoder/reading/decoder-tiff.h"

/* Less is refused. */
#define LEAST_SHARE 0.5

/* So many zeros at the end cannot be part of a compressed picture. */
#define MANY_ZEROS 512

#define JPEG_END "\xff\xd9"

static void
find_jpeg (DecoderEnding *self, DecoderReader *reader)
{
  if (decoder_reader_has (reader, reader->size - 2, JPEG_END, 2)
      || decoder_jpeg_read (reader, 0).end > 0)
    return;
  self->is_cut = TRUE;
  self->share = -1;
  self->size = decoder_reader_find_content_end (reader);
}

/* For a file that declares its length: the share of the picture is that of the file.
 * @may_be_filled: its own data cannot end in zeros. */
static void
compare_with_declared (DecoderEnding *self,
                       DecoderReader *reader,
                       goffset declared,
                       gboolean may_be_filled)
{
  self->is_cut = reader->size < declared;
  self->declared = declared;
  if (may_be_filled)
    {
      self->size = decoder_reader_find_content_end (reader);
      self->is_cut |= self->size <= declared - MANY_ZEROS;
    }
  if (self->is_cut)
    self->share = (double)self->size / (double)declared;
}

static void
find_webp (DecoderEnding *self, DecoderReader *reader)
{
  goffset declared = 8 + (goffset)decoder_reader_get_number (reader, 4, 4, FALSE);
  goffset end = MIN (declared, reader->size);
  goffset at = 12;
  gboolean is_data = TRUE;

  /* Metadata comes last and may end in zeros, but a chunk has a name. */
  while (at + 8 <= end && decoder_reader_get (reader, at) != 0)
    {
      is_data
          = decoder_reader_has (reader, at, "VP8", 3) || decoder_reader_has (reader, at, "ANMF", 4);
      at += 8 + (((goffset)decoder_reader_get_number (reader, at + 4, 4, FALSE) + 1) & ~(goffset)1);
    }
  compare_with_declared (self, reader, declared, is_data || at + 8 <= end);
}

/* ISO/IEC 14496-12, 4.2: the boxes on top follow each other. */
static void
find_boxes (DecoderEnding *self, DecoderReader *reader)
{
  goffset at = 0;
  gboolean is_data = FALSE;

  while (at + 8 <= reader->size)
    {
      guint64 size = decoder_reader_get_number (reader, at, 4, TRUE);

      if (size == 1)
        size = decoder_reader_get_number (reader, at + 8, 8, TRUE);
      if (size < 8 || size > (guint64)(G_MAXINT64 - at))
        break; /* 0: up to the end of the file */
      is_data = decoder_reader_has (reader, at + 4, "mdat", 4);
      at += (goffset)size;
    }
  compare_with_declared (self, reader, at, is_data);
}

/* By the strips or tiles of the first picture. The directory is often the last thing in the file.
 */
static void
find_tiff (DecoderEnding *self, DecoderReader *reader)
{
  DecoderTiff tiff;
  goffset first = decoder_tiff_init (&tiff, reader);
  goffset next;
  g_autoptr (GArray) directory = decoder_tiff_read_directory (&tiff, first, &next);
  gboolean has_tiles = decoder_tiff_find (directory, 324) != NULL;
  const DecoderTiffEntry *offsets = decoder_tiff_find (directory, has_tiles ? 324 : 273);
  const DecoderTiffEntry *sizes = decoder_tiff_find (directory, has_tiles ? 325 : 279);
  double all = 0, present = 0;

  if (offsets == NULL || sizes == NULL)
    {
      self->is_cut = first >= reader->size || directory->len == 0;
      self->share = 0;
      return;
    }
  for (guint64 i = 0; i < offsets->count && i < (guint64)reader->size; i++)
    {
      double start = (double)decoder_tiff_get (&tiff, offsets, i);
      double size = (double)decoder_tiff_get (&tiff, sizes, i);

      all += size;
      self->declared = MAX (self->declared, (goffset)MIN (start + size, G_MAXINT32));
      present += CLAMP ((double)reader->size - start, 0, size);
    }
  self->is_cut = present < all;
  self->share = all > 0 ? present / all : 1;
}

DecoderEnding
decoder_ending_find (DecoderFormat format, int fd)
{
  g_autofree DecoderReader *reader = decoder_reader_new (fd);
  DecoderEnding self = { .share = 1 };

  if (reader == NULL)
    return self;
  self.size = reader->size;
  switch (format)
    {
    case DECODER_FORMAT_JPEG:
      find_jpeg (&self, reader);
      break;
    case DECODER_FORMAT_PNG:
      decoder_ending_find_png (&self, reader);
      break;
    case DECODER_FORMAT_GIF:
      decoder_ending_find_gif (&self, reader);
      break;
    case DECODER_FORMAT_WEBP:
      find_webp (&self, reader);
      break;
    case DECODER_FORMAT_TIFF:
      find_tiff (&self, reader);
      break;
    case DECODER_FORMAT_AVIF:
    case DECODER_FORMAT_HEIC:
      find_boxes (&self, reader);
      break;
    case DECODER_FORMAT_JXL:
      if (decoder_reader_has (reader, 4, "JXL ", 4))
        find_boxes (&self, reader);
      break;
    default:
      break;
    }
  return self;
}

/* The missing rest after the last chunk becomes one chunk that readers ignore. */
static void
fill_webp (guint8 *data, gsize size, gsize declared)
{
  gsize at = 12;
  guint32 rest;

  while (at + 8 <= size)
    at += 8 + (((gsize)decoder_le32 (data + at + 4) + 1) & ~(gsize)1);
  if (at + 8 > declared)
    return;
  rest = GUINT32_TO_LE ((guint32)(declared - at - 8));
  memcpy (data + at, "JUNK", 4);
  memcpy (data + at + 4, &rest, 4);
}

/* JPEG decoders need an end marker; those of TIFF, WebP, AVIF and HEIC need all declared bytes, and
 * with zeros they show what is present. Others cope with less. */
VipsSource *
decoder_ending_open (const DecoderEnding *self, DecoderFormat format, int fd, GError **error)
{
  gsize padding = format == DECODER_FORMAT_JPEG ? strlen (JPEG_END)
                                                : (gsize)MAX (0, self->declared - self->size);
  gsize size = (gsize)self->size;
  guint8 *data;

  if (padding == 0)
    return decoder_vips_open_file (fd, error);
  /* A false length costs no memory: the share was checked before. */
  data = g_try_malloc0 (size + padding);
  if (data == NULL)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                   "The file ends too early, and exceeds the memory limit");
      return NULL;
    }
  decoder_read_at (fd, data, size, 0);
  if (format == DECODER_FORMAT_JPEG)
    memcpy (data + size, JPEG_END, padding);
  if (format == DECODER_FORMAT_WEBP)
    fill_webp (data, size, size + padding);
  return decoder_vips_open_memory (data, size + padding, error);
}

static gboolean
is_filled (const guint8 *row, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (row[i] < 126 || row[i] > 130)
      return FALSE;
  return TRUE;
}

double
decoder_ending_measure_jpeg (VipsImage *image)
{
  gint height = vips_image_get_height (image);
  gsize n = VIPS_IMAGE_SIZEOF_LINE (image);
  gint rows = height;

  while (rows > 0 && is_filled (VIPS_IMAGE_ADDR (image, 0, rows - 1), n))
    rows--;
  return (double)rows / height;
}

gboolean
decoder_ending_check_share (double share, GError **error)
{
  if (share < 0 || share >= LEAST_SHARE)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "only %d %% of the picture is present",
               (gint)(share * 100));
  return FALSE;
}

void
decoder_ending_prefix_error (GError **error, gboolean is_certain)
{
  if (error != NULL && g_error_matches (*error, BOORU_ERROR, BOORU_ERROR_INVALID)
      && strstr ((*error)->message, "(it ends too early)") == NULL)
    g_prefix_error (error, "The file is damaged (%s ends too early). Details: ",
                    is_certain ? "it" : "perhaps it");
}
