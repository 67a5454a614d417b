/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-svg.h"

#include <errno.h>
#include <math.h>

#include "decoder/pixels/decoder-size.h"
#include "decoder/reading/decoder-bytes.h"
#include "decoder/reading/decoder-gzip.h"

/* The most that may precede the root element. */
#define MAX_PROLOGUE (1024 * 1024)

#define PART (256 * 1024)

/* librsvg gets a stream without a base URI, so it loads nothing from outside the file, and it runs
 * no scripts. A tiny file can claim a huge size, so the size is checked before anything is drawn,
 * and only what the largest variant needs is drawn. */

static VipsImage *
open_svg (VipsSource *source, double scale, GError **error)
{
  VipsImage *image = NULL;

  if (vips_source_rewind (source) != 0
      || vips_svgload_source (source, &image, "scale", scale, "access", VIPS_ACCESS_SEQUENTIAL,
                              NULL)
             != 0)
    decoder_vips_set_error (error, BOORU_ERROR_INVALID, "The SVG is damaged");
  return image;
}

static GByteArray *
read_plain (int fd, GError **error)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();
  gssize length;

  do
    {
      gsize before = text->len;

      g_byte_array_set_size (text, (guint)before + PART);
      length = decoder_read_at (fd, text->data + before, PART, (goffset)before);
      g_byte_array_set_size (text, (guint)before + (guint)MAX (length, 0));
    }
  while (length > 0 && text->len <= DECODER_GZIP_MAX_SIZE);
  if (length < 0)
    {
      booru_set_errno_error (error, errno, "Cannot read the file");
      return NULL;
    }
  return g_steal_pointer (&text);
}

/* The whole text, with embedded pictures converted for librsvg. libvips never sees gzip data: 185
 * bytes of it made 8.14 hang for ever. */
static VipsSource *
open_text (GByteArray *text, const DecoderJob *job, GError **error)
{
  GString *converted = decoder_svg_convert_embedded (text, job);
  gsize size = converted ? converted->len : text->len;
  gpointer data
      = converted ? (gpointer)g_string_free (converted, FALSE) : g_memdup2 (text->data, text->len);

  return decoder_vips_open_memory (data, size, error);
}

gboolean
decoder_svg_look_inside (int fd, DecoderSniff *sniff, GError **error)
{
  g_autoptr (GByteArray) head = decoder_gunzip (fd, MAX_PROLOGUE, error);
  DecoderSniff inside;

  if (head == NULL)
    return FALSE;
  if (!decoder_sniff_svg (head->data, head->len, &inside) || inside.is_undecided)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
                   "This is gzip data without an SVG in it");
      return FALSE;
    }
  sniff->width = inside.width;
  sniff->height = inside.height;
  sniff->svg_scale = inside.svg_scale;
  return TRUE;
}

gboolean
decoder_svg_look_further (int fd, DecoderSniff *sniff, GError **error)
{
  g_autofree guint8 *head = g_malloc (MAX_PROLOGUE);
  gssize length = decoder_read_at (fd, head, MAX_PROLOGUE, 0);

  if (length >= 0 && decoder_sniff_svg (head, (gsize)length, sniff) && !sniff->is_undecided)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "This is an XML file, not an SVG");
  return FALSE;
}

gboolean
decoder_svg_load (DecoderPicture *self,
                  const DecoderSniff *sniff,
                  const DecoderJob *job,
                  GError **error)
{
  g_autoptr (GByteArray) text = NULL;
  g_autoptr (VipsSource) source = NULL;
  gint target_width, target_height;
  double whole = sniff->svg_scale > 0 ? sniff->svg_scale : 1;
  double scale;

  if (!decoder_vips_require_loader (DECODER_FORMAT_SVG, error))
    return FALSE;
  text = sniff->format == DECODER_FORMAT_SVGZ ? decoder_gunzip (job->input, G_MAXSIZE, error)
                                              : read_plain (job->input, error);
  source = text != NULL ? open_text (text, job, error) : NULL;
  self->image = source != NULL ? open_svg (source, whole, error) : NULL;
  if (self->image == NULL)
    return FALSE;
  self->width = vips_image_get_width (self->image);
  self->height = vips_image_get_height (self->image);
  if (!decoder_size_check (self->width, self->height, job->request.max_pixels, error))
    return FALSE;

  decoder_picture_get_target (self->width, self->height, TRUE, &job->request, &target_width,
                              &target_height);
  scale = fmin (1, fmax ((double)target_width / self->width, (double)target_height / self->height));
  if (scale < 1)
    decoder_vips_replace (&self->image,
                          open_svg (source, fmax (whole * scale, DECODER_MIN_SVG_SCALE), error));
  return self->image != NULL;
}
