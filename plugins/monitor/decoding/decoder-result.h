/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a decoder is asked for, and what becomes of its answer. */
#pragma once

#include "decoder-output.h"
#include "decoder-pool.h"
#include "decoder/protocol/decoder-protocol.h"

G_BEGIN_DECLS

void monitor_decoder_request_fill (DecoderRequest *request,
                                   const MonitorDecoderOptions *options,
                                   gboolean is_video,
                                   gboolean display);

/* Takes @output. A thread checks it and @reply, which are about the file open as @input, writes it
 * to the folder of @options and waits for the disk. Then @task returns a MonitorDecodeResult, or an
 * error. */
void monitor_decode_result_return (GTask *task,
                                   MonitorDecoderOutput *output,
                                   int input,
                                   const MonitorDecoderOptions *options,
                                   const DecoderReply *reply);

G_END_DECLS
