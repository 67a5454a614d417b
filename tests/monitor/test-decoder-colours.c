/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bands, depths and profiles in every combination and every container, against what lcms makes of
 * the same numbers: each picture is of one colour, half transparent where it can be. */
#include "colour-fixture.h"
#include "decoder-fixtures.h"
#include "pool-fixture.h"

#include <string.h>

#define SIDE 300 /* more than a thumbnail, so that something is shrunk */
#define TOLERANCE 7
#define ALPHA 0.5

typedef struct
{
  const char *name, *suffix;
  guint n; /* colours, without transparency */
  gboolean has_alpha;
  VipsBandFormat format;
  guint bits; /* of what is written; 0: those of the format */
} Kind;

static const Kind kinds[] = {
  { "grey PNG", ".png", 1, FALSE, VIPS_FORMAT_UCHAR, 0 },
  { "grey PNG of 1 bit", ".png[bitdepth=1]", 1, FALSE, VIPS_FORMAT_UCHAR, 1 },
  { "grey PNG of 2 bits", ".png[bitdepth=2]", 1, FALSE, VIPS_FORMAT_UCHAR, 2 },
  { "grey PNG of 4 bits", ".png[bitdepth=4]", 1, FALSE, VIPS_FORMAT_UCHAR, 4 },
  { "grey and alpha PNG", ".png", 1, TRUE, VIPS_FORMAT_UCHAR, 0 },
  { "RGB PNG", ".png", 3, FALSE, VIPS_FORMAT_UCHAR, 0 },
  { "RGBA PNG", ".png", 3, TRUE, VIPS_FORMAT_UCHAR, 0 },
  { "PNG with a palette", ".png[palette]", 3, FALSE, VIPS_FORMAT_UCHAR, 0 },
  { "grey PNG of 16 bits", ".png", 1, FALSE, VIPS_FORMAT_USHORT, 0 },
  { "grey and alpha PNG of 16 bits", ".png", 1, TRUE, VIPS_FORMAT_USHORT, 0 },
  { "RGB PNG of 16 bits", ".png", 3, FALSE, VIPS_FORMAT_USHORT, 0 },
  { "RGBA PNG of 16 bits", ".png", 3, TRUE, VIPS_FORMAT_USHORT, 0 },
  { "grey TIFF", ".tif", 1, FALSE, VIPS_FORMAT_UCHAR, 0 },
  { "grey TIFF of 4 bits", ".tif[bitdepth=4]", 1, FALSE, VIPS_FORMAT_UCHAR, 4 },
  { "grey and alpha TIFF", ".tif", 1, TRUE, VIPS_FORMAT_UCHAR, 0 },
  { "RGB TIFF", ".tif", 3, FALSE, VIPS_FORMAT_UCHAR, 0 },
  { "RGBA TIFF", ".tif", 3, TRUE, VIPS_FORMAT_UCHAR, 0 },
  { "CMYK TIFF", ".tif", 4, FALSE, VIPS_FORMAT_UCHAR, 0 },
  { "CMYK and alpha TIFF", ".tif", 4, TRUE, VIPS_FORMAT_UCHAR, 0 },
  { "grey TIFF of 16 bits", ".tif", 1, FALSE, VIPS_FORMAT_USHORT, 0 },
  { "grey and alpha TIFF of 16 bits", ".tif", 1, TRUE, VIPS_FORMAT_USHORT, 0 },
  { "RGB TIFF of 16 bits", ".tif", 3, FALSE, VIPS_FORMAT_USHORT, 0 },
  { "RGBA TIFF of 16 bits", ".tif", 3, TRUE, VIPS_FORMAT_USHORT, 0 },
  { "CMYK TIFF of 16 bits", ".tif", 4, FALSE, VIPS_FORMAT_USHORT, 0 },
  { "grey TIFF of 32 bits", ".tif", 1, FALSE, VIPS_FORMAT_UINT, 0 },
  { "grey and alpha TIFF of 32 bits", ".tif", 1, TRUE, VIPS_FORMAT_UINT, 0 },
  { "RGB TIFF of 32 bits", ".tif", 3, FALSE, VIPS_FORMAT_UINT, 0 },
  { "RGBA TIFF of 32 bits", ".tif", 3, TRUE, VIPS_FORMAT_UINT, 0 },
  { "grey TIFF of floats", ".tif", 1, FALSE, VIPS_FORMAT_FLOAT, 0 },
  { "grey and alpha TIFF of floats", ".tif", 1, TRUE, VIPS_FORMAT_FLOAT, 0 },
  { "RGB TIFF of floats", ".tif", 3, FALSE, VIPS_FORMAT_FLOAT, 0 },
  { "RGBA TIFF of floats", ".tif", 3, TRUE, VIPS_FORMAT_FLOAT, 0 },
  { "grey JPEG", ".jpg[Q=95]", 1, FALSE, VIPS_FORMAT_UCHAR, 0 },
  { "RGB JPEG", ".jpg[Q=95]", 3, FALSE, VIPS_FORMAT_UCHAR, 0 },
  { "CMYK JPEG", ".jpg[Q=95]", 4, FALSE, VIPS_FORMAT_UCHAR, 0 },
  { "RGB WebP", ".webp[Q=95]", 3, FALSE, VIPS_FORMAT_UCHAR, 0 },
  { "RGBA WebP", ".webp[Q=95]", 3, TRUE, VIPS_FORMAT_UCHAR, 0 },
  { "RGB AVIF", ".avif[Q=90,effort=0]", 3, FALSE, VIPS_FORMAT_UCHAR, 0 },
  { "RGBA AVIF", ".avif[Q=90,effort=0]", 3, TRUE, VIPS_FORMAT_UCHAR, 0 },
  { "RGB HEIC", ".heic[Q=90,effort=0]", 3, FALSE, VIPS_FORMAT_UCHAR, 0 },
  { "RGBA HEIC", ".heic[Q=90,effort=0]", 3, TRUE, VIPS_FORMAT_UCHAR, 0 },
  { "RGB JPEG XL", ".jxl[effort=3,lossless]", 3, FALSE, VIPS_FORMAT_UCHAR, 0 },
  { "RGBA JPEG XL", ".jxl[effort=3,lossless]", 3, TRUE, VIPS_FORMAT_UCHAR, 0 },
  { "RGB JPEG XL of 16 bits", ".jxl[effort=3,lossless]", 3, FALSE, VIPS_FORMAT_USHORT, 0 },
  { "RGBA JPEG XL of 16 bits", ".jxl[effort=3,lossless]", 3, TRUE, VIPS_FORMAT_USHORT, 0 },
};

/* All are near one another, so that one is never taken for another. */
static const double fractions[5][4] = {
  [1] = { 170 / 255.0 },
  [3] = { 200 / 255.0, 100 / 255.0, 50 / 255.0 },
  [4] = { 0, 128 / 255.0, 200 / 255.0, 20 / 255.0 },
};

static double
get_maximum (VipsBandFormat format)
{
  return format == VIPS_FORMAT_UCHAR    ? G_MAXUINT8
         : format == VIPS_FORMAT_USHORT ? G_MAXUINT16
         : format == VIPS_FORMAT_UINT   ? G_MAXUINT32
                                        : 1;
}

static VipsInterpretation
get_interpretation (const Kind *kind)
{
  gboolean is_deep = kind->format == VIPS_FORMAT_USHORT;

  if (kind->n == 4)
    return VIPS_INTERPRETATION_CMYK;
  if (kind->format == VIPS_FORMAT_FLOAT && kind->n == 3)
    return VIPS_INTERPRETATION_scRGB;
  if (kind->n == 1)
    return is_deep ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W;
  return is_deep ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
}

static char *
write_kind (const Kind *kind, GBytes *profile, const char *folder)
{
  g_autoptr (VipsImage) black = NULL;
  g_autoptr (VipsImage) filled = NULL;
  g_autoptr (VipsImage) cast = NULL;
  VipsImage *image = NULL;
  gint n = (gint)kind->n + kind->has_alpha;
  double maximum = get_maximum (kind->format);
  gboolean is_png = g_str_has_prefix (kind->suffix, ".png");
  double ones[5] = { 0 }, values[5];
  char *path;

  for (gint i = 0; i < n; i++)
    values[i] = (i < (gint)kind->n ? fractions[kind->n][i] : ALPHA) * maximum;
  if (kind->bits == 1)
    values[0] = maximum;
  g_assert_cmpint (vips_black (&black, SIDE, SIDE, "bands", n, NULL), ==, 0);
  g_assert_cmpint (vips_linear (black, &filled, ones, values, n, NULL), ==, 0);
  g_assert_cmpint (vips_cast (filled, &cast, kind->format, NULL), ==, 0);
  g_assert_cmpint (vips_copy (cast, &image, "interpretation", get_interpretation (kind), NULL), ==,
                   0);
  /* libpng does not write what does not fit. */
  if (profile != NULL && !is_png)
    vips_image_set_blob_copy (image, VIPS_META_ICC_NAME, g_bytes_get_data (profile, NULL),
                              g_bytes_get_size (profile));
  path = fixtures_write (image, folder, "picture", kind->suffix);
  if (profile != NULL && is_png)
    colour_fixture_add_profile (path, profile);
  return path;
}

/* What @kind should look like with @profile, which may be NULL: 0 to 255. */
static void
get_expected (const Kind *kind, GBytes *profile, double expected[3])
{
  double values[4];

  memcpy (values, fractions[kind->n], sizeof values);
  if (kind->bits == 1)
    values[0] = 1;
  if (profile == NULL && kind->n == 4)
    {
      g_autoptr (GBytes) cmyk = colour_fixture_make (COLOUR_PROFILE_CMYK);

      colour_fixture_convert (cmyk, 4, values, expected);
    }
  else if (profile != NULL)
    colour_fixture_convert (profile, kind->n, values, expected);
  else
    for (guint i = 0; i < 3; i++)
      {
        double value = values[kind->n == 1 ? 0 : i];

        expected[i]
            = 255 * (kind->format == VIPS_FORMAT_FLOAT ? colour_fixture_to_signal (value) : value);
      }
}

static void
assert_colour (const char *name,
               const MonitorDecodeResult *result,
               gboolean has_alpha,
               const double expected[3])
{
  double pixel[4];
  gint n;

  fixtures_read_middle (result->variants[BOORU_VARIANT_180], &n, pixel);
  g_test_message ("%s: %g %g %g %g, expected %g %g %g", name, pixel[0], pixel[1], pixel[2],
                  n > 3 ? pixel[3] : 255, expected[0], expected[1], expected[2]);
  g_assert_cmpint (n, ==, has_alpha ? 4 : 3);
  g_assert_true (result->media.has_alpha == has_alpha);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpfloat_with_epsilon (pixel[i], expected[i], TOLERANCE);
  if (has_alpha)
    g_assert_cmpfloat_with_epsilon (pixel[3], ALPHA * 255, 4);
}

static void
test_kinds (PoolFixture *fixture, gconstpointer data)
{
  ColourProfile which = GPOINTER_TO_INT (data);
  g_autoptr (GBytes) profile = colour_fixture_make (which);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gboolean fits = colour_fixture_get_n_colours (which) == kinds[i].n;
      g_autofree char *path = write_kind (&kinds[i], profile, fixture->folder);
      g_autoptr (MonitorDecodeResult) result = NULL;
      double expected[3];

      if (path == NULL)
        continue;
      result = decode_well (fixture, path);
      get_expected (&kinds[i], fits ? profile : NULL, expected);
      assert_colour (kinds[i].name, result, kinds[i].has_alpha, expected);
    }
}

typedef struct
{
  const char *name;
  ColourTiff tiff;
  double expected[3];
  gboolean has_alpha;
} Odd;

#define RED 254, 0, 0 /* of Lab (53.2, 80, 67) */

static const Odd odd[] = {
  { "Lab", { 8, 3, 8, 1, FALSE, { 136, 80, 67 } }, { RED }, FALSE },
  { "Lab and alpha", { 8, 4, 8, 1, FALSE, { 136, 80, 67, 128 } }, { RED }, TRUE },
  { "Lab of 16 bits", { 8, 3, 16, 1, FALSE, { 34952, 80 * 256, 67 * 256 } }, { RED }, FALSE },
  { "Lab of 16 bits and alpha",
    { 8, 4, 16, 1, FALSE, { 34952, 80 * 256, 67 * 256, 32768 } },
    { RED },
    TRUE },
  { "RGB in planes", { 2, 3, 8, 1, TRUE, { 200, 100, 50 } }, { 200, 100, 50 }, FALSE },
  { "RGBA in planes",
    { 2, 4, 16, 1, TRUE, { 51400, 25700, 12850, 32768 } },
    { 200, 100, 50 },
    TRUE },
  { "RGB with a sign", { 2, 3, 16, 2, FALSE, { 25700, 12850, 0 } }, { 100, 50, 0 }, FALSE },
  { "YCbCr", { 6, 3, 8, 1, FALSE, { 81, 90, 240 } }, { 238, 14, 14 }, FALSE },
  { "YCbCr in planes", { 6, 3, 8, 1, TRUE, { 81, 90, 240 } }, { 238, 14, 14 }, FALSE },
};

static void
test_odd_tiff (PoolFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autofree char *path = colour_fixture_write_tiff (&odd[i].tiff, SIDE, fixture->folder);
      g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);

      assert_colour (odd[i].name, result, odd[i].has_alpha, odd[i].expected);
    }
}

/* As browsers have it: a gamma alone, with other primaries, and overruled by what is better. */
static void
test_png_gamma (PoolFixture *fixture, gconstpointer data)
{
  static const guint32 usual = 45455, linear = 100000;
  static const guint32 p3[8] = { 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000 };
  static const guint8 intent = 0;
  const Kind *rgba = &kinds[6], *grey = &kinds[0];
  g_autoptr (GBytes) profile = colour_fixture_make (COLOUR_PROFILE_P3);
  double expected[3], plain[3] = { 200, 100, 50 };

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *path = write_kind (i == 4 ? grey : rgba, NULL, fixture->folder);
      g_autoptr (MonitorDecodeResult) result = NULL;

      colour_fixture_add_chunk (path, "gAMA", i == 0 || i == 2 ? &usual : &linear, 1);
      if (i == 2)
        colour_fixture_add_chunk (path, "cHRM", p3, G_N_ELEMENTS (p3));
      if (i == 3)
        colour_fixture_add_bytes (path, "sRGB", &intent, sizeof intent);
      result = decode_well (fixture, path);
      for (guint j = 0; j < 3; j++)
        expected[j]
            = i == 1 || i == 4
                  ? 255 * colour_fixture_to_signal (fractions[i == 4 ? 1 : 3][i == 4 ? 0 : j])
                  : plain[j];
      if (i == 2)
        colour_fixture_convert (profile, 3, fractions[3], expected);
      assert_colour ("gamma", result, i != 4, expected);
    }
}

/* libvips writes none: an item that describes another one becomes the one that says so. */
static void
test_premultiplied_avif (PoolFixture *fixture, gconstpointer data)
{
  static const char before[] = "cdsc\0\3\0\1\0\1", after[] = "prem\0\1\0\1\0\2";
  static const double expected[3] = { 255, 200, 100 };
  const Kind kind = { "AVIF", ".avif[Q=95,effort=0]", 3, TRUE, VIPS_FORMAT_UCHAR, 0 };
  g_autofree char *path = write_kind (&kind, NULL, fixture->folder);
  g_autofree char *bytes = NULL;
  g_autoptr (MonitorDecodeResult) result = NULL;
  char *found;
  gsize size;

  if (path == NULL || !g_file_get_contents (path, &bytes, &size, NULL))
    {
      g_test_skip ("AVIF cannot be written");
      return;
    }
  found = memmem (bytes, size, before, sizeof before - 1);
  g_assert_nonnull (found);
  memcpy (found, after, sizeof after - 1);
  g_assert_true (g_file_set_contents (path, bytes, (gssize)size, NULL));
  result = decode_well (fixture, path);
  assert_colour ("premultiplied", result, TRUE, expected);
}

#define ADD(name, data, function)                                                                  \
  pool_fixture_add_test ("/decoder/colours/" name, GINT_TO_POINTER (data), function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixtures_init (argv[0]);
  ADD ("no-profile", COLOUR_PROFILE_NONE, test_kinds);
  ADD ("srgb", COLOUR_PROFILE_SRGB, test_kinds);
  ADD ("p3", COLOUR_PROFILE_P3, test_kinds);
  ADD ("adobe-rgb", COLOUR_PROFILE_ADOBE, test_kinds);
  ADD ("grey", COLOUR_PROFILE_GREY, test_kinds);
  ADD ("cmyk", COLOUR_PROFILE_CMYK, test_kinds);
  ADD ("damaged", COLOUR_PROFILE_DAMAGED, test_kinds);
  ADD ("odd-tiff", 0, test_odd_tiff);
  ADD ("png-gamma", 0, test_png_gamma);
  ADD ("premultiplied-avif", 0, test_premultiplied_avif);
  return g_test_run ();
}
