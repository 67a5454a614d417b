/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvips reads BMP through ImageMagick only, which is too much for a sandbox; the format is small.
 * https://learn.microsoft.com/windows/win32/gdi/bitmap-storage */
#include "decoder-bmp.h"

#include <string.h>
#include <sys/stat.h>

#include "decoder/reading/decoder-bytes.h"

#define FILE_HEADER 14
#define HEADER_MAX (FILE_HEADER + 124)

enum
{
  RGB = 0,
  RLE8 = 1,
  RLE4 = 2,
  BITFIELDS = 3,
  ALPHA_BITFIELDS = 6,
};

typedef struct
{
  int fd;
  guint32 width, height;
  gboolean top_down;
  guint32 bits, compression;
  guint32 data_offset;
  guint32 masks[4]; /* red, green, blue, alpha; alpha 0: opaque */
  guint8 palette[256][3];
  guint bands;
  guint8 *pixels; /* the picture as libvips wants it */
  guint32 n_rows; /* that are there */
} Bmp;

static gboolean
fail (GError **error, BooruError code, const char *why)
{
  g_set_error (error, BOORU_ERROR, code, "The BMP cannot be read: %s", why);
  return FALSE;
}

static void
read_masks (Bmp *self, const guint8 *header, gsize length, guint32 info_size)
{
  static const guint32 masks_16[4] = { 0x7c00, 0x03e0, 0x001f, 0 };
  static const guint32 masks_32[4] = { 0xff0000, 0x00ff00, 0x0000ff, 0 };
  /* Masks follow the 40 bytes of the information header, within a longer one or behind it. */
  gboolean has_alpha = info_size >= 56 || self->compression == ALPHA_BITFIELDS;

  memcpy (self->masks, self->bits == 16 ? masks_16 : masks_32, sizeof self->masks);
  if (self->compression != BITFIELDS && self->compression != ALPHA_BITFIELDS)
    return;
  for (guint i = 0; i < (has_alpha ? 4 : 3); i++)
    {
      gsize at = FILE_HEADER + 40 + 4 * i;

      self->masks[i] = at + 4 <= length ? decoder_le32 (header + at) : 0;
    }
}

static gboolean
read_palette (Bmp *self, const guint8 *header, guint32 info_size, GError **error)
{
  guint32 entry = info_size == 12 ? 3 : 4;
  guint32 n = info_size >= 36 ? decoder_le32 (header + FILE_HEADER + 32) : 0;
  guint8 entries[256 * 4] = { 0 };

  if (n == 0 || n > 1u << self->bits)
    n = 1u << self->bits;
  if (decoder_read_at (self->fd, entries, n * entry, FILE_HEADER + info_size) < (gssize)entry)
    return fail (error, BOORU_ERROR_INVALID, "it ends before its palette");
  for (guint32 i = 0; i < n; i++)
    for (guint channel = 0; channel < 3; channel++)
      self->palette[i][channel] = entries[i * entry + 2 - channel];
  return TRUE;
}

static gboolean
check_kind (const Bmp *self, GError **error)
{
  guint32 bits = self->bits;
  gboolean known;

  switch (self->compression)
    {
    case RGB:
      known = bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 24
              || bits == 32;
      break;
    case RLE8:
      known = bits == 8 && !self->top_down;
      break;
    case RLE4:
      known = bits == 4 && !self->top_down;
      break;
    case BITFIELDS:
    case ALPHA_BITFIELDS:
      known = bits == 16 || bits == 32;
      break;
    default:
      known = FALSE;
    }
  return known || fail (error, BOORU_ERROR_UNSUPPORTED, "its variant is not supported");
}

static gboolean
read_header (Bmp *self, GError **error)
{
  guint8 header[HEADER_MAX] = { 0 };
  gssize length = decoder_read_at (self->fd, header, sizeof header, 0);
  guint32 info_size;

  if (length < FILE_HEADER + 12)
    return fail (error, BOORU_ERROR_INVALID, "its header ends too early");
  info_size = decoder_le32 (header + FILE_HEADER);
  self->data_offset = decoder_le32 (header + 10);
  if (info_size == 12)
    {
      self->width = decoder_le16 (header + 18);
      self->height = decoder_le16 (header + 20);
      self->bits = decoder_le16 (header + 24);
    }
  else
    {
      gint32 height = (gint32)decoder_le32 (header + 22);

      self->top_down = height < 0;
      self->width = decoder_le32 (header + 18);
      self->height = height < 0 ? 0u - (guint32)height : (guint32)height;
      self->bits = decoder_le16 (header + 28);
      self->compression = decoder_le32 (header + 30);
    }
  if (info_size < 12 || length < FILE_HEADER + (gssize)MIN (info_size, 40) || self->width == 0
      || self->height == 0 || self->width > G_MAXUINT16 || self->height > G_MAXUINT16)
    return fail (error, BOORU_ERROR_INVALID, "its header is invalid");
  if (!check_kind (self, error))
    return FALSE;
  read_masks (self, header, length, info_size);
  self->bands = self->bits >= 16 && self->masks[3] != 0 ? 4 : 3;
  return self->bits > 8 || read_palette (self, header, info_size, error);
}

static guint8
pick (guint32 value, guint32 mask)
{
  guint shift = mask != 0 ? (guint)g_bit_nth_lsf (mask, -1) : 0;
  guint64 max = mask >> shift;

  return max != 0 ? (guint8)(((value & mask) >> shift) * 255 / max) : 0;
}

static guint8 *
get_row (Bmp *self, guint32 row)
{
  guint32 y = self->top_down ? row : self->height - 1 - row;

  return self->pixels + (gsize)y * self->width * self->bands;
}

static void
put_index (Bmp *self, guint32 row, guint32 x, guint8 index)
{
  memcpy (get_row (self, row) + (gsize)x * 3, self->palette[index], 3);
}

static void
convert_row (Bmp *self, guint32 row, const guint8 *data)
{
  guint8 *out = get_row (self, row);
  guint bytes = self->bits / 8;

  for (guint32 x = 0; x < self->width; x++)
    {
      if (self->bits <= 8)
        {
          guint64 bit = (guint64)x * self->bits;

          put_index (self, row, x,
                     data[bit / 8] >> (8 - self->bits - bit % 8) & ((1u << self->bits) - 1));
        }
      else if (self->bits == 24)
        {
          out[3 * x] = data[3 * x + 2];
          out[3 * x + 1] = data[3 * x + 1];
          out[3 * x + 2] = data[3 * x];
        }
      else
        {
          guint32 value
              = bytes == 2 ? decoder_le16 (data + 2 * x) : decoder_le32 (data + 4 * (gsize)x);

          for (guint band = 0; band < self->bands; band++)
            out[(gsize)x * self->bands + band] = pick (value, self->masks[band]);
        }
    }
}

static void
read_rows (Bmp *self)
{
  gsize stride = ((gsize)self->width * self->bits + 31) / 32 * 4;
  g_autofree guint8 *data = g_malloc (stride);

  for (; self->n_rows < self->height; self->n_rows++)
    {
      if (decoder_read_at (self->fd, data, stride,
                           (goffset)self->data_offset + (goffset)(self->n_rows * stride))
          != (gssize)stride)
        return;
      convert_row (self, self->n_rows, data);
    }
}

/* A run of literal pixels; returns the bytes that it takes, or 0 if it is cut short. */
static gsize
put_literals (Bmp *self, guint32 row, guint32 *x, const guint8 *data, gsize length, guint count)
{
  gsize bytes = self->compression == RLE8 ? count : (count + 1) / 2;

  if (bytes > length)
    return 0;
  for (guint i = 0; i < count; i++, (*x)++)
    if (row < self->height && *x < self->width)
      put_index (self, row, *x,
                 self->compression == RLE8 ? data[i] : data[i / 2] >> (i % 2 ? 0 : 4) & 15);
  return (bytes + 1) & ~(gsize)1;
}

/* Pairs of bytes: a run, or an escape (end of line, end of picture, move, literals). */
static void
decode_runs (Bmp *self, const guint8 *data, gsize length)
{
  guint32 row = 0, x = 0;

  for (gsize at = 0; at + 2 <= length && row < self->height;)
    {
      guint count = data[at];
      guint value = data[at + 1];

      at += 2;
      if (count > 0)
        {
          for (guint i = 0; i < count && x < self->width; i++, x++)
            put_index (self, row, x,
                       self->compression == RLE8 ? value : value >> (i % 2 ? 0 : 4) & 15);
        }
      else if (value == 1)
        {
          row = self->height;
        }
      else if (value == 0)
        {
          row++;
          x = 0;
        }
      else if (value == 2)
        {
          if (at + 2 > length)
            break;
          x += data[at];
          row += data[at + 1];
          at += 2;
        }
      else
        {
          gsize taken = put_literals (self, row, &x, data + at, length - at, value);

          if (taken == 0)
            break;
          at += taken;
        }
    }
  /* Some writers omit the end of the picture. */
  self->n_rows = row + 1 >= self->height ? self->height : row;
}

static gboolean
read_runs (Bmp *self, GError **error)
{
  struct stat status;
  gsize limit = (gsize)self->width * self->height * 2 + (gsize)self->height * 4 + 65536;
  gsize size;
  g_autofree guint8 *data = NULL;
  gssize length;

  if (fstat (self->fd, &status) != 0 || status.st_size <= self->data_offset)
    return TRUE;
  size = MIN ((gsize)status.st_size - self->data_offset, limit);
  data = g_try_malloc (size);
  if (data == NULL)
    return fail (error, BOORU_ERROR_LIMIT, "it exceeds the memory limit");
  length = decoder_read_at (self->fd, data, size, self->data_offset);
  decode_runs (self, data, (gsize)MAX (length, 0));
  return TRUE;
}

/* Many writers set the alpha channel to 0 but mean an opaque picture. */
static void
mend_alpha (Bmp *self)
{
  gsize n = (gsize)self->width * self->height;

  if (self->bands != 4)
    return;
  for (gsize i = 0; i < n; i++)
    if (self->pixels[4 * i + 3] != 0)
      return;
  for (gsize i = 0; i < n; i++)
    self->pixels[4 * i + 3] = 255;
}

static void
free_pixels (VipsImage *image, gpointer pixels)
{
  g_free (pixels);
}

VipsImage *
decoder_bmp_load (int fd, double *share, GError **error)
{
  Bmp self = { .fd = fd };
  gboolean has_runs;
  gsize size;
  VipsImage *image;

  if (!read_header (&self, error))
    return NULL;
  size = (gsize)self.width * self.height * self.bands;
  self.pixels = g_try_malloc0 (size);
  if (self.pixels == NULL)
    {
      fail (error, BOORU_ERROR_LIMIT, "it exceeds the memory limit");
      return NULL;
    }
  has_runs = self.compression == RLE8 || self.compression == RLE4;
  if (!has_runs)
    read_rows (&self);
  else if (!read_runs (&self, error))
    {
      g_free (self.pixels);
      return NULL;
    }
  *share = (double)self.n_rows / self.height;
  mend_alpha (&self);
  image = vips_image_new_from_memory (self.pixels, size, (int)self.width, (int)self.height,
                                      (int)self.bands, VIPS_FORMAT_UCHAR);
  if (image == NULL)
    {
      g_free (self.pixels);
      decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot take the picture");
      return NULL;
    }
  image->Type = VIPS_INTERPRETATION_sRGB;
  g_signal_connect (image, "postclose", G_CALLBACK (free_pixels), self.pixels);
  return image;
}
