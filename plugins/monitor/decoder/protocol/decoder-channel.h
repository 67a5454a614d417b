/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <sys/types.h>

#include "decoder-protocol.h"

G_BEGIN_DECLS

/* One file to decode: the request and its open files. */
typedef struct
{
  DecoderRequest request;
  int input;
  int metadata;
  int outputs[DECODER_MAX_VARIANTS]; /* -1 past request.n_variants */
} DecoderJob;

typedef enum
{
  DECODER_RECEIVE_JOB,
  DECODER_RECEIVE_END,   /* the monitor closed its end, or is gone */
  DECODER_RECEIVE_ERROR, /* not of this protocol; logged */
} DecoderReceive;

DecoderReceive decoder_channel_receive (int socket_fd, DecoderJob *job);

/* FALSE: the other end is gone. */
gboolean decoder_channel_send (int socket_fd, gconstpointer message, gsize size);

/* A message with open files. *n_fds: room for them, then how many came. Less than 0: errno says
 * why. */
ssize_t
decoder_channel_receive_fds (int socket_fd, gpointer buffer, gsize size, int *fds, guint *n_fds);
gboolean decoder_channel_send_fds (int socket_fd,
                                   gconstpointer message,
                                   gsize size,
                                   const int *fds,
                                   guint n_fds);

void decoder_job_clear (DecoderJob *job); /* closes its files */

G_END_DECLS
