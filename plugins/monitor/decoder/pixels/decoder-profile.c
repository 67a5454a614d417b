/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-profile.h"

#include <lcms2.h>

#include "decoder/reading/decoder-reader.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (cmsToneCurve, cmsFreeToneCurve)

gboolean
decoder_profile_fits (VipsImage *image, gint n_colours)
{
  static const cmsColorSpaceSignature spaces[]
      = { 0, cmsSigGrayData, 0, cmsSigRgbData, cmsSigCmykData };
  cmsHPROFILE profile;
  const void *data;
  gsize size;
  gboolean fits;

  if (vips_image_get_typeof (image, VIPS_META_ICC_NAME) == 0
      || vips_image_get_blob (image, VIPS_META_ICC_NAME, &data, &size) != 0 || size > G_MAXUINT32)
    return FALSE;
  profile = cmsOpenProfileFromMem (data, (cmsUInt32Number)size);
  if (profile == NULL)
    return FALSE;
  fits = cmsGetColorSpace (profile) == spaces[n_colours]
         && (cmsIsMatrixShaper (profile)
             || cmsIsCLUT (profile, INTENT_RELATIVE_COLORIMETRIC, LCMS_USED_AS_INPUT)
             || cmsIsTag (profile, cmsSigGrayTRCTag));
  cmsCloseProfile (profile);
  return fits;
}

/* Of sRGB, as PNG's numbers are: by a hundred thousand. */
#define USUAL_GAMMA 45455
static const guint32 usual_chromaticities[8]
    = { 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000 };

typedef struct
{
  guint32 gamma;             /* 0: not said */
  guint32 chromaticities[8]; /* x and y of white, red, green, blue */
  gboolean has_chromaticities;
} Colours;

/* PNG, third edition, 11.3.2. FALSE: it has a profile, or says otherwise what its colours are. */
static gboolean
read_colours (DecoderReader *reader, Colours *colours)
{
  for (goffset at = 8; at + 12 <= reader->size;)
    {
      goffset data = at + 8;

      if (decoder_reader_has (reader, at + 4, "IDAT", 4))
        break;
      if (decoder_reader_has (reader, at + 4, "iCCP", 4)
          || decoder_reader_has (reader, at + 4, "sRGB", 4)
          || decoder_reader_has (reader, at + 4, "cICP", 4))
        return FALSE;
      if (decoder_reader_has (reader, at + 4, "gAMA", 4))
        colours->gamma = (guint32)decoder_reader_get_number (reader, data, 4, TRUE);
      colours->has_chromaticities |= decoder_reader_has (reader, at + 4, "cHRM", 4);
      for (guint i = 0; decoder_reader_has (reader, at + 4, "cHRM", 4) && i < 8; i++)
        colours->chromaticities[i]
            = (guint32)decoder_reader_get_number (reader, data + 4 * i, 4, TRUE);
      at = data + (goffset)decoder_reader_get_number (reader, at, 4, TRUE) + 4;
    }
  return colours->gamma >= USUAL_GAMMA / 20 && colours->gamma <= USUAL_GAMMA * 20;
}

static gboolean
is_near (guint32 a, guint32 b, guint32 distance)
{
  return MAX (a, b) - MIN (a, b) <= distance;
}

/* Most of those who write a gamma mean sRGB. */
static gboolean
are_usual (const Colours *colours)
{
  gboolean usual = is_near (colours->gamma, USUAL_GAMMA, USUAL_GAMMA / 20);

  for (guint i = 0; i < 8; i++)
    usual &= is_near (colours->chromaticities[i], usual_chromaticities[i], 1000);
  return usual;
}

static cmsCIExyY
get_point (const Colours *colours, guint i)
{
  return (cmsCIExyY){ colours->chromaticities[2 * i] / 100000.0,
                      colours->chromaticities[2 * i + 1] / 100000.0, 1 };
}

static cmsHPROFILE
make_profile (const Colours *colours, gboolean is_grey)
{
  g_autoptr (cmsToneCurve) curve = cmsBuildGamma (NULL, 100000.0 / colours->gamma);
  cmsCIExyY white = get_point (colours, 0);
  cmsCIExyYTRIPLE primaries
      = { get_point (colours, 1), get_point (colours, 2), get_point (colours, 3) };

  if (curve == NULL)
    return NULL;
  return is_grey
             ? cmsCreateGrayProfile (cmsD50_xyY (), curve)
             : cmsCreateRGBProfile (&white, &primaries, (cmsToneCurve *[]){ curve, curve, curve });
}

void
decoder_profile_add_of_png (VipsImage **image, int fd)
{
  g_autofree DecoderReader *reader = decoder_reader_new (fd);
  Colours colours = { 0 };
  cmsHPROFILE profile = NULL;
  cmsUInt32Number size = 0;
  g_autofree guint8 *data = NULL;
  VipsImage *out;

  if (reader == NULL || !read_colours (reader, &colours))
    return;
  if (!colours.has_chromaticities)
    memcpy (colours.chromaticities, usual_chromaticities, sizeof usual_chromaticities);
  if (!are_usual (&colours))
    profile = make_profile (&colours, vips_image_get_bands (*image) < 3);
  if (profile == NULL)
    return;
  if (cmsSaveProfileToMem (profile, NULL, &size) && (data = g_try_malloc (size)) != NULL
      && cmsSaveProfileToMem (profile, data, &size) && vips_copy (*image, &out, NULL) == 0)
    {
      vips_image_set_blob_copy (out, VIPS_META_ICC_NAME, data, size);
      decoder_vips_replace (image, out);
    }
  cmsCloseProfile (profile);
}
