/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ingest-task.h"

#include <unistd.h>

#include "files/monitor-place.h"

void
ingest_task_count (IngestTask *self, gint change)
{
  self->context->n_active += change;
  self->context->n_slow += self->counts_as_slow ? change : 0;
}

IngestTask *
ingest_task_new (IngestContext *context, const MonitorTarget *target, MonitorJob *job)
{
  IngestTask *self = g_new0 (IngestTask, 1);

  self->context = context;
  self->target = target;
  self->job = job;
  self->folder = monitor_folder_ref (job->folder);
  self->path = g_strdup (job->path);
  self->opened.fd = -1;
  self->began = g_get_monotonic_time ();
  self->counts_as_slow = (job->flags & MONITOR_JOB_SLOW) != 0;
  ingest_task_count (self, 1);
  return self;
}

void
ingest_task_free (IngestTask *self)
{
  monitor_opened_clear (&self->opened);
  g_clear_pointer (&self->known, booru_file_free);
  g_clear_pointer (&self->former, booru_file_free);
  g_clear_pointer (&self->others, g_ptr_array_unref);
  g_clear_pointer (&self->other_folders, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_clear_error (&self->refusal);
  g_clear_pointer (&self->result, monitor_decode_result_free);
  monitor_folder_unref (self->folder);
  g_clear_pointer (&self->managed, monitor_folder_unref);
  g_free (self->path);
  g_free (self->reason);
  g_free (self->other_display);
  g_free (self->managed_path);
  g_free (self->metadata);
  g_clear_pointer (&self->sidecar, monitor_tags_free);
  g_clear_pointer (&self->sidecar_paths, g_ptr_array_unref);
  g_clear_pointer (&self->sidecar_pictures, g_ptr_array_unref);
  g_free (self->taken_picture);
  g_free (self);
}

gboolean
ingest_task_is_cancelled (IngestTask *self)
{
  return self->folder->removed || !self->folder->present
         || g_cancellable_is_cancelled (self->context->cancellable);
}

gboolean
ingest_task_has_thumbnail (IngestTask *self)
{
  g_autofree char *path = booru_variant_get_path (BOORU_VARIANT_720, self->md5);
  g_autofree char *full = g_build_filename (self->context->parts.files_dir, path, NULL);

  return access (full, F_OK) == 0;
}

gboolean
ingest_task_is_current (IngestTask *self)
{
  return monitor_file_is_unchanged (self->opened.fd, &self->opened.look)
         && monitor_file_is_at (self->job->folder, self->job->path, &self->opened.look.stat);
}

gint64
ingest_task_get_patience (IngestTask *self)
{
  return self->target->get_patience != NULL ? self->target->get_patience (self) : 0;
}

void
ingest_task_log (IngestTask *self, const char *text)
{
  g_autofree char *display = g_filename_display_name (self->path);

  g_message ("%s/%s: %s", self->folder->display, display, text);
}

/* The file may have been renamed since it was opened; its job knows. */
static void
follow_rename (IngestTask *self)
{
  MonitorJob *job = self->job;

  if (job->folder == self->folder && g_str_equal (job->path, self->path))
    return;
  monitor_folder_ref (job->folder);
  monitor_folder_unref (self->folder);
  self->folder = job->folder;
  g_free (self->path);
  self->path = g_strdup (job->path);
}

BooruFileChange *
ingest_task_new_change (IngestTask *self, BooruFileChangeKind kind)
{
  BooruFileChange *change = booru_file_change_new (kind);

  follow_rename (self);
  change->folder_id = self->folder->id;
  change->path = g_strdup (self->path);
  change->stat = self->opened.look.stat;
  return change;
}

IngestStep
ingest_task_retry (IngestTask *self, gint64 delay, gboolean postpone)
{
  g_clear_error (&self->error);
  self->delay = delay;
  self->postpone = postpone;
  return INGEST_RETRY;
}

IngestStep
ingest_task_trouble (IngestTask *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  return INGEST_RETRY;
}

IngestStep
ingest_task_fail (IngestTask *self, char *reason)
{
  g_free (self->reason);
  self->reason = reason;
  return INGEST_FAILED;
}

IngestStep
ingest_task_commit (IngestTask *self, BooruFileChange *change)
{
  g_clear_error (&self->error); /* of a broken sidecar, which is what is committed */
  self->change = change;
  return INGEST_COMMIT;
}

IngestStep
ingest_task_move_in (IngestTask *self)
{
  MonitorFolder *managed = monitor_folders_get_managed (self->context->parts.folders);

  self->managed = monitor_folder_ref (managed);
  self->managed_path = monitor_place_original_path (self->md5, self->ext);
  return INGEST_MOVE;
}
