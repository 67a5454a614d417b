/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/picture/decoder-picture.h"

G_BEGIN_DECLS

/* Sets the image of @self, and its size. */
gboolean decoder_svg_load (DecoderPicture *self,
                           const DecoderSniff *sniff,
                           const DecoderJob *job,
                           GError **error);

/* Completes @sniff of gzip data, or refuses it: BOORU_ERROR_UNSUPPORTED if no SVG is in it. */
gboolean decoder_svg_look_inside (int fd, DecoderSniff *sniff, GError **error);
/* The same of XML with much before its first element. */
gboolean decoder_svg_look_further (int fd, DecoderSniff *sniff, GError **error);

G_END_DECLS
