/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-load.h"

#include "decoder-bmp.h"
#include "decoder-svg.h"
#include "decoder-ycc.h"
#include "decoder/picture/decoder-embedded.h"
#include "decoder/picture/decoder-ending.h"
#include "decoder/pixels/decoder-profile.h"
#include "decoder/pixels/decoder-size.h"
#include "decoder/reading/decoder-heif.h"

static gboolean
load_ycc (DecoderPicture *self, const DecoderJob *job, GError **error)
{
  self->image = decoder_ycc_load (job->input, job->request.max_pixels, error);
  if (self->image == NULL || !decoder_picture_measure (self, job, error))
    return FALSE;
  decoder_embedded_read (self->metadata, self->format, self->image, job->input);
  return decoder_picture_shrink (self, &job->request, error);
}

static gboolean
load_by_vips (DecoderPicture *self, const DecoderJob *job, GError **error)
{
  g_autoptr (VipsSource) source = NULL;
  DecoderEnding ending;

  if (!decoder_vips_require_loader (self->format, error))
    return FALSE;
  ending = decoder_ending_find (self->format, job->input);
  self->is_cut = ending.is_cut;
  if (ending.is_cut && !decoder_ending_check_share (ending.share, error))
    return FALSE;
  if (self->format == DECODER_FORMAT_TIFF && decoder_ycc_is_plain (job->input))
    return load_ycc (self, job, error);
  source = ending.is_cut ? decoder_ending_open (&ending, self->format, job->input, error)
                         : decoder_vips_open_file (job->input, error);
  if (source == NULL)
    return FALSE;
  if (self->format == DECODER_FORMAT_AVIF || self->format == DECODER_FORMAT_HEIC)
    self->is_premultiplied = decoder_heif_is_premultiplied (job->input);
  if (!decoder_picture_open (self, source, job, error))
    return FALSE;
  if (self->format == DECODER_FORMAT_PNG)
    decoder_profile_add_of_png (&self->image, job->input);
  return TRUE;
}

static gboolean
load_bmp (DecoderPicture *self, const DecoderJob *job, GError **error)
{
  double share = 1;

  self->image = decoder_bmp_load (job->input, &share, error);
  self->is_cut = share < 1;
  return self->image != NULL && decoder_ending_check_share (share, error)
         && decoder_picture_measure (self, job, error)
         && decoder_picture_shrink (self, &job->request, error);
}

static gboolean
load (DecoderPicture *self, const DecoderSniff *sniff, const DecoderJob *job, GError **error)
{
  switch (self->format)
    {
    case DECODER_FORMAT_BMP:
      return load_bmp (self, job, error);
    case DECODER_FORMAT_SVG:
    case DECODER_FORMAT_SVGZ:
      return decoder_svg_load (self, sniff, job, error);
    default:
      return load_by_vips (self, job, error);
    }
}

gboolean
decoder_load (DecoderPicture *self,
              const DecoderSniff *sniff,
              const DecoderJob *job,
              GError **error)
{
  self->format = sniff->format;
  self->hdr = sniff->hdr;
  if (decoder_size_check (sniff->width, sniff->height, job->request.max_pixels, error)
      && load (self, sniff, job, error) && decoder_picture_finish (self, error))
    return TRUE;
  /* A bare JPEG XL does not declare its length, and its decoder does not say why it fails. */
  if (self->is_cut || self->format == DECODER_FORMAT_JXL)
    decoder_ending_prefix_error (error, self->is_cut);
  return FALSE;
}
