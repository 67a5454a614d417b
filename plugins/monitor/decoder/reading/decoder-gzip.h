/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The largest size, compressed or not. What grows by more than the ratio is refused too, unless it
 * stays small: text shrinks to a tenth, bombs to a thousandth. */
#define DECODER_GZIP_MAX_SIZE (32 * 1024 * 1024)
#define DECODER_GZIP_MAX_RATIO 100
#define DECODER_GZIP_SMALL (1024 * 1024)

/**
 * decoder_gunzip:
 * @fd: a gzip file (RFC 1952)
 * @limit: how much of the content is wanted; %G_MAXSIZE: all of it
 * @error: BOORU_ERROR_INVALID if it is damaged, cut short, or has something behind its end;
 *   BOORU_ERROR_LIMIT, BOORU_ERROR_IO
 *
 * Unpacks the beginning of the content, or all, in which case there is nothing else in the file:
 * one member, whose checksum and length are right.
 *
 * Returns: (transfer full): at least @limit bytes, or all that there are
 */
GByteArray *decoder_gunzip (int fd, gsize limit, GError **error);

G_END_DECLS
