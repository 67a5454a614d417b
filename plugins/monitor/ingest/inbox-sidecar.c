/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "inbox-sidecar.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/monitor-content.h"
#include "files/monitor-place.h"
#include "ingest-metadata.h"

/* Only if it is still the file that was copied. */
static void
remove_copied (int inbox_fd, const char *path, int fd)
{
  struct stat copied, there;

  if (fstat (fd, &copied) == 0 && fstatat (inbox_fd, path, &there, AT_SYMLINK_NOFOLLOW) == 0
      && copied.st_ino == there.st_ino && copied.st_dev == there.st_dev
      && copied.st_size == there.st_size)
    unlinkat (inbox_fd, path, 0);
}

/* To @target below the managed folder, on whatever file system that is. */
static gboolean
move_one (IngestTask *task, int inbox_fd, int managed_fd, const char *path, const char *target)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *below_data = g_build_filename (BOORU_DIR_ORIGINALS, target, NULL);
  g_autofree char *display = g_filename_display_name (path);
  booru_autofd int fd = -1;

  if (monitor_place_rename (inbox_fd, path, managed_fd, target, &error))
    return TRUE;
  if (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED))
    {
      g_clear_error (&error);
      fd = booru_open_beneath (inbox_fd, path, O_RDONLY | O_NONBLOCK, &error);
      if (fd >= 0
          && monitor_place_copy (fd, task->context->parts.files_dir,
                                 task->context->parts.temporary_dir, below_data, &error))
        remove_copied (inbox_fd, path, fd);
    }
  if (error != NULL)
    g_warning ("%s: the sidecar %s stays where it is: %s", task->folder->display, display,
               error->message);
  return error == NULL;
}

/* One that came while the picture was on its way waited for it. */
static void
push_left (IngestTask *task, int inbox_fd)
{
  g_autoptr (GPtrArray) left = NULL;

  if (task->taken_picture != NULL)
    return;
  left = monitor_sidecar_list (inbox_fd, task->path);
  for (guint i = 0; i < left->len; i++)
    if (!g_ptr_array_find_with_equal_func (task->sidecar_paths, left->pdata[i], g_str_equal, NULL))
      monitor_queue_push (task->context->parts.queue, task->folder, left->pdata[i],
                          MONITOR_JOB_URGENT, 0);
}

void
inbox_sidecar_move (IngestTask *task)
{
  booru_autofd int inbox_fd = -1, managed_fd = -1;

  if (task->sidecar_paths == NULL || !monitor_role_is_valid (task->context->parts.role))
    return;
  inbox_fd = monitor_folder_open (task->folder, NULL);
  managed_fd = inbox_fd >= 0 ? monitor_folder_open (task->managed, NULL) : -1;
  for (guint i = 0; managed_fd >= 0 && i < task->sidecar_paths->len; i++)
    {
      const char *path = task->sidecar_paths->pdata[i];
      const char *picture = task->taken_picture ? task->taken_picture : task->path;
      g_autofree char *target = monitor_sidecar_dup_name_for (path, picture, task->managed_path);

      move_one (task, inbox_fd, managed_fd, path, target);
    }
  if (inbox_fd >= 0)
    push_left (task, inbox_fd);
}

void
inbox_sidecar_set_aside (IngestTask *task, int inbox_fd, const char *target)
{
  g_autoptr (GPtrArray) sidecars = NULL;

  if (!monitor_name_is_media (task->path))
    return;
  sidecars = monitor_sidecar_list (inbox_fd, task->path);
  for (guint i = 0; i < sidecars->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *to = monitor_sidecar_dup_name_for (sidecars->pdata[i], task->path, target);

      if (!monitor_place_rename (inbox_fd, sidecars->pdata[i], inbox_fd, to, &error))
        g_warning ("%s: a sidecar stays where it is: %s", task->folder->display, error->message);
    }
}

/* The picture that was taken in which it belongs to. */
static BooruFile *
find_taken (IngestTask *task, char **picture)
{
  g_autoptr (GPtrArray) names = monitor_sidecar_list_names (task->path);
  BooruFile *file = NULL;

  for (guint i = 0; file == NULL && i < names->len; i++)
    {
      g_free (*picture);
      *picture = g_strdup (names->pdata[i]);
      file = booru_store_find_taken_file (task->context->parts.store, *picture, NULL);
    }
  return file;
}

/* Those that are beside the original already go on counting. */
static void
read_earlier (IngestTask *task)
{
  booru_autofd int managed_fd = monitor_folder_open (task->managed, NULL);
  g_autoptr (GPtrArray) earlier = NULL;

  if (managed_fd < 0)
    return;
  earlier = monitor_sidecar_list (managed_fd, task->managed_path);
  for (guint i = 0; i < earlier->len; i++)
    monitor_sidecar_read (task->sidecar, managed_fd, earlier->pdata[i], NULL);
}

void
inbox_sidecar_read (IngestTask *task)
{
  booru_autofd int root_fd = monitor_folder_open (task->folder, NULL);

  if (root_fd < 0)
    return;
  task->sidecar = monitor_tags_new ();
  task->sidecar_result = monitor_sidecar_read (task->sidecar, root_fd, task->path, &task->error);
  monitor_tags_add_note (task->sidecar, task->path);
  read_earlier (task);
}

/* From here on it is as if the picture were on its way, with the sidecar beside it. */
IngestStep
inbox_sidecar_follow (IngestTask *task)
{
  BooruStore *store = task->context->parts.store;
  g_autoptr (BooruFile) file
      = booru_store_find_file (store, task->managed->id, task->managed_path, NULL);
  g_autofree char *metadata = NULL;
  BooruFileChange *change;

  if (booru_err_notfound (task->error))
    return INGEST_DONE; /* its picture took it along meanwhile */
  if (task->sidecar_result == MONITOR_SIDECAR_BROKEN)
    return ingest_task_fail (task, g_strdup_printf ("The sidecar cannot be used: %s",
                                                    task->error ? task->error->message : "?"));
  if (file == NULL || task->sidecar_result != MONITOR_SIDECAR_READ)
    return INGEST_DONE;
  change = booru_file_change_new (BOORU_FILE_IMPORT);
  change->file_id = file->id;
  change->folder_id = file->folder_id;
  change->path = g_strdup (file->path);
  change->imports = ingest_metadata_new_imports (task, NULL);
  change->metadata = ingest_metadata_new_patch (task);
  metadata = booru_store_get_metadata (store, file->post_id, NULL);
  task->remakes = metadata != NULL && ingest_metadata_has_other_delays (task, metadata);
  task->sidecar_paths = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (task->sidecar_paths, g_strdup (task->path));
  return ingest_task_commit (task, change);
}

gboolean
inbox_sidecar_find_taken (IngestTask *task)
{
  g_autofree char *picture = NULL;
  g_autoptr (BooruFile) file = find_taken (task, &picture);
  MonitorFolder *managed = monitor_folders_get_managed (task->context->parts.folders);

  if (file == NULL || file->folder_id != managed->id || file->post_id == 0)
    return FALSE;
  task->managed = monitor_folder_ref (managed);
  task->managed_path = g_strdup (file->path);
  task->taken_picture = g_steal_pointer (&picture);
  return TRUE;
}
