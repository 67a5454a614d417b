/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "decoder/pixels/decoder-phash.h"
#include "decoder/reading/decoder-sniff.h"

#define BYTES(literal) literal, sizeof (literal) - 1

typedef struct
{
  const char *name;
  const char *data;
  gsize length;
  const char *ext; /* NULL: refused */
  guint32 width, height;
} Case;

static const Case cases[] = {
  { "jpeg", BYTES ("\xff\xd8\xff\xe0\0\x10JFIF"), "jpg" },
  { "png", BYTES ("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\2\0\0\3\4"), "png", 0x102, 0x304 },
  { "gif", BYTES ("GIF89a\xff\xff\x01\0"), "gif", 65535, 1 },
  { "gif 87", BYTES ("GIF87a\x02\0\x03\0"), "gif", 2, 3 },
  { "webp lossy", BYTES ("RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0\0\0\0\x9d\x01\x2a\x40\x41\xf0\0"),
    "webp", 0x140, 0xf0 },
  { "webp lossless", BYTES ("RIFF\x24\0\0\0WEBPVP8L\x18\0\0\0\x2f\x3f\x41\x0e\0"), "webp", 320,
    58 },
  { "webp extended", BYTES ("RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\x03\x01\0\x04\0\0"), "webp",
    260, 5 },
  { "avif",
    BYTES ("\0\0\0\x1c"
           "ftypavif\0\0\0\0avifmif1"),
    "avif" },
  { "avif behind mif1",
    BYTES ("\0\0\0\x18"
           "ftypmif1\0\0\0\0miafavif"),
    "avif" },
  { "heic",
    BYTES ("\0\0\0\x18"
           "ftypheic\0\0\0\0mif1heic"),
    "heic" },
  { "heic behind msf1",
    BYTES ("\0\0\0\x18"
           "ftypmsf1\0\0\0\0msf1hevc"),
    "heic" },
  { "mp4",
    BYTES ("\0\0\0\x20"
           "ftypisom\0\0\2\0isomiso2avc1mp41"),
    "mp4" },
  { "mov",
    BYTES ("\0\0\0\x14"
           "ftypqt  \0\0\0\0qt  "),
    "mov" },
  { "mov without brand", BYTES ("\0\0\0\x08wide\0\0\0\0mdat"), "mov" },
  { "unknown brand",
    BYTES ("\0\0\0\x14"
           "ftypjpx \0\0\0\0jp2 "),
    NULL },
  { "ugoira",
    BYTES ("PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0a\0\0\0"
           "000000.jpg"),
    "zip" },
  { "another archive",
    BYTES ("PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0a\0\0\0"
           "000000.txt"),
    NULL },
  { "an archive, cut",
    BYTES ("PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\0\0"
           "000000.jpg"),
    NULL },
  { "jxl", BYTES ("\xff\x0a\xfa\x1f"), "jxl" },
  { "jxl in a box", BYTES ("\0\0\0\x0cJXL \r\n\x87\n"), "jxl" },
  { "tiff little", BYTES ("II*\0\x08\0\0\0"), "tiff" },
  { "tiff big", BYTES ("MM\0*\0\0\0\x08"), "tiff" },
  { "camera raw", BYTES ("II*\0\x10\0\0\0CR\2\0"), "raw" },
  { "bmp", BYTES ("BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x05\0\0\0\xfd\xff\xff\xff\1\0"), "bmp", 5,
    3 },
  { "bmp of OS/2", BYTES ("BM\0\0\0\0\0\0\0\0\x1a\0\0\0\x0c\0\0\0\x05\0\x07\0\1\0\x18\0"), "bmp", 5,
    7 },
  { "text that begins with BM", BYTES ("BMW is a maker of cars and motorcycles"), NULL },
  { "webm", BYTES ("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"), "webm" },
  { "mkv", BYTES ("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska"), "mkv" },
  { "mkv with a size of two bytes",
    BYTES ("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x40\x08matroska"), "mkv" },
  { "webm with a size of eight bytes",
    BYTES ("\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x86\x81\x01\x42\x82\x01\0\0\0\0\0\0\x04webm"),
    "webm" },
  { "SVG with a prefix", BYTES ("<ns0:svg xmlns:ns0='x' width='30' height='20'/>"), "svg", 30, 20 },
  { "SVG in UTF-16",
    BYTES ("\xff\xfe<\0s\0v\0g\0 \0w\0i\0d\0t\0h\0=\0'\0003\0'\0 "
           "\0h\0e\0i\0g\0h\0t\0=\0'\0002\0'\0/\0>\0"),
    "svg", 3, 2 },
  { "other EBML", BYTES ("\x1a\x45\xdf\xa3\x9f\x42\x82\x84none"), NULL },
  { "svg", BYTES ("<svg xmlns='http://www.w3.org/2000/svg'/>"), "svg" },
  { "svg with size", BYTES ("<svg width='20.5px' height=\"1000000000\" viewBox='0 0 1 1'>"), "svg",
    20, 1000000000 },
  { "svg with percent", BYTES ("<svg width='100%' height='100%' viewBox='0 0 30 40'>"), "svg", 30,
    40 },
  { "svg, width of a child", BYTES ("<svg><rect width='99999999' height='9'/></svg>"), "svg" },
  { "svg with prolog",
    BYTES (
        "\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a > b -->\n<!DOCTYPE svg PUBLIC '-//W3C'>\n<svg>"),
    "svg" },
  { "svg with prefix", BYTES (" <svg:svg xmlns:svg='http://www.w3.org/2000/svg'>"), "svg" },
  { "html", BYTES ("<!DOCTYPE html><svg>"), NULL },
  { "xml", BYTES ("<?xml version='1.0'?><svgish"), NULL },
  { "perhaps a compressed svg", BYTES ("\x1f\x8b\x08\0"), "svgz" },
  { "pdf", BYTES ("%PDF-1.4"), NULL },
  { "jpeg 2000", BYTES ("\0\0\0\x0cjP  \r\n\x87\n"), NULL },
  { "openexr", BYTES ("v/1\1\2\0\0\0"), NULL },
  { "photoshop", BYTES ("8BPS\0\1"), NULL },
  { "script", BYTES ("#!/bin/sh\nrm -r /"), NULL },
  { "nothing", BYTES (""), NULL },
};

static void
test_formats (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      DecoderSniff sniff = decoder_sniff ((const guint8 *)c->data, c->length);

      g_test_message ("%s", c->name);
      g_assert_cmpstr (decoder_format_get_ext (sniff.format), ==, c->ext);
      g_assert_cmpuint (sniff.width, ==, c->width);
      g_assert_cmpuint (sniff.height, ==, c->height);
      if (c->ext == NULL)
        g_assert_cmpint (sniff.format, ==, DECODER_FORMAT_UNKNOWN);
    }
}

/* Every beginning of every case, in memory of exactly that size: a sanitizer sees reads beyond. */
static void
test_cut_short (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize length = 0; length <= cases[i].length; length++)
      {
        g_autofree guint8 *copy = g_memdup2 (cases[i].data, length);

        decoder_sniff (copy, length);
      }
}

static void
test_random (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      const Case *c = &cases[g_test_rand_int_range (0, G_N_ELEMENTS (cases))];
      gsize length = c->length + g_test_rand_int_range (0, 40);
      g_autofree guint8 *data = g_malloc0 (length + 1);

      memcpy (data, c->data, c->length);
      for (guint i = 0; i < 4 && length > 0; i++)
        data[g_test_rand_int_range (0, length)] = g_test_rand_int_range (0, 256);
      decoder_sniff (data, length);
    }
}

static void
test_video (void)
{
  g_assert_true (decoder_format_is_video (DECODER_FORMAT_MP4));
  g_assert_true (decoder_format_is_video (DECODER_FORMAT_MKV));
  g_assert_false (decoder_format_is_video (DECODER_FORMAT_BMP));
  g_assert_false (decoder_format_is_video (DECODER_FORMAT_UNKNOWN));
}

/* A sequence is one whichever of its brands comes first. */
static void
test_sequence (void)
{
  static const char *const heads[] = { "\0\0\0\x18"
                                       "ftypavis\0\0\0\0avifmif1",
                                       "\0\0\0\x18"
                                       "ftypavif\0\0\0\0avismif1",
                                       "\0\0\0\x18"
                                       "ftypmsf1\0\0\0\0avisavif",
                                       "\0\0\0\x18"
                                       "ftypavif\0\0\0\0miafmif1" };

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      DecoderSniff sniff = decoder_sniff ((const guint8 *)heads[i], 24);

      g_assert_cmpint (sniff.format, ==, DECODER_FORMAT_AVIF);
      g_assert_true (sniff.is_animated == (i < 3));
    }
}

static guint
distance (guint64 a, guint64 b)
{
  return __builtin_popcountll (a ^ b);
}

static void
test_phash (void)
{
  guint8 flat[32 * 32], one[32 * 32], brighter[32 * 32], other[32 * 32];

  memset (flat, 77, sizeof flat);
  for (int y = 0; y < 32; y++)
    for (int x = 0; x < 32; x++)
      {
        one[y * 32 + x] = (x / 5 + y / 7) % 2 * 120 + x + y;
        brighter[y * 32 + x] = one[y * 32 + x] + 20;
        other[y * 32 + x] = (x / 11 ^ y / 3) % 2 * 200 + x;
      }
  g_assert_cmpuint (decoder_phash (flat), ==, 0);
  /* Half of the coefficients are above their median. */
  g_assert_cmpuint (distance (decoder_phash (one), 0), ==, 32);
  g_assert_cmpuint (distance (decoder_phash (one), decoder_phash (brighter)), <=, 2);
  g_assert_cmpuint (distance (decoder_phash (one), decoder_phash (other)), >=, 16);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decoder/sniff/formats", test_formats);
  g_test_add_func ("/decoder/sniff/cut-short", test_cut_short);
  g_test_add_func ("/decoder/sniff/random", test_random);
  g_test_add_func ("/decoder/sniff/video", test_video);
  g_test_add_func ("/decoder/sniff/sequence", test_sequence);
  g_test_add_func ("/decoder/phash", test_phash);
  return g_test_run ();
}
