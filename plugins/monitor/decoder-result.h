/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a decoder is asked for, and what becomes of its answer. */
#pragma once

#include "decoder-output.h"
#include "decoder-pool.h"
#include "decoder/decoder-protocol.h"

G_BEGIN_DECLS

void monitor_decoder_request_fill (DecoderRequest *request, const MonitorDecoderOptions *options, gboolean is_video);

/* Takes @output, has a thread wait until it is on the disk, then returns a MonitorDecodeResult, or
 * an error, from @task. */
void monitor_decode_result_return (GTask *task, MonitorDecoderOutput *output, const DecoderReply *reply);

G_END_DECLS
