/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-colour.h"

#include <math.h>
#include <string.h>

#include "decoder-profile.h"

/* A profile that changes no colour by more than this (of 255) counts as sRGB. */
#define SAME_COLOUR 2

static gboolean
convert_by_profile (VipsImage *image, const char *fallback, VipsImage **out)
{
  return vips_icc_transform (image, out, "srgb", "embedded", TRUE, "input_profile", fallback,
                             "intent", VIPS_INTENT_RELATIVE, "depth", 8, NULL)
         == 0;
}

/* Whether converting from the profile of @image, 8-bit RGB, changes nothing visible: found by
 * converting a small cube of colours. Most pictures carry some form of sRGB, and skipping the
 * conversion pays. */
static gboolean
profile_is_srgb (VipsImage *image)
{
  enum
  {
    STEPS = 6,
    N = STEPS * STEPS * STEPS
  };
  guint8 colours[N * 3];
  gconstpointer profile;
  gsize profile_size, size;
  g_autoptr (VipsImage) probe = NULL;
  g_autoptr (VipsImage) converted = NULL;
  g_autofree guint8 *pixels = NULL;

  for (guint i = 0; i < N; i++)
    {
      colours[3 * i] = i % STEPS * 51;
      colours[3 * i + 1] = i / STEPS % STEPS * 51;
      colours[3 * i + 2] = i / STEPS / STEPS * 51;
    }
  probe = vips_image_new_from_memory (colours, sizeof colours, N, 1, 3, VIPS_FORMAT_UCHAR);
  if (probe == NULL
      || vips_image_get_blob (image, VIPS_META_ICC_NAME, &profile, &profile_size) != 0)
    return FALSE;
  probe->Type = VIPS_INTERPRETATION_sRGB;
  vips_image_set_blob_copy (probe, VIPS_META_ICC_NAME, profile, profile_size);
  if (convert_by_profile (probe, "srgb", &converted))
    pixels = vips_image_write_to_memory (converted, &size);
  vips_error_clear ();
  if (pixels == NULL || size != sizeof colours)
    return FALSE;
  for (guint i = 0; i < sizeof colours; i++)
    if (ABS (pixels[i] - colours[i]) > SAME_COLOUR)
      return FALSE;
  return TRUE;
}

/* The answer for the profile that was asked for last, as neighbours in a folder tend to share it.
 */
static gboolean
profile_is_srgb_cached (VipsImage *image)
{
  static GBytes *last;
  static gboolean last_answer;
  gconstpointer profile;
  gsize size;

  if (vips_image_get_blob (image, VIPS_META_ICC_NAME, &profile, &size) != 0)
    {
      vips_error_clear ();
      return FALSE;
    }
  if (last == NULL || g_bytes_get_size (last) != size
      || memcmp (g_bytes_get_data (last, NULL), profile, size) != 0)
    {
      g_clear_pointer (&last, g_bytes_unref);
      last = g_bytes_new (profile, size);
      last_answer = profile_is_srgb (image);
    }
  return last_answer;
}

static gboolean
is_plain_rgb (VipsImage *image)
{
  return vips_image_get_format (image) == VIPS_FORMAT_UCHAR
         && vips_image_get_interpretation (image) == VIPS_INTERPRETATION_sRGB
         && vips_image_get_bands (image) >= 3;
}

/* Replaces *image by the result of @call, whose output goes to "out". */
#define STEP(call)                                                                                 \
  do                                                                                               \
    {                                                                                              \
      VipsImage *out = NULL;                                                                       \
      if ((call) != 0)                                                                             \
        return FALSE;                                                                              \
      decoder_vips_replace (image, out);                                                           \
    }                                                                                              \
  while (0)

/* What is more than these bands is transparency. */
static gint
count_colours (VipsImage *image)
{
  VipsInterpretation interpretation = vips_image_get_interpretation (image);
  gint bands = vips_image_get_bands (image);

  if (bands < 3 || interpretation == VIPS_INTERPRETATION_B_W
      || interpretation == VIPS_INTERPRETATION_GREY16)
    return 1;
  return interpretation == VIPS_INTERPRETATION_CMYK && bands >= 4 ? 4 : 3;
}

/* Whether the numbers stand for what eyes see, whatever a profile says. */
static gboolean
is_absolute (VipsImage *image)
{
  switch (vips_image_get_interpretation (image))
    {
    case VIPS_INTERPRETATION_LAB:
    case VIPS_INTERPRETATION_LABQ:
    case VIPS_INTERPRETATION_LABS:
    case VIPS_INTERPRETATION_XYZ:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
has_fitting_profile (VipsImage *image)
{
  return !is_absolute (image) && decoder_profile_fits (image, count_colours (image));
}

/* Colours and transparency apart; NULL if there is none. What is still more means nothing. */
static gboolean
split (VipsImage *image, VipsImage **colours, VipsImage **alpha)
{
  gint n = count_colours (image);

  if (vips_extract_band (image, colours, 0, "n", n, NULL) != 0)
    return FALSE;
  *alpha = NULL;
  return vips_image_get_bands (image) <= n || vips_extract_band (image, alpha, n, NULL) == 0;
}

static gboolean
join (VipsImage **image, VipsImage *colours, VipsImage *alpha)
{
  decoder_vips_replace (image, g_object_ref (colours));
  if (alpha != NULL)
    STEP (vips_bandjoin2 (*image, alpha, &out, NULL));
  STEP (vips_copy (*image, &out, "interpretation", vips_image_get_interpretation (colours), NULL));
  return TRUE;
}

/* Whole numbers of any size, to 8 or 16 bits without a sign. */
static gboolean
narrow_integers (VipsImage **image)
{
  switch (vips_image_get_format (*image))
    {
    case VIPS_FORMAT_CHAR:
      STEP (vips_cast (*image, &out, VIPS_FORMAT_UCHAR, NULL));
      return TRUE;
    case VIPS_FORMAT_SHORT:
      STEP (vips_cast (*image, &out, VIPS_FORMAT_USHORT, NULL));
      return TRUE;
    case VIPS_FORMAT_INT:
      STEP (vips_cast (*image, &out, VIPS_FORMAT_UINT, NULL));
      G_GNUC_FALLTHROUGH;
    case VIPS_FORMAT_UINT:
      STEP (vips_rshift_const1 (*image, &out, 16, NULL));
      STEP (vips_cast (*image, &out, VIPS_FORMAT_USHORT, NULL));
      return TRUE;
    default:
      return TRUE;
    }
}

static gboolean
is_float (VipsImage *image)
{
  return vips_image_get_format (image) == VIPS_FORMAT_FLOAT
         || vips_image_get_format (image) == VIPS_FORMAT_DOUBLE;
}

/* Fractions of 1 to 16 bits. */
static gboolean
scale_floats (VipsImage **image)
{
  STEP (vips_linear1 (*image, &out, G_MAXUINT16, 0, NULL));
  STEP (vips_cast (*image, &out, VIPS_FORMAT_USHORT, NULL));
  return TRUE;
}

/* Of one, three or four bands. Floats without a profile are light on a linear scale, as libvips and
 * most programs have it. */
static gboolean
tidy_colours (VipsImage **image, gboolean has_profile)
{
  static const VipsInterpretation deep[]
      = { 0, VIPS_INTERPRETATION_GREY16, 0, VIPS_INTERPRETATION_RGB16, VIPS_INTERPRETATION_CMYK };
  static const VipsInterpretation shallow[]
      = { 0, VIPS_INTERPRETATION_B_W, 0, VIPS_INTERPRETATION_sRGB, VIPS_INTERPRETATION_CMYK };
  gint n = vips_image_get_bands (*image);
  gboolean is_deep;

  if (is_absolute (*image))
    STEP (vips_colourspace (*image, &out, VIPS_INTERPRETATION_RGB16, NULL));
  else if (is_float (*image) && !has_profile && n < 4)
    {
      if (n == 1)
        STEP (vips_bandjoin ((VipsImage *[]){ *image, *image, *image }, &out, 3, NULL));
      STEP (vips_copy (*image, &out, "interpretation", VIPS_INTERPRETATION_scRGB, NULL));
      STEP (vips_colourspace (*image, &out, VIPS_INTERPRETATION_RGB16, NULL));
    }
  else if (is_float (*image) ? !scale_floats (image) : !narrow_integers (image))
    return FALSE;
  n = vips_image_get_bands (*image);
  is_deep = vips_image_get_format (*image) == VIPS_FORMAT_USHORT;
  STEP (vips_copy (*image, &out, "interpretation", is_deep ? deep[n] : shallow[n], NULL));
  return TRUE;
}

/* To as many bits as colours have. */
static gboolean
tidy_alpha (VipsImage **image, VipsBandFormat format)
{
  VipsBandFormat before = vips_image_get_format (*image);

  /* libvips takes the transparency of 16-bit Lab for a number with a sign, as it does "a" and "b".
   */
  if (before == VIPS_FORMAT_SHORT)
    STEP (vips_copy (*image, &out, "format", VIPS_FORMAT_USHORT, NULL));
  if (is_float (*image) ? !scale_floats (image) : !narrow_integers (image))
    return FALSE;
  if (vips_image_get_format (*image) == VIPS_FORMAT_USHORT && format == VIPS_FORMAT_UCHAR)
    STEP (vips_rshift_const1 (*image, &out, 8, NULL));
  else if (vips_image_get_format (*image) == VIPS_FORMAT_UCHAR && format == VIPS_FORMAT_USHORT)
    STEP (vips_linear1 (*image, &out, 257, 0, NULL));
  STEP (vips_cast (*image, &out, format, NULL));
  return TRUE;
}

static gboolean
tidy (VipsImage **image)
{
  g_autoptr (VipsImage) colours = NULL;
  g_autoptr (VipsImage) alpha = NULL;
  gboolean has_profile = has_fitting_profile (*image);

  /* LABQ, which is packed, has no transparency. */
  if (vips_image_get_coding (*image) != VIPS_CODING_NONE)
    return tidy_colours (image, FALSE);
  return split (*image, &colours, &alpha) && tidy_colours (&colours, has_profile)
         && (alpha == NULL || tidy_alpha (&alpha, vips_image_get_format (colours)))
         && join (image, colours, alpha);
}

gboolean
decoder_colour_tidy (VipsImage **image, GError **error)
{
  VipsBandFormat format = vips_image_get_format (*image);

  if ((format == VIPS_FORMAT_UCHAR || format == VIPS_FORMAT_USHORT) && !is_absolute (*image)
      && vips_image_get_coding (*image) == VIPS_CODING_NONE)
    return TRUE;
  return tidy (image)
         || decoder_vips_set_error (error, BOORU_ERROR_UNSUPPORTED,
                                    "The picture's colours cannot be converted");
}

gboolean
decoder_colour_premultiply (VipsImage **image, GError **error)
{
  VipsImage *out;

  return decoder_vips_step (vips_premultiply (*image, &out, NULL), image, &out,
                            "Cannot premultiply alpha", error);
}

gboolean
decoder_colour_unpremultiply (VipsImage **image, VipsBandFormat format, GError **error)
{
  VipsImage *out;

  return !vips_image_hasalpha (*image)
         || (decoder_vips_step (vips_unpremultiply (*image, &out, NULL), image, &out,
                                "Cannot unpremultiply alpha", error)
             && decoder_vips_step (vips_cast (*image, &out, format, NULL), image, &out,
                                   "Cannot convert pixels", error));
}

/* Colours alone: without transparency, of 8 or 16 bits. A profile that is damaged costs true
 * colours, not the picture. */
static gboolean
convert (VipsImage **image, gboolean has_profile)
{
  gboolean is_cmyk = vips_image_get_interpretation (*image) == VIPS_INTERPRETATION_CMYK;
  VipsImage *converted = NULL;

  if ((has_profile || is_cmyk)
      && convert_by_profile (*image, is_cmyk ? "cmyk" : "srgb", &converted))
    {
      decoder_vips_replace (image, converted);
      return TRUE;
    }
  vips_error_clear ();
  STEP (vips_colourspace (*image, &out, VIPS_INTERPRETATION_sRGB, NULL));
  STEP (vips_cast (*image, &out, VIPS_FORMAT_UCHAR, NULL));
  return TRUE;
}

static gboolean
to_srgb (VipsImage **image, gboolean has_profile)
{
  g_autoptr (VipsImage) colours = NULL;
  g_autoptr (VipsImage) alpha = NULL;

  if (!split (*image, &colours, &alpha) || !tidy_colours (&colours, has_profile))
    return FALSE;
  if (!has_profile)
    vips_image_remove (colours, VIPS_META_ICC_NAME);
  return convert (&colours, has_profile)
         && (alpha == NULL || tidy_alpha (&alpha, VIPS_FORMAT_UCHAR))
         && join (image, colours, alpha);
}

gboolean
decoder_colour_to_srgb (VipsImage **image, GError **error)
{
  gboolean has_profile = has_fitting_profile (*image);

  if (has_profile && is_plain_rgb (*image) && profile_is_srgb_cached (*image))
    has_profile = FALSE;
  if (!has_profile && is_plain_rgb (*image) && vips_image_get_bands (*image) <= 4)
    return TRUE;
  return to_srgb (image, has_profile)
         || decoder_vips_set_error (error, BOORU_ERROR_UNSUPPORTED,
                                    "The picture's colours cannot be converted");
}

/* Steps of the tables below: 16 bits. Light between them is kept by its root, so that the dark is
 * not coarse. */
#define STEPS 65536
#define BRIGHTEST 50.0

static VipsImage *
make_light_table (DecoderTransfer transfer)
{
  g_autofree float *table = g_new (float, STEPS);

  for (gint i = 0; i < STEPS; i++)
    table[i] = (float)decoder_hdr_to_light (transfer, i / (STEPS - 1.0));
  return vips_image_new_from_memory_copy (table, STEPS * sizeof *table, STEPS, 1, 1,
                                          VIPS_FORMAT_FLOAT);
}

static VipsImage *
make_signal_table (void)
{
  g_autofree guint8 *table = g_new (guint8, STEPS);

  for (gint i = 0; i < STEPS; i++)
    {
      double root = i / (STEPS - 1.0);

      table[i] = (guint8)(decoder_hdr_to_signal (root * root * BRIGHTEST) * 255 + 0.5);
    }
  return vips_image_new_from_memory_copy (table, STEPS, STEPS, 1, 1, VIPS_FORMAT_UCHAR);
}

/* From the primaries of BT.2020 to those of sRGB (ITU-R BT.2087). */
static VipsImage *
make_matrix (void)
{
  static const double matrix[9]
      = { 1.6605, -0.5876, -0.0728, -0.1246, 1.1329, -0.0083, -0.0182, -0.1006, 1.1187 };

  return vips_image_new_matrix_from_array (3, 3, matrix, G_N_ELEMENTS (matrix));
}

/* Of three bands, 16 bits; FALSE leaves the words to libvips. */
static gboolean
squeeze (VipsImage **image, DecoderHdr hdr)
{
  g_autoptr (VipsImage) light = make_light_table (hdr.transfer);
  g_autoptr (VipsImage) signal = make_signal_table ();
  g_autoptr (VipsImage) matrix = make_matrix ();

  if (light == NULL || signal == NULL || matrix == NULL)
    return FALSE;
  STEP (vips_maplut (*image, &out, light, NULL));
  if (hdr.wide)
    STEP (vips_recomb (*image, &out, matrix, NULL));
  /* The root of what is not there is not a number, which is cast to 0. */
  STEP (vips_math2_const1 (*image, &out, VIPS_OPERATION_MATH2_POW, 0.5, NULL));
  STEP (vips_linear1 (*image, &out, (STEPS - 1) / sqrt (BRIGHTEST), 0, NULL));
  STEP (vips_cast (*image, &out, VIPS_FORMAT_USHORT, NULL));
  STEP (vips_maplut (*image, &out, signal, NULL));
  return TRUE;
}

/* Takes the transparency, if any, off *image, as 8 bits. */
static gboolean
split_alpha (VipsImage **image, gboolean is_deep, VipsImage **alpha)
{
  if (vips_image_get_bands (*image) > 3)
    {
      if (vips_extract_band (*image, alpha, 3, NULL) != 0)
        return FALSE;
      image = alpha;
      if (is_deep)
        STEP (vips_rshift_const1 (*image, &out, 8, NULL));
      STEP (vips_cast (*image, &out, VIPS_FORMAT_UCHAR, NULL));
    }
  return TRUE;
}

static gboolean
convert_light (VipsImage **image, DecoderHdr hdr, gboolean is_deep)
{
  g_autoptr (VipsImage) alpha = NULL;

  if (!split_alpha (image, is_deep, &alpha))
    return FALSE;
  STEP (vips_extract_band (*image, &out, 0, "n", 3, NULL));
  if (!is_deep)
    {
      STEP (vips_linear1 (*image, &out, 257, 0, NULL));
      STEP (vips_cast (*image, &out, VIPS_FORMAT_USHORT, NULL));
    }
  if (!squeeze (image, hdr))
    return FALSE;
  if (alpha != NULL)
    STEP (vips_bandjoin2 (*image, alpha, &out, NULL));
  STEP (vips_copy (*image, &out, "interpretation", VIPS_INTERPRETATION_sRGB, NULL));
  return TRUE;
}

gboolean
decoder_colour_to_sdr (VipsImage **image, DecoderHdr hdr, GError **error)
{
  VipsBandFormat format = vips_image_get_format (*image);

  if (hdr.transfer == DECODER_TRANSFER_SDR || vips_image_get_bands (*image) < 3
      || (format != VIPS_FORMAT_USHORT && format != VIPS_FORMAT_UCHAR))
    return decoder_colour_to_srgb (image, error);
  return convert_light (image, hdr, format == VIPS_FORMAT_USHORT)
         || decoder_vips_set_error (error, BOORU_ERROR_FAILED,
                                    "The picture's light cannot be converted");
}
