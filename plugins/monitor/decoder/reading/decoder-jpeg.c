/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-jpeg.h"

enum
{
  SOF = 0xc0,
  DHT = 0xc4,
  JPG = 0xc8,
  DAC = 0xcc,
  EOI = 0xd9,
  SOS = 0xda,
};

static gboolean
is_frame (guint8 marker)
{
  return (marker & 0xf0) == SOF && marker != DHT && marker != JPG && marker != DAC;
}

/* Without a segment: what is entropy-coded (0), restarts, and the start of the next picture. */
static gboolean
stands_alone (guint8 marker)
{
  return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

DecoderJpeg
decoder_jpeg_read (DecoderReader *reader, goffset at)
{
  DecoderJpeg self = { 0 };

  for (at += 2; (at = decoder_reader_find (reader, at, 0xff)) + 2 <= reader->size;)
    {
      guint8 marker = decoder_reader_get (reader, at + 1);

      if (marker == EOI)
        {
          self.end = at + 2;
          break;
        }
      if (is_frame (marker) && self.width == 0)
        {
          self.is_lossless = (marker & 3) == 3;
          self.height = (guint32)decoder_reader_get_number (reader, at + 5, 2, TRUE);
          self.width = (guint32)decoder_reader_get_number (reader, at + 7, 2, TRUE);
        }
      /* Bytes that merely look like a picture. */
      if (marker == SOS && self.width == 0)
        break;
      if (marker == 0xff)
        at++;
      else if (stands_alone (marker))
        at += 2;
      else
        at += 2 + (goffset)decoder_reader_get_number (reader, at + 2, 2, TRUE);
    }
  return self;
}
