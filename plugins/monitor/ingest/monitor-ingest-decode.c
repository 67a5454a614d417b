/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Content that is new, or whose thumbnails are lost: through a decoder to the store. */
#include "files/monitor-content.h"
#include "monitor-ingest-private.h"
#include "files/monitor-place.h"

static gboolean
is_files_fault (const GError *error)
{
  return error->domain == BOORU_ERROR
         && (error->code == BOORU_ERROR_UNSUPPORTED || error->code == BOORU_ERROR_INVALID
             || error->code == BOORU_ERROR_LIMIT || error->code == BOORU_ERROR_FAILED);
}

/* What is there so far may be anything, unless it is known to be something else. */
static gboolean
may_be_cut (MonitorPassage *self, const GError *error)
{
  return error->code == BOORU_ERROR_INVALID
         || (error->code == BOORU_ERROR_UNSUPPORTED
             && (self->opened.is_media || self->opened.description == NULL));
}

static char *
describe_failure (MonitorPassage *self, const GError *error)
{
  if (error->code == BOORU_ERROR_UNSUPPORTED && self->opened.description && !self->opened.is_media)
    return monitor_content_refuse (self->opened.description);
  return g_strdup (error->message);
}

/* The file takes long: it is to be looked at anew after all others. */
static void
go_to_end (MonitorPassage *self)
{
  g_autofree char *display = g_filename_display_name (self->path);

  g_message ("%s/%s: decoding takes long; others come first", self->folder->display, display);
  self->job->flags |= MONITOR_JOB_SLOW;
  monitor_passage_come_again (self, 1, TRUE);
}

static void
decoding_failed (MonitorPassage *self, const GError *error)
{
  g_autofree char *reason = NULL;

  if (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_PREEMPTED))
    {
      go_to_end (self);
      return;
    }
  if (!is_files_fault (error))
    {
      monitor_passage_trouble (self, error);
      return;
    }
  if (error->code == BOORU_ERROR_UNSUPPORTED && self->folder->kind != MONITOR_FOLDER_SPOOL
      && !monitor_name_is_media (self->path))
    {
      if (self->folder->kind == MONITOR_FOLDER_INBOX)
        monitor_passage_finish (self, FALSE, FALSE);
      else
        monitor_passage_commit (self, monitor_passage_new_change (self, BOORU_FILE_IGNORE));
      return;
    }
  if (may_be_cut (self, error) && monitor_inbox_waits_for_rest (self))
    return;
  reason = describe_failure (self, error);
  monitor_passage_fail (self, reason);
}

static gboolean
place_variants (MonitorPassage *self, MonitorDecodeResult *result, GError **error)
{
  if (!monitor_passage_begin_placing (self, error))
    return FALSE;
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    {
      if (result->variants[i] == NULL)
        continue;
      if (!monitor_place_variant (self->ingest->data_dir, (BooruVariant)i, self->md5,
                                  result->variants[i], error))
        return FALSE;
      g_clear_pointer (&result->variants[i], g_free); /* it is not temporary any more */
    }
  return TRUE;
}

static void
store (MonitorPassage *self)
{
  BooruFileChange *change;

  if (self->folder->kind == MONITOR_FOLDER_SPOOL)
    {
      monitor_spool_store (self);
      return;
    }
  if (self->folder->kind == MONITOR_FOLDER_INBOX)
    {
      monitor_inbox_take_in (self);
      return;
    }
  change = monitor_passage_new_change (self, BOORU_FILE_ADD);
  change->media = self->media;
  change->imports = monitor_passage_new_imports (self, self->metadata);
  change->metadata = monitor_passage_take_metadata (self);
  monitor_passage_commit (self, change);
}

/* Whether what was decoded is what lies at the path now. */
static gboolean
still_stands (MonitorPassage *self)
{
  return monitor_file_is_unchanged (self->opened.fd, &self->opened.look)
         && monitor_file_is_at (self->job->folder, self->job->path, &self->opened.look.stat);
}

/* Changed, renamed or removed meanwhile. Starting over finds out which. */
static void
start_over (MonitorPassage *self)
{
  self->job->again = TRUE;
  self->job->again_flags |= self->job->flags;
  monitor_passage_finish (self, FALSE, FALSE);
}

/* What was decoded is what was hashed. */
static void
conclude (MonitorPassage *self)
{
  g_autoptr (MonitorDecodeResult) result = g_steal_pointer (&self->result);
  g_autoptr (GError) error = NULL;

  if (result == NULL)
    {
      decoding_failed (self, self->refusal);
      return;
    }
  if (result->is_incomplete && monitor_inbox_waits_for_rest (self))
    return;
  self->media = result->media;
  self->media.size = self->opened.look.stat.size;
  g_strlcpy (self->media.md5, self->md5, sizeof self->media.md5);
  g_strlcpy (self->ext, self->media.ext, sizeof self->ext);
  g_free (self->metadata);
  self->metadata = g_steal_pointer (&result->metadata);
  self->decoded = TRUE;
  if (place_variants (self, result, &error))
    store (self);
  else
    monitor_passage_trouble (self, error);
}

static void
do_hash_again (MonitorPassage *self)
{
  monitor_hash_file (self->opened.fd, self->md5_again, self->ingest->cancellable, &self->error);
}

static void
after_hash_again (MonitorPassage *self)
{
  if (self->error != NULL)
    monitor_passage_trouble (self, self->error);
  else if (!still_stands (self) || !monitor_file_is_untouched (self->opened.fd, &self->opened.look)
           || !g_str_equal (self->md5, self->md5_again))
    start_over (self);
  else
    conclude (self);
}

static void
on_decoded (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  MonitorPassage *self = user_data;

  self->result
      = monitor_decoder_pool_decode_finish (self->ingest->parts.pool, async_result, &self->refusal);
  g_debug ("%s: decoded in %.1f ms", self->md5,
           (double)(g_get_monotonic_time () - self->decoding) / 1000);
  booru_metric_observe_since (self->result ? self->ingest->parts.metrics->decoded
                                           : self->ingest->parts.metrics->not_decoded,
                              self->decoding);
  if (monitor_passage_is_moot (self))
    monitor_passage_finish (self, FALSE, FALSE);
  else if (!still_stands (self))
    start_over (self);
  else if (!monitor_file_is_untouched (self->opened.fd, &self->opened.look))
    monitor_passage_run (self, do_hash_again, after_hash_again);
  else
    conclude (self);
}

/* An upload that was looked at a moment ago: its thumbnails are in their places. */
static gboolean
recall (MonitorPassage *self)
{
  if (self->folder->kind != MONITOR_FOLDER_SPOOL || !monitor_passage_has_thumbnail (self)
      || !still_stands (self))
    return FALSE;
  g_clear_pointer (&self->metadata, g_free);
  self->decoded = monitor_seen_take (self->ingest->seen, self->md5, &self->media, &self->metadata);
  if (self->decoded)
    g_strlcpy (self->ext, self->media.ext, sizeof self->ext);
  return self->decoded;
}

/**
 * monitor_passage_decode:
 * @self: a passage
 *
 * Has its content decoded and its thumbnails made, unless that was just done, and stores what came
 * out.
 */
void
monitor_passage_decode (MonitorPassage *self)
{
  g_autoptr (GArray) delays = monitor_passage_find_delays (self);
  MonitorDecodeHints hints = {
    .for_person = self->folder->kind == MONITOR_FOLDER_SPOOL,
    .slow = (self->job->flags & MONITOR_JOB_SLOW) != 0,
  };

  if (recall (self))
    {
      store (self);
      return;
    }
  if (delays != NULL)
    {
      hints.delays = (const guint16 *)delays->data;
      hints.n_delays = delays->len;
    }
  self->decoding = g_get_monotonic_time ();
  monitor_decoder_pool_decode_async (self->ingest->parts.pool, self->opened.fd, &hints,
                                     self->ingest->cancellable, on_decoded, self);
}
