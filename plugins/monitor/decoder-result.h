/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a decoder is asked for, and what becomes of its answer. */
#pragma once

#include "decoder-output.h"
#include "decoder-pool.h"
#include "decoder/decoder-protocol.h"

G_BEGIN_DECLS

void monitor_decoder_request_fill (DecoderRequest *request, const MonitorDecoderOptions *options, gboolean is_video, gboolean display);

/* Takes @output, has a thread write it to @folder and wait for the disk, then returns a
 * MonitorDecodeResult, or an error, from @task. */
void monitor_decode_result_return (GTask *task, MonitorDecoderOutput *output, const char *folder, const DecoderReply *reply);

G_END_DECLS
