/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/picture/decoder-picture.h"

G_BEGIN_DECLS

/**
 * decoder_load:
 * @self: initialised
 * @sniff: what the file's first bytes say
 * @job: the file and the limits
 * @error: BOORU_ERROR_INVALID for damaged files, BOORU_ERROR_LIMIT, BOORU_ERROR_UNSUPPORTED
 *
 * Loads a picture of any format that is one file of one picture.
 */
gboolean decoder_load (DecoderPicture *self,
                       const DecoderSniff *sniff,
                       const DecoderJob *job,
                       GError **error);

G_END_DECLS
