/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-fixtures.h"

#include <string.h>

/* The encoder that makes the HEIC files leaks, in this process; decoders do not have it. */
const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:libx265\n";
}

static void
check (int failed)
{
  if (failed)
    g_error ("libvips: %s", vips_error_buffer ());
}

void
fixtures_init (const char *program)
{
  g_autoptr (GError) error = NULL;

  decoder_vips_init (program, &error);
  g_assert_no_error (error);
  decoder_vips_require_loader (DECODER_FORMAT_AVIF, NULL);
  decoder_vips_require_loader (DECODER_FORMAT_JXL, NULL);
}

/* Blocks and slopes, different in each quarter, so that every way of turning it looks different. */
static guint8
get_value (gint x, gint y, gint width, gint height, gint band)
{
  gint column = x * 8 / width;
  gint row = y * 6 / height;

  if (band == 3)
    return 128;
  return (guint8)((column * 29 + row * row * 11 + band * 40) % 160 + 64 * x / width
                  + 31 * y / height);
}

VipsImage *
fixtures_make_picture (gint width, gint height, gint bands)
{
  gsize size = (gsize)width * height * bands;
  g_autofree guint8 *pixels = g_malloc (size);
  VipsImage *image;

  for (gint y = 0; y < height; y++)
    for (gint x = 0; x < width; x++)
      for (gint band = 0; band < bands; band++)
        pixels[((gsize)y * width + x) * bands + band] = get_value (x, y, width, height, band);
  image = vips_image_new_from_memory_copy (pixels, size, width, height, bands, VIPS_FORMAT_UCHAR);
  image->Type = VIPS_INTERPRETATION_sRGB;
  return image;
}

char *
fixtures_write_bytes (const char *folder, const char *name, gconstpointer data, gsize size)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, data, size, &error);
  g_assert_no_error (error);
  return path;
}

char *
fixtures_write (VipsImage *image, const char *folder, const char *name, const char *suffix)
{
  g_autoptr (VipsImage) taken = image;
  g_autofree void *data = NULL;
  gsize size;

  if (vips_image_write_to_buffer (image, suffix, &data, &size, NULL) != 0)
    {
      g_test_message ("%s cannot be written: %s", suffix, vips_error_buffer ());
      vips_error_clear ();
      return NULL;
    }
  return fixtures_write_bytes (folder, name, data, size);
}

static void
turn (VipsImage **image, VipsAngle angle)
{
  VipsImage *out;

  check (vips_rot (*image, &out, angle, NULL));
  decoder_vips_replace (image, out);
}

static void
flip (VipsImage **image, VipsDirection direction)
{
  VipsImage *out;

  check (vips_flip (*image, &out, direction, NULL));
  decoder_vips_replace (image, out);
}

/* The inverse of what each orientation asks a viewer to do (EXIF 2.32, 4.6.4 A). */
VipsImage *
fixtures_store_turned (VipsImage *upright, gint orientation)
{
  VipsImage *image;

  check (vips_copy (upright, &image, NULL));
  switch (orientation)
    {
    case 2:
      flip (&image, VIPS_DIRECTION_HORIZONTAL);
      break;
    case 3:
      turn (&image, VIPS_ANGLE_D180);
      break;
    case 4:
      flip (&image, VIPS_DIRECTION_VERTICAL);
      break;
    case 5:
      turn (&image, VIPS_ANGLE_D90);
      flip (&image, VIPS_DIRECTION_HORIZONTAL);
      break;
    case 6:
      turn (&image, VIPS_ANGLE_D270);
      break;
    case 7:
      turn (&image, VIPS_ANGLE_D270);
      flip (&image, VIPS_DIRECTION_HORIZONTAL);
      break;
    case 8:
      turn (&image, VIPS_ANGLE_D90);
      break;
    default:
      break;
    }
  vips_image_set_int (image, VIPS_META_ORIENTATION, orientation);
  return image;
}

VipsImage *
fixtures_make_cmyk (gint width, gint height)
{
  VipsImage *image = fixtures_make_picture (width, height, 3);
  VipsImage *out;

  check (vips_colourspace (image, &out, VIPS_INTERPRETATION_CMYK, NULL));
  decoder_vips_replace (&image, out);
  return image;
}

VipsImage *
fixtures_make_16_bit (gint width, gint height)
{
  VipsImage *image = fixtures_make_picture (width, height, 3);
  VipsImage *out;

  check (vips_colourspace (image, &out, VIPS_INTERPRETATION_RGB16, NULL));
  decoder_vips_replace (&image, out);
  return image;
}

VipsImage *
fixtures_make_animation (gint width, gint height, gint n_frames, gint delay)
{
  g_autoptr (GPtrArray) frames = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree gint *delays = g_new (gint, n_frames);
  VipsImage *column, *image;

  /* Each is rolled on a bit further. */
  for (gint i = 0; i < n_frames; i++)
    {
      g_autoptr (VipsImage) picture = fixtures_make_picture (width, height, 3);
      VipsImage *frame;

      check (
          vips_wrap (picture, &frame, "x", i * width / n_frames, "y", i * height / n_frames, NULL));
      g_ptr_array_add (frames, frame);
      delays[i] = delay;
    }
  check (vips_arrayjoin ((VipsImage **)frames->pdata, &column, n_frames, "across", 1, NULL));
  image = vips_image_copy_memory (column);
  g_object_unref (column);
  vips_image_set_int (image, VIPS_META_PAGE_HEIGHT, height);
  vips_image_set_array_int (image, "delay", delays, n_frames);
  return image;
}

static VipsImage *
read_back (const char *path)
{
  VipsImage *image = vips_image_new_from_file (path, NULL);

  check (image == NULL);
  return image;
}

void
fixtures_read_middle (const char *path, gint *n_bands, double pixel[4])
{
  g_autoptr (VipsImage) image = read_back (path);
  g_autofree double *values = NULL;

  check (vips_getpoint (image, &values, n_bands, vips_image_get_width (image) / 2,
                        vips_image_get_height (image) / 2, NULL));
  g_assert_cmpint (*n_bands, <=, 4);
  memcpy (pixel, values, *n_bands * sizeof *values);
}

void
fixtures_read_size (const char *path, gint *width, gint *height)
{
  g_autoptr (VipsImage) image = read_back (path);

  *width = vips_image_get_width (image);
  *height = vips_image_get_height (image);
}
