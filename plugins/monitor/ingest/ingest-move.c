/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ingest-move.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/monitor-place.h"
#include "ingest-metadata.h"

static gboolean
compare_with_existing (IngestTask *task, int managed_fd, GError **error)
{
  booru_autofd int fd
      = booru_open_beneath (managed_fd, task->managed_path, O_RDONLY | O_NONBLOCK, error);
  MonitorComparison comparison;

  if (fd < 0)
    return FALSE;
  comparison = monitor_hash_compare (task->opened.fd, fd, task->context->cancellable, error);
  if (comparison == MONITOR_COMPARE_DIFFERENT)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "%s/%s already exists with different content", BOORU_DIR_ORIGINALS,
                 task->managed_path);
  task->existed = comparison == MONITOR_COMPARE_EQUAL;
  return task->existed;
}

/* As the target does it where that is possible, else by copy; in that case the source is removed
 * after the commit. */
static gboolean
place (IngestTask *task, int root_fd, int managed_fd, GError **error)
{
  const MonitorIngestParts *parts = &task->context->parts;
  g_autoptr (GError) place_error = NULL;
  g_autofree char *target = g_build_filename (BOORU_DIR_ORIGINALS, task->managed_path, NULL);

  /* Right before the move: whoever was stopped for long may have a successor. */
  if (!monitor_role_check (parts->role, error))
    return FALSE;
  if (task->target->place (root_fd, task->path, managed_fd, task->managed_path, &place_error))
    return TRUE;
  if (g_error_matches (place_error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED))
    {
      g_clear_error (&place_error);
      task->copied = monitor_place_copy (task->opened.fd, parts->files_dir, parts->temporary_dir,
                                         target, &place_error);
      if (task->copied)
        return TRUE;
    }
  if (booru_err_exists (place_error))
    return compare_with_existing (task, managed_fd, error);
  g_propagate_error (error, g_steal_pointer (&place_error));
  return FALSE;
}

static gboolean
stat_managed (IngestTask *task, int managed_fd, GError **error)
{
  MonitorLook look;
  struct stat st;

  if (fstatat (managed_fd, task->managed_path, &st, AT_SYMLINK_NOFOLLOW) < 0)
    return booru_set_errno_error (error, errno, "Looking at %s/%s", BOORU_DIR_ORIGINALS,
                                  task->managed_path);
  monitor_look_from_stat (&look, &st);
  task->managed_stat = look.stat;
  return TRUE;
}

void
ingest_move (IngestTask *task)
{
  booru_autofd int root_fd = monitor_folder_open (task->folder, &task->error);
  booru_autofd int managed_fd
      = root_fd >= 0 ? monitor_folder_open (task->managed, &task->error) : -1;

  if (root_fd >= 0)
    {
      /* What goes along is what counts: more may have come since the picture was opened. */
      task->sidecar_paths = monitor_sidecar_list (root_fd, task->path);
      ingest_metadata_read (task);
    }
  if (managed_fd >= 0 && place (task, root_fd, managed_fd, &task->error)
      && stat_managed (task, managed_fd, &task->error))
    /* Durable before the row is, and before the source goes. */
    monitor_place_sync_dir (managed_fd, task->managed_path, &task->error);
}

IngestStep
ingest_check_move (IngestTask *task)
{
  BooruFileChange *change;

  if (booru_err_invalid (task->error))
    return ingest_task_fail (task, g_strdup (task->error->message));
  if (task->error != NULL)
    return INGEST_RETRY;

  change = booru_file_change_new (task->decoded ? BOORU_FILE_ADD : BOORU_FILE_LINK);
  change->asset_id = task->job->asset_id;
  change->folder_id = task->managed->id;
  change->path = g_strdup (task->managed_path);
  change->stat = task->managed_stat;
  if (!task->target->is_upload)
    change->taken_name = g_strdup (task->path);
  change->imports = ingest_metadata_new_imports (task, task->decoded ? task->metadata : NULL);
  if (task->decoded)
    {
      change->media = task->media;
      change->metadata = ingest_metadata_take (task);
    }
  else
    change->post_id = task->post_id;
  return ingest_task_commit (task, change);
}
