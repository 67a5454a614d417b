/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* The temporary files that one file's variants are written to. */
typedef struct
{
  char *paths[BOORU_N_VARIANTS];
  int fds[BOORU_N_VARIANTS];
  int metadata; /* in memory: it goes to the store */
} MonitorDecoderOutput;

/* BOORU_ERROR_BUSY if there is no room, BOORU_ERROR_IO otherwise. */
MonitorDecoderOutput *monitor_decoder_output_new (const char *folder, GError **error);
void monitor_decoder_output_free (MonitorDecoderOutput *self); /* unlinks what was not taken */
gboolean monitor_decoder_output_sync (MonitorDecoderOutput *self, guint32 written, GError **error); /* blocks; bit N of written: variant N */

/* What was written of metadata; NULL if it is not one JSON object, bounded and not too deep: a decoder
 * is not to be trusted. Transfer full. */
char *monitor_decoder_output_read_metadata (MonitorDecoderOutput *self, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorDecoderOutput, monitor_decoder_output_free)

G_END_DECLS
