/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ingest-decode.h"

#include "files/monitor-content.h"
#include "files/monitor-place.h"
#include "ingest-journal.h"
#include "ingest-metadata.h"

static void
on_decoded (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  IngestTask *task = user_data;
  const MonitorIngestParts *parts = &task->context->parts;

  task->result = monitor_decoder_pool_decode_finish (parts->pool, async_result, &task->refusal);
  g_debug ("%s: decoded in %.1f ms", task->md5,
           (double)(g_get_monotonic_time () - task->decoding) / 1000);
  booru_metric_observe_since (task->result ? parts->metrics->decoded : parts->metrics->not_decoded,
                              task->decoding);
  task->resume (task, INGEST_VERIFY);
}

IngestStep
ingest_decode (IngestTask *task)
{
  IngestContext *context = task->context;
  g_autoptr (GArray) delays = ingest_metadata_find_delays (task);
  MonitorDecodeHints hints = {
    .for_person = task->target->is_upload,
    .slow = (task->job->flags & MONITOR_JOB_SLOW) != 0,
  };

  if (task->target->recall != NULL && task->target->recall (task))
    return INGEST_STORE;
  if (delays != NULL)
    {
      hints.delays = (const guint16 *)delays->data;
      hints.n_delays = delays->len;
    }
  task->decoding = g_get_monotonic_time ();
  monitor_decoder_pool_decode_async (context->parts.pool, task->opened.fd, &hints,
                                     context->cancellable, on_decoded, task);
  return INGEST_WAIT;
}

/* Changed, renamed or removed meanwhile. Starting over finds out which. */
static IngestStep
start_over (IngestTask *task)
{
  task->job->again = TRUE;
  task->job->again_flags |= task->job->flags;
  return INGEST_DONE;
}

IngestStep
ingest_verify (IngestTask *task)
{
  if (!ingest_task_is_current (task))
    return start_over (task);
  return monitor_file_is_untouched (task->opened.fd, &task->opened.look) ? INGEST_PLACE
                                                                         : INGEST_REHASH;
}

void
ingest_rehash (IngestTask *task)
{
  monitor_hash_file (task->opened.fd, task->md5_again, task->context->cancellable, &task->error);
}

IngestStep
ingest_check_rehash (IngestTask *task)
{
  if (task->error != NULL)
    return INGEST_RETRY;
  if (!ingest_task_is_current (task)
      || !monitor_file_is_untouched (task->opened.fd, &task->opened.look)
      || !g_str_equal (task->md5, task->md5_again))
    return start_over (task);
  return INGEST_PLACE;
}

/* What is there so far may be anything, unless it is known to be something else. */
static gboolean
may_be_cut (IngestTask *task, const GError *error)
{
  return error->code == BOORU_ERROR_INVALID
         || (error->code == BOORU_ERROR_UNSUPPORTED
             && (task->opened.is_media || task->opened.description == NULL));
}

static char *
describe_failure (IngestTask *task, const GError *error)
{
  if (error->code == BOORU_ERROR_UNSUPPORTED && task->opened.description && !task->opened.is_media)
    return monitor_content_refuse (task->opened.description);
  return g_strdup (error->message);
}

static IngestStep
handle_refusal (IngestTask *task, GError *error)
{
  gint64 patience;

  if (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_PREEMPTED))
    {
      ingest_task_log (task, "decoding takes long; others come first");
      task->job->flags |= MONITOR_JOB_SLOW;
      return ingest_task_retry (task, 1, TRUE);
    }
  if (!booru_err_file (error))
    return ingest_task_trouble (task, g_error_copy (error));
  if (error->code == BOORU_ERROR_UNSUPPORTED && !monitor_name_is_media (task->path))
    return task->target->ignore (task, describe_failure (task, error));
  patience = may_be_cut (task, error) ? ingest_task_get_patience (task) : 0;
  if (patience > 0)
    return ingest_task_retry (task, patience, TRUE);
  return ingest_task_fail (task, describe_failure (task, error));
}

static gboolean
place_variants (IngestTask *task, GError **error)
{
  char **variants = task->result->variants;

  if (!ingest_journal_begin_placing (task, error))
    return FALSE;
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    {
      if (variants[i] == NULL)
        continue;
      if (!monitor_place_variant (task->context->parts.files_dir, (BooruVariant)i, task->md5,
                                  variants[i], error))
        return FALSE;
      g_clear_pointer (&variants[i], g_free); /* it is not temporary any more */
    }
  return TRUE;
}

IngestStep
ingest_place (IngestTask *task)
{
  MonitorDecodeResult *result = task->result;
  gint64 patience = result != NULL && result->is_incomplete ? ingest_task_get_patience (task) : 0;
  GError *error = NULL;

  if (result == NULL)
    return handle_refusal (task, task->refusal);
  if (patience > 0)
    return ingest_task_retry (task, patience, TRUE);
  task->media = result->media;
  task->media.size = task->opened.look.stat.size;
  g_strlcpy (task->media.md5, task->md5, sizeof task->media.md5);
  g_strlcpy (task->ext, task->media.ext, sizeof task->ext);
  g_free (task->metadata);
  task->metadata = g_steal_pointer (&result->metadata);
  task->decoded = TRUE;
  return place_variants (task, &error) ? INGEST_STORE : ingest_task_trouble (task, error);
}
