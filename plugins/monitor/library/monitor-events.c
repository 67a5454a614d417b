/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-events.h"

#include <unistd.h>

#include "files/monitor-file.h"
#include "files/monitor-names.h"
#include "metadata/monitor-sidecar.h"

/* How long after its creation a file is looked at, if no close is seen: a hard link, a file that is
 * held open, a place where closing is not told. */
#define CREATED_DELAY (200 * G_TIME_SPAN_MILLISECOND)

static gboolean
is_left_out (MonitorFolder *folder, const char *path, gboolean is_dir)
{
  return folder == NULL || !folder->present || monitor_path_is_left_out (path, is_dir)
         || monitor_folder_excludes (folder, path);
}

static void
look_at (MonitorEvents *self,
         MonitorFolder *folder,
         const char *path,
         MonitorJobFlags flags,
         gint64 delay)
{
  if (!is_left_out (folder, path, FALSE))
    monitor_queue_push (self->queue, folder, path, MONITOR_JOB_URGENT | flags, delay);
}

static void
note_absent (MonitorEvents *self, MonitorFolder *folder, const char *path)
{
  if (folder != NULL && folder->present && folder->id != 0)
    monitor_absence_note (self->absence, folder, path, FALSE);
}

/* A download may have ended, whose file waits. */
static void
look_at_filled (MonitorEvents *self, MonitorFolder *folder, const char *path)
{
  g_autofree char *filled = monitor_name_dup_filled (path);

  if (filled != NULL && folder != NULL && monitor_queue_lookup (self->queue, folder, filled))
    look_at (self, folder, filled, MONITOR_JOB_CLOSED, 0);
}

/* A sidecar came beside them without its content being looked at. */
static void
push_pictures (MonitorEvents *self, MonitorFolder *folder, const char *path)
{
  booru_autofd int root_fd = monitor_folder_open (folder, NULL);
  g_autoptr (GPtrArray) pictures = NULL;

  if (root_fd < 0)
    return;
  pictures = monitor_sidecar_list_pictures (root_fd, path);
  for (guint i = 0; i < pictures->len; i++)
    look_at (self, folder, pictures->pdata[i], MONITOR_JOB_IMPORT, 0);
}

/* TRUE: the store's file at @from is certainly what lies at @to now, and the store hears of it. */
static gboolean
move_row (MonitorEvents *self,
          MonitorFolder *from_folder,
          const char *from,
          MonitorFolder *to_folder,
          const char *to)
{
  g_autoptr (BooruFile) file = NULL;
  BooruFileChange *change;
  MonitorLook look;

  if (from_folder->id == 0 || to_folder->id == 0)
    return FALSE;
  if ((monitor_commit_concerns (self->commit, from_folder->id, from)
       || monitor_commit_concerns (self->commit, to_folder->id, to))
      && !monitor_commit_flush (self->commit))
    return FALSE;
  file = booru_store_find_file (self->store, from_folder->id, from, NULL);
  if (file == NULL || !monitor_file_lstat (to_folder, to, &look)
      || !monitor_folder_stat_is_known (to_folder, &file->stat, &look.stat))
    return FALSE;

  change = booru_file_change_new (BOORU_FILE_MOVE);
  change->file_id = file->id;
  change->post_id = file->post_id;
  change->folder_id = to_folder->id;
  change->path = g_strdup (to);
  change->stat = look.stat;
  if (file->post_id != 0)
    change->imports = monitor_ingest_new_imports (self->ingest, to_folder, to);
  monitor_commit_add (self->commit, change, NULL, NULL);
  if (monitor_sidecar_is_named_like (to))
    push_pictures (self, to_folder, to);
  return TRUE;
}

static void
handle_moved (MonitorEvents *self,
              MonitorFolder *from_folder,
              const char *from,
              MonitorFolder *to_folder,
              const char *to)
{
  gboolean from_out = is_left_out (from_folder, from, FALSE);
  gboolean to_out = is_left_out (to_folder, to, FALSE);
  MonitorJob *job = from_out ? NULL : monitor_queue_lookup (self->queue, from_folder, from);

  if (to_out && !from_out)
    note_absent (self, from_folder, from);
  if (to_out)
    return;
  if (from_out)
    {
      look_at (self, to_folder, to, MONITOR_JOB_CLOSED, MONITOR_SETTLE_TIME);
      return;
    }

  /* A file that is under way goes on under its new name. From or to the inbox it starts anew. */
  if (job != NULL && from_folder->kind == to_folder->kind
      && from_folder->kind != MONITOR_FOLDER_INBOX)
    monitor_queue_rename (self->queue, job, to_folder, to);
  else if (job == NULL && move_row (self, from_folder, from, to_folder, to))
    return;
  look_at (self, to_folder, to, MONITOR_JOB_CLOSED, MONITOR_SETTLE_TIME);
  note_absent (self, from_folder, from);
}

static void
scan_below (MonitorEvents *self, MonitorFolder *folder, const char *below)
{
  if (folder != NULL && folder->present)
    monitor_scans_start (self->scans, folder, below, FALSE);
}

static void
handle_moved_event (MonitorEvents *self, MonitorFolder *folder, const MonitorWatchEvent *event)
{
  MonitorFolder *to = monitor_folders_find_serial (self->folders, event->to_root);

  if (event->kind == MONITOR_WATCH_MOVED)
    {
      handle_moved (self, folder, event->path, to, event->to_path);
      return;
    }
  /* First where it went, so that the files there are taken for those that are gone here. */
  if (is_left_out (to, event->to_path, TRUE))
    monitor_watcher_forget_below (self->watcher, event->to_root, event->to_path);
  else
    scan_below (self, to, event->to_path);
  scan_below (self, folder, event->path);
}

void
monitor_events_handle (MonitorEvents *self, const MonitorWatchEvent *event)
{
  MonitorFolder *folder = monitor_folders_find_serial (self->folders, event->root);

  if (folder == NULL && event->to_path == NULL)
    return;
  switch (event->kind)
    {
    case MONITOR_WATCH_CREATED:
      look_at (self, folder, event->path, 0, CREATED_DELAY);
      break;
    case MONITOR_WATCH_CLOSED:
      look_at (self, folder, event->path, MONITOR_JOB_CLOSED, MONITOR_SETTLE_TIME);
      break;
    case MONITOR_WATCH_ATTRIBUTES:
      look_at (self, folder, event->path, MONITOR_JOB_RETRY, CREATED_DELAY);
      break;
    case MONITOR_WATCH_DELETED:
      note_absent (self, folder, event->path);
      look_at_filled (self, folder, event->path);
      break;
    case MONITOR_WATCH_DIR_ADDED:
    case MONITOR_WATCH_DIR_REMOVED:
      scan_below (self, folder, event->path);
      break;
    case MONITOR_WATCH_MOVED:
    case MONITOR_WATCH_DIR_MOVED:
      handle_moved_event (self, folder, event);
      break;
    case MONITOR_WATCH_ROOT_LOST:
      monitor_folders_check (self->folders, folder, TRUE);
      break;
    case MONITOR_WATCH_OVERFLOW:
    case MONITOR_WATCH_SEEING:
    case MONITOR_WATCH_BLIND:
    default:
      break;
    }
}
