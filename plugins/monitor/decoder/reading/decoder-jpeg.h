/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The markers of a JPEG (ITU-T T.81, annex B), without its picture. */
#pragma once

#include "decoder-reader.h"

G_BEGIN_DECLS

typedef struct
{
  guint32 width, height; /* 0: there is no frame */
  gboolean is_lossless;  /* as in raw files, for which common decoders have no use */
  goffset end;           /* behind its end marker; 0: there is none */
} DecoderJpeg;

/* From its start marker at @at on. */
DecoderJpeg decoder_jpeg_read (DecoderReader *reader, goffset at);

G_END_DECLS
