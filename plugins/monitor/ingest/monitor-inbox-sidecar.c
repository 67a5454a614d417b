/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A sidecar in the inbox goes where its picture goes: beside it in the managed folder, in
 * duplicates/ or in failed/. One that comes after its picture follows it; one that has none waits.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/monitor-content.h"
#include "monitor-ingest-private.h"
#include "files/monitor-place.h"

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
move_one (MonitorPassage *self, int inbox_fd, int managed_fd, const char *path, const char *target)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *below_data = g_build_filename (BOORU_DIR_ORIGINALS, target, NULL);
  g_autofree char *display = g_filename_display_name (path);
  int fd;

  if (monitor_place_rename (inbox_fd, path, managed_fd, target, &error))
    return TRUE;
  if (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED))
    {
      g_clear_error (&error);
      fd = booru_open_beneath (inbox_fd, path, O_RDONLY | O_NONBLOCK, &error);
      if (fd >= 0
          && monitor_place_copy (fd, self->ingest->data_dir, self->ingest->temporary_dir,
                                 below_data, &error))
        remove_copied (inbox_fd, path, fd);
      if (fd >= 0)
        close (fd);
    }
  if (error != NULL)
    g_warning ("%s: the sidecar %s stays where it is: %s", self->folder->display, display,
               error->message);
  return error == NULL;
}

/* One that came while the picture was on its way waited for it. */
static void
push_left (MonitorPassage *self, int inbox_fd)
{
  g_autoptr (GPtrArray) left = NULL;

  if (self->taken_picture != NULL)
    return;
  left = monitor_sidecar_list (inbox_fd, self->path);
  for (guint i = 0; i < left->len; i++)
    if (!g_ptr_array_find_with_equal_func (self->sidecar_paths, left->pdata[i], g_str_equal, NULL))
      monitor_queue_push (self->ingest->parts.queue, self->folder, left->pdata[i],
                          MONITOR_JOB_URGENT, 0);
}

/**
 * monitor_inbox_move_sidecars:
 * @self: a passage of a picture from the inbox that was stored
 *
 * Moves those that were beside it to where it is now.
 */
void
monitor_inbox_move_sidecars (MonitorPassage *self)
{
  int inbox_fd, managed_fd;

  if (self->sidecar_paths == NULL || !monitor_role_is_valid (self->ingest->parts.role))
    return;
  inbox_fd = monitor_folder_open (self->folder, NULL);
  managed_fd = inbox_fd >= 0 ? monitor_folder_open (self->managed, NULL) : -1;
  for (guint i = 0; managed_fd >= 0 && i < self->sidecar_paths->len; i++)
    {
      const char *path = self->sidecar_paths->pdata[i];
      const char *picture = self->taken_picture ? self->taken_picture : self->path;
      g_autofree char *target = monitor_sidecar_dup_name_for (path, picture, self->managed_path);

      move_one (self, inbox_fd, managed_fd, path, target);
    }
  if (inbox_fd >= 0)
    push_left (self, inbox_fd);
  if (managed_fd >= 0)
    close (managed_fd);
  if (inbox_fd >= 0)
    close (inbox_fd);
}

/**
 * monitor_inbox_put_sidecars_aside:
 * @self: a passage of a picture that was put aside
 * @inbox_fd: the inbox
 * @target: where it is now, below the inbox
 */
void
monitor_inbox_put_sidecars_aside (MonitorPassage *self, int inbox_fd, const char *target)
{
  g_autoptr (GPtrArray) sidecars = NULL;

  if (!monitor_name_is_media (self->path))
    return;
  sidecars = monitor_sidecar_list (inbox_fd, self->path);
  for (guint i = 0; i < sidecars->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *to = monitor_sidecar_dup_name_for (sidecars->pdata[i], self->path, target);

      if (!monitor_place_rename (inbox_fd, sidecars->pdata[i], inbox_fd, to, &error))
        g_warning ("%s: a sidecar stays where it is: %s", self->folder->display, error->message);
    }
}

/* The picture that was taken in which it belongs to. */
static BooruFile *
find_taken (MonitorPassage *self, char **picture)
{
  g_autoptr (GPtrArray) names = monitor_sidecar_list_names (self->path);
  BooruFile *file = NULL;

  for (guint i = 0; file == NULL && i < names->len; i++)
    {
      g_free (*picture);
      *picture = g_strdup (names->pdata[i]);
      file = booru_store_find_taken_file (self->ingest->parts.store, *picture, NULL);
    }
  return file;
}

/* Those that are beside the original already go on counting. */
static void
read_earlier (MonitorPassage *self)
{
  int managed_fd = monitor_folder_open (self->managed, NULL);
  g_autoptr (GPtrArray) earlier = NULL;

  if (managed_fd < 0)
    return;
  earlier = monitor_sidecar_list (managed_fd, self->managed_path);
  for (guint i = 0; i < earlier->len; i++)
    monitor_sidecar_read (self->sidecar, managed_fd, earlier->pdata[i], NULL);
  close (managed_fd);
}

static void
do_read (MonitorPassage *self)
{
  int root_fd = monitor_folder_open (self->folder, NULL);

  if (root_fd < 0)
    return;
  self->sidecar = monitor_tags_new ();
  self->sidecar_result = monitor_sidecar_read (self->sidecar, root_fd, self->path, &self->error);
  monitor_tags_add_note (self->sidecar, self->path);
  close (root_fd);
  read_earlier (self);
}

/* From here on it is as if the picture were on its way, with the sidecar beside it. */
static void
after_read (MonitorPassage *self)
{
  g_autoptr (BooruFile) file = booru_store_find_file (self->ingest->parts.store, self->managed->id,
                                                      self->managed_path, NULL);
  g_autofree char *metadata = NULL;
  BooruFileChange *change;

  if (booru_err_notfound (self->error))
    {
      monitor_passage_finish (self, FALSE, FALSE); /* its picture took it along meanwhile */
      return;
    }
  if (self->sidecar_result == MONITOR_SIDECAR_BROKEN)
    {
      g_autofree char *reason = g_strdup_printf ("The sidecar cannot be used: %s",
                                                 self->error ? self->error->message : "?");

      monitor_inbox_set_aside (self, "failed", reason);
      return;
    }
  if (file == NULL || self->sidecar_result != MONITOR_SIDECAR_READ)
    {
      monitor_passage_finish (self, FALSE, FALSE);
      return;
    }
  change = booru_file_change_new (BOORU_FILE_IMPORT);
  change->file_id = file->id;
  change->folder_id = file->folder_id;
  change->path = g_strdup (file->path);
  change->imports = monitor_passage_new_imports (self, NULL);
  change->metadata = monitor_passage_new_patch (self);
  metadata = booru_store_get_metadata (self->ingest->parts.store, file->post_id, NULL);
  self->remakes = metadata != NULL && monitor_passage_has_other_delays (self, metadata);
  self->sidecar_paths = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->sidecar_paths, g_strdup (self->path));
  monitor_passage_commit (self, change);
}

/**
 * monitor_inbox_take_sidecar:
 * @self: (transfer full): a passage of a sidecar in the inbox that has no picture beside it
 *
 * Brings it to its picture, if that came not long ago.
 */
void
monitor_inbox_take_sidecar (MonitorPassage *self)
{
  g_autofree char *picture = NULL;
  g_autoptr (BooruFile) file = find_taken (self, &picture);
  MonitorFolder *managed = self->ingest->funcs.get_managed (self->ingest->user_data);

  if (file == NULL || file->folder_id != managed->id || file->post_id == 0)
    {
      monitor_passage_finish (self, FALSE, FALSE);
      return;
    }
  self->managed = monitor_folder_ref (managed);
  self->managed_path = g_strdup (file->path);
  self->taken_picture = g_steal_pointer (&picture);
  monitor_passage_run (self, do_read, after_read);
}
