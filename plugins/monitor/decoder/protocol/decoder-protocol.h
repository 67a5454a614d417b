/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the monitor's pool and booru-decoder say to each other, over a SOCK_SEQPACKET socket pair
 * that is the decoder's file descriptor 3. Both sides are built together and run on one machine, so
 * messages are plain structs; each message is exactly one packet.
 *
 * The decoder says DecoderHello once. Then, for each file, the pool sends DecoderRequest together
 * with DECODER_N_FDS + n_variants file descriptors (the input, an empty file for what the file says
 * of itself, then one for each variant), and the decoder answers with DecoderReply. End of file on
 * the socket ends the decoder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DECODER_SOCKET_FD 3
#define DECODER_MAGIC 0x62646336u /* "bdc6"; counts up with each change of this file */
#define DECODER_N_FDS 2           /* before those of the variants */
#define DECODER_MAX_VARIANTS 8
#define DECODER_MAX_FRAME_HASHES 5
#define DECODER_MAX_METADATA (256 * 1024) /* bytes */
#define DECODER_MAX_DELAYS 1000
#define DECODER_MAX_OUTPUT (64 * 1024 * 1024) /* bytes of a variant; none comes near */

/* Set in the environment of a decoder that is started before there is work for it. */
#define DECODER_WARM_UP "BOORU_DECODER_WARM_UP"

typedef enum
{
  DECODER_OUTPUT_WEBP,
  DECODER_OUTPUT_JPEG,
  DECODER_OUTPUT_MOTION, /* animated WebP; made only of what moves */
  DECODER_OUTPUT_NONE,   /* not wanted this time */
} DecoderOutput;

typedef struct
{
  guint32 output;                /* DecoderOutput */
  guint32 quality;               /* 1 to 100 */
  guint32 box_width, box_height; /* the picture is made to fit, never enlarged; 0: not bounded */
  guint32 only_if_wider;         /* made only of still pictures wider than box_width */
} DecoderVariant;

typedef struct
{
  guint32 magic;
  guint32 n_variants;
  guint32 timeout;     /* seconds, of processor time too */
  guint32 allow_video; /* this fresh process may run ffmpeg on this one file, and then ends */
  guint32 n_threads;   /* that may work at once; 1: others need the cores */
  guint32 padding;
  guint64 memory_limit; /* bytes */
  guint64 max_pixels;
  DecoderVariant variants[DECODER_MAX_VARIANTS];
  guint32 n_delays; /* 0: not known from elsewhere */
  /* Of a ugoira's frames that does not say itself, milliseconds. */
  guint16 delays[DECODER_MAX_DELAYS];
} DecoderRequest;

typedef struct
{
  guint32 magic;
  gint32 pid;
} DecoderHello;

typedef enum
{
  DECODER_STATUS_OK,
  DECODER_STATUS_ERROR,       /* code and message say why */
  DECODER_STATUS_NEEDS_VIDEO, /* ask a fresh process, with allow_video */
} DecoderStatus;

typedef struct
{
  guint32 magic;
  guint32 status; /* DecoderStatus */
  guint32 code;   /* BooruError */
  char message[512];

  char ext[8];
  gint32 width, height; /* after orientation */
  gint32 frames;
  guint32 has_sound;
  guint32 has_alpha;     /* something shows through */
  guint32 is_incomplete; /* the file ends too early, but most of the picture is there */
  double duration;       /* seconds; negative: none */
  guint64 phash;
  guint64 frame_hashes[DECODER_MAX_FRAME_HASHES]; /* of frames spread evenly over what moves */
  guint32 n_frame_hashes;
  guint32 written;       /* bit N: variant N was written */
  guint32 metadata_size; /* bytes of a JSON object that were written; 0: none */
  guint64 resident_size; /* of the decoder now, bytes */
} DecoderReply;

G_END_DECLS
