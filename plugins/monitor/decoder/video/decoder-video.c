/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-video.h"

#include <math.h>

#include "decoder-grab.h"
#include "decoder-probe.h"
#include "decoder/pixels/decoder-size.h"
#include "decoder/reading/decoder-apng.h"

/* The frame that stands for the video: past a fade-in, but not far. */
#define FRAME_AT 0.1
#define POSTER_SECONDS_SPENT 4 /* of processor time, to get there */

/* The preview of a video longer than this is made of a few scenes. */
#define SHORT_SECONDS 4
#define N_SCENES DECODER_MAX_FRAME_HASHES
#define SCENE_FRAMES 3
#define SCENE_SECONDS 0.6

/* Of processor time, for the preview: a long video takes no longer than a short one. */
#define MOTION_SECONDS_SPENT 4

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

/* As a player shows it: pixels made square, then turned. */
static void
set_facts (DecoderPicture *self, const DecoderFacts *facts)
{
  gboolean turned = ABS (facts->rotation) % 180 == 90;
  double width = facts->width * (facts->aspect > 0.05 && facts->aspect < 20 ? facts->aspect : 1);
  gint square_width = MAX (1, (gint)(width + 0.5));

  self->width = turned ? facts->height : square_width;
  self->height = turned ? square_width : facts->height;
  self->stream = facts->stream;
  if (facts->is_hdr)
    self->hdr.transfer = DECODER_TRANSFER_PQ; /* or another; ffmpeg knows */
  self->start = facts->start;
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
    .demuxer = decoder_probe_get_demuxer (self->format),
    .stream = self->stream,
    .bands = 3,
    .is_hdr = self->hdr.transfer != DECODER_TRANSFER_SDR,
  };
}

/* The frame that stands for the video. Where key frames are rare, the one before it is as good, and
 * where there is none, the first frame. */
static GPtrArray *
try_poster (const DecoderPicture *self, const DecoderJob *job, guint attempt, GError **error)
{
  DecoderGrab grab = make_grab (self, job->input);

  decoder_picture_get_target (self->width, self->height, FALSE, &job->request, &grab.width,
                              &grab.height);
  grab.n_frames = 1;
  grab.at = attempt < 2 ? self->start + self->duration * FRAME_AT : 0;
  grab.rough = attempt == 1;
  grab.max_seconds = attempt == 0 ? POSTER_SECONDS_SPENT : 0;
  return decoder_grab_frames (&grab, error);
}

/* Also with its light as it is where this ffmpeg cannot convert it. */
static gboolean
grab_poster (DecoderPicture *self, const DecoderJob *job, GError **error)
{
  g_autoptr (GPtrArray) frames = NULL;

  for (guint attempt = 0; attempt < 4 && (frames == NULL || frames->len == 0); attempt++)
    {
      g_clear_pointer (&frames, g_ptr_array_unref);
      g_clear_error (error);
      if (attempt == 3)
        self->hdr.transfer = DECODER_TRANSFER_SDR;
      frames = try_poster (self, job, attempt, error);
    }
  if (frames == NULL)
    return FALSE;
  if (frames->len == 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "The file is damaged: no frame of the video can be decoded");
      return FALSE;
    }
  self->image = g_object_ref (g_ptr_array_index (frames, 0));
  return TRUE;
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
      gdouble before = decoder_probe_read_time_spent ();

      grab->at = picture->start + picture->duration * (2 * i + 1) / (2 * N_SCENES);
      grab->rough = spent >= MOTION_SECONDS_SPENT;
      grab->n_frames = grab->rough ? 1 : SCENE_FRAMES;
      grab->rate = grab->rough ? 0 : SCENE_FRAMES / SCENE_SECONDS;
      grab->max_seconds = (guint)MAX (1, ceil (MOTION_SECONDS_SPENT - spent));
      frames = decoder_grab_frames (grab, error);
      if (frames == NULL || !take_scene (motion, frames, error))
        return FALSE;
      spent += decoder_probe_read_time_spent () - before;
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

  grab.is_preview = TRUE;
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
  DecoderFacts facts;

  if (!decoder_probe (ffprobe, self->format, job->input, &facts, self->metadata, NULL)
      || facts.frames < 2)
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
  grab.is_preview = TRUE;
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
  DecoderFacts facts;

  self->format = sniff->format;
  if (!decoder_video_is_possible ())
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
                   "This is a video, which needs ffmpeg. Install ffmpeg, and try again");
      return FALSE;
    }
  if (!decoder_probe (ffprobe, sniff->format, job->input, &facts, self->metadata, error))
    return FALSE;
  set_facts (self, &facts);
  *has_sound = facts.has_sound;
  if (!decoder_size_check (self->width, self->height, job->request.max_pixels, error))
    return FALSE;

  return grab_poster (self, job, error);
}
