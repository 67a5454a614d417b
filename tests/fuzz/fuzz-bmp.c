/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* BMP files out of any bytes: a refusal that says why, or a picture whose pixels are all there. */
#include "decoder/formats/decoder-bmp.h"
#include "fuzz-file.h"

#define MAX_PIXELS 1000000

static void
require_picture (VipsImage *image, double share)
{
  gsize size;
  g_autofree void *pixels = vips_image_write_to_memory (image, &size);

  g_assert_nonnull (pixels);
  g_assert_cmpuint (size, ==, VIPS_IMAGE_SIZEOF_IMAGE (image));
  g_assert_true (share >= 0 && share <= 1);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  static gboolean is_ready;
  DecoderSniff sniff = decoder_sniff (data, MIN (size, DECODER_SNIFF_LENGTH));
  g_autoptr (VipsImage) image = NULL;
  g_autoptr (GError) error = NULL;
  double share = 1;
  int fd;

  if (!is_ready)
    g_assert_true (decoder_vips_init ("fuzz-bmp", NULL));
  is_ready = TRUE;
  /* As the decoder has it: a picture that is too large is not opened. */
  if (sniff.format != DECODER_FORMAT_BMP || (guint64)sniff.width * sniff.height > MAX_PIXELS)
    return 0;
  fd = fuzz_file_new (data, size);
  image = decoder_bmp_load (fd, &share, &error);
  close (fd);
  g_assert_true ((image == NULL) == (error != NULL));
  if (image)
    require_picture (image, share);
  return 0;
}
