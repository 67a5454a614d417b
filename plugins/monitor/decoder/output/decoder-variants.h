/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/picture/decoder-picture.h"

G_BEGIN_DECLS

/**
 * decoder_variants_write:
 * @written: (out): bit N: variant N was made
 * @has_alpha: (out): whether some of it is transparent
 * @phash: (out): the perceptual hash
 * @error: BOORU_ERROR_BUSY if there is no room, BOORU_ERROR_LIMIT, BOORU_ERROR_IO
 *
 * Makes the variants that @job asks for of @picture, the larger ones first, so that small ones are
 * made of small ones.
 */
gboolean decoder_variants_write (const DecoderPicture *picture,
                                 const DecoderJob *job,
                                 guint32 *written,
                                 gboolean *has_alpha,
                                 guint64 *phash,
                                 GError **error);

/* The perceptual hash of a small picture: in memory, 8-bit sRGB with or without alpha. */
gboolean decoder_variants_hash (VipsImage *image, guint64 *phash, GError **error);

/* BOORU_ERROR_BUSY if there is no room. */
gboolean decoder_variants_write_bytes (int fd, gconstpointer bytes, gsize size, GError **error);

G_END_DECLS
