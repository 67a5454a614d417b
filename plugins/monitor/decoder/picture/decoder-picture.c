/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-picture.h"

#include <string.h>

#include "decoder/metadata/decoder-embedded.h"
#include "decoder/formats/decoder-ending.h"
#include "decoder/formats/decoder-heif.h"
#include "decoder/video/decoder-motion.h"
#include "decoder-profile.h"
#include "decoder/reading/decoder-size.h"
#include "decoder-ycc.h"

/* What the formats themselves allow at most; beyond it the 32-bit sums of libraries are at risk. */
#define MAX_SIDE 65535

/* Sharp enough, and a fifth to a third faster than libvips' usual Lanczos. */
#define RESIZE_KERNEL VIPS_KERNEL_CUBIC

void
decoder_picture_clear (DecoderPicture *self)
{
  g_clear_object (&self->image);
  g_clear_pointer (&self->delays, g_array_unref);
  g_clear_pointer (&self->metadata, decoder_metadata_free);
}

gboolean
decoder_picture_check_size (guint64 width, guint64 height, guint64 max_pixels, GError **error)
{
  if (width > MAX_SIDE || height > MAX_SIDE)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                 "The picture is %" G_GUINT64_FORMAT " by %" G_GUINT64_FORMAT
                 " pixels; the limit is %d along each side",
                 width, height, MAX_SIDE);
  else if (width * height > max_pixels)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                 "The picture is %" G_GUINT64_FORMAT " by %" G_GUINT64_FORMAT
                 " pixels, %" G_GUINT64_FORMAT " in all; the limit is %" G_GUINT64_FORMAT
                 " (setting max-pixels)",
                 width, height, width * height, max_pixels);
  else
    return TRUE;
  return FALSE;
}

gboolean
decoder_variant_applies (const DecoderVariant *variant, gint width, gboolean still)
{
  /* Motion is of many frames, not of this one: decoder-motion.c. */
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

/* Frames and their time, of formats that move. */
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
      gint delay = decoder_motion_mend_delay (delays[i]);

      g_array_append_val (self->delays, delay);
      total += delay;
    }
  self->duration = total / 1000.0;
}

static gboolean
has_swapped_sides (VipsImage *image)
{
  return vips_image_get_orientation (image) >= 5;
}

static gboolean
read_header (DecoderPicture *self, const DecoderJob *job, GError **error)
{
  gint width = vips_image_get_width (self->image);
  gint height = vips_image_get_page_height (self->image);

  if (!decoder_picture_check_size (width, height, job->request.max_pixels, error))
    return FALSE;
  read_animation (self);
  self->width = has_swapped_sides (self->image) ? height : width;
  self->height = has_swapped_sides (self->image) ? width : height;
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

/* JPEG decodes to 1/2, 1/4, 1/8 of the size by leaving high frequencies away; WebP scales while
 * decoding. What remains is for decoder_picture_shrink(). */
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

gboolean
decoder_picture_shrink (VipsImage **image, gint factor, GError **error)
{
  gboolean has_alpha = vips_image_hasalpha (*image);
  VipsBandFormat format = vips_image_get_format (*image);
  VipsImage *out;

  if (factor < 2)
    return TRUE;
  if (has_alpha)
    {
      if (vips_premultiply (*image, &out, NULL) != 0)
        return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot premultiply alpha");
      decoder_vips_replace (image, out);
    }
  if (vips_shrink (*image, &out, factor, factor, NULL) != 0)
    return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot shrink");
  decoder_vips_replace (image, out);
  if (has_alpha)
    {
      if (vips_unpremultiply (*image, &out, NULL) != 0)
        return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot unpremultiply alpha");
      decoder_vips_replace (image, out);
      if (vips_cast (*image, &out, format, NULL) != 0)
        return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot convert pixels");
      decoder_vips_replace (image, out);
    }
  return TRUE;
}

gboolean
decoder_picture_resize (VipsImage *image, gint width, gint height, VipsImage **out, GError **error)
{
  gboolean has_alpha = vips_image_hasalpha (image);
  g_autoptr (VipsImage) work = g_object_ref (image);
  VipsImage *next;
  double x = (double)width / vips_image_get_width (image);
  double y = (double)height / vips_image_get_height (image);

  if (x != 1 || y != 1)
    {
      if (has_alpha)
        {
          if (vips_premultiply (work, &next, NULL) != 0)
            return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot premultiply alpha");
          decoder_vips_replace (&work, next);
        }
      if (vips_resize (work, &next, x, "vscale", y, "kernel", RESIZE_KERNEL, NULL) != 0)
        return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot resize");
      decoder_vips_replace (&work, next);
      if (has_alpha)
        {
          if (vips_unpremultiply (work, &next, NULL) != 0)
            return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot unpremultiply alpha");
          decoder_vips_replace (&work, next);
          if (vips_cast (work, &next, VIPS_FORMAT_UCHAR, NULL) != 0)
            return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot convert pixels");
          decoder_vips_replace (&work, next);
        }
    }
  if (!decoder_vips_compute (&work, BOORU_ERROR_FAILED, "Cannot resize", error))
    return FALSE;
  *out = g_steal_pointer (&work);
  return TRUE;
}

static gboolean
turn_upright (VipsImage **image, GError **error)
{
  VipsImage *out;

  if (vips_image_get_orientation (*image) < 2)
    return TRUE;
  if (vips_autorot (*image, &out, NULL) != 0)
    return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot turn the picture upright");
  decoder_vips_replace (image, out);
  return decoder_vips_compute (image, BOORU_ERROR_FAILED, "Cannot turn the picture upright", error);
}

static gboolean
load_from_source (DecoderPicture *self, VipsSource *source, const DecoderJob *job, GError **error)
{
  gint shrink, on_load;

  self->image = open_image (self, source, 1, error);
  if (self->image == NULL || !read_header (self, job, error))
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
         && (!self->is_premultiplied || decoder_colour_unpremultiply (&self->image, error))
         && decoder_picture_shrink (&self->image, shrink / on_load, error);
}

static gboolean
load_ycc (DecoderPicture *self, const DecoderJob *job, GError **error)
{
  self->image = decoder_ycc_load (job->input, job->request.max_pixels, error);
  if (self->image == NULL || !read_header (self, job, error))
    return FALSE;
  decoder_embedded_read (self->metadata, self->format, self->image, job->input);
  return decoder_picture_shrink (&self->image, get_shrink (self, &job->request), error);
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
                         : vips_source_new_from_descriptor (job->input);
  if (source == NULL)
    return (error != NULL && *error != NULL)
           || decoder_vips_set_error (error, BOORU_ERROR_IO, "Cannot read the file");
  if (self->format == DECODER_FORMAT_AVIF || self->format == DECODER_FORMAT_HEIC)
    self->is_premultiplied = decoder_heif_is_premultiplied (job->input);
  if (!load_from_source (self, source, job, error))
    return FALSE;
  if (self->format == DECODER_FORMAT_PNG)
    decoder_profile_add_of_png (&self->image, job->input);
  return TRUE;
}

static gboolean
load_by_own_reader (DecoderPicture *self,
                    const DecoderSniff *sniff,
                    const DecoderJob *job,
                    GError **error)
{
  double share = 1;

  if (self->format != DECODER_FORMAT_BMP)
    {
      self->image = decoder_svg_load (sniff, job, &self->width, &self->height, error);
      return self->image != NULL;
    }
  self->image = decoder_bmp_load (job->input, &share, error);
  self->is_cut = share < 1;
  return self->image != NULL && decoder_ending_check_share (share, error)
         && read_header (self, job, error)
         && decoder_picture_shrink (&self->image, get_shrink (self, &job->request), error);
}

/* Variants carry no metadata, and libvips would look at it for each of them. It must not even try:
 * of HEIC pictures, libvips 8.14 frees EXIF and profile while images made of the first still point
 * to them. What is needed later, the orientation, stays. */
static gboolean
forget_metadata (VipsImage **image, GError **error)
{
  static const char *const prefixes[] = { "exif-", "xmp-", "iptc-", "photoshop-", "png-comment-" };
  g_auto (GStrv) fields = NULL;
  VipsImage *out;

  if (vips_copy (*image, &out, NULL) != 0)
    return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot drop metadata");
  decoder_vips_replace (image, out);
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

/* A JPEG tells only while it is decoded how much of it is there, also if it has an end but lacks
 * what belongs before it. */
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

/* What all pictures go through once they are open. */
static gboolean
finish (DecoderPicture *self, GError **error)
{
  return forget_metadata (&self->image, error) && check_jpeg (self, error)
         && convert_colours (self, error)
         && decoder_vips_compute (&self->image, BOORU_ERROR_INVALID, "The file is damaged", error)
         && turn_upright (&self->image, error);
}

gboolean
decoder_picture_load (DecoderPicture *self,
                      const DecoderSniff *sniff,
                      const DecoderJob *job,
                      GError **error)
{
  gboolean own = sniff->format == DECODER_FORMAT_SVG || sniff->format == DECODER_FORMAT_SVGZ
                 || sniff->format == DECODER_FORMAT_BMP;

  self->format = sniff->format;
  self->hdr = sniff->hdr;
  if (decoder_picture_check_size (sniff->width, sniff->height, job->request.max_pixels, error)
      && (own ? load_by_own_reader (self, sniff, job, error) : load_by_vips (self, job, error))
      && finish (self, error))
    return TRUE;
  /* A bare JPEG XL does not say how long it is, and its decoder not why it fails. */
  if (self->is_cut || self->format == DECODER_FORMAT_JXL)
    decoder_ending_prefix_error (error, self->is_cut);
  return FALSE;
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
  return self->image != NULL && read_header (self, job, error);
}

gboolean
decoder_picture_load_bytes (DecoderPicture *self,
                            GBytes *bytes,
                            const DecoderJob *job,
                            GError **error)
{
  g_autoptr (VipsSource) source = open_bytes (bytes, error);

  return source != NULL && load_from_source (self, source, job, error) && finish (self, error);
}
