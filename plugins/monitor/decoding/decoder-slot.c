/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-slot.h"

#include <unistd.h>

#include "decoder-pool-private.h"
#include "decoder-result.h"

/* A fresh process after so many files, or when one has kept so much memory: libraries leak. */
#define FILES_PER_PROCESS 200
#define RESIDENT_SIZE_KEPT (G_GUINT64_CONSTANT (384) << 20)

void
decoder_clear_timer (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

GSource *
decoder_add_timer (guint milliseconds, GSourceFunc callback, gpointer user_data)
{
  GSource *source = milliseconds % 1000 == 0 ? g_timeout_source_new_seconds (milliseconds / 1000)
                                             : g_timeout_source_new (milliseconds);

  g_source_set_callback (source, callback, user_data, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

static void
job_free (Job *job)
{
  decoder_clear_timer (&job->cancelled);
  g_clear_pointer (&job->output, monitor_decoder_output_free);
  close (job->fd);
  g_free (job->delays);
  g_object_unref (job->task);
  g_free (job);
}

void
decoder_job_fail (Job *job, GError *error)
{
  g_task_return_error (job->task, error);
  job_free (job);
}

void
decoder_job_finish (Job *job, const DecoderReply *reply)
{
  monitor_decode_result_return (job->task, g_steal_pointer (&job->output), job->fd,
                                &job->pool->options, reply);
  job_free (job);
}

void
decoder_slot_release_job (Slot *slot)
{
  if (slot->job != NULL)
    slot->job->slot = NULL;
  slot->job = NULL;
  slot->overdue = FALSE;
  decoder_clear_timer (&slot->timer);
  decoder_clear_timer (&slot->slice);
}

void
decoder_slot_kill (Slot *slot)
{
  slot->retiring = TRUE;
  decoder_clear_timer (&slot->timer);
  monitor_decoder_process_kill (slot->process);
}

void
decoder_slot_free (Slot *slot)
{
  decoder_clear_timer (&slot->timer);
  g_clear_pointer (&slot->process, monitor_decoder_process_free);
  g_free (slot);
}

void
decoder_slot_retire (Slot *slot)
{
  slot->retiring = TRUE;
  decoder_clear_timer (&slot->timer);
  monitor_decoder_process_close (slot->process);
}

gboolean
decoder_slot_is_worn (const Slot *slot, guint64 resident_size)
{
  const MonitorDecoderPool *pool = slot->pool;

  return slot->n_files >= FILES_PER_PROCESS || resident_size > RESIDENT_SIZE_KEPT
         || slot->generation != pool->generation;
}
