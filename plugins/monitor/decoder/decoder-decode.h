/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/protocol/decoder-channel.h"

G_BEGIN_DECLS

/* Decodes the file of @job, writes its variants, and fills in @reply, whatever happens. */
void decoder_decode (const DecoderJob *job, DecoderReply *reply);

G_END_DECLS
