/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-absence.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/monitor-names.h"
#include "process/monitor-timer.h"

#define GRACE (500 * G_TIME_SPAN_MILLISECOND)
#define GRACE_UNSETTLED (5 * G_TIME_SPAN_SECOND)
#define GRACE_SCANNING (10 * G_TIME_SPAN_MINUTE)
#define LOOK_AGAIN (250 * G_TIME_SPAN_MILLISECOND)

#define SLICE 256      /* looked at in one turn of the main loop */
#define TOO_MANY 16384 /* to be kept waiting for scans: memory is bounded */

typedef struct
{
  MonitorFolder *folder;
  char *path;
  gint64 since;
  gboolean by_scan;
} Absent;

struct _MonitorAbsence
{
  BooruStore *store;
  MonitorCommit *commit;
  MonitorQueue *queue;
  MonitorFolders *folders;
  guint n_scans;  /* that run */
  GQueue noticed; /* Absent, by events; oldest first */
  GQueue scanned; /* Absent, by scans */
  GSource *timer;
};

static void
absent_free (Absent *absent)
{
  monitor_folder_unref (absent->folder);
  g_free (absent->path);
  g_free (absent);
}

/* Whether @fd is a directory with nothing in it. Takes @fd. */
static gboolean
is_empty_dir (int fd)
{
  g_autoptr (DIR) dir = monitor_dir_open (fd);
  struct dirent *entry;
  guint n = 0;

  while (dir != NULL && n < 3 && (entry = readdir (dir)) != NULL)
    n++;
  return dir != NULL && n <= 2; /* "." and ".." */
}

/* Whether the file was on a disk that was mounted somewhere below the folder, and is not now: the
 * nearest directory that is left is an empty one on another device. */
static gboolean
was_on_other_disk (MonitorFolder *folder, int root_fd, const BooruFile *file)
{
  g_autofree char *dir = g_path_get_dirname (file->path);
  struct stat st;

  if (file->stat.device == folder->former_device)
    return FALSE;
  while (fstatat (root_fd, dir, &st, AT_SYMLINK_NOFOLLOW) < 0)
    {
      g_autofree char *child = g_steal_pointer (&dir);

      if (g_str_equal (child, "."))
        return FALSE;
      dir = g_path_get_dirname (child);
    }
  return st.st_dev != file->stat.device
         && is_empty_dir (openat (root_fd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static void
remove_row (MonitorAbsence *self, const Absent *absent, int root_fd)
{
  g_autoptr (BooruFile) file = NULL;
  BooruFileChange *change;

  if (monitor_commit_concerns (self->commit, absent->folder->id, absent->path)
      && !monitor_commit_flush (self->commit))
    {
      /* The store has a change to that very place still to come: look again after it. */
      monitor_absence_note (self, absent->folder, absent->path, absent->by_scan);
      return;
    }
  file = booru_store_find_file (self->store, absent->folder->id, absent->path, NULL);
  if (file == NULL || was_on_other_disk (absent->folder, root_fd, file)
      || monitor_commit_concerns_file (self->commit, file->id)) /* it is moving from here */
    return;
  change = booru_file_change_new (BOORU_FILE_REMOVE);
  change->file_id = file->id;
  change->post_id = file->post_id;
  change->folder_id = file->folder_id;
  change->path = g_strdup (file->path);
  monitor_commit_add (self->commit, change, NULL, NULL);
}

static void
settle_absent (MonitorAbsence *self, const Absent *absent)
{
  MonitorFolder *folder = absent->folder;
  gboolean left_out;
  struct stat st;
  booru_autofd int root_fd = -1;

  if (folder->removed || !folder->present || folder->id == 0)
    return;
  root_fd = monitor_folder_open (folder, NULL);
  if (root_fd < 0)
    {
      monitor_folders_check (self->folders, folder, FALSE);
      return;
    }
  left_out = monitor_path_is_left_out (absent->path, FALSE)
             || monitor_folder_excludes (folder, absent->path);
  if (!left_out && fstatat (root_fd, absent->path, &st, AT_SYMLINK_NOFOLLOW) == 0
      && !S_ISDIR (st.st_mode))
    monitor_queue_push (self->queue, folder, absent->path, MONITOR_JOB_URGENT, MONITOR_SETTLE_TIME);
  else if (left_out || errno == ENOENT || errno == ENOTDIR || S_ISDIR (st.st_mode))
    remove_row (self, absent, root_fd);
}

/* When the first of @queue is due; G_MAXINT64 if there is none. */
static gint64
due_of_noticed (MonitorAbsence *self)
{
  const Absent *first = g_queue_peek_head (&self->noticed);
  gint64 now = g_get_monotonic_time ();

  if (first == NULL)
    return G_MAXINT64;
  if (now - first->since >= GRACE && now - first->since < GRACE_UNSETTLED
      && (monitor_queue_get_n_urgent (self->queue) > 0 || self->n_scans > 0))
    return now + LOOK_AGAIN;
  return first->since + GRACE;
}

static gint64
due_of_scanned (MonitorAbsence *self)
{
  const Absent *first = g_queue_peek_head (&self->scanned);

  if (first == NULL)
    return G_MAXINT64;
  if (self->scanned.length > TOO_MANY)
    return 0;
  return first->since + (self->n_scans > 0 ? GRACE_SCANNING : GRACE);
}

static void
arm (MonitorAbsence *self)
{
  gint64 due = MIN (due_of_noticed (self), due_of_scanned (self));

  g_source_set_ready_time (self->timer, due == G_MAXINT64 ? -1 : due);
}

static void
work_off (MonitorAbsence *self, GQueue *queue, gint64 (*due) (MonitorAbsence *))
{
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < SLICE && due (self) <= now; i++)
    {
      Absent *absent = g_queue_pop_head (queue);

      settle_absent (self, absent);
      absent_free (absent);
    }
}

static gboolean
on_timer (gpointer user_data)
{
  MonitorAbsence *self = user_data;

  work_off (self, &self->noticed, due_of_noticed);
  work_off (self, &self->scanned, due_of_scanned);
  arm (self);
  return G_SOURCE_CONTINUE;
}

void
monitor_absence_note (MonitorAbsence *self,
                      MonitorFolder *folder,
                      const char *path,
                      gboolean by_scan)
{
  Absent *absent = g_new0 (Absent, 1);

  absent->folder = monitor_folder_ref (folder);
  absent->path = g_strdup (path);
  absent->since = g_get_monotonic_time ();
  absent->by_scan = by_scan;
  g_queue_push_tail (by_scan ? &self->scanned : &self->noticed, absent);
  arm (self);
}

void
monitor_absence_scan_began (MonitorAbsence *self)
{
  self->n_scans++;
}

void
monitor_absence_scan_ended (MonitorAbsence *self)
{
  self->n_scans--;
  arm (self);
}

static void
drop_from (GQueue *queue, MonitorFolder *folder)
{
  GList *next;

  for (GList *link = queue->head; link != NULL; link = next)
    {
      Absent *absent = link->data;

      next = link->next;
      if (absent->folder != folder)
        continue;
      g_queue_delete_link (queue, link);
      absent_free (absent);
    }
}

void
monitor_absence_drop_folder (MonitorAbsence *self, MonitorFolder *folder)
{
  drop_from (&self->noticed, folder);
  drop_from (&self->scanned, folder);
  arm (self);
}

guint
monitor_absence_get_n (MonitorAbsence *self)
{
  return self->noticed.length + self->scanned.length;
}

MonitorAbsence *
monitor_absence_new (BooruStore *store,
                     MonitorCommit *commit,
                     MonitorQueue *queue,
                     MonitorFolders *folders)
{
  MonitorAbsence *self = g_new0 (MonitorAbsence, 1);

  self->store = g_object_ref (store);
  self->commit = commit;
  self->queue = queue;
  self->folders = folders;
  g_queue_init (&self->noticed);
  g_queue_init (&self->scanned);
  self->timer = monitor_timer_new ("[booru] absence", on_timer, self);
  return self;
}

void
monitor_absence_free (MonitorAbsence *self)
{
  g_queue_clear_full (&self->noticed, (GDestroyNotify)absent_free);
  g_queue_clear_full (&self->scanned, (GDestroyNotify)absent_free);
  monitor_timer_free (self->timer);
  g_object_unref (self->store);
  g_free (self);
}
