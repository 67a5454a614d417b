/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder-hdr.h"

G_BEGIN_DECLS

typedef enum
{
  DECODER_FORMAT_UNKNOWN,
  DECODER_FORMAT_JPEG,
  DECODER_FORMAT_PNG,
  DECODER_FORMAT_GIF,
  DECODER_FORMAT_WEBP,
  DECODER_FORMAT_AVIF,
  DECODER_FORMAT_HEIC,
  DECODER_FORMAT_JXL,
  DECODER_FORMAT_TIFF,
  DECODER_FORMAT_SVG,  /* perhaps, if is_undecided */
  DECODER_FORMAT_SVGZ, /* perhaps: what is packed by gzip */
  DECODER_FORMAT_BMP,
  DECODER_FORMAT_RAW,    /* of a camera: the preview in it is what is read */
  DECODER_FORMAT_UGOIRA, /* perhaps: an archive that begins like one */
  DECODER_FORMAT_MP4,
  DECODER_FORMAT_MOV,
  DECODER_FORMAT_WEBM,
  DECODER_FORMAT_MKV,
} DecoderFormat;

/* The most of a file's beginning that decoder_sniff() looks at. */
#define DECODER_SNIFF_LENGTH 4096

/* libvips draws no SVG smaller. */
#define DECODER_MIN_SVG_SCALE 0.001

typedef struct
{
  DecoderFormat format;
  guint32 width, height; /* as the first bytes claim them; 0: they do not say */
  const char *refused;   /* why an unknown format is not read, where it is known; static */
  DecoderHdr hdr;
  gboolean is_animated;  /* of PNG and AVIF, whose frames only ffmpeg reads */
  const char *raw_name;  /* of a raw file, whose it is; static */
  gboolean is_undecided; /* XML whose first element comes later */
  /* Scale for an SVG whose coordinates are too large to be pixels; 0: 1. */
  double svg_scale;
} DecoderSniff;

/**
 * decoder_sniff:
 * @data: the beginning of a file, up to %DECODER_SNIFF_LENGTH bytes
 *
 * Tells the format by content alone, from a closed list; a file's name is never asked. Reads
 * nothing beyond @length. Where the dimensions stand at a fixed place (GIF, PNG, WebP, BMP) they
 * are given too, so that a lie about them costs nothing.
 */
DecoderSniff decoder_sniff (const guint8 *data, gsize length);

/* The same for XML only, of any length. */
gboolean decoder_sniff_svg (const guint8 *data, gsize length, DecoderSniff *sniff);

const char *decoder_format_get_ext (DecoderFormat format); /* "jpg"; NULL for unknown */
gboolean decoder_format_is_video (DecoderFormat format);

G_END_DECLS
