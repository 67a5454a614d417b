/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-picture.h"

#include <string.h>

#include "decoder-embedded.h"
#include "decoder-ending.h"
#include "decoder/pixels/decoder-colour.h"
#include "decoder/pixels/decoder-scale.h"
#include "decoder/pixels/decoder-size.h"
#include "decoder/reading/decoder-delay.h"

void
decoder_picture_clear (DecoderPicture *self)
{
  g_clear_object (&self->image);
  g_clear_pointer (&self->delays, g_array_unref);
  g_clear_pointer (&self->metadata, decoder_metadata_free);
}

gboolean
decoder_variant_applies (const DecoderVariant *variant, gint width, gboolean still)
{
  /* Motion previews have many frames: decoder-motion.c. */
  if (variant->output == DECODER_OUTPUT_MOTION || variant->output == DECODER_OUTPUT_NONE)
    return FALSE;
  return !variant->only_if_wider || (still && width > (gint)variant->box_width);
}

void
decoder_picture_get_target (gint width,
                            gint height,
                            gboolean still,
                            const DecoderRequest *request,
                            gint *target_width,
                            gint *target_height)
{
  *target_width = *target_height = 1;
  for (guint i = 0; i < request->n_variants; i++)
    {
      const DecoderVariant *variant = &request->variants[i];
      gint w, h;

      if (!decoder_variant_applies (variant, width, still))
        continue;
      decoder_size_fit (width, height, variant->box_width, variant->box_height, &w, &h);
      *target_width = MAX (*target_width, w);
      *target_height = MAX (*target_height, h);
    }
}

static VipsImage *
open_image (const DecoderPicture *self, VipsSource *source, gint shrink, GError **error)
{
  VipsFailOn fail_on = self->is_cut ? VIPS_FAIL_ON_NONE : VIPS_FAIL_ON_TRUNCATED;
  VipsImage *image = NULL;
  int failed = -1;

  if (vips_source_rewind (source) != 0)
    {
      decoder_vips_set_error (error, BOORU_ERROR_IO, "Cannot read the file");
      return NULL;
    }

#define COMMON "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on
  switch (self->format)
    {
    case DECODER_FORMAT_JPEG:
      failed = vips_jpegload_source (source, &image, COMMON, "shrink", shrink, NULL);
      break;
    case DECODER_FORMAT_PNG:
      failed = vips_pngload_source (source, &image, COMMON, NULL);
      break;
    case DECODER_FORMAT_GIF:
      failed = vips_gifload_source (source, &image, COMMON, NULL);
      break;
    case DECODER_FORMAT_WEBP:
      failed = vips_webpload_source (source, &image, COMMON, "scale", 1.0 / shrink, NULL);
      break;
    case DECODER_FORMAT_TIFF:
      failed = vips_tiffload_source (source, &image, COMMON, NULL);
      break;
    case DECODER_FORMAT_AVIF:
    case DECODER_FORMAT_HEIC:
      failed = vips_heifload_source (source, &image, COMMON, NULL);
      break;
    case DECODER_FORMAT_JXL:
      failed = vips_jxlload_source (source, &image, COMMON, NULL);
      break;
    default:
      g_assert_not_reached ();
    }
#undef COMMON

  if (failed != 0)
    {
      decoder_vips_set_error (error, BOORU_ERROR_INVALID, "The file's header is damaged");
      return NULL;
    }
  if (self->orientation > 0 && vips_image_get_typeof (image, VIPS_META_ORIENTATION) == 0)
    vips_image_set_int (image, VIPS_META_ORIENTATION, self->orientation);
  return image;
}

/* Frames and delays of animated formats. */
static void
read_animation (DecoderPicture *self)
{
  gint *delays;
  gint n_delays;
  gint n_pages = vips_image_get_n_pages (self->image);
  gint64 total = 0;

  if (n_pages < 2
      || (self->format != DECODER_FORMAT_GIF && self->format != DECODER_FORMAT_WEBP
          && self->format != DECODER_FORMAT_JXL))
    return;
  self->frames = n_pages;
  self->duration = 0;
  if (vips_image_get_typeof (self->image, "delay") == 0
      || vips_image_get_array_int (self->image, "delay", &delays, &n_delays) != 0)
    return;
  self->delays = g_array_sized_new (FALSE, FALSE, sizeof (gint), (guint)n_pages);
  for (gint i = 0; i < MIN (n_delays, n_pages); i++)
    {
      gint delay = decoder_delay_mend (delays[i]);

      g_array_append_val (self->delays, delay);
      total += delay;
    }
  self->duration = total / 1000.0;
}

gboolean
decoder_picture_measure (DecoderPicture *self, const DecoderJob *job, GError **error)
{
  gint width = vips_image_get_width (self->image);
  gint height = vips_image_get_page_height (self->image);
  gboolean turned = vips_image_get_orientation (self->image) >= 5;

  if (!decoder_size_check (width, height, job->request.max_pixels, error))
    return FALSE;
  read_animation (self);
  self->width = turned ? height : width;
  self->height = turned ? width : height;
  return TRUE;
}

/* The largest whole factor that leaves at least the target. */
static gint
get_shrink (const DecoderPicture *self, const DecoderRequest *request)
{
  gint target_width, target_height;

  decoder_picture_get_target (self->width, self->height, self->frames == 1, request, &target_width,
                              &target_height);
  return MAX (1, MIN (self->width / target_width, self->height / target_height));
}

/* JPEG decodes to 1/2, 1/4 or 1/8 of the size by skipping high frequencies; WebP scales while
 * decoding. decoder_scale_shrink() does the rest. */
static gint
get_shrink_on_load (DecoderFormat format, gint shrink)
{
  switch (format)
    {
    case DECODER_FORMAT_JPEG:
      return shrink >= 8 ? 8 : shrink >= 4 ? 4 : shrink >= 2 ? 2 : 1;
    case DECODER_FORMAT_WEBP:
      return shrink;
    default:
      return 1;
    }
}

static gboolean
turn_upright (VipsImage **image, GError **error)
{
  VipsImage *out;

  return vips_image_get_orientation (*image) < 2
         || (decoder_vips_step (vips_autorot (*image, &out, NULL), image, &out,
                                "Cannot turn the picture upright", error)
             && decoder_vips_compute (image, BOORU_ERROR_FAILED, "Cannot turn the picture upright",
                                      error));
}

gboolean
decoder_picture_open (DecoderPicture *self,
                      VipsSource *source,
                      const DecoderJob *job,
                      GError **error)
{
  gint shrink, on_load;

  self->image = open_image (self, source, 1, error);
  if (self->image == NULL || !decoder_picture_measure (self, job, error))
    return FALSE;
  decoder_embedded_read (self->metadata, self->format, self->image, job->input);

  shrink = get_shrink (self, &job->request);
  on_load = get_shrink_on_load (self->format, shrink);
  if (on_load > 1)
    {
      VipsImage *smaller = open_image (self, source, on_load, error);

      if (smaller == NULL)
        return FALSE;
      decoder_vips_replace (&self->image, smaller);
    }
  return decoder_colour_tidy (&self->image, error)
         && (!self->is_premultiplied
             || decoder_colour_unpremultiply (&self->image, vips_image_get_format (self->image),
                                              error))
         && decoder_scale_shrink (&self->image, shrink / on_load, error);
}

gboolean
decoder_picture_shrink (DecoderPicture *self, const DecoderRequest *request, GError **error)
{
  return decoder_scale_shrink (&self->image, get_shrink (self, request), error);
}

/* Variants carry no metadata, and libvips would process it for each of them. It must not: for HEIC,
 * libvips 8.14 frees EXIF and profile while derived images still point to them. The orientation,
 * needed later, is kept. */
static gboolean
forget_metadata (VipsImage **image, GError **error)
{
  static const char *const prefixes[] = { "exif-", "xmp-", "iptc-", "photoshop-", "png-comment-" };
  g_auto (GStrv) fields = NULL;
  VipsImage *out;

  if (!decoder_vips_step (vips_copy (*image, &out, NULL), image, &out, "Cannot drop metadata",
                          error))
    return FALSE;
  fields = vips_image_get_fields (*image);
  for (guint i = 0; fields[i] != NULL; i++)
    for (guint j = 0; j < G_N_ELEMENTS (prefixes); j++)
      if (g_str_has_prefix (fields[i], prefixes[j]))
        vips_image_remove (*image, fields[i]);
  return TRUE;
}

static gboolean
convert_colours (DecoderPicture *self, GError **error)
{
  if (!decoder_colour_to_sdr (&self->image, self->hdr, error))
    return FALSE;
  vips_image_remove (self->image, VIPS_META_ICC_NAME);
  return TRUE;
}

/* Only decoding shows how much of a JPEG is present, even if it has an end marker but lacks data
 * before it. */
static gboolean
check_jpeg (DecoderPicture *self, GError **error)
{
  if (self->format != DECODER_FORMAT_JPEG)
    return TRUE;
  if (!decoder_vips_compute (&self->image, BOORU_ERROR_INVALID, "The file is damaged", error))
    return FALSE;
  self->is_cut |= strstr (vips_error_buffer (), "premature end of data segment") != NULL;
  vips_error_clear ();
  return !self->is_cut
         || decoder_ending_check_share (decoder_ending_measure_jpeg (self->image), error);
}

gboolean
decoder_picture_finish (DecoderPicture *self, GError **error)
{
  return forget_metadata (&self->image, error) && check_jpeg (self, error)
         && convert_colours (self, error)
         && decoder_vips_compute (&self->image, BOORU_ERROR_INVALID, "The file is damaged", error)
         && turn_upright (&self->image, error);
}

static VipsSource *
open_bytes (GBytes *bytes, GError **error)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  VipsSource *source = vips_source_new_from_memory (data, size);

  if (source == NULL)
    decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot read a frame");
  return source;
}

gboolean
decoder_picture_measure_bytes (DecoderPicture *self,
                               GBytes *bytes,
                               const DecoderJob *job,
                               GError **error)
{
  g_autoptr (VipsSource) source = open_bytes (bytes, error);

  if (source == NULL)
    return FALSE;
  self->image = open_image (self, source, 1, error);
  return self->image != NULL && decoder_picture_measure (self, job, error);
}

gboolean
decoder_picture_load_bytes (DecoderPicture *self,
                            GBytes *bytes,
                            const DecoderJob *job,
                            GError **error)
{
  g_autoptr (VipsSource) source = open_bytes (bytes, error);

  return source != NULL && decoder_picture_open (self, source, job, error)
         && decoder_picture_finish (self, error);
}
