/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

#include "decoder/protocol/decoder-protocol.h"

G_BEGIN_DECLS

/**
 * MonitorDecoderProcess:
 *
 * One running booru-decoder: its start, its socket, what it says on stderr, and how it ended.
 */
typedef struct _MonitorDecoderProcess MonitorDecoderProcess;

typedef struct
{
  void (*ready) (MonitorDecoderProcess *process, gpointer user_data);
  void (*reply) (MonitorDecoderProcess *process, const DecoderReply *reply, gpointer user_data);
  void (*ended) (MonitorDecoderProcess *process, gpointer user_data); /* once, last of all */
} MonitorDecoderProcessEvents;

/* warm_up: there is no work for it yet, so that it may take its time to get ready. Call from the
 * main thread: a child dies with the thread that started it. */
MonitorDecoderProcess *monitor_decoder_process_start (const char *program,
                                                      gboolean warm_up,
                                                      const MonitorDecoderProcessEvents *events,
                                                      gpointer user_data,
                                                      GError **error);

gboolean monitor_decoder_process_send (MonitorDecoderProcess *self,
                                       const DecoderRequest *request,
                                       const int *fds,
                                       guint n_fds,
                                       GError **error);

/* Asks it to end; "ended" follows. */
void monitor_decoder_process_close (MonitorDecoderProcess *self);

/* With all it started; "ended" follows. */
void monitor_decoder_process_kill (MonitorDecoderProcess *self);

void monitor_decoder_process_free (MonitorDecoderProcess *self); /* kills it; no event follows */

/* After "ended": whether somebody else ended it, which says nothing about the file in its hands. */
gboolean monitor_decoder_process_was_killed (MonitorDecoderProcess *self);

/* Why it ended without an answer, after "ended": an error that a file in its hands has come to. */
GError *monitor_decoder_process_get_end_error (MonitorDecoderProcess *self, guint64 memory_limit);

G_END_DECLS
