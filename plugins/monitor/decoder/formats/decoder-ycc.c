/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-ycc.h"

#include "decoder/pixels/decoder-size.h"
#include "decoder/reading/decoder-bytes.h"
#include "decoder/reading/decoder-tiff.h"

enum
{
  TAG_WIDTH = 256,
  TAG_HEIGHT = 257,
  TAG_BITS = 258,
  TAG_COMPRESSION = 259,
  TAG_PHOTOMETRIC = 262,
  TAG_OFFSETS = 273,
  TAG_ORIENTATION = 274,
  TAG_SAMPLES = 277,
  TAG_SIZES = 279,
  TAG_PLANAR = 284,
  TAG_SUBSAMPLING = 530,

  COMPRESSION_NONE = 1,
  COMPRESSION_OLD_JPEG = 6,
  COMPRESSION_JPEG = 7,
  PHOTOMETRIC_YCC = 6,
};

typedef struct
{
  DecoderTiff tiff;
  GArray *directory;
  guint32 width, height;
  guint32 across, down; /* pixels that share their colour */
  guint32 blocks;       /* of such pixels, in a row */
  gboolean is_planar;
  GByteArray *planes[3]; /* one if it is not planar */
} Ycc;

static void
ycc_clear (Ycc *self)
{
  g_clear_pointer (&self->directory, g_array_unref);
  for (guint i = 0; i < G_N_ELEMENTS (self->planes); i++)
    g_clear_pointer (&self->planes[i], g_byte_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ycc, ycc_clear)

static void
ycc_init (Ycc *self, DecoderReader *reader)
{
  goffset first = decoder_tiff_init (&self->tiff, reader);
  goffset next;

  self->directory = decoder_tiff_read_directory (&self->tiff, first, &next);
}

static guint64
get (Ycc *self, guint16 tag)
{
  return decoder_tiff_find_number (&self->tiff, self->directory, tag);
}

static gboolean
fail (GError **error, BooruError code, const char *why)
{
  g_set_error (error, BOORU_ERROR, code, "The TIFF cannot be read: %s", why);
  return FALSE;
}

gboolean
decoder_ycc_is_plain (int fd)
{
  g_autofree DecoderReader *reader = decoder_reader_new (fd);
  g_auto (Ycc) self = { 0 };
  guint64 compression;

  if (reader == NULL)
    return FALSE;
  ycc_init (&self, reader);
  compression = get (&self, TAG_COMPRESSION);
  return get (&self, TAG_PHOTOMETRIC) == PHOTOMETRIC_YCC && compression != COMPRESSION_JPEG
         && compression != COMPRESSION_OLD_JPEG;
}

static gboolean
read_layout (Ycc *self, guint64 max_pixels, GError **error)
{
  const DecoderTiffEntry *subsampling = decoder_tiff_find (self->directory, TAG_SUBSAMPLING);
  guint64 width = get (self, TAG_WIDTH), height = get (self, TAG_HEIGHT);

  if (get (self, TAG_COMPRESSION) != COMPRESSION_NONE || get (self, TAG_BITS) != 8
      || get (self, TAG_SAMPLES) != 3)
    return fail (error, BOORU_ERROR_UNSUPPORTED,
                 "packed YCbCr, and YCbCr of other than 8 bits, is not supported");
  if (width == 0 || height == 0)
    return fail (error, BOORU_ERROR_INVALID, "its header is invalid");
  if (!decoder_size_check (width, height, max_pixels, error))
    return FALSE;
  self->width = (guint32)width;
  self->height = (guint32)height;
  self->across = subsampling ? (guint32)decoder_tiff_get (&self->tiff, subsampling, 0) : 2;
  self->down = subsampling ? (guint32)decoder_tiff_get (&self->tiff, subsampling, 1) : 2;
  if (self->across == 0 || self->down == 0 || self->across > 4 || self->down > 4)
    return fail (error, BOORU_ERROR_INVALID, "its header is invalid");
  self->blocks = (self->width + self->across - 1) / self->across;
  self->is_planar = get (self, TAG_PLANAR) == 2;
  return TRUE;
}

static gsize
get_plane_size (Ycc *self, guint plane)
{
  gsize n_blocks = (gsize)self->blocks * ((self->height + self->down - 1) / self->down);

  if (!self->is_planar)
    return n_blocks * (self->across * self->down + 2);
  return plane == 0 ? (gsize)self->width * self->height : n_blocks;
}

/* Reads its strips. Missing data is 0, as elsewhere. */
static void
read_plane (Ycc *self, guint plane, guint n_planes)
{
  const DecoderTiffEntry *offsets = decoder_tiff_find (self->directory, TAG_OFFSETS);
  const DecoderTiffEntry *sizes = decoder_tiff_find (self->directory, TAG_SIZES);
  GByteArray *bytes = self->planes[plane];
  guint64 n_strips = offsets ? offsets->count / n_planes : 0;
  gsize at = 0;

  for (guint64 i = 0; i < n_strips && at < bytes->len; i++)
    {
      guint64 strip = plane * n_strips + i;
      gsize size = MIN ((gsize)decoder_tiff_get (&self->tiff, sizes, strip), bytes->len - at);

      decoder_read_at (self->tiff.reader->fd, bytes->data + at, size,
                       (goffset)decoder_tiff_get (&self->tiff, offsets, strip));
      at += size;
    }
}

static void
get_pixel (Ycc *self, guint32 x, guint32 y, gint ycc[3])
{
  gsize block = (gsize)(y / self->down) * self->blocks + x / self->across;

  if (self->is_planar)
    {
      ycc[0] = self->planes[0]->data[(gsize)y * self->width + x];
      ycc[1] = self->planes[1]->data[block];
      ycc[2] = self->planes[2]->data[block];
    }
  else
    {
      guint32 n = self->across * self->down;
      const guint8 *data = self->planes[0]->data + block * (n + 2);

      ycc[0] = data[y % self->down * self->across + x % self->across];
      ycc[1] = data[n];
      ycc[2] = data[n + 1];
    }
}

/* ITU-R BT.601, full range: what TIFF assumes. */
static VipsImage *
convert (Ycc *self)
{
  gsize size = (gsize)self->width * self->height * 3;
  g_autofree guint8 *pixels = g_try_malloc (size);
  guint8 *out = pixels;
  VipsImage *image;

  if (pixels == NULL)
    return NULL;
  for (guint32 y = 0; y < self->height; y++)
    for (guint32 x = 0; x < self->width; x++)
      {
        gint ycc[3];

        get_pixel (self, x, y, ycc);
        *out++ = (guint8)CLAMP (ycc[0] + 1.402 * (ycc[2] - 128) + 0.5, 0, 255);
        *out++ = (guint8)CLAMP (
            ycc[0] - 0.344136 * (ycc[1] - 128) - 0.714136 * (ycc[2] - 128) + 0.5, 0, 255);
        *out++ = (guint8)CLAMP (ycc[0] + 1.772 * (ycc[1] - 128) + 0.5, 0, 255);
      }
  image = vips_image_new_from_memory_copy (pixels, size, (int)self->width, (int)self->height, 3,
                                           VIPS_FORMAT_UCHAR);
  if (image != NULL)
    {
      image->Type = VIPS_INTERPRETATION_sRGB;
      vips_image_set_int (image, VIPS_META_ORIENTATION,
                          (int)CLAMP (get (self, TAG_ORIENTATION), 1, 8));
    }
  return image;
}

VipsImage *
decoder_ycc_load (int fd, guint64 max_pixels, GError **error)
{
  g_autofree DecoderReader *reader = decoder_reader_new (fd);
  g_auto (Ycc) self = { 0 };
  VipsImage *image;
  guint n_planes;

  ycc_init (&self, reader);
  if (!read_layout (&self, max_pixels, error))
    return NULL;
  n_planes = self.is_planar ? 3 : 1;
  for (guint i = 0; i < n_planes; i++)
    {
      gsize size = get_plane_size (&self, i);

      self.planes[i] = g_byte_array_new_take (g_try_malloc0 (size), size);
      if (self.planes[i]->data == NULL)
        {
          fail (error, BOORU_ERROR_LIMIT, "it exceeds the memory limit");
          return NULL;
        }
      read_plane (&self, i, n_planes);
    }
  image = convert (&self);
  if (image == NULL)
    fail (error, BOORU_ERROR_LIMIT, "it exceeds the memory limit");
  return image;
}
