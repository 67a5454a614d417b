/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A decoder works on what strangers made, and may have been taken over by it: whatever it says is
 * checked before anything is made of it. All give BOORU_ERROR_FAILED. */
#pragma once

#include <booru.h>

#include "decoder/protocol/decoder-protocol.h"

G_BEGIN_DECLS

/* Without looking at files: whether it is an answer at all. Makes the message fit to be shown. */
gboolean monitor_decoder_check_answer (DecoderReply *reply);

/* What it says of the file that is open as @input. */
gboolean monitor_decoder_check_reply (const DecoderReply *reply,
                                      int input,
                                      guint64 max_pixels,
                                      GError **error);

/* A variant that it wrote to memory: from here on, it cannot be changed any more. */
gboolean monitor_decoder_check_output (int fd, const DecoderVariant *variant, GError **error);

/* @text is what the file says of itself, as DecoderMetadata does it: one flat, bounded object. */
gboolean monitor_decoder_check_metadata (const char *text, gsize length);

G_END_DECLS
