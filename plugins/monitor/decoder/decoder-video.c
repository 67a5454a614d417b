/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-video.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "decoder-program.h"

/* The frame that stands for the video: past a fade-in, but not far. */
#define FRAME_AT 0.1

#define MAX_FACTS (1024 * 1024)

typedef struct
{
  gint stream;        /* of the picture; -1: none */
  gint width, height; /* coded */
  gint rotation;      /* degrees */
  double aspect;      /* of one pixel */
  double rate;        /* frames a second; 0: unknown */
  gint64 frames;      /* 0: unknown */
  double duration;    /* seconds; 0: unknown */
  gboolean has_sound;
} Facts;

static char *ffprobe;
static char *ffmpeg;

const char *const *
decoder_video_get_programs (void)
{
  static const char *programs[3];
  guint n = 0;

  if (ffprobe == NULL)
    ffprobe = g_find_program_in_path ("ffprobe");
  if (ffmpeg == NULL)
    ffmpeg = g_find_program_in_path ("ffmpeg");
  if (ffprobe != NULL)
    programs[n++] = ffprobe;
  if (ffmpeg != NULL)
    programs[n++] = ffmpeg;
  programs[n] = NULL;
  return programs;
}

/* ffmpeg's name for the container; it is not to guess again, as it knows formats that name other
 * files. */
static const char *
get_demuxer (DecoderFormat format)
{
  return format == DECODER_FORMAT_WEBM || format == DECODER_FORMAT_MKV ? "matroska" : "mov";
}

/* "streams.stream.0.width=640" with strings in quotes; see "flat" in ffprobe(1). */
static const char *find (GHashTable *table, const char *format, ...) G_GNUC_PRINTF (2, 3);

static const char *
find (GHashTable *table, const char *format, ...)
{
  g_autofree char *key = NULL;
  const char *value;
  va_list args;

  va_start (args, format);
  key = g_strdup_vprintf (format, args);
  va_end (args);
  value = g_hash_table_lookup (table, key);
  return value != NULL ? value : "";
}

static GHashTable *
parse_flat (const GByteArray *output)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *text = g_strndup ((const char *)output->data, output->len);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *equals = strchr (lines[i], '=');
      gsize length;

      if (equals == NULL)
        continue;
      *equals++ = '\0';
      length = strlen (equals);
      if (length >= 2 && equals[0] == '"' && equals[length - 1] == '"')
        {
          equals[length - 1] = '\0';
          equals++;
        }
      g_hash_table_insert (table, g_strdup (lines[i]), g_strdup (equals));
    }
  return table;
}

/* "30000/1001" or "4:3"; 0 if it is neither. */
static double
parse_ratio (const char *text)
{
  char *end;
  double a = g_ascii_strtod (text, &end);
  double b = *end == '/' || *end == ':' ? g_ascii_strtod (end + 1, NULL) : 0;

  return a > 0 && b > 0 ? a / b : 0;
}

static gint
parse_rotation (GHashTable *table, gint stream)
{
  const char *text = find (table, "streams.stream.%d.tags.rotate", stream);

  for (gint i = 0; *text == '\0' && i < 8; i++)
    text = find (table, "streams.stream.%d.side_data_list.side_data.%d.rotation", stream, i);
  return (gint)g_ascii_strtoll (text, NULL, 10);
}

static void
take_picture_stream (Facts *facts, GHashTable *table, gint i)
{
  facts->stream = i;
  facts->width = atoi (find (table, "streams.stream.%d.width", i));
  facts->height = atoi (find (table, "streams.stream.%d.height", i));
  facts->rotation = parse_rotation (table, i);
  facts->aspect = parse_ratio (find (table, "streams.stream.%d.sample_aspect_ratio", i));
  facts->rate = parse_ratio (find (table, "streams.stream.%d.avg_frame_rate", i));
  facts->frames = g_ascii_strtoll (find (table, "streams.stream.%d.nb_frames", i), NULL, 10);
}

static void
parse_facts (const GByteArray *output, Facts *facts)
{
  g_autoptr (GHashTable) table = parse_flat (output);
  gint n_streams = atoi (find (table, "format.nb_streams"));

  *facts = (Facts){ .stream = -1 };
  facts->duration = g_ascii_strtod (find (table, "format.duration"), NULL);
  if (!(facts->duration > 0 && facts->duration < 1e9))
    facts->duration = 0;
  for (gint i = 0; i < CLAMP (n_streams, 0, 1000); i++)
    {
      const char *type = find (table, "streams.stream.%d.codec_type", i);
      gboolean is_cover = atoi (find (table, "streams.stream.%d.disposition.attached_pic", i)) != 0;

      if (g_str_equal (type, "audio"))
        facts->has_sound = TRUE;
      else if (g_str_equal (type, "video") && !is_cover && facts->stream < 0)
        take_picture_stream (facts, table, i);
    }
}

static gboolean
probe (DecoderFormat format, int fd, Facts *facts, GError **error)
{
  const char *argv[] = {
    ffprobe,
    "-v",
    "error",
    "-protocol_whitelist",
    "file",
    "-f",
    get_demuxer (format),
    "-show_entries",
    "format=nb_streams,duration:stream=codec_type,width,height,sample_aspect_ratio,avg_frame_rate,"
    "nb_frames:stream_disposition=attached_pic:stream_tags=rotate:stream_side_data=rotation",
    "-of",
    "flat",
    "-i",
    DECODER_PROGRAM_INPUT,
    NULL,
  };
  g_autoptr (GByteArray) output = decoder_program_run (argv, fd, MAX_FACTS, error);

  if (output == NULL)
    return FALSE;
  parse_facts (output, facts);
  if (facts->stream < 0 || facts->width <= 0 || facts->height <= 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "There is no picture in the video");
      return FALSE;
    }
  return TRUE;
}

/* As a player shows it: pixels made square, then turned. */
static void
set_facts (DecoderPicture *self, const Facts *facts)
{
  gboolean turned = ABS (facts->rotation) % 180 == 90;
  double width = facts->width * (facts->aspect > 0.05 && facts->aspect < 20 ? facts->aspect : 1);
  gint square_width = MAX (1, (gint)(width + 0.5));

  self->width = turned ? facts->height : square_width;
  self->height = turned ? square_width : facts->height;
  self->duration = facts->duration;
  self->frames = (gint)CLAMP (facts->frames, 0, G_MAXINT);
  if (self->frames == 0)
    self->frames = (gint)CLAMP (round (facts->rate * facts->duration), 1, G_MAXINT);
}

/* Binary PPM, as ffmpeg writes it: "P6\nWIDTH HEIGHT\n255\n" and the pixels. */
static VipsImage *
parse_ppm (const GByteArray *ppm, gint width, gint height)
{
  g_autofree char *header = g_strdup_printf ("P6\n%d %d\n255\n", width, height);
  gsize header_length = strlen (header);
  gsize size = (gsize)width * height * 3;
  VipsImage *image;

  if (ppm->len != header_length + size || memcmp (ppm->data, header, header_length) != 0)
    return NULL;
  image = vips_image_new_from_memory_copy (ppm->data + header_length, size, width, height, 3,
                                           VIPS_FORMAT_UCHAR);
  if (image != NULL)
    image->Type = VIPS_INTERPRETATION_sRGB;
  return image;
}

static VipsImage *
grab_frame (DecoderFormat format,
            int fd,
            const Facts *facts,
            double at,
            gint width,
            gint height,
            GError **error)
{
  char at_text[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *map = g_strdup_printf ("0:%d", facts->stream);
  g_autofree char *scale = g_strdup_printf ("scale=%d:%d:flags=area", width, height);
  const char *argv[] = {
    ffmpeg,
    "-v",
    "error",
    "-nostdin",
    "-threads",
    "1",
    "-protocol_whitelist",
    "file,pipe",
    "-ss",
    g_ascii_formatd (at_text, sizeof at_text, "%.3f", at),
    "-f",
    get_demuxer (format),
    "-i",
    DECODER_PROGRAM_INPUT,
    "-map",
    map,
    "-frames:v",
    "1",
    "-vf",
    scale,
    "-threads",
    "1",
    "-f",
    "image2pipe",
    "-c:v",
    "ppm",
    "pipe:1",
    NULL,
  };
  g_autoptr (GByteArray) output = NULL;
  VipsImage *image;

  output = decoder_program_run (argv, fd, (gsize)width * height * 3 + 64, error);
  if (output == NULL)
    return NULL;
  image = parse_ppm (output, width, height);
  if (image == NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "No frame of the video can be decoded");
  return image;
}

gboolean
decoder_video_load (DecoderPicture *self,
                    const DecoderSniff *sniff,
                    const DecoderJob *job,
                    gboolean *has_sound,
                    GError **error)
{
  Facts facts;
  gint width, height;

  self->format = sniff->format;
  decoder_video_get_programs ();
  if (ffprobe == NULL || ffmpeg == NULL)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
                   "This is a video, and ffmpeg is not installed; install it to have videos shown");
      return FALSE;
    }
  if (!probe (sniff->format, job->input, &facts, error))
    return FALSE;
  set_facts (self, &facts);
  *has_sound = facts.has_sound;
  if (!decoder_picture_check_size (self->width, self->height, job->request.max_pixels, error))
    return FALSE;

  decoder_picture_get_target (self->width, self->height, FALSE, &job->request, &width, &height);
  self->image = grab_frame (sniff->format, job->input, &facts, facts.duration * FRAME_AT, width,
                            height, NULL);
  if (self->image == NULL) /* there may be no frame that late */
    self->image = grab_frame (sniff->format, job->input, &facts, 0, width, height, error);
  return self->image != NULL;
}
