/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-ugoira.h"

#include <string.h>

#include "decoder/pixels/decoder-size.h"
#include "decoder/reading/decoder-ugoira-name.h"
#include "decoder/reading/decoder-zip.h"

/* Used when the delay of a frame is unknown. */
#define DELAY_UNKNOWN 100

#define MAX_DELAYS_SIZE (1024 * 1024)

typedef struct
{
  guint number;
  const char *suffix;
  const DecoderZipEntry *entry;
} Frame;

struct _DecoderUgoira
{
  GPtrArray *entries; /* DecoderZipEntry */
  GArray *frames;     /* Frame, in order */
  const DecoderZipEntry *delays;
};

void
decoder_ugoira_free (DecoderUgoira *self)
{
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->frames, g_array_unref);
  g_free (self);
}

static gboolean
fail_other (GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
               "This is a ZIP archive, not an animation of numbered frames");
  return FALSE;
}

static gint
compare_frames (gconstpointer a, gconstpointer b)
{
  const Frame *x = a, *y = b;

  return (x->number > y->number) - (x->number < y->number);
}

/* Whether the entries are pictures of one format, numbered from 0 or 1 without gaps, and nothing
 * else. */
static gboolean
sort_out (DecoderUgoira *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const DecoderZipEntry *entry = g_ptr_array_index (self->entries, i);
      Frame frame = { .entry = entry };

      if (g_str_equal (entry->name, DECODER_UGOIRA_DELAYS))
        self->delays = entry;
      else if (decoder_ugoira_parse_frame (entry->name, strlen (entry->name), &frame.number,
                                           &frame.suffix))
        g_array_append_val (self->frames, frame);
      else
        return FALSE;
    }
  g_array_sort (self->frames, compare_frames);
  for (guint i = 0; i < self->frames->len; i++)
    {
      const Frame *first = &g_array_index (self->frames, Frame, 0);
      const Frame *frame = &g_array_index (self->frames, Frame, i);

      if (first->number > 1 || frame->suffix != first->suffix || frame->number != first->number + i)
        return FALSE;
    }
  return self->frames->len >= 2;
}

/* One frame, made at least as large as @width by @height, or only its header. */
static gboolean
open_frame (DecoderUgoira *self,
            guint index,
            DecoderPicture *picture,
            const DecoderJob *job,
            GBytes **bytes,
            GError **error)
{
  const Frame *frame = &g_array_index (self->frames, Frame, index);
  g_autoptr (GBytes) content = decoder_zip_extract (job->input, frame->entry, error);
  DecoderSniff sniff;
  gconstpointer data;
  gsize size;

  if (content == NULL)
    return FALSE;
  data = g_bytes_get_data (content, &size);
  sniff = decoder_sniff (data, size);
  if (sniff.format != DECODER_FORMAT_JPEG && sniff.format != DECODER_FORMAT_PNG
      && sniff.format != DECODER_FORMAT_WEBP)
    return fail_other (error);
  picture->format = sniff.format;
  if (!decoder_size_check (sniff.width, sniff.height, job->request.max_pixels, error))
    return FALSE;
  *bytes = g_steal_pointer (&content);
  return TRUE;
}

static gboolean
load_frame (DecoderUgoira *self,
            guint index,
            DecoderPicture *picture,
            const DecoderJob *job,
            GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  return open_frame (self, index, picture, job, &bytes, error)
         && decoder_picture_load_bytes (picture, bytes, job, error);
}

/* An archive with frames of different sizes is a comic, or a folder of photographs. */
static gboolean
check_sizes (DecoderUgoira *self,
             const DecoderPicture *first,
             const DecoderJob *job,
             GError **error)
{
  for (guint i = 1; i < self->frames->len; i++)
    {
      g_auto (DecoderPicture) frame = DECODER_PICTURE_INIT;
      g_autoptr (GBytes) bytes = NULL;

      if (!open_frame (self, i, &frame, job, &bytes, error)
          || !decoder_picture_measure_bytes (&frame, bytes, job, error))
        return FALSE;
      if (frame.width != first->width || frame.height != first->height)
        return fail_other (error);
    }
  return TRUE;
}

static GArray *
read_delays (DecoderUgoira *self, const DecoderJob *job)
{
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  gconstpointer data;
  gsize size;

  if (self->delays == NULL || self->delays->size > MAX_DELAYS_SIZE)
    return NULL;
  text = decoder_zip_extract (job->input, self->delays, NULL);
  if (text == NULL)
    return NULL;
  for (guint i = 0; i < self->frames->len; i++)
    g_ptr_array_add (names, g_array_index (self->frames, Frame, i).entry->name);
  data = g_bytes_get_data (text, &size);
  return decoder_ugoira_parse_delays (data, size, (const char *const *)names->pdata, names->len);
}

/* From the archive itself, else from the request, else a guess. */
static GArray *
find_delays (DecoderUgoira *self, const DecoderJob *job)
{
  GArray *delays = read_delays (self, job);

  if (delays != NULL)
    return delays;
  delays = g_array_new (FALSE, FALSE, sizeof (gint));
  for (guint i = 0; i < self->frames->len; i++)
    {
      gint delay = job->request.n_delays == self->frames->len ? job->request.delays[i] : 0;

      if (delay == 0)
        delay = DELAY_UNKNOWN;
      g_array_append_val (delays, delay);
    }
  return delays;
}

static void
describe (DecoderUgoira *self, DecoderPicture *picture, DecoderFormat format)
{
  const Frame *first = &g_array_index (self->frames, Frame, 0);
  gint64 total = 0;

  picture->frames = (gint)self->frames->len;
  for (guint i = 0; i < picture->delays->len; i++)
    {
      gint delay = g_array_index (picture->delays, gint, i);

      total += delay;
      decoder_metadata_add_number (picture->metadata, "Ugoira:FrameDelays", delay);
    }
  picture->duration = (double)total / 1000;
  decoder_metadata_set_text (picture->metadata, "Ugoira:FrameMimeType",
                             format == DECODER_FORMAT_JPEG  ? "image/jpeg"
                             : format == DECODER_FORMAT_PNG ? "image/png"
                                                            : "image/webp",
                             -1);
  decoder_metadata_set_text (picture->metadata, "ZIP:ZipFileName", first->entry->name, -1);
}

DecoderUgoira *
decoder_ugoira_load (DecoderPicture *picture, const DecoderJob *job, GError **error)
{
  g_autoptr (DecoderUgoira) self = g_new0 (DecoderUgoira, 1);
  DecoderFormat format;

  self->frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  self->entries = decoder_zip_list (job->input, error);
  if (self->entries == NULL)
    return NULL;
  if (!sort_out (self))
    {
      fail_other (error);
      return NULL;
    }
  if (!decoder_zip_check (job->input, self->entries, error)
      || !load_frame (self, 0, picture, job, error) || !check_sizes (self, picture, job, error))
    return NULL;
  format = picture->format;
  picture->format = DECODER_FORMAT_UGOIRA;
  g_clear_pointer (&picture->delays, g_array_unref);
  picture->delays = find_delays (self, job);
  describe (self, picture, format);
  return g_steal_pointer (&self);
}

gboolean
decoder_ugoira_read_motion (DecoderUgoira *self,
                            DecoderMotion *motion,
                            const DecoderPicture *picture,
                            const DecoderJob *job,
                            GError **error)
{
  g_autoptr (GArray) steps
      = decoder_motion_plan ((const gint *)picture->delays->data, picture->delays->len);

  for (guint i = 0; i < steps->len; i++)
    {
      const DecoderMotionStep *step = &g_array_index (steps, DecoderMotionStep, i);
      g_auto (DecoderPicture) frame = DECODER_PICTURE_INIT;

      if (!load_frame (self, step->index, &frame, job, error)
          || !decoder_motion_take (motion, frame.image, step, error))
        return FALSE;
    }
  return TRUE;
}
