/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* Where a decoder writes what it makes of one file: in memory. Most files have only some of the
 * variants, and a decoder needs no way to the disk. */
typedef struct
{
  int fds[BOORU_N_VARIANTS];
  int metadata;
} MonitorDecoderOutput;

/* BOORU_ERROR_BUSY if there is no room, BOORU_ERROR_IO otherwise. */
MonitorDecoderOutput *monitor_decoder_output_new (GError **error);

void monitor_decoder_output_free (MonitorDecoderOutput *self);

/* Writes the variants to files of @folder and waits until they are on the disk: for a thread. Bit N
 * of
 * @written: variant N. Sets @paths, also where it fails; whoever has them unlinks them. */
gboolean monitor_decoder_output_save (MonitorDecoderOutput *self,
                                      const char *folder,
                                      guint32 written,
                                      char *paths[BOORU_N_VARIANTS],
                                      GError **error);

/* What was written of metadata; NULL if that makes no sense (decoder-check.h). Transfer full. */
char *monitor_decoder_output_read_metadata (MonitorDecoderOutput *self, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorDecoderOutput, monitor_decoder_output_free)

G_END_DECLS
