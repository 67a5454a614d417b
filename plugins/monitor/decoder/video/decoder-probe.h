/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder/metadata/decoder-metadata.h"
#include "decoder/reading/decoder-sniff.h"

G_BEGIN_DECLS

/* Facts about a video before a frame is decoded. */
typedef struct
{
  gint stream;        /* of the picture; -1: none */
  gint width, height; /* coded */
  gint rotation;      /* degrees */
  double aspect;      /* of one pixel */
  double rate;        /* frames a second; 0: unknown */
  gint64 frames;      /* 0: unknown */
  double start;       /* of the picture, seconds after the file's */
  double duration;    /* of the picture, whatever the sound's is; seconds; 0: unknown */
  gboolean has_sound;
  gboolean is_hdr;
} DecoderFacts;

/**
 * decoder_probe:
 * @ffprobe: path of the program
 * @fd: the file
 * @error: BOORU_ERROR_UNSUPPORTED if there is no picture in the file
 *
 * Asks ffprobe. Where the container does not say how many frames there are, or how long they take,
 * as those of recorders, they are counted, for a few seconds at most.
 */
gboolean decoder_probe (const char *ffprobe,
                        DecoderFormat format,
                        int fd,
                        DecoderFacts *facts,
                        DecoderMetadata *metadata,
                        GError **error);

/* ffmpeg's name for the container. It must not guess again, as it knows formats that refer to other
 * files. */
const char *decoder_probe_get_demuxer (DecoderFormat format);

/* Processor time used by programs so far, in seconds. */
double decoder_probe_read_time_spent (void);

G_END_DECLS
