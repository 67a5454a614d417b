/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-picture.h"

#include <string.h>

/* A profile that moves no colour further than this (of 255) is sRGB by another name. */
#define SAME_COLOUR 2

static gboolean
convert_by_profile (VipsImage *image, const char *fallback, VipsImage **out)
{
  return vips_icc_transform (image, out, "srgb", "embedded", TRUE, "input_profile", fallback,
                             "intent", VIPS_INTENT_RELATIVE, "depth", 8, NULL)
         == 0;
}

/* Whether converting from the profile of @image, 8-bit RGB, changes nothing to speak of: found by
 * converting a small cube of colours. Most pictures carry sRGB in one of its many forms, and
 * the conversion is worth leaving out. */
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
         && vips_image_get_interpretation (image) == VIPS_INTERPRETATION_sRGB;
}

static gboolean
convert (VipsImage **image, GError **error)
{
  gboolean is_cmyk = vips_image_get_interpretation (*image) == VIPS_INTERPRETATION_CMYK;
  gboolean has_profile = vips_image_get_typeof (*image, VIPS_META_ICC_NAME) != 0;
  VipsImage *out = NULL;

  if (has_profile && is_plain_rgb (*image) && profile_is_srgb_cached (*image))
    has_profile = FALSE;
  if ((has_profile || is_cmyk) && convert_by_profile (*image, is_cmyk ? "cmyk" : "srgb", &out))
    {
      decoder_vips_replace (image, out);
      return TRUE;
    }

  /* A profile that is damaged or of another colour space costs true colours, not the picture. */
  vips_error_clear ();
  if (is_plain_rgb (*image))
    return TRUE;
  if (vips_colourspace (*image, &out, VIPS_INTERPRETATION_sRGB, NULL) != 0)
    return decoder_vips_set_error (error, BOORU_ERROR_UNSUPPORTED,
                                   "The picture's colours cannot be converted");
  decoder_vips_replace (image, out);
  return TRUE;
}

gboolean
decoder_colour_to_srgb (VipsImage **image, GError **error)
{
  VipsImage *out = NULL;

  if (!convert (image, error))
    return FALSE;
  if (vips_image_get_bands (*image) > 4)
    {
      if (vips_extract_band (*image, &out, 0, "n", 4, NULL) != 0)
        return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot select channels");
      decoder_vips_replace (image, out);
    }
  if (vips_image_get_format (*image) != VIPS_FORMAT_UCHAR)
    {
      if (vips_cast (*image, &out, VIPS_FORMAT_UCHAR, NULL) != 0)
        return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot convert pixels");
      decoder_vips_replace (image, out);
    }
  return TRUE;
}
