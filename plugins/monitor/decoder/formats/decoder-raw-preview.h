/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/picture/decoder-picture.h"

G_BEGIN_DECLS

/* Loads the largest JPEG within a raw file, as decoder_load(). BOORU_ERROR_UNSUPPORTED if none is
 * worth showing. */
gboolean decoder_raw_preview_load (DecoderPicture *self,
                                   const DecoderSniff *sniff,
                                   const DecoderJob *job,
                                   GError **error);

G_END_DECLS
