/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "colour-fixture.h"

#include <lcms2.h>
#include <math.h>
#include <string.h>
#include <vips/vips.h>
#include <zlib.h>

#define GREY_GAMMA 1.6

static cmsHPROFILE
make_rgb (double red_x, double red_y, double green_x, double green_y)
{
  cmsToneCurve *curve = cmsBuildGamma (NULL, 2.2);
  cmsCIExyY white = { 0.3127, 0.3290, 1 };
  cmsCIExyYTRIPLE primaries = { { red_x, red_y, 1 }, { green_x, green_y, 1 }, { 0.15, 0.06, 1 } };
  cmsHPROFILE profile
      = cmsCreateRGBProfile (&white, &primaries, (cmsToneCurve *[]){ curve, curve, curve });

  cmsFreeToneCurve (curve);
  return profile;
}

static cmsHPROFILE
make_grey (void)
{
  cmsToneCurve *curve = cmsBuildGamma (NULL, GREY_GAMMA);
  cmsHPROFILE profile = cmsCreateGrayProfile (cmsD50_xyY (), curve);

  cmsFreeToneCurve (curve);
  return profile;
}

static GBytes *
save (cmsHPROFILE profile)
{
  cmsUInt32Number size = 0;
  guint8 *data;

  g_assert_true (cmsSaveProfileToMem (profile, NULL, &size));
  data = g_malloc (size);
  g_assert_true (cmsSaveProfileToMem (profile, data, &size));
  cmsCloseProfile (profile);
  return g_bytes_new_take (data, size);
}

static GBytes *
make_damaged (void)
{
  g_autoptr (GBytes) whole = save (cmsCreate_sRGBProfile ());
  gsize size;
  guint8 *data = g_memdup2 (g_bytes_get_data (whole, &size), g_bytes_get_size (whole));

  memset (data + 128, 0xa5, size - 128);
  return g_bytes_new_take (data, size);
}

GBytes *
colour_fixture_make (ColourProfile which)
{
  VipsBlob *blob;
  GBytes *bytes;

  switch (which)
    {
    case COLOUR_PROFILE_SRGB:
      return save (cmsCreate_sRGBProfile ());
    case COLOUR_PROFILE_P3:
      return save (make_rgb (0.68, 0.32, 0.265, 0.69));
    case COLOUR_PROFILE_ADOBE:
      return save (make_rgb (0.64, 0.33, 0.21, 0.71));
    case COLOUR_PROFILE_GREY:
      return save (make_grey ());
    case COLOUR_PROFILE_CMYK:
      g_assert_cmpint (vips_profile_load ("cmyk", &blob, NULL), ==, 0);
      bytes = g_bytes_new (VIPS_AREA (blob)->data, VIPS_AREA (blob)->length);
      vips_area_unref (VIPS_AREA (blob));
      return bytes;
    case COLOUR_PROFILE_DAMAGED:
      return make_damaged ();
    default:
      return NULL;
    }
}

guint
colour_fixture_get_n_colours (ColourProfile which)
{
  static const guint n[]
      = { [COLOUR_PROFILE_SRGB] = 3, [COLOUR_PROFILE_P3] = 3,   [COLOUR_PROFILE_ADOBE] = 3,
          [COLOUR_PROFILE_GREY] = 1, [COLOUR_PROFILE_CMYK] = 4, [COLOUR_PROFILE_DAMAGED] = 0 };

  return n[which];
}

void
colour_fixture_convert (GBytes *profile, guint n, const double *values, double srgb[3])
{
  cmsHPROFILE from = cmsOpenProfileFromMem (g_bytes_get_data (profile, NULL),
                                            (cmsUInt32Number)g_bytes_get_size (profile));
  cmsHPROFILE to = cmsCreate_sRGBProfile ();
  cmsUInt32Number format = n == 1 ? TYPE_GRAY_DBL : n == 3 ? TYPE_RGB_DBL : TYPE_CMYK_DBL;
  cmsHTRANSFORM transform
      = cmsCreateTransform (from, format, to, TYPE_RGB_DBL, INTENT_RELATIVE_COLORIMETRIC, 0);
  double in[4];

  g_assert_nonnull (transform);
  /* Of inks lcms takes percentages. */
  for (guint i = 0; i < n; i++)
    in[i] = values[i] * (n == 4 ? 100 : 1);
  cmsDoTransform (transform, in, srgb, 1);
  for (guint i = 0; i < 3; i++)
    srgb[i] = CLAMP (srgb[i], 0, 1) * 255;
  cmsDeleteTransform (transform);
  cmsCloseProfile (from);
  cmsCloseProfile (to);
}

double
colour_fixture_to_signal (double light)
{
  return light <= 0.0031308 ? 12.92 * light : 1.055 * pow (light, 1 / 2.4) - 0.055;
}

typedef struct
{
  guint16 tag, type;
  guint32 count, value;
} Entry;

G_STATIC_ASSERT (sizeof (Entry) == 12);

enum
{
  SHORT = 3,
  LONG = 4,
  /* Where lists of numbers lie, and where the pixels begin. */
  BITS_AT = 400,
  FORMATS_AT = 420,
  OFFSETS_AT = 440,
  SIZES_AT = 460,
  PIXELS_AT = 512,
};

static void
put (GByteArray *bytes, guint at, guint32 value, guint n)
{
  guint32 swapped = GUINT32_TO_LE (value);

  memcpy (bytes->data + at, &swapped, n);
}

char *
colour_fixture_write_tiff (const ColourTiff *tiff, guint side, const char *folder)
{
  guint n_planes = tiff->has_planes ? tiff->n : 1, step = tiff->bits / 8;
  guint32 plane = side * side * (tiff->n / n_planes) * step;
  guint n_pixels = side * side;
  Entry entries[] = {
    { 256, LONG, 1, side },
    { 257, LONG, 1, side },
    { 258, SHORT, tiff->n, BITS_AT },
    { 259, SHORT, 1, 1 },
    { 262, SHORT, 1, tiff->photometric },
    { 273, LONG, n_planes, n_planes > 1 ? OFFSETS_AT : PIXELS_AT },
    { 277, SHORT, 1, tiff->n },
    { 278, LONG, 1, side },
    { 279, LONG, n_planes, n_planes > 1 ? SIZES_AT : plane },
    { 284, SHORT, 1, tiff->has_planes ? 2 : 1 },
    { 338, SHORT, tiff->n - 3, 2 }, /* unassociated alpha */
    { 339, SHORT, tiff->n, FORMATS_AT },
    { 530, SHORT, 2, 1 | 1 << 16 },
  };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  char *path = g_build_filename (folder, "odd.tif", NULL);
  guint at = 10;

  g_byte_array_set_size (bytes, PIXELS_AT + plane * n_planes);
  memset (bytes->data, 0, PIXELS_AT);
  memcpy (bytes->data, "II*\0\10\0\0\0", 8);
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      gboolean is_of_ycc = entries[i].tag == 530;

      if (entries[i].count == 0 || (is_of_ycc && tiff->photometric != 6))
        continue;
      memcpy (bytes->data + at, &entries[i], sizeof entries[i]);
      at += sizeof entries[i];
    }
  put (bytes, 8, (at - 10) / (guint)sizeof (Entry), 2);
  for (guint i = 0; i < tiff->n; i++)
    {
      put (bytes, BITS_AT + 2 * i, tiff->bits, 2);
      put (bytes, FORMATS_AT + 2 * i, tiff->sample_format, 2);
      put (bytes, OFFSETS_AT + 4 * i, PIXELS_AT + i * plane, 4);
      put (bytes, SIZES_AT + 4 * i, plane, 4);
      for (guint j = 0; j < n_pixels; j++)
        put (bytes,
             PIXELS_AT + (tiff->has_planes ? i * plane + j * step : (j * tiff->n + i) * step),
             tiff->values[i], step);
    }
  g_assert_true (g_file_set_contents (path, (char *)bytes->data, bytes->len, NULL));
  return path;
}

void
colour_fixture_add_bytes (const char *path, const char *name, const guint8 *data, gsize size)
{
  enum
  {
    AFTER_HEADER = 33
  };
  g_autofree char *before = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint32 length = GUINT32_TO_BE ((guint32)size), sum;
  gsize before_size;

  g_assert_true (g_file_get_contents (path, &before, &before_size, NULL));
  g_byte_array_append (bytes, (guint8 *)before, AFTER_HEADER);
  g_byte_array_append (bytes, (guint8 *)&length, 4);
  g_byte_array_append (bytes, (const guint8 *)name, 4);
  g_byte_array_append (bytes, data, (guint)size);
  sum = GUINT32_TO_BE ((guint32)crc32 (0, bytes->data + AFTER_HEADER + 4, (uInt)size + 4));
  g_byte_array_append (bytes, (guint8 *)&sum, 4);
  g_byte_array_append (bytes, (guint8 *)before + AFTER_HEADER, (guint)before_size - AFTER_HEADER);
  g_assert_true (g_file_set_contents (path, (char *)bytes->data, bytes->len, NULL));
}

void
colour_fixture_add_chunk (const char *path, const char *name, const guint32 *numbers, guint n)
{
  guint32 swapped[8];

  g_assert_cmpuint (n, <=, G_N_ELEMENTS (swapped));
  for (guint i = 0; i < n; i++)
    swapped[i] = GUINT32_TO_BE (numbers[i]);
  colour_fixture_add_bytes (path, name, (guint8 *)swapped, n * sizeof *swapped);
}

void
colour_fixture_add_profile (const char *path, GBytes *profile)
{
  static const char head[] = "icc\0";
  gsize size;
  const guint8 *data = g_bytes_get_data (profile, &size);
  uLongf packed_size = compressBound (size);
  g_autofree guint8 *chunk = g_malloc (sizeof head + packed_size);

  memcpy (chunk, head, sizeof head);
  g_assert_cmpint (compress (chunk + sizeof head, &packed_size, data, size), ==, Z_OK);
  colour_fixture_add_bytes (path, "iCCP", chunk, sizeof head + packed_size);
}
