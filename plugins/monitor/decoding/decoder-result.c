/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-result.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "decoder-check.h"

G_STATIC_ASSERT (DECODER_MAX_FRAME_HASHES == BOORU_MAX_FRAME_HASHES);

#define QUALITY_WEBP 80
#define QUALITY_SAMPLE 85
/* Small pictures that nobody stops to look at. */
#define QUALITY_MOTION 55

static const DecoderVariant variants[BOORU_N_VARIANTS] = {
  [BOORU_VARIANT_180] = { DECODER_OUTPUT_WEBP, QUALITY_WEBP, 180, 180, FALSE },
  [BOORU_VARIANT_360] = { DECODER_OUTPUT_WEBP, QUALITY_WEBP, 360, 360, FALSE },
  [BOORU_VARIANT_720] = { DECODER_OUTPUT_WEBP, QUALITY_WEBP, 720, 720, FALSE },
  [BOORU_VARIANT_SAMPLE] = { DECODER_OUTPUT_JPEG, QUALITY_SAMPLE, BOORU_SAMPLE_WIDTH, 0, TRUE },
  [BOORU_VARIANT_MOTION] = { DECODER_OUTPUT_MOTION, QUALITY_MOTION, 360, 360, FALSE },
  [BOORU_VARIANT_DISPLAY] = { DECODER_OUTPUT_WEBP, QUALITY_WEBP, 2048, 2048, FALSE },
};

void
monitor_decoder_request_fill (DecoderRequest *request,
                              const MonitorDecoderOptions *options,
                              gboolean is_video,
                              gboolean display)
{
  *request = (DecoderRequest){ .magic = DECODER_MAGIC,
                               .n_variants = BOORU_N_VARIANTS,
                               .timeout = options->timeout,
                               .allow_video = is_video,
                               .memory_limit = options->memory_limit,
                               .max_pixels = options->max_pixels };
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    {
      request->variants[i] = variants[i];
      if ((i == BOORU_VARIANT_DISPLAY) != display)
        request->variants[i].output = DECODER_OUTPUT_NONE;
    }
}

void
monitor_decode_result_free (MonitorDecodeResult *self)
{
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    {
      if (self->variants[i] != NULL)
        unlink (self->variants[i]);
      g_free (self->variants[i]);
    }
  g_free (self->metadata);
  g_free (self);
}

/* What a finished job hands to the thread that waits for the disk. */
typedef struct
{
  MonitorDecoderOutput *output;
  char *folder;
  int input;
  guint64 max_pixels;
  DecoderReply reply;
} Finish;

static void
finish_free (gpointer data)
{
  Finish *finish = data;

  monitor_decoder_output_free (finish->output);
  if (finish->input >= 0)
    close (finish->input);
  g_free (finish->folder);
  g_free (finish);
}

static void
take_frame_hashes (BooruMedia *media, const DecoderReply *reply)
{
  media->n_frame_hashes = reply->n_frame_hashes;
  memcpy (media->frame_hashes, reply->frame_hashes,
          media->n_frame_hashes * sizeof *media->frame_hashes);
}

static gboolean
check (const Finish *finish, GError **error)
{
  if (!monitor_decoder_check_reply (&finish->reply, finish->input, finish->max_pixels, error))
    return FALSE;
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    if (finish->reply.written & 1u << i
        && !monitor_decoder_check_output (finish->output->fds[i], &variants[i], error))
      return FALSE;
  return TRUE;
}

static void
finish_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Finish *finish = task_data;
  const DecoderReply *reply = &finish->reply;
  g_autoptr (MonitorDecodeResult) result = g_new0 (MonitorDecodeResult, 1);
  GError *error = NULL;

  if (!check (finish, &error)
      || !monitor_decoder_output_save (finish->output, finish->folder, reply->written,
                                       result->variants, &error))
    {
      /* What was written is unlinked before anybody hears of it, not at some time after. */
      g_clear_pointer (&result, monitor_decode_result_free);
      g_task_return_error (task, error);
      return;
    }
  g_strlcpy (result->media.ext, reply->ext, sizeof result->media.ext);
  result->media.width = reply->width;
  result->media.height = reply->height;
  result->media.duration = MAX (reply->duration, -1);
  result->media.frames = reply->frames;
  result->media.has_sound = reply->has_sound != 0;
  result->media.has_alpha = reply->has_alpha != 0;
  result->is_incomplete = reply->is_incomplete != 0;
  result->media.has_sample = (reply->written & 1u << BOORU_VARIANT_SAMPLE) != 0;
  result->media.phash = reply->phash;
  take_frame_hashes (&result->media, reply);
  result->metadata = monitor_decoder_output_read_metadata (finish->output, reply->metadata_size);
  g_task_return_pointer (task, g_steal_pointer (&result),
                         (GDestroyNotify)monitor_decode_result_free);
}

static void
on_finished (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  MonitorDecodeResult *decoded = g_task_propagate_pointer (G_TASK (result), &error);

  if (decoded != NULL)
    g_task_return_pointer (task, decoded, (GDestroyNotify)monitor_decode_result_free);
  else
    g_task_return_error (task, error);
}

/* The thread gets a task of its own: it must never be the one that drops the pool. */
void
monitor_decode_result_return (GTask *task,
                              MonitorDecoderOutput *output,
                              int input,
                              const MonitorDecoderOptions *options,
                              const DecoderReply *reply)
{
  g_autoptr (GTask) inner = g_task_new (NULL, NULL, on_finished, g_object_ref (task));
  Finish *finish = g_new0 (Finish, 1);

  finish->output = output;
  finish->folder = g_strdup (options->output_dir);
  finish->input = fcntl (input, F_DUPFD_CLOEXEC, 3);
  finish->max_pixels = options->max_pixels;
  finish->reply = *reply;
  g_task_set_source_tag (inner, monitor_decode_result_return);
  g_task_set_task_data (inner, finish, finish_free);
  g_task_run_in_thread (inner, finish_in_thread);
}
