/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-motion.h"

#include <unistd.h>

#include "decoder-variants.h"
#include "decoder/pixels/decoder-colour.h"
#include "decoder/pixels/decoder-scale.h"
#include "decoder/pixels/decoder-size.h"

/* Total pixels decoded to get at a few frames: about a second of work. */
#define PIXEL_BUDGET (128 * 1000 * 1000)

/* libvips' limit for the height of the column that all frames form. */
#define MAX_COLUMN 9000000

#define DELAY_LONGEST (DECODER_MOTION_SECONDS * 500)

/* As for stills (decoder-variants.c): users wait for it. */
#define WEBP_EFFORT 2

static gint
find_variant (const DecoderRequest *request)
{
  for (guint i = 0; i < request->n_variants; i++)
    if (request->variants[i].output == DECODER_OUTPUT_MOTION)
      return (gint)i;
  return -1;
}

gboolean
decoder_motion_init (DecoderMotion *self,
                     const DecoderPicture *picture,
                     const DecoderRequest *request)
{
  gint variant = find_variant (request);

  if (variant < 0)
    return FALSE;
  self->frames = g_ptr_array_new_with_free_func (g_object_unref);
  self->delays = g_array_new (FALSE, FALSE, sizeof (gint));
  decoder_size_fit (picture->width, picture->height, request->variants[variant].box_width,
                    request->variants[variant].box_height, &self->width, &self->height);
  return TRUE;
}

void
decoder_motion_clear (DecoderMotion *self)
{
  g_clear_pointer (&self->frames, g_ptr_array_unref);
  g_clear_pointer (&self->delays, g_array_unref);
}

/* How many frames of that size are looked at: decoding must not take for ever. At least 2. */
static guint
get_affordable (gint width, gint height, guint n)
{
  guint64 pixels = MAX (1, (guint64)width * height);

  return MIN (n, MAX (2, MIN (PIXEL_BUDGET / pixels, MAX_COLUMN / (guint)MAX (1, height))));
}

/* The frames of the preview. */
static void
plan_preview (GArray *steps, const gint *delays, guint n)
{
  gint64 length = 0, end = 0;
  guint window = 0, n_shown = 0;

  while (window < n && (window < 2 || length < DECODER_MOTION_SECONDS * 1000))
    length += delays[window++];
  for (guint i = 0; i < window; i++)
    {
      DecoderMotionStep step = { .index = i, .delay = MIN (delays[i], DELAY_LONGEST) };

      end += delays[i];
      if (window > DECODER_MOTION_FRAMES)
        {
          /* Keep the frame that is visible when the next of 16 is due. */
          if (end * DECODER_MOTION_FRAMES <= length * n_shown)
            continue;
          step.delay = (gint)(length / DECODER_MOTION_FRAMES);
        }
      n_shown++;
      g_array_append_val (steps, step);
    }
}

static gint
compare_steps (gconstpointer a, gconstpointer b)
{
  const DecoderMotionStep *x = a, *y = b;

  return (x->index > y->index) - (x->index < y->index);
}

GArray *
decoder_motion_plan (const gint *delays, guint n)
{
  GArray *steps = g_array_new (FALSE, TRUE, sizeof (DecoderMotionStep));
  guint n_hashes = MIN (n, DECODER_MAX_FRAME_HASHES);

  plan_preview (steps, delays, n);
  for (guint i = 0; i < n_hashes; i++)
    {
      DecoderMotionStep step = { .index = (2 * i + 1) * n / (2 * n_hashes), .hashed = TRUE };
      guint at = 0;

      while (at < steps->len && g_array_index (steps, DecoderMotionStep, at).index != step.index)
        at++;
      if (at < steps->len)
        g_array_index (steps, DecoderMotionStep, at).hashed = TRUE;
      else
        g_array_append_val (steps, step);
    }
  g_array_sort (steps, compare_steps);
  return steps;
}

gboolean
decoder_motion_take (DecoderMotion *self,
                     VipsImage *frame,
                     const DecoderMotionStep *step,
                     GError **error)
{
  g_autoptr (VipsImage) colours = g_object_ref (frame);
  VipsImage *small;

  if (!decoder_colour_to_srgb (&colours, error)
      || !decoder_scale_to (colours, self->width, self->height, &small, error))
    return FALSE;
  if (step->delay > 0)
    {
      g_ptr_array_add (self->frames, g_object_ref (small));
      g_array_append_val (self->delays, step->delay);
    }
  if (step->hashed && self->n_hashes < DECODER_MAX_FRAME_HASHES
      && decoder_variants_hash (small, &self->hashes[self->n_hashes], NULL))
    self->n_hashes++;
  g_object_unref (small);
  return TRUE;
}

static VipsImage *
open_pages (DecoderFormat format, VipsSource *source, guint n, GError **error)
{
  VipsImage *image = NULL;
  int failed;

  if (format == DECODER_FORMAT_GIF)
    failed
        = vips_gifload_source (source, &image, "n", (int)n, "access", VIPS_ACCESS_SEQUENTIAL, NULL);
  else
    failed = vips_webpload_source (source, &image, "n", (int)n, "access", VIPS_ACCESS_SEQUENTIAL,
                                   NULL);
  if (failed != 0)
    decoder_vips_set_error (error, BOORU_ERROR_INVALID, "The frames cannot be read");
  return image;
}

static GArray *
plan_pages (const DecoderPicture *picture)
{
  guint n = get_affordable (picture->width, picture->height, picture->delays->len);

  return decoder_motion_plan ((const gint *)picture->delays->data, n);
}

/* All pages form one tall picture that is computed from the top down, so only one of them is in
 * memory at a time. */
gboolean
decoder_motion_read_pages (DecoderMotion *self,
                           const DecoderPicture *picture,
                           const DecoderJob *job,
                           GError **error)
{
  g_autoptr (GArray) steps = plan_pages (picture);
  g_autoptr (VipsSource) source = NULL;
  g_autoptr (VipsImage) column = NULL;
  gint height;

  if (steps->len == 0 || lseek (job->input, 0, SEEK_SET) != 0)
    return TRUE;
  source = decoder_vips_open_file (job->input, error);
  if (source == NULL)
    return FALSE;
  column = open_pages (picture->format, source,
                       g_array_index (steps, DecoderMotionStep, steps->len - 1).index + 1, error);
  if (column == NULL)
    return FALSE;

  height = vips_image_get_page_height (column);
  for (guint i = 0; i < steps->len; i++)
    {
      const DecoderMotionStep *step = &g_array_index (steps, DecoderMotionStep, i);
      g_autoptr (VipsImage) page = NULL;

      if (vips_crop (column, &page, 0, (gint)step->index * height, vips_image_get_width (column),
                     height, NULL)
          != 0)
        return decoder_vips_set_error (error, BOORU_ERROR_INVALID, "A frame cannot be read");
      if (!decoder_motion_take (self, page, step, error))
        return FALSE;
    }
  return TRUE;
}

/* Some frames of a file may be transparent, and others not. */
static gboolean
make_alike (DecoderMotion *self, GError **error)
{
  gboolean has_alpha = FALSE;

  for (guint i = 0; i < self->frames->len; i++)
    has_alpha |= vips_image_hasalpha (g_ptr_array_index (self->frames, i));
  for (guint i = 0; has_alpha && i < self->frames->len; i++)
    {
      VipsImage *out;

      if (vips_image_hasalpha (g_ptr_array_index (self->frames, i)))
        continue;
      if (vips_addalpha (g_ptr_array_index (self->frames, i), &out, NULL) != 0)
        return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot join frames");
      g_object_unref (self->frames->pdata[i]);
      self->frames->pdata[i] = out;
    }
  return TRUE;
}

static VipsImage *
join (DecoderMotion *self, GError **error)
{
  g_autoptr (VipsImage) column = NULL;
  VipsImage *out = NULL;

  if (!make_alike (self, error))
    return NULL;
  if (vips_arrayjoin ((VipsImage **)self->frames->pdata, &column, (int)self->frames->len, "across",
                      1, NULL)
          != 0
      || vips_copy (column, &out, NULL) != 0)
    {
      decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot join frames");
      return NULL;
    }
  vips_image_set_int (out, VIPS_META_PAGE_HEIGHT, self->height);
  vips_image_set_array_int (out, "delay", (const int *)self->delays->data, (int)self->delays->len);
  vips_image_set_int (out, "loop", 0); /* for ever */
  return out;
}

gboolean
decoder_motion_write (DecoderMotion *self, const DecoderJob *job, guint32 *written, GError **error)
{
  gint variant = find_variant (&job->request);
  g_autoptr (VipsImage) column = NULL;
  g_autofree void *data = NULL;
  gsize size = 0;

  if (variant < 0 || self->frames->len < 2)
    return TRUE;
  column = join (self, error);
  if (column == NULL)
    return FALSE;
  if (vips_webpsave_buffer (column, &data, &size, "Q", (int)job->request.variants[variant].quality,
                            "effort", WEBP_EFFORT, "strip", TRUE, NULL)
      != 0)
    return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot write a moving preview");
  if (!decoder_variants_write_bytes (job->outputs[variant], data, size, error))
    return FALSE;
  *written |= 1u << variant;
  return TRUE;
}
