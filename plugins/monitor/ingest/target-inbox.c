/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of the ingest folder are not indexed where they lie, but moved: into the managed folder, to
 * duplicates/, or to failed/. The order of steps is such that a kill at any instant leaves the file
 * in the inbox or in the managed folder, and the next start goes on from there. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/monitor-place.h"
#include "inbox-sidecar.h"
#include "ingest-target.h"

/* A file that is cut short may still be filled, though it was closed: a download that is paused, a
 * copy made in several goes. It would be moved away from under the one who fills it. */
#define CUT_PATIENCE G_TIME_SPAN_MINUTE
#define NS_PER_US 1000

/* Moves the file out of the way, within the inbox. @reason: (nullable): written beside it, as
 * NAME.reason.txt */
static IngestStep
set_aside (IngestTask *task, const char *dir, const char *reason)
{
  const MonitorIngestParts *parts = &task->context->parts;
  g_autoptr (GError) error = NULL;
  g_autofree char *target = NULL;
  g_autofree char *text = reason != NULL ? g_strconcat (reason, "\n", NULL) : NULL;
  booru_autofd int root_fd = monitor_folder_open (task->folder, &error);

  if (root_fd >= 0 && monitor_role_check (parts->role, &error))
    target = monitor_place_aside (root_fd, task->path, dir, text, &error);
  if (target == NULL)
    return ingest_task_trouble (task, g_steal_pointer (&error));
  inbox_sidecar_set_aside (task, root_fd, target);
  task->failed = g_str_equal (dir, "failed");
  booru_metric_inc (
      parts->metrics->files[task->failed ? MONITOR_RESULT_FAILED : MONITOR_RESULT_DUPLICATE]);
  return INGEST_DONE;
}

static IngestStep
store (IngestTask *task)
{
  if (!task->decoded && task->comparison == MONITOR_COMPARE_EQUAL)
    return set_aside (task, "duplicates", NULL);
  return ingest_task_move_in (task); /* new, or the post's files are all gone: it is back again */
}

static IngestStep
fail (IngestTask *task, const char *reason)
{
  ingest_task_log (task, reason);
  return set_aside (task, "failed", reason);
}

static IngestStep
ignore (IngestTask *task, char *reason)
{
  g_free (reason);
  return INGEST_DONE;
}

static IngestStep
gone (IngestTask *task)
{
  return INGEST_DONE;
}

static IngestStep
sidecar (IngestTask *task)
{
  /* One that has pictures goes with them. */
  return task->sidecar_pictures->len == 0 && inbox_sidecar_find_taken (task) ? INGEST_FOLLOW
                                                                             : INGEST_DONE;
}

/* What was deleted on the board must not come back by the inbox, nor vanish into the trash. */
static IngestStep
deleted (IngestTask *task)
{
  g_autofree char *reason
      = g_strdup_printf ("its content is that of post %" G_GINT64_FORMAT
                         ", which was deleted: undelete that post, then put the file in again",
                         task->post_id);

  return set_aside (task, "duplicates", reason);
}

static gint64
get_patience (IngestTask *task)
{
  gint64 age = g_get_real_time () - task->opened.look.change_ns / NS_PER_US;
  gint64 watched = g_get_monotonic_time () - task->job->settle.looked_at;
  gint64 configured = task->context->parts.cut_patience;
  gint64 left = (configured ? configured : CUT_PATIENCE) - MAX (age, watched);

  return left <= 0 ? 0 : MAX (left, G_TIME_SPAN_MILLISECOND);
}

/* Only if it is still the file that was copied, down to the time of its inode. */
static void
remove_source (IngestTask *task, int inbox_fd)
{
  struct stat st;

  if (!monitor_file_is_untouched (task->opened.fd, &task->opened.look)
      || fstatat (inbox_fd, task->path, &st, AT_SYMLINK_NOFOLLOW) < 0
      || st.st_ino != task->opened.look.stat.inode || st.st_dev != task->opened.look.stat.device)
    return;
  if (unlinkat (inbox_fd, task->path, 0) < 0)
    g_warning ("%s: a file that was taken in cannot be removed: %s", task->folder->display,
               g_strerror (errno));
}

/* What is still of the file in the inbox goes. */
static void
committed (IngestTask *task)
{
  const MonitorIngestParts *parts = &task->context->parts;
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = NULL;
  booru_autofd int inbox_fd = -1;

  inbox_sidecar_move (task);
  if (task->remakes)
    monitor_queue_push (parts->queue, task->managed, task->managed_path,
                        MONITOR_JOB_REMAKE | MONITOR_JOB_URGENT, 0);
  if ((!task->copied && !task->existed) || !monitor_role_is_valid (parts->role))
    return;
  inbox_fd = monitor_folder_open (task->folder, &error);
  if (inbox_fd < 0)
    return;
  if (task->copied)
    remove_source (task, inbox_fd);
  else if ((aside = monitor_place_aside (inbox_fd, task->path, "duplicates", NULL, &error)) == NULL)
    g_warning ("%s: a duplicate stays where it is: %s", task->folder->display, error->message);
}

const MonitorTarget monitor_target_inbox = {
  .store = store,
  .fail = fail,
  .ignore = ignore,
  .gone = gone,
  .sidecar = sidecar,
  .deleted = deleted,
  .get_patience = get_patience,
  .committed = committed,
  .place = monitor_place_rename,
  .leaves_irregular = TRUE,
  .keeps_open = TRUE,
};
