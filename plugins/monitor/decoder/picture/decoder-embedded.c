/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Metadata of pictures: libvips finds the blocks in each container, and our own readers parse
 * them. */
#include "decoder-embedded.h"

typedef void (*BlockFunc) (DecoderMetadata *self, const guint8 *data, gsize size);

static void
read_block (DecoderMetadata *self, VipsImage *image, const char *field, BlockFunc func)
{
  const void *data;
  size_t size;

  if (vips_image_get_typeof (image, field) == VIPS_TYPE_BLOB
      && vips_image_get_blob (image, field, &data, &size) == 0)
    func (self, data, size);
}

static void
read_xmp (DecoderMetadata *self, const guint8 *data, gsize size)
{
  decoder_xmp_read (self, (const char *)data, size, NULL);
}

void
decoder_embedded_read (DecoderMetadata *self, DecoderFormat format, VipsImage *image, int fd)
{
  /* Prompts first: they matter most if space runs out. */
  if (format == DECODER_FORMAT_PNG)
    decoder_png_texts_read (self, fd);
  if (format == DECODER_FORMAT_GIF)
    decoder_gif_comments_read (self, fd);
  read_block (self, image, VIPS_META_EXIF_NAME, decoder_exif_read);
  read_block (self, image, VIPS_META_XMP_NAME, read_xmp);
  /* What libvips 8.14 leaves out. */
  if (format == DECODER_FORMAT_TIFF && vips_image_get_typeof (image, VIPS_META_EXIF_NAME) == 0)
    decoder_exif_read_file (self, fd);
  if (format == DECODER_FORMAT_JXL)
    decoder_jxl_boxes_read (self, fd);
  if (format == DECODER_FORMAT_AVIF || format == DECODER_FORMAT_HEIC)
    decoder_xmp_scan (self, fd);
  read_block (self, image, VIPS_META_IPTC_NAME, decoder_iptc_read);
  vips_error_clear ();
}
