/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/picture/decoder-picture.h"

G_BEGIN_DECLS

/* Sets the image of @self, and its size. */
gboolean decoder_svg_load (DecoderPicture *self,
                           const DecoderSniff *sniff,
                           const DecoderJob *job,
                           GError **error);

/* Completes @sniff for gzip data, or refuses it: BOORU_ERROR_UNSUPPORTED if it contains no SVG. */
gboolean decoder_svg_look_inside (int fd, DecoderSniff *sniff, GError **error);
/* The same for XML with a long prologue. */
gboolean decoder_svg_look_further (int fd, DecoderSniff *sniff, GError **error);

/**
 * decoder_svg_convert_embedded:
 * @svg: text of an SVG
 * @job: the limits
 *
 * librsvg shows PNG and JPEG within an SVG ("data:image/png;base64,…") if their type is named as it
 * should be; for others it asks for modules that the sandbox keeps from it. They become PNG here,
 * and types are set right. What cannot be read stays as it is.
 *
 * Returns: (nullable): the changed text; NULL if nothing was to be changed
 */
GString *decoder_svg_convert_embedded (const GByteArray *svg, const DecoderJob *job);

G_END_DECLS
