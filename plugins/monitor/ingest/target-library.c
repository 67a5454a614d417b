/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files in library folders and in the managed folder stay where they are: only the store hears of
 * them. */
#include "ingest-metadata.h"
#include "ingest-target.h"

static IngestStep
store (IngestTask *task)
{
  gboolean moved = !task->decoded && task->former && task->former->post_id == task->post_id;
  BooruFileChangeKind kind = moved           ? BOORU_FILE_MOVE
                             : task->decoded ? BOORU_FILE_ADD
                                             : BOORU_FILE_LINK;
  BooruFileChange *change = ingest_task_new_change (task, kind);

  if (moved)
    change->file_id = task->former->id;
  else if (!task->decoded)
    change->post_id = task->post_id;
  else
    change->media = task->media;
  change->imports = ingest_metadata_new_imports (task, task->decoded ? task->metadata : NULL);
  if (task->decoded)
    change->metadata = ingest_metadata_take (task);
  return ingest_task_commit (task, change);
}

static IngestStep
fail (IngestTask *task, const char *reason)
{
  BooruFileChange *change;

  ingest_task_log (task, reason);
  change = ingest_task_new_change (task, BOORU_FILE_FAIL);
  change->failure = g_strdup (reason);
  return ingest_task_commit (task, change);
}

static IngestStep
ignore (IngestTask *task, char *reason)
{
  g_free (reason);
  return ingest_task_commit (task, ingest_task_new_change (task, BOORU_FILE_IGNORE));
}

static IngestStep
gone (IngestTask *task)
{
  const IngestContext *context = task->context;

  if (task->known)
    context->funcs.absent (task->folder, task->path, context->user_data);
  return INGEST_DONE;
}

/* Its pictures are looked at again: they may have been stored before it was there, or complete. */
static IngestStep
sidecar (IngestTask *task)
{
  MonitorJobFlags flags = MONITOR_JOB_IMPORT | (task->job->flags & MONITOR_JOB_URGENT);

  for (guint i = 0; i < task->sidecar_pictures->len; i++)
    monitor_queue_push (task->context->parts.queue, task->folder, task->sidecar_pictures->pdata[i],
                        flags, 0);
  if (task->sidecar_pictures->len > 0 && task->sidecar_result == MONITOR_SIDECAR_BROKEN)
    return ingest_task_fail (
        task, g_strdup_printf ("The sidecar cannot be used: %s", task->error->message));
  return ignore (task, NULL);
}

const MonitorTarget monitor_target_library = {
  .store = store,
  .fail = fail,
  .ignore = ignore,
  .gone = gone,
  .sidecar = sidecar,
};

/* What lies beside originals is kept for the user, and does not count any more. */
const MonitorTarget monitor_target_managed = {
  .store = store,
  .fail = fail,
  .ignore = ignore,
  .gone = gone,
};
