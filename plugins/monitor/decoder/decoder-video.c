/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-video.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "decoder-apng.h"
#include "decoder-grab.h"
#include "decoder-program.h"

/* The frame that stands for the video: past a fade-in, but not far. */
#define FRAME_AT 0.1

/* The preview of a video longer than this is made of a few scenes. */
#define SHORT_SECONDS 4
#define N_SCENES DECODER_MAX_FRAME_HASHES
#define SCENE_FRAMES 3
#define SCENE_SECONDS 0.6

/* Of processor time, for the preview: a long video takes no longer than a short one. */
#define MOTION_SECONDS_SPENT 4

#define MAX_FACTS (4 * 1024 * 1024)

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
  gboolean is_hdr;
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
take_picture_stream (Facts *facts, GHashTable *table, gint i)
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

static void
parse_facts (GHashTable *table, Facts *facts)
{
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
probe (DecoderFormat format, int fd, Facts *facts, DecoderMetadata *metadata, GError **error)
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
    "format=nb_streams,duration:format_tags:stream=codec_type,width,height,"
    "sample_aspect_ratio,avg_frame_rate,nb_frames,color_transfer:"
    "stream_disposition=attached_pic:stream_tags=rotate:stream_side_data=rotation",
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
                   facts->has_sound ? "There is only sound in the file, and no picture"
                                    : "There is no picture in the video");
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
  self->stream = facts->stream;
  if (facts->is_hdr)
    self->hdr.transfer = DECODER_TRANSFER_PQ; /* or another; ffmpeg knows */
  self->duration = facts->duration;
  self->frames = (gint)CLAMP (facts->frames, 0, G_MAXINT);
  if (self->frames == 0)
    self->frames = (gint)CLAMP (round (facts->rate * facts->duration), 1, G_MAXINT);
}

static DecoderGrab
make_grab (const DecoderPicture *self, int input)
{
  return (DecoderGrab){
    .program = ffmpeg,
    .input = input,
    .demuxer = get_demuxer (self->format),
    .stream = self->stream,
    .bands = 3,
    .is_hdr = self->hdr.transfer != DECODER_TRANSFER_SDR,
  };
}

/* The frame that stands for the video; the first one where there is none that late; and with its
 * light as it is where this ffmpeg cannot convert it. */
static gboolean
grab_poster (DecoderPicture *self, const DecoderJob *job, GError **error)
{
  g_autoptr (GPtrArray) frames = NULL;

  for (guint attempt = 0; attempt < 3 && (frames == NULL || frames->len == 0); attempt++)
    {
      DecoderGrab grab = make_grab (self, job->input);

      decoder_picture_get_target (self->width, self->height, FALSE, &job->request, &grab.width,
                                  &grab.height);
      grab.n_frames = 1;
      grab.at = attempt == 0 ? self->duration * FRAME_AT : 0;
      g_clear_pointer (&frames, g_ptr_array_unref);
      g_clear_error (error);
      frames = decoder_grab_frames (&grab, error);
      if (attempt > 0)
        self->hdr.transfer = frames == NULL ? DECODER_TRANSFER_SDR : self->hdr.transfer;
    }
  if (frames == NULL)
    return FALSE;
  if (frames->len == 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "No frame of the video can be decoded");
      return FALSE;
    }
  self->image = g_object_ref (g_ptr_array_index (frames, 0));
  return TRUE;
}

/* Seconds of processor time that programs have taken so far. */
static double
read_time_of_children (void)
{
  struct rusage usage;

  if (getrusage (RUSAGE_CHILDREN, &usage) != 0)
    return 0;
  return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec
         + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Takes note of the frames of one scene, the first of which is hashed. */
static gboolean
take_scene (DecoderMotion *motion, GPtrArray *frames, GError **error)
{
  for (guint i = 0; i < frames->len; i++)
    {
      DecoderMotionStep step = { i, SCENE_SECONDS * 1000 / (gint)frames->len, i == 0 };

      if (!decoder_motion_take (motion, g_ptr_array_index (frames, i), &step, error))
        return FALSE;
    }
  return TRUE;
}

/* A few short scenes, spread over the video. To show the very frame that is asked for, all from the
 * key frame before it on have to be decoded; when the time for that is used up, key frames do. */
static gboolean
read_scenes (DecoderMotion *motion,
             const DecoderPicture *picture,
             DecoderGrab *grab,
             GError **error)
{
  double spent = 0;

  for (guint i = 0; i < N_SCENES; i++)
    {
      g_autoptr (GPtrArray) frames = NULL;
      gdouble before = read_time_of_children ();

      grab->at = picture->duration * (2 * i + 1) / (2 * N_SCENES);
      grab->rough = spent >= MOTION_SECONDS_SPENT;
      grab->n_frames = grab->rough ? 1 : SCENE_FRAMES;
      grab->rate = grab->rough ? 0 : SCENE_FRAMES / SCENE_SECONDS;
      grab->max_seconds = (guint)MAX (1, ceil (MOTION_SECONDS_SPENT - spent));
      frames = decoder_grab_frames (grab, error);
      if (frames == NULL || !take_scene (motion, frames, error))
        return FALSE;
      spent += read_time_of_children () - before;
    }
  return TRUE;
}

/* All of a short one, thinned out. */
static gboolean
read_whole (DecoderMotion *motion, const DecoderPicture *picture, DecoderGrab *grab, GError **error)
{
  g_autoptr (GArray) delays = g_array_new (FALSE, TRUE, sizeof (gint));
  g_autoptr (GArray) steps = NULL;
  g_autoptr (GPtrArray) frames = NULL;
  guint n = (guint)MIN (picture->frames, DECODER_MOTION_FRAMES);
  gint delay = (gint)CLAMP (picture->duration * 1000 / n, 20, 1000);

  grab->n_frames = n;
  grab->rate = picture->duration > 0 ? n / picture->duration : 0;
  grab->max_seconds = MOTION_SECONDS_SPENT;
  frames = decoder_grab_frames (grab, error);
  if (frames == NULL)
    return FALSE;
  for (guint i = 0; i < frames->len; i++)
    g_array_append_val (delays, delay);
  steps = decoder_motion_plan ((const gint *)delays->data, delays->len);
  for (guint i = 0; i < steps->len; i++)
    {
      const DecoderMotionStep *step = &g_array_index (steps, DecoderMotionStep, i);

      if (!decoder_motion_take (motion, g_ptr_array_index (frames, step->index), step, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
decoder_video_read_motion (DecoderMotion *motion,
                           const DecoderPicture *picture,
                           const DecoderJob *job,
                           GError **error)
{
  DecoderGrab grab = make_grab (picture, job->input);

  grab.width = motion->width;
  grab.height = motion->height;
  return picture->duration > SHORT_SECONDS ? read_scenes (motion, picture, &grab, error)
                                           : read_whole (motion, picture, &grab, error);
}

gboolean
decoder_video_is_possible (void)
{
  decoder_video_get_programs ();
  return ffprobe != NULL && ffmpeg != NULL;
}

static void
measure_sequence (DecoderPicture *self, const DecoderJob *job)
{
  Facts facts;

  if (!probe (self->format, job->input, &facts, self->metadata, NULL) || facts.frames < 2)
    return;
  self->stream = facts.stream;
  self->frames = (gint)MIN (facts.frames, G_MAXINT);
  self->duration = facts.duration;
}

void
decoder_video_measure_animation (DecoderPicture *self, const DecoderJob *job)
{
  gint64 total = 0;

  if (self->format == DECODER_FORMAT_AVIF)
    {
      measure_sequence (self, job);
      return;
    }
  self->delays = decoder_apng_read_delays (job->input);
  if (self->delays->len < 2)
    return;
  for (guint i = 0; i < self->delays->len; i++)
    total += g_array_index (self->delays, gint, i);
  self->frames = (gint)self->delays->len;
  self->duration = (double)total / 1000;
}

gboolean
decoder_video_read_animation (DecoderMotion *motion,
                              const DecoderPicture *picture,
                              const DecoderJob *job,
                              GError **error)
{
  DecoderPicture beginning = *picture;
  DecoderGrab grab = make_grab (picture, job->input);

  if (picture->duration > DECODER_MOTION_SECONDS)
    {
      beginning.frames = (gint)(picture->frames * DECODER_MOTION_SECONDS / picture->duration) + 1;
      beginning.duration = DECODER_MOTION_SECONDS;
    }
  grab.width = motion->width;
  grab.height = motion->height;
  grab.bands = picture->format == DECODER_FORMAT_PNG ? 4 : 3;
  return read_whole (motion, &beginning, &grab, error);
}

gboolean
decoder_video_load (DecoderPicture *self,
                    const DecoderSniff *sniff,
                    const DecoderJob *job,
                    gboolean *has_sound,
                    GError **error)
{
  Facts facts;

  self->format = sniff->format;
  if (!decoder_video_is_possible ())
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
                   "This is a video, and ffmpeg is not installed; install it to have videos shown");
      return FALSE;
    }
  if (!probe (sniff->format, job->input, &facts, self->metadata, error))
    return FALSE;
  set_facts (self, &facts);
  *has_sound = facts.has_sound;
  if (!decoder_picture_check_size (self->width, self->height, job->request.max_pixels, error))
    return FALSE;

  return grab_poster (self, job, error);
}
