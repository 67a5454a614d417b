/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-variants.h"

#include <errno.h>
#include <unistd.h>

#include "decoder/pixels/decoder-phash.h"
#include "decoder/pixels/decoder-scale.h"
#include "decoder/pixels/decoder-size.h"

/* 0 to 6. Thumbnails are written once and read often, but on small machines users wait for writing:
 * 2 takes half the time of the default 4, for files that are 3 % larger. */
#define WEBP_EFFORT 2

/* A variant is made from another one instead of the picture if that is this much larger: filters
 * need enough pixels. */
#define CASCADE_FACTOR 1.5

/* A picture that is encoded once, for all variants of the request that it is equal for. */
typedef struct
{
  const DecoderJob *job;
  guint index;     /* in the request, of the first of them */
  guint32 indices; /* bit N: it is variant N */
  gint width, height;
  VipsImage *image;
  GThread *thread; /* that encodes it */
  GError *error;
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
  Variant *variant = data;

  if (variant->thread != NULL)
    g_thread_join (variant->thread);
  g_clear_object (&variant->image);
  g_clear_error (&variant->error);
}

/* A picture smaller than several boxes is the same in all of them. */
static Variant *
find_equal (GArray *variants, const Variant *wanted)
{
  const DecoderVariant *asked = &wanted->job->request.variants[wanted->index];

  for (guint i = 0; i < variants->len; i++)
    {
      Variant *variant = &g_array_index (variants, Variant, i);
      const DecoderVariant *other = &wanted->job->request.variants[variant->index];

      if (variant->width == wanted->width && variant->height == wanted->height
          && other->output == asked->output && other->quality == asked->quality)
        return variant;
    }
  return NULL;
}

static GArray *
plan (const DecoderPicture *picture, const DecoderJob *job)
{
  GArray *variants = g_array_new (FALSE, TRUE, sizeof (Variant));

  g_array_set_clear_func (variants, variant_clear);
  for (guint i = 0; i < job->request.n_variants; i++)
    {
      const DecoderVariant *wanted = &job->request.variants[i];
      Variant variant = { .job = job, .index = i, .indices = 1u << i };
      Variant *equal;

      if (!decoder_variant_applies (wanted, picture->width, picture->frames == 1))
        continue;
      decoder_size_fit (picture->width, picture->height, wanted->box_width, wanted->box_height,
                        &variant.width, &variant.height);
      equal = find_equal (variants, &variant);
      if (equal != NULL)
        equal->indices |= variant.indices;
      else
        g_array_append_val (variants, variant);
    }
  g_array_sort (variants, compare_widths);
  return variants;
}

/* The smallest picture so far that is large enough to make @width from. */
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

/* Unused transparency costs time and bytes. */
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
    return decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot check transparency");
  if (lowest < 255)
    return TRUE;
  return decoder_vips_step (
             vips_extract_band (*image, &out, 0, "n", vips_image_get_bands (*image) - 1, NULL),
             image, &out, "Cannot drop transparency", error)
         && decoder_vips_compute (image, BOORU_ERROR_FAILED, "Cannot drop transparency", error);
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
encode (VipsImage *image, const DecoderVariant *wanted, void **data, gsize *size, GError **error)
{
  g_autoptr (VipsImage) flat = NULL;
  int failed;

  if (wanted->output == DECODER_OUTPUT_JPEG)
    {
      if (!flatten (image, &flat, error))
        return FALSE;
      failed = vips_jpegsave_buffer (flat, data, size, "Q", (int)wanted->quality, "strip", TRUE,
                                     "optimize_coding", FALSE, NULL);
    }
  else
    {
      failed = vips_webpsave_buffer (image, data, size, "Q", (int)wanted->quality, "effort",
                                     WEBP_EFFORT, "strip", TRUE, NULL);
    }
  return failed == 0
         || decoder_vips_set_error (error, BOORU_ERROR_FAILED, "Cannot write a thumbnail");
}

static gboolean
write_variant (Variant *self)
{
  g_autofree void *data = NULL; /* libvips' buffers are g_malloc()'s */
  gsize size = 0;

  if (!encode (self->image, &self->job->request.variants[self->index], &data, &size, &self->error))
    return FALSE;
  for (guint i = 0; i < self->job->request.n_variants; i++)
    if ((self->indices & 1u << i)
        && !decoder_variants_write_bytes (self->job->outputs[i], data, size, &self->error))
      return FALSE;
  return TRUE;
}

static gpointer
run_write (gpointer data)
{
  write_variant (data);
  vips_thread_shutdown ();
  return NULL;
}

/* Encodes it now, or in a thread: the next variants only need its pixels. */
static gboolean
begin_write (Variant *self, GError **error)
{
  if (self->job->request.n_threads > 1)
    self->thread = g_thread_try_new ("encode", run_write, self, NULL);
  if (self->thread != NULL || write_variant (self))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

static gboolean
await_write (Variant *self, GError **error)
{
  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
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
  g_autoptr (GArray) variants = plan (picture, job);
  VipsImage *smallest;

  if (!drop_opaque_alpha (&base, error))
    return FALSE;
  *has_alpha = vips_image_hasalpha (base);
  smallest = base;
  for (guint i = 0; i < variants->len; i++)
    {
      Variant *variant = &g_array_index (variants, Variant, i);
      VipsImage *source = find_source (variants, i, base, variant->width);

      if (!decoder_scale_to (source, variant->width, variant->height, &variant->image, error)
          || !begin_write (variant, error))
        return FALSE;
      smallest = variant->image;
    }
  if (!decoder_variants_hash (smallest, phash, error))
    return FALSE;
  for (guint i = 0; i < variants->len; i++)
    {
      Variant *variant = &g_array_index (variants, Variant, i);

      if (!await_write (variant, error))
        return FALSE;
      *written |= variant->indices;
    }
  return TRUE;
}
