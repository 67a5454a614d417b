/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-hdr.h"

#include <math.h>
#include <string.h>

#include "decoder-bytes.h"

/* cd/m² of a white sheet of paper, as ITU-R BT.2408 recommends for both kinds. */
#define WHITE 203.0

/* Of the screen that an HLG picture is made for (BT.2100). */
#define HLG_PEAK 1000.0
#define HLG_GAMMA 1.2

/* Up to this, light is unchanged; above, it approaches the white of the screen. */
#define KNEE 0.7

DecoderHdr
decoder_hdr_from_codes (guint primaries, guint transfer)
{
  DecoderHdr hdr = { .wide = primaries == 9 };

  hdr.transfer = transfer == 16   ? DECODER_TRANSFER_PQ
                 : transfer == 18 ? DECODER_TRANSFER_HLG
                                  : DECODER_TRANSFER_SDR;
  return hdr;
}

/* PNG, third edition, 11.3.2.6: before the pixels. */
DecoderHdr
decoder_hdr_find_in_png (const guint8 *data, gsize length)
{
  for (gsize at = 8; at + 12 <= length;)
    {
      gsize size = decoder_be32 (data + at);

      if (memcmp (data + at + 4, "IDAT", 4) == 0)
        break;
      if (memcmp (data + at + 4, "cICP", 4) == 0)
        return decoder_hdr_from_codes (data[at + 8], data[at + 9]);
      if (size > length)
        break;
      at += size + 12;
    }
  return (DecoderHdr){ 0 };
}

/* ISO/IEC 14496-12, 12.1.5. The box is nested in several others; searching for its name works as
 * well as parsing, and a picture of ordinary range does not have these numbers behind it. */
DecoderHdr
decoder_hdr_find_in_heif (const guint8 *data, gsize length)
{
  const guint8 *found = memmem (data, length, "colrnclx", 8);

  if (found == NULL || (gsize)(found - data) + 12 > length)
    return (DecoderHdr){ 0 };
  return decoder_hdr_from_codes ((guint)found[8] << 8 | found[9],
                                 (guint)found[10] << 8 | found[11]);
}

/* SMPTE ST 2084, 5.1. */
static double
pq_to_light (double signal)
{
  double p = pow (signal, 1 / 78.84375);

  return 10000 / WHITE
         * pow (fmax (p - 0.8359375, 0) / (18.8515625 - 18.6875 * p), 1 / 0.1593017578125);
}

/* ITU-R BT.2100, table 5; the system's gamma channel by channel. */
static double
hlg_to_light (double signal)
{
  double scene = signal <= 0.5 ? signal * signal / 3
                               : (exp ((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12;

  return HLG_PEAK / WHITE * pow (scene, HLG_GAMMA);
}

double
decoder_hdr_to_light (DecoderTransfer transfer, double signal)
{
  return transfer == DECODER_TRANSFER_HLG ? hlg_to_light (signal) : pq_to_light (signal);
}

double
decoder_hdr_to_signal (double light)
{
  if (light > KNEE)
    light = KNEE + (1 - KNEE) * (1 - exp (-(light - KNEE) / (1 - KNEE)));
  /* IEC 61966-2-1 */
  return light <= 0.0031308 ? 12.92 * light : 1.055 * pow (light, 1 / 2.4) - 0.055;
}
