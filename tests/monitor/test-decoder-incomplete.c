/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that end too early: what has most of its picture is shown, and it is said; the rest is
 * refused. */
#include "decoder-fixtures.h"
#include "pool-fixture.h"

#include <string.h>

#define WIDTH 800
#define HEIGHT 600

typedef enum
{
  SHOWN,
  REFUSED,
} Expected;

typedef struct
{
  const char *suffix;
  Expected with_most; /* of its bytes */
  Expected filled;    /* with zeros instead of the rest */
} Format;

static const Format formats[] = {
  { ".jpg[Q=90]", SHOWN, SHOWN },
  { ".jpg[Q=90,interlace]", SHOWN, SHOWN },
  { ".png", SHOWN, SHOWN },
  { ".gif", SHOWN, SHOWN },
  { ".webp[Q=90]", SHOWN, SHOWN },
  { ".webp[lossless]", SHOWN, SHOWN },
  { ".avif[Q=80,effort=0]", SHOWN, SHOWN },
  { ".heic[Q=80,effort=0]", SHOWN, SHOWN },
  { ".jxl[effort=3]", REFUSED, REFUSED },
};

/* Noise keeps the bytes spread evenly over the picture. */
static char *
make_file (const char *suffix, gsize *size)
{
  g_autoptr (VipsImage) picture = fixtures_make_picture (WIDTH, HEIGHT, 3);
  g_autoptr (VipsImage) noise = NULL, sum = NULL, cast = NULL;
  g_autoptr (VipsImage) image = NULL;
  void *data;

  g_assert_cmpint (vips_gaussnoise (&noise, WIDTH, HEIGHT, "sigma", 6.0, NULL), ==, 0);
  g_assert_cmpint (vips_add (picture, noise, &sum, NULL), ==, 0);
  g_assert_cmpint (vips_cast (sum, &cast, VIPS_FORMAT_UCHAR, NULL), ==, 0);
  g_assert_cmpint (vips_copy (cast, &image, "interpretation", VIPS_INTERPRETATION_sRGB, NULL), ==,
                   0);
  if (vips_image_write_to_buffer (image, suffix, &data, size, NULL) == 0)
    return data;
  g_test_message ("%s cannot be written: %s", suffix, vips_error_buffer ());
  vips_error_clear ();
  return NULL;
}

static void
assert_whole (PoolFixture *fixture, const char *data, gsize size)
{
  g_autofree char *path = fixtures_write_bytes (fixture->folder, "whole", data, size);
  g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);

  g_assert_false (result->is_incomplete);
  g_assert_null (strstr (result->metadata, "File:Incomplete"));
}

/* The first @kept of the bytes, and zeros up to @size. */
static void
assert_cut (PoolFixture *fixture, const char *data, gsize kept, gsize size, Expected expected)
{
  g_autofree char *bytes = g_malloc0 (size);
  g_autofree char *path = NULL;
  g_autoptr (MonitorDecodeResult) result = NULL;
  g_autoptr (GError) error = NULL;

  memcpy (bytes, data, kept);
  path = fixtures_write_bytes (fixture->folder, "cut", bytes, size);
  g_test_message ("%zu of %zu bytes", kept, size);
  result = decode (fixture, path, &error);
  if (expected == REFUSED)
    {
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "ends too early"));
      g_assert_null (strstr (strstr (error->message, "early") + 1, "early")); /* once */
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (result->media.width, ==, WIDTH);
  g_assert_cmpint (result->media.height, ==, HEIGHT);
  g_assert_true (result->is_incomplete);
  g_assert_nonnull (strstr (result->metadata, "\"File:Incomplete\":"));
  g_assert_nonnull (result->variants[BOORU_VARIANT_720]);
}

static void
test_formats (PoolFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      const Format *format = &formats[i];
      gsize size;
      g_autofree char *bytes = make_file (format->suffix, &size);

      if (bytes == NULL)
        continue;
      g_test_message ("%s", format->suffix);
      assert_whole (fixture, bytes, size);
      assert_cut (fixture, bytes, size - 2, size - 2, format->with_most);
      assert_cut (fixture, bytes, size * 97 / 100, size * 97 / 100, format->with_most);
      assert_cut (fixture, bytes, size * 75 / 100, size * 75 / 100, format->with_most);
      assert_cut (fixture, bytes, size * 75 / 100, size, format->filled);
      /* A progressive JPEG is whole very soon, only coarse. */
      assert_cut (fixture, bytes, size / 100, size / 100, REFUSED);
      assert_cut (fixture, bytes, size / 100, size, REFUSED);
    }
}

/* What is there is seen where it belongs. */
static void
test_pixels (PoolFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      gsize size;
      g_autofree char *bytes = make_file (formats[i].suffix, &size);
      g_autofree char *whole = NULL, *cut = NULL;
      g_autoptr (MonitorDecodeResult) of_whole = NULL, of_cut = NULL;
      double a[4], b[4];
      gint n, m;

      if (bytes == NULL || formats[i].with_most == REFUSED)
        continue;
      g_test_message ("%s", formats[i].suffix);
      whole = fixtures_write_bytes (fixture->folder, "whole", bytes, size);
      cut = fixtures_write_bytes (fixture->folder, "cut", bytes, size * 80 / 100);
      of_whole = decode_well (fixture, whole);
      of_cut = decode_well (fixture, cut);
      fixtures_read_middle (of_whole->variants[BOORU_VARIANT_720], &n, a);
      fixtures_read_middle (of_cut->variants[BOORU_VARIANT_720], &m, b);
      for (gint band = 0; band < 3; band++)
        g_assert_cmpfloat_with_epsilon (a[band], b[band], 20);
    }
}

/* The end is there, and something behind it, but the last rows are not. */
static void
test_jpeg_with_end (PoolFixture *fixture, gconstpointer data)
{
  gsize size;
  g_autofree char *bytes = make_file (".jpg[Q=90]", &size);
  gsize kept = size * 80 / 100;

  memcpy (bytes + kept, "\xff\xd9", 2);
  assert_cut (fixture, bytes, kept + 2, kept + 2, SHOWN);
}

/* Cameras and phones put more behind the picture. */
static void
test_trailers (PoolFixture *fixture, gconstpointer data)
{
  static const char *const suffixes[] = { ".jpg", ".png", ".gif" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      gsize size;
      g_autofree char *bytes = make_file (suffixes[i], &size);

      g_test_message ("%s", suffixes[i]);
      bytes = g_realloc (bytes, size + 2000);
      memset (bytes + size, 0, 2000);
      assert_whole (fixture, bytes, size + 2000);
      memset (bytes + size, 'x', 2000);
      assert_whole (fixture, bytes, size + 2000);
    }
}

/* BMP and TIFF without compression: each byte is a pixel, and a row of zeros is black. */
static void
test_plain (PoolFixture *fixture, gconstpointer data)
{
  gsize stride = WIDTH * 3, size = 54 + stride * HEIGHT;
  g_autofree char *bmp = g_malloc (size);
  guint32 numbers[] = { (guint32)size, 0, 54, 40, WIDTH, HEIGHT, 1 | 24 << 16, 0, 0, 0, 0, 0, 0 };

  memset (bmp, 77, size);
  memcpy (bmp, "BM", 2);
  memcpy (bmp + 2, numbers, sizeof numbers);
  assert_whole (fixture, bmp, size);
  assert_cut (fixture, bmp, size - 1, size - 1, SHOWN);
  assert_cut (fixture, bmp, size * 60 / 100, size * 60 / 100, SHOWN);
  assert_cut (fixture, bmp, size * 40 / 100, size * 40 / 100, REFUSED);
}

/* Its directory comes first, as cameras and scanners write it, or last, as libraries do. */
static void
test_tiff (PoolFixture *fixture, gconstpointer data)
{
  enum
  {
    N = 10,
    START = 512,
  };
  guint32 strip = HEIGHT / N * WIDTH * 3, size = START + strip * N;
  g_autofree char *tiff = g_malloc (size);
  guint32 entries[][3] = { { 256 | 4 << 16, 1, WIDTH }, { 257 | 4 << 16, 1, HEIGHT },
                           { 258 | 3 << 16, 3, 200 },   { 259 | 3 << 16, 1, 1 },
                           { 262 | 3 << 16, 1, 2 },     { 273 | 4 << 16, N, 220 },
                           { 277 | 3 << 16, 1, 3 },     { 278 | 4 << 16, 1, HEIGHT / N },
                           { 279 | 4 << 16, N, 300 } };
  guint16 bits[3] = { 8, 8, 8 }, n_entries = G_N_ELEMENTS (entries);
  gsize end_size;
  g_autofree char *with_end = make_file (".tif[compression=lzw]", &end_size);

  memset (tiff, 99, size);
  memset (tiff, 0, START);
  memcpy (tiff, "II*\0\x8\0\0\0", 8);
  memcpy (tiff + 8, &n_entries, 2);
  memcpy (tiff + 10, entries, sizeof entries);
  memcpy (tiff + 200, bits, sizeof bits);
  for (guint32 i = 0; i < N; i++)
    {
      guint32 at = START + i * strip;

      memcpy (tiff + 220 + 4 * i, &at, 4);
      memcpy (tiff + 300 + 4 * i, &strip, 4);
    }
  assert_whole (fixture, tiff, size);
  assert_cut (fixture, tiff, size - 1, size - 1, SHOWN);
  assert_cut (fixture, tiff, size * 60 / 100, size * 60 / 100, SHOWN);
  assert_cut (fixture, tiff, size * 40 / 100, size * 40 / 100, REFUSED);
  assert_whole (fixture, with_end, end_size);
  assert_cut (fixture, with_end, end_size / 2, end_size / 2, REFUSED);
}

#define ADD(name, function) pool_fixture_add_test ("/decoder/incomplete/" name, NULL, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixtures_init (argv[0]);
  ADD ("formats", test_formats);
  ADD ("pixels", test_pixels);
  ADD ("jpeg-with-end", test_jpeg_with_end);
  ADD ("trailers", test_trailers);
  ADD ("plain", test_plain);
  ADD ("tiff", test_tiff);
  return g_test_run ();
}
