/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-probe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/booru-error.h"
#include "decoder-program.h"

#define MAX_FACTS (4 * 1024 * 1024)

/* Of the list of a stream's packets: bytes of text, and seconds of processor time to make it, the
 * longer where nothing else tells how long the video is. */
#define MAX_PACKETS (32 * 1024 * 1024)
#define SCAN_SECONDS 2
#define SCAN_SECONDS_NEEDED 10

/* A larger file is believed what it says of its length, if it says anything: reading it takes long.
 */
#define MAX_SCANNED (G_GINT64_CONSTANT (256) << 20)

const char *
decoder_probe_get_demuxer (DecoderFormat format)
{
  if (format == DECODER_FORMAT_PNG)
    return "apng";
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
          g_hash_table_insert (table, g_strdup (lines[i]), g_strcompress (equals + 1));
          continue;
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
take_picture_stream (DecoderFacts *facts, GHashTable *table, gint i)
{
  const char *transfer;

  facts->stream = i;
  facts->width = atoi (find (table, "streams.stream.%d.width", i));
  facts->height = atoi (find (table, "streams.stream.%d.height", i));
  facts->rotation = parse_rotation (table, i);
  facts->aspect = parse_ratio (find (table, "streams.stream.%d.sample_aspect_ratio", i));
  facts->rate = parse_ratio (find (table, "streams.stream.%d.avg_frame_rate", i));
  transfer = find (table, "streams.stream.%d.color_transfer", i);
  facts->is_hdr = g_str_equal (transfer, "smpte2084") || g_str_equal (transfer, "arib-std-b67");
  facts->frames = g_ascii_strtoll (find (table, "streams.stream.%d.nb_frames", i), NULL, 10);
}

/* Of the container; where it was filmed is not among them. Dots of a name come as underscores. */
static void
take_tags (DecoderFormat format, GHashTable *table, DecoderMetadata *metadata)
{
  static const char *const names[][2] = {
    { "title", "Title" },
    { "artist", "Artist" },
    { "author", "Artist" },
    { "comment", "Comment" },
    { "description", "Description" },
    { "keywords", "Keywords" },
    { "copyright", "Copyright" },
    { "creation_time", "CreateDate" },
    { "date", "ContentCreateDate" },
    { "com_apple_quicktime_creationdate", "CreationDate" },
    { "make", "Make" },
    { "com_apple_quicktime_make", "Make" },
    { "model", "Model" },
    { "com_apple_quicktime_model", "Model" },
    { "encoder", "Encoder" },
  };
  gboolean matroska = format == DECODER_FORMAT_WEBM || format == DECODER_FORMAT_MKV;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name
          = g_strconcat (matroska ? "Matroska:" : "QuickTime:", names[i][1], NULL);
      g_autofree char *upper = g_ascii_strup (names[i][0], -1);
      const char *text = find (table, "format.tags.%s", names[i][0]);

      /* Matroska's own names are in capitals. */
      decoder_metadata_set_text (metadata, name,
                                 *text ? text : find (table, "format.tags.%s", upper), -1);
    }
}

/* "01:00:04.003000000", as a Matroska track says when it ends; 0 if it is not. */
static double
parse_clock (const char *text)
{
  guint hours, minutes;
  gint length = 0;

  if (sscanf (text, "%u:%2u:%n", &hours, &minutes, &length) != 2 || length == 0)
    return 0;
  return hours * 3600.0 + minutes * 60 + g_ascii_strtod (text + length, NULL);
}

static double
parse_seconds (const char *text)
{
  double seconds = g_ascii_strtod (text, NULL);

  return seconds > -1e9 && seconds < 1e9 ? seconds : 0;
}

/* What is said of the picture's own length comes before what is said of the file's, which is as
 * long as its sound. Matroska says when it ends, not how long it takes. */
static void
take_times (DecoderFacts *facts, GHashTable *table)
{
  gint i = facts->stream;
  double begin = parse_seconds (find (table, "streams.stream.%d.start_time", i));
  double end = parse_clock (find (table, "streams.stream.%d.tags.DURATION", i));

  if (end == 0)
    end = parse_seconds (find (table, "format.duration"));
  facts->start = MAX (0, begin - parse_seconds (find (table, "format.start_time")));
  facts->duration = parse_seconds (find (table, "streams.stream.%d.duration", i));
  if (facts->duration <= 0)
    facts->duration = MAX (0, end - begin);
}

static void
parse_facts (GHashTable *table, DecoderFacts *facts)
{
  gint n_streams = atoi (find (table, "format.nb_streams"));

  *facts = (DecoderFacts){ .stream = -1 };
  for (gint i = 0; i < CLAMP (n_streams, 0, 1000); i++)
    {
      const char *type = find (table, "streams.stream.%d.codec_type", i);
      gboolean is_cover = atoi (find (table, "streams.stream.%d.disposition.attached_pic", i)) != 0;

      if (g_str_equal (type, "audio"))
        facts->has_sound = TRUE;
      else if (g_str_equal (type, "video") && !is_cover && facts->stream < 0)
        take_picture_stream (facts, table, i);
    }
  if (facts->stream >= 0)
    take_times (facts, table);
}

typedef struct
{
  gint64 n;
  double begin, end; /* seconds */
} Packets;

/* Lines of "1.234,0.040", in the order of decoding; what is not known is "N/A". */
static Packets
parse_packets (const GByteArray *output)
{
  g_autofree char *text = g_strndup ((const char *)output->data, output->len);
  Packets packets = { 0, HUGE_VAL, -HUGE_VAL };

  for (char *line = text, *newline; (newline = strchr (line, '\n')) != NULL; line = newline + 1)
    {
      char *end;
      double at = g_ascii_strtod (line, &end);

      packets.n++;
      if (end == line)
        continue;
      packets.begin = MIN (packets.begin, at);
      packets.end = MAX (packets.end, at + (*end == ',' ? g_ascii_strtod (end + 1, NULL) : 0));
    }
  return packets;
}

/* Seconds of processor time that programs have taken so far. */
double
decoder_probe_read_time_spent (void)
{
  struct rusage usage;

  if (getrusage (RUSAGE_CHILDREN, &usage) != 0)
    return 0;
  return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec
         + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Looks at all packets of the picture, as far as time allows. */
static void
scan_packets (const char *ffprobe, DecoderFormat format, int fd, DecoderFacts *facts)
{
  g_autofree char *stream = g_strdup_printf ("%d", facts->stream);
  const char *argv[] = { ffprobe,
                         "-v",
                         "error",
                         "-protocol_whitelist",
                         "file",
                         "-f",
                         decoder_probe_get_demuxer (format),
                         "-select_streams",
                         stream,
                         "-show_entries",
                         "packet=pts_time,duration_time",
                         "-of",
                         "csv=p=0",
                         "-i",
                         DECODER_PROGRAM_INPUT,
                         NULL };
  guint seconds = facts->duration > 0 ? SCAN_SECONDS : SCAN_SECONDS_NEEDED;
  double before = decoder_probe_read_time_spent ();
  g_autoptr (GByteArray) output = decoder_program_run (argv, fd, MAX_PACKETS, seconds, NULL);
  gboolean complete = decoder_probe_read_time_spent () - before < seconds - 0.5;
  Packets packets = { 0 };

  if (output != NULL)
    packets = parse_packets (output);
  if (packets.n == 0 || packets.end < packets.begin)
    return;
  if (complete || facts->duration <= 0)
    facts->duration = packets.end - packets.begin;
  facts->frames = packets.n;
  if (!complete && packets.end > packets.begin)
    facts->frames
        = (gint64)round ((double)packets.n / (packets.end - packets.begin) * facts->duration);
}

static gboolean
is_worth_scanning (const DecoderFacts *facts, int fd)
{
  struct stat st;

  if (facts->duration <= 0)
    return TRUE;
  return facts->frames <= 0 && fstat (fd, &st) == 0 && st.st_size <= MAX_SCANNED;
}

gboolean
decoder_probe (const char *ffprobe,
               DecoderFormat format,
               int fd,
               DecoderFacts *facts,
               DecoderMetadata *metadata,
               GError **error)
{
  const char *argv[] = {
    ffprobe,
    "-v",
    "error",
    "-protocol_whitelist",
    "file",
    "-f",
    decoder_probe_get_demuxer (format),
    "-show_entries",
    "format=nb_streams,start_time,duration:format_tags:stream=codec_type,width,height,start_time,"
    "duration,sample_aspect_ratio,avg_frame_rate,nb_frames,color_transfer:"
    "stream_disposition=attached_pic:stream_tags=rotate,DURATION:stream_side_data=rotation",
    "-of",
    "flat",
    "-i",
    DECODER_PROGRAM_INPUT,
    NULL,
  };
  g_autoptr (GByteArray) output = decoder_program_run (argv, fd, MAX_FACTS, 0, error);
  g_autoptr (GHashTable) table = NULL;

  if (output == NULL)
    return FALSE;
  table = parse_flat (output);
  take_tags (format, table, metadata);
  parse_facts (table, facts);
  if (facts->stream < 0 || facts->width <= 0 || facts->height <= 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "%s",
                   facts->has_sound ? "The file has sound, but no video"
                                    : "The file has no video track");
      return FALSE;
    }
  if (is_worth_scanning (facts, fd))
    scan_packets (ffprobe, format, fd, facts);
  return TRUE;
}
