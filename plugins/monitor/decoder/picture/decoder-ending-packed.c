/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much of a truncated PNG or GIF is present: with lossless compression, the number of bytes
 * does not tell. */
#include "decoder-ending.h"

#include <zlib.h>

#define PNG_HEADER 8
#define PNG_CHUNK 12 /* length, name and checksum */
#define PNG_END "\0\0\0\0IEND\xae\x42\x60\x82"

/* Bytes of a part of a picture with a filter before each row (PNG, 7.2 and 7.3). */
static double
get_png_part_size (guint32 width, guint32 height, guint bits)
{
  return width > 0 ? (double)height * (1 + ((guint64)width * bits + 7) / 8) : 0;
}

static double
get_png_size (DecoderReader *reader)
{
  static const guint8 channels[] = { 1, 0, 3, 1, 2, 0, 4 };
  /* Adam7 (PNG, 8.2): first column and row, and their distances. */
  static const guint8 passes[7][4]
      = { { 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 }, { 2, 0, 4, 4 },
          { 0, 2, 2, 4 }, { 1, 0, 2, 2 }, { 0, 1, 1, 2 } };
  guint32 width = (guint32)decoder_reader_get_number (reader, 16, 4, TRUE);
  guint32 height = (guint32)decoder_reader_get_number (reader, 20, 4, TRUE);
  guint8 colour = decoder_reader_get (reader, 25);
  guint bits
      = decoder_reader_get (reader, 24) * (colour < G_N_ELEMENTS (channels) ? channels[colour] : 0);
  double size = 0;

  if (decoder_reader_get (reader, 28) == 0)
    return get_png_part_size (width, height, bits);
  for (guint i = 0; i < G_N_ELEMENTS (passes); i++)
    {
      const guint8 *pass = passes[i];
      guint32 columns = width > pass[0] ? (width - pass[0] + pass[2] - 1) / pass[2] : 0;
      guint32 rows = height > pass[1] ? (height - pass[1] + pass[3] - 1) / pass[3] : 0;

      size += get_png_part_size (columns, rows, bits);
    }
  return size;
}

/* Unpacks one chunk of picture data; FALSE at the end of what can be unpacked. */
static gboolean
inflate_chunk (z_stream *stream, DecoderReader *reader, goffset at, goffset end)
{
  guint8 in[4096], out[32 * 1024];

  while (at < end)
    {
      for (stream->avail_in = 0; stream->avail_in < sizeof in && at < end; at++)
        in[stream->avail_in++] = decoder_reader_get (reader, at);
      stream->next_in = in;
      do
        {
          stream->next_out = out;
          stream->avail_out = sizeof out;
          if (inflate (stream, Z_NO_FLUSH) != Z_OK)
            return FALSE;
        }
      while (stream->avail_in > 0 || stream->avail_out == 0);
    }
  return TRUE;
}

static gboolean
is_png_chunk (DecoderReader *reader, goffset at, const char *name)
{
  return decoder_reader_has (reader, at + 4, name, 4);
}

static double
measure_png (DecoderReader *reader)
{
  z_stream stream = { 0 };
  double size = get_png_size (reader);
  double present;
  gboolean more = TRUE;

  if (size <= 0 || inflateInit (&stream) != Z_OK)
    return 0;
  for (goffset at = PNG_HEADER; more && at + 8 < reader->size;)
    {
      goffset length = (goffset)decoder_reader_get_number (reader, at, 4, TRUE);

      if (is_png_chunk (reader, at, "IDAT"))
        more = inflate_chunk (&stream, reader, at + 8, MIN (at + 8 + length, reader->size))
               && (double)stream.total_out < size;
      at += length + PNG_CHUNK;
    }
  present = (double)stream.total_out;
  inflateEnd (&stream);
  return MIN (1, present / size);
}

void
decoder_ending_find_png (DecoderEnding *self, DecoderReader *reader)
{
  goffset at = PNG_HEADER;

  if (decoder_reader_has (reader, reader->size - PNG_CHUNK, PNG_END, PNG_CHUNK))
    return;
  while (at + PNG_CHUNK <= reader->size)
    {
      if (is_png_chunk (reader, at, "IEND"))
        return;
      at += (goffset)decoder_reader_get_number (reader, at, 4, TRUE) + PNG_CHUNK;
    }
  self->is_cut = TRUE;
  self->share = measure_png (reader);
}

#define MAX_CODES 4096

/* LZW as GIF has it (GIF89a, appendix F): only how many pixels each code stands for. */
typedef struct
{
  guint16 lengths[MAX_CODES];
  guint clear, n_codes, width;
  gint last; /* -1: none since the codes were cleared */
  guint32 bits;
  guint n_bits;
  guint64 n_pixels;
} Lzw;

static void
lzw_clear (Lzw *self)
{
  self->n_codes = self->clear + 2;
  self->width = (guint)g_bit_storage (self->clear);
  self->last = -1;
}

static gboolean
lzw_take_code (Lzw *self, guint code)
{
  guint length;

  if (code == self->clear)
    {
      lzw_clear (self);
      return TRUE;
    }
  if (code == self->clear + 1 || code > self->n_codes || (code == self->n_codes && self->last < 0))
    return FALSE;
  length = code < self->clear     ? 1
           : code < self->n_codes ? self->lengths[code]
                                  : self->lengths[self->last] + 1u;
  self->n_pixels += length;
  if (self->last >= 0 && self->n_codes < MAX_CODES)
    {
      self->lengths[self->n_codes++] = self->lengths[self->last] + 1;
      if (self->n_codes == 1u << self->width && self->width < 12)
        self->width++;
    }
  self->last = (gint)MIN (code, MAX_CODES - 1);
  return TRUE;
}

static gboolean
lzw_take_byte (Lzw *self, guint8 byte)
{
  self->bits |= (guint32)byte << self->n_bits;
  self->n_bits += 8;
  while (self->n_bits >= self->width)
    {
      guint code = self->bits & ((1u << self->width) - 1);

      self->bits >>= self->width;
      self->n_bits -= self->width;
      if (!lzw_take_code (self, code))
        return FALSE;
    }
  return TRUE;
}

static goffset
get_gif_palette_size (guint8 flags)
{
  return flags & 0x80 ? (goffset)3 << ((flags & 7) + 1) : 0;
}

/* Start of the picture data: its code size. */
static goffset
get_gif_data (DecoderReader *reader, goffset picture)
{
  return picture + 10 + get_gif_palette_size (decoder_reader_get (reader, picture + 9));
}

static double
measure_gif (DecoderReader *reader, goffset picture)
{
  guint64 n_pixels = decoder_reader_get_number (reader, picture + 5, 2, FALSE)
                     * decoder_reader_get_number (reader, picture + 7, 2, FALSE);
  goffset at = get_gif_data (reader, picture);
  guint8 code_size = decoder_reader_get (reader, at++);
  Lzw lzw = { .clear = 1u << CLAMP (code_size, 1, 11) };
  gboolean more = TRUE;

  for (guint i = 0; i < lzw.clear; i++)
    lzw.lengths[i] = 1;
  lzw_clear (&lzw);
  while (more && at < reader->size)
    {
      guint8 length = decoder_reader_get (reader, at++);

      more = length > 0;
      for (guint i = 0; more && i < length && at < reader->size; i++)
        more = lzw_take_byte (&lzw, decoder_reader_get (reader, at++));
    }
  return n_pixels > 0 ? MIN (1, (double)lzw.n_pixels / (double)n_pixels) : 0;
}

static goffset
skip_gif_blocks (DecoderReader *reader, goffset at)
{
  guint8 length;

  while (at < reader->size && (length = decoder_reader_get (reader, at)) > 0)
    at += 1 + length;
  return at + 1;
}

void
decoder_ending_find_gif (DecoderEnding *self, DecoderReader *reader)
{
  goffset at = 13 + get_gif_palette_size (decoder_reader_get (reader, 10));

  goffset first = 0; /* picture */

  while (at < reader->size)
    {
      guint8 kind = decoder_reader_get (reader, at);

      if (kind == 0x3b)
        return;
      if (kind != 0x21 && kind != 0x2c)
        break;
      if (kind == 0x2c && first == 0)
        first = at;
      at = skip_gif_blocks (reader, kind == 0x21 ? at + 2 : get_gif_data (reader, at) + 1);
    }
  self->is_cut = TRUE;
  self->share = first > 0 ? measure_gif (reader, first) : 0;
}
