/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-variants.h"

#include <errno.h>
#include <unistd.h>

#include "decoder-phash.h"
#include "decoder-size.h"

/* 0 to 6. Thumbnails are written once and then read many times, but on small machines writing is
 * what one waits for: 2 takes half the time of the usual 4, for files that are 3 % larger. */
#define WEBP_EFFORT 2

/* Made of another variant rather than of the picture if that one is this much larger: filters need
 * something to work with. */
#define CASCADE_FACTOR 1.5

typedef struct
{
  guint index; /* in the request */
  gint width, height;
  VipsImage *image;
} Variant;

static gint
compare_widths (gconstpointer a, gconstpointer b)
{
  const Variant *x = a;
  const Variant *y = b;

  if (x->width != y->width)
    return x->width > y->width ? -1 : 1;
  return (x->index > y->index) - (x->index < y->index);
}

static void
variant_clear (gpointer data)
{
  g_clear_object (&((Variant *)data)->image);
}

static GArray *
plan (const DecoderPicture *picture, const DecoderRequest *request)
{
  GArray *variants = g_array_new (FALSE, TRUE, sizeof (Variant));

  g_array_set_clear_func (variants, variant_clear);
  for (guint i = 0; i < request->n_variants; i++)
    {
      const DecoderVariant *wanted = &request->variants[i];
      Variant variant = { .index = i };

      if (!decoder_variant_applies (wanted, picture->width, picture->frames == 1))
        continue;
      decoder_size_fit (picture->width, picture->height, wanted->box_width, wanted->box_height,
                        &variant.width, &variant.height);
      g_array_append_val (variants, variant);
    }
  g_array_sort (variants, compare_widths);
  return variants;
}

/* The smallest picture there is already that is large enough to make @width of. */
static VipsImage *
find_source (GArray *variants, guint before, VipsImage *picture, gint width)
{
  for (guint i = before; i-- > 0;)
    {
      Variant *variant = &g_array_index (variants, Variant, i);

      if (variant->width == width || variant->width >= width * CASCADE_FACTOR)
        return variant->image;
    }
  return picture;
}

/* Transparency that nothing makes use of costs time and bytes. */
static gboolean
drop_opaque_alpha (VipsImage **image, GError **error)
{
  g_autoptr (VipsImage) alpha = NULL;
  VipsImage *out;
  double lowest;

  if (!vips_image_hasalpha (*image))
    return TRUE;
  if (vips_extract_band (*image, &alpha, vips_image_get_bands (*image) - 1, NULL) != 0
      || vips_min (alpha, &lowest, NULL) != 0)
    return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot look at transparency");
  if (lowest < 255)
    return TRUE;
  if (vips_extract_band (*image, &out, 0, "n", vips_image_get_bands (*image) - 1, NULL) != 0)
    return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot drop transparency");
  decoder_vips_replace (image, out);
  return decoder_vips_compute (image, BOORU_ERROR_FAILED, "Cannot drop transparency", error);
}

static gboolean
flatten (VipsImage *image, VipsImage **out, GError **error)
{
  g_autoptr (VipsArrayDouble) white = vips_array_double_newv (1, 255.0);

  if (!vips_image_hasalpha (image))
    *out = g_object_ref (image);
  else if (vips_flatten (image, out, "background", white, NULL) != 0)
    return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot flatten transparency");
  return TRUE;
}

gboolean
decoder_variants_write_bytes (int fd, gconstpointer bytes, gsize size, GError **error)
{
  const guint8 *data = bytes;

  while (size > 0)
    {
      ssize_t n = write (fd, data, size);

      if (n >= 0)
        {
          data += n;
          size -= n;
        }
      else if (errno == ENOSPC || errno == EDQUOT)
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY, "No room to write a thumbnail: %s",
                       g_strerror (errno));
          return FALSE;
        }
      else if (errno != EINTR)
        {
          return booru_set_errno_error (error, errno, "Cannot write a thumbnail");
        }
    }
  return TRUE;
}

static gboolean
encode (VipsImage *image, const DecoderVariant *wanted, int fd, GError **error)
{
  g_autoptr (VipsImage) flat = NULL;
  g_autofree void *data = NULL; /* libvips' buffers are g_malloc()'s */
  gsize size = 0;
  int failed;

  if (wanted->output == DECODER_OUTPUT_JPEG)
    {
      if (!flatten (image, &flat, error))
        return FALSE;
      failed = vips_jpegsave_buffer (flat, &data, &size, "Q", (int)wanted->quality, "strip", TRUE,
                                     "optimize_coding", FALSE, NULL);
    }
  else
    {
      failed = vips_webpsave_buffer (image, &data, &size, "Q", (int)wanted->quality, "effort",
                                     WEBP_EFFORT, "strip", TRUE, NULL);
    }
  if (failed != 0)
    return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot write a thumbnail");
  return decoder_variants_write_bytes (fd, data, size, error);
}

/* Scales to the square of decoder_phash() by averaging, each cell of at least one pixel. */
static void
fill_grey_square (const guint8 *pixels,
                  gint width,
                  gint height,
                  gint bands,
                  guint8 grey[DECODER_PHASH_SIDE * DECODER_PHASH_SIDE])
{
  for (gint cell = 0; cell < DECODER_PHASH_SIDE * DECODER_PHASH_SIDE; cell++)
    {
      gint column = cell % DECODER_PHASH_SIDE;
      gint row = cell / DECODER_PHASH_SIDE;
      gint x0 = column * width / DECODER_PHASH_SIDE;
      gint x1 = MAX (x0 + 1, (column + 1) * width / DECODER_PHASH_SIDE);
      gint y0 = row * height / DECODER_PHASH_SIDE;
      gint y1 = MAX (y0 + 1, (row + 1) * height / DECODER_PHASH_SIDE);
      guint64 sum = 0;

      for (gint y = y0; y < y1; y++)
        for (gint x = x0; x < x1; x++)
          {
            const guint8 *p = pixels + ((gsize)y * width + x) * bands;

            /* Luma of ITU-R BT.601. */
            sum += bands >= 3 ? (299 * p[0] + 587 * p[1] + 114 * p[2]) / 1000 : p[0];
          }
      grey[cell] = sum / ((guint64)(x1 - x0) * (y1 - y0));
    }
}

gboolean
decoder_variants_hash (VipsImage *image, guint64 *phash, GError **error)
{
  guint8 grey[DECODER_PHASH_SIDE * DECODER_PHASH_SIDE];
  g_autoptr (VipsImage) flat = NULL;
  g_autofree guint8 *pixels = NULL;
  gsize size;

  if (!flatten (image, &flat, error))
    return FALSE;
  pixels = vips_image_write_to_memory (flat, &size);
  if (pixels == NULL)
    return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot hash the picture");
  fill_grey_square (pixels, vips_image_get_width (flat), vips_image_get_height (flat),
                    vips_image_get_bands (flat), grey);
  *phash = decoder_phash (grey);
  return TRUE;
}

gboolean
decoder_variants_write (const DecoderPicture *picture,
                        const DecoderJob *job,
                        guint32 *written,
                        gboolean *has_alpha,
                        guint64 *phash,
                        GError **error)
{
  g_autoptr (VipsImage) base = g_object_ref (picture->image);
  g_autoptr (GArray) variants = plan (picture, &job->request);

  if (!drop_opaque_alpha (&base, error))
    return FALSE;
  *has_alpha = vips_image_hasalpha (base);
  for (guint i = 0; i < variants->len; i++)
    {
      Variant *variant = &g_array_index (variants, Variant, i);
      VipsImage *source = find_source (variants, i, base, variant->width);

      if (!decoder_picture_resize (source, variant->width, variant->height, &variant->image, error)
          || !encode (variant->image, &job->request.variants[variant->index],
                      job->outputs[variant->index], error))
        return FALSE;
      *written |= 1u << variant->index;
    }
  if (variants->len > 0)
    return decoder_variants_hash (g_array_index (variants, Variant, variants->len - 1).image, phash,
                                  error);
  return decoder_variants_hash (base, phash, error);
}
