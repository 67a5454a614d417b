/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-raw-preview.h"

#include "decoder/reading/decoder-bytes.h"
#include "decoder/reading/decoder-jpeg.h"
#include "decoder/reading/decoder-tiff.h"

/* Pixels along the longer side: smaller ones are for the screen of the camera. */
#define LEAST_SIDE 480

#define TAG_ORIENTATION 274

typedef struct
{
  goffset at;
  DecoderJpeg jpeg;
} Preview;

/* Every vendor stores it elsewhere, some in several places, but it always begins like a JPEG. */
static Preview
find_largest (DecoderReader *reader)
{
  Preview largest = { 0 };
  goffset at = 0;

  while ((at = decoder_reader_find (reader, at, 0xff)) < reader->size)
    {
      Preview preview = { .at = at };

      at++;
      if (!decoder_reader_has (reader, preview.at, "\xff\xd8\xff", 3))
        continue;
      preview.jpeg = decoder_jpeg_read (reader, preview.at);
      if (preview.jpeg.end == 0 || preview.jpeg.is_lossless)
        continue;
      at = preview.jpeg.end;
      if ((guint64)preview.jpeg.width * preview.jpeg.height
          > (guint64)largest.jpeg.width * largest.jpeg.height)
        largest = preview;
    }
  return largest;
}

static GBytes *
read_preview (int fd, const Preview *preview, GError **error)
{
  gsize size = (gsize)(preview->jpeg.end - preview->at);
  guint8 *data = g_try_malloc (size);

  if (data == NULL)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                   "The preview in the raw file exceeds the memory limit");
      return NULL;
    }
  decoder_read_at (fd, data, size, preview->at);
  return g_bytes_new_take (data, size);
}

/* The orientation of the camera; few previews record it. */
static gint
read_orientation (DecoderReader *reader)
{
  DecoderTiff tiff;
  goffset first = decoder_tiff_init (&tiff, reader);
  goffset next;
  g_autoptr (GArray) directory = decoder_tiff_read_directory (&tiff, first, &next);

  return (gint)CLAMP (decoder_tiff_find_number (&tiff, directory, TAG_ORIENTATION), 1, 8);
}

gboolean
decoder_raw_preview_load (DecoderPicture *self,
                          const DecoderSniff *sniff,
                          const DecoderJob *job,
                          GError **error)
{
  g_autofree DecoderReader *reader = decoder_reader_new (job->input);
  g_autofree char *fact = NULL;
  g_autoptr (GBytes) bytes = NULL;
  Preview preview = { 0 };
  gboolean loaded;

  if (reader != NULL)
    preview = find_largest (reader);
  if (MAX (preview.jpeg.width, preview.jpeg.height) < LEAST_SIDE)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
                   "This is a camera raw file (%s) without a usable preview. Convert it to JPEG "
                   "or TIFF",
                   sniff->raw_name);
      return FALSE;
    }
  bytes = read_preview (job->input, &preview, error);
  if (bytes == NULL)
    return FALSE;
  fact = g_strdup_printf ("%s; its preview of %u × %u pixels is shown", sniff->raw_name,
                          preview.jpeg.width, preview.jpeg.height);
  decoder_metadata_set_text (self->metadata, "File:RawFormat", fact, -1);
  decoder_exif_read_file (self->metadata, job->input);
  self->orientation = read_orientation (reader);
  self->format = DECODER_FORMAT_JPEG;
  loaded = decoder_picture_load_bytes (self, bytes, job, error);
  self->format = DECODER_FORMAT_RAW;
  return loaded;
}
