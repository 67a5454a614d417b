/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of the ingest folder are not indexed where they lie, but moved: into the managed folder,
 * to duplicates/, or to failed/. The order of steps is such that a kill at any instant leaves the
 * file in the inbox or in the managed folder, and the next start goes on from there. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "monitor-ingest-private.h"
#include "files/monitor-place.h"

/**
 * monitor_inbox_set_aside:
 * @self: (transfer full): a passage of a file in the inbox
 * @dir: "duplicates" or "failed"
 * @reason: (nullable): written beside it, as NAME.reason.txt
 *
 * Moves the file out of the way, within the inbox.
 */
void
monitor_inbox_set_aside (MonitorPassage *self, const char *dir, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *target = NULL;
  g_autofree char *text = reason != NULL ? g_strconcat (reason, "\n", NULL) : NULL;
  int root_fd = monitor_folder_open (self->folder, &error);
  gboolean failed;

  if (root_fd >= 0)
    {
      if (monitor_role_check (self->ingest->parts.role, &error))
        target = monitor_place_aside (root_fd, self->path, dir, text, &error);
      if (target != NULL)
        monitor_inbox_put_sidecars_aside (self, root_fd, target);
      close (root_fd);
    }
  if (target == NULL)
    {
      monitor_passage_trouble (self, error);
      return;
    }
  failed = g_str_equal (dir, "failed");
  booru_metric_inc (self->ingest->parts.metrics
                        ->files[failed ? MONITOR_RESULT_FAILED : MONITOR_RESULT_DUPLICATE]);
  monitor_passage_finish (self, FALSE, failed);
}

static gboolean
compare_with_existing (MonitorPassage *self, int managed_fd, GError **error)
{
  int fd = booru_open_beneath (managed_fd, self->managed_path, O_RDONLY | O_NONBLOCK, error);
  MonitorComparison comparison;

  if (fd < 0)
    return FALSE;
  comparison = monitor_hash_compare (self->opened.fd, fd, self->ingest->cancellable, error);
  close (fd);
  if (comparison == MONITOR_COMPARE_DIFFERENT)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "%s/%s already exists with different content", BOORU_DIR_ORIGINALS,
                 self->managed_path);
  self->existed = comparison == MONITOR_COMPARE_EQUAL;
  return self->existed;
}

/* By rename where it can be, else by copy; in that case the source is removed after the commit. */
static gboolean
place (MonitorPassage *self, int inbox_fd, int managed_fd, GError **error)
{
  g_autoptr (GError) place_error = NULL;
  g_autofree char *target = g_build_filename (BOORU_DIR_ORIGINALS, self->managed_path, NULL);

  /* Right before the move: whoever was stopped for long may have a successor. */
  if (!monitor_role_check (self->ingest->parts.role, error))
    return FALSE;
  if (self->folder->kind == MONITOR_FOLDER_SPOOL
          ? monitor_place_link (inbox_fd, self->path, managed_fd, self->managed_path, &place_error)
          : monitor_place_rename (inbox_fd, self->path, managed_fd, self->managed_path,
                                  &place_error))
    return TRUE;
  if (g_error_matches (place_error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED))
    {
      g_clear_error (&place_error);
      self->copied = monitor_place_copy (self->opened.fd, self->ingest->data_dir,
                                         self->ingest->temporary_dir, target, &place_error);
      if (self->copied)
        return TRUE;
    }
  if (booru_err_exists (place_error))
    return compare_with_existing (self, managed_fd, error);
  g_propagate_error (error, g_steal_pointer (&place_error));
  return FALSE;
}

static gboolean
stat_managed (MonitorPassage *self, int managed_fd, GError **error)
{
  MonitorLook look;
  struct stat st;

  if (fstatat (managed_fd, self->managed_path, &st, AT_SYMLINK_NOFOLLOW) < 0)
    return booru_set_errno_error (error, errno, "Looking at %s/%s", BOORU_DIR_ORIGINALS,
                                  self->managed_path);
  monitor_look_from_stat (&look, &st);
  self->managed_stat = look.stat;
  return TRUE;
}

static void
do_take_in (MonitorPassage *self)
{
  int inbox_fd = monitor_folder_open (self->folder, &self->error);
  int managed_fd = inbox_fd >= 0 ? monitor_folder_open (self->managed, &self->error) : -1;

  if (inbox_fd >= 0)
    {
      /* What goes along is what counts: more may have come since the picture was opened. */
      self->sidecar_paths = monitor_sidecar_list (inbox_fd, self->path);
      monitor_passage_read_sidecars (self);
    }
  if (managed_fd >= 0 && place (self, inbox_fd, managed_fd, &self->error)
      && stat_managed (self, managed_fd, &self->error))
    /* Durable before the row is, and before the source goes. */
    monitor_place_sync_dir (managed_fd, self->managed_path, &self->error);
  if (managed_fd >= 0)
    close (managed_fd);
  if (inbox_fd >= 0)
    close (inbox_fd);
}

static void
after_take_in (MonitorPassage *self)
{
  BooruFileChange *change;

  if (booru_err_invalid (self->error))
    {
      g_autofree char *reason = g_strdup (self->error->message);

      if (self->folder->kind == MONITOR_FOLDER_SPOOL)
        monitor_spool_fail (self, reason);
      else
        monitor_inbox_set_aside (self, "failed", reason);
      return;
    }
  if (self->error != NULL)
    {
      monitor_passage_trouble (self, self->error);
      return;
    }

  change = booru_file_change_new (self->decoded ? BOORU_FILE_ADD : BOORU_FILE_LINK);
  change->asset_id = self->job->asset_id;
  change->folder_id = self->managed->id;
  change->path = g_strdup (self->managed_path);
  change->stat = self->managed_stat;
  if (self->folder->kind == MONITOR_FOLDER_INBOX)
    change->taken_name = g_strdup (self->path);
  if (self->decoded)
    {
      change->media = self->media;
      change->imports = monitor_passage_new_imports (self, self->metadata);
      change->metadata = monitor_passage_take_metadata (self);
    }
  else
    {
      change->imports = monitor_passage_new_imports (self, NULL);
      change->post_id = self->post_id;
    }
  monitor_passage_commit (self, change);
}

/**
 * monitor_inbox_take_in:
 * @self: (transfer full): a passage of a file in the inbox or the spool, whose content is fine and
 * not yet there
 *
 * Moves or links the file into the managed folder, and stores it.
 */
void
monitor_inbox_take_in (MonitorPassage *self)
{
  self->managed = monitor_folder_ref (self->ingest->funcs.get_managed (self->ingest->user_data));
  self->managed_path = monitor_place_original_path (self->md5, self->ext);
  monitor_passage_run (self, do_take_in, after_take_in);
}

/* Only if it is still the file that was copied, down to the time of its inode. */
static void
remove_source (MonitorPassage *self, int inbox_fd)
{
  struct stat st;

  if (!monitor_file_is_untouched (self->opened.fd, &self->opened.look)
      || fstatat (inbox_fd, self->path, &st, AT_SYMLINK_NOFOLLOW) < 0
      || st.st_ino != self->opened.look.stat.inode || st.st_dev != self->opened.look.stat.device)
    return;
  if (unlinkat (inbox_fd, self->path, 0) < 0)
    g_warning ("%s: a file that was taken in cannot be removed: %s", self->folder->display,
               g_strerror (errno));
}

/**
 * monitor_inbox_committed:
 * @self: a passage of a file in the inbox
 *
 * The file is stored: what is still of it in the inbox goes.
 */
void
monitor_inbox_committed (MonitorPassage *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = NULL;
  int inbox_fd;

  monitor_inbox_move_sidecars (self);
  if (self->remakes)
    monitor_queue_push (self->ingest->parts.queue, self->managed, self->managed_path,
                        MONITOR_JOB_REMAKE | MONITOR_JOB_URGENT, 0);
  if ((!self->copied && !self->existed) || !monitor_role_is_valid (self->ingest->parts.role))
    return;
  inbox_fd = monitor_folder_open (self->folder, &error);
  if (inbox_fd < 0)
    return;
  if (self->copied)
    remove_source (self, inbox_fd);
  else if ((aside = monitor_place_aside (inbox_fd, self->path, "duplicates", NULL, &error)) == NULL)
    g_warning ("%s: a duplicate stays where it is: %s", self->folder->display, error->message);
  close (inbox_fd);
}
