/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/metadata/decoder-metadata.h"
#include "decoder/pixels/decoder-vips.h"

G_BEGIN_DECLS

/* Reads the metadata of a picture. @image must be as libvips opened it: see forget_metadata() in
 * decoder-picture.c. @fd: the file, for what libvips skips. */
void decoder_embedded_read (DecoderMetadata *self, DecoderFormat format, VipsImage *image, int fd);

G_END_DECLS
