/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a picture of high dynamic range encodes light (ITU-T H.273). Shown like an ordinary picture
 * it looks grey and flat. */
typedef enum
{
  DECODER_TRANSFER_SDR,
  DECODER_TRANSFER_PQ,  /* SMPTE ST 2084: absolute light, up to 10,000 cd/m² */
  DECODER_TRANSFER_HLG, /* ARIB STD-B67: relative light */
} DecoderTransfer;

typedef struct
{
  DecoderTransfer transfer;
  gboolean wide; /* primaries of BT.2020 */
} DecoderHdr;

DecoderHdr decoder_hdr_from_codes (guint primaries, guint transfer);

/* From the first bytes of a PNG ("cICP"), and of an AVIF or HEIC ("colr" of kind "nclx"). Pure. */
DecoderHdr decoder_hdr_find_in_png (const guint8 *data, gsize length);
DecoderHdr decoder_hdr_find_in_heif (const guint8 *data, gsize length);

/* Linear light, where 1 is the white of an ordinary screen, from a signal of 0 to 1; and back to a
 * signal for such a screen, compressing what is brighter than white. */
double decoder_hdr_to_light (DecoderTransfer transfer, double signal);
double decoder_hdr_to_signal (double light);

G_END_DECLS
