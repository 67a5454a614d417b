/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An uploaded file is linked into the managed folder rather than moved, so that it is in the spool
 * until its row is durable: a kill at any instant leaves it there, and the next start goes on. It
 * is no post unless somebody asked for one; until then the board only knows what it is, and the
 * monitor remembers what the decoder found. */
#include <errno.h>
#include <unistd.h>

#include "files/monitor-place.h"
#include "ingest-target.h"

static BooruAsset *
get_asset (IngestTask *task, GError **error)
{
  return booru_store_get_asset (task->context->parts.store, task->job->asset_id, error);
}

static BooruFileChange *
new_change (IngestTask *task, BooruFileChangeKind kind)
{
  BooruFileChange *change = booru_file_change_new (kind);

  change->asset_id = task->job->asset_id;
  change->path = g_strdup (task->path);
  return change;
}

static IngestStep
fail (IngestTask *task, const char *reason)
{
  BooruFileChange *change = new_change (task, BOORU_ASSET_FAIL);
  g_autoptr (BooruAsset) asset = get_asset (task, NULL);

  /* By the name that its uploader knows. */
  if (asset != NULL)
    g_message ("Upload %" G_GINT64_FORMAT ", “%s”: %s", asset->upload_id, asset->file_name, reason);
  change->failure = g_strdup (reason);
  return ingest_task_commit (task, change);
}

static IngestStep
gone (IngestTask *task)
{
  GError *error = NULL;
  g_autoptr (BooruAsset) asset = get_asset (task, &error);

  if (asset == NULL && !booru_err_notfound (error))
    return ingest_task_trouble (task, error);
  g_clear_error (&error);
  if (asset == NULL || asset->spool == NULL)
    return INGEST_DONE;
  if (asset->status == BOORU_ASSET_POSTED)
    return ingest_task_commit (task, new_change (task, BOORU_ASSET_GONE));
  return ingest_task_fail (task,
                           g_strdup ("The uploaded file was removed before it was processed"));
}

/* Tells the board what the file is: of new content what the decoder found, else what the post of
 * these bytes says. */
static IngestStep
describe (IngestTask *task)
{
  g_autoptr (BooruPost) post = NULL;
  BooruFileChange *change;
  GError *error = NULL;

  if (task->decoded)
    monitor_seen_put (task->context->seen, &task->media, task->metadata);
  else
    post = booru_store_get_post (task->context->parts.store, task->post_id, &error);
  if (error != NULL)
    return ingest_task_trouble (task, error);
  change = new_change (task, BOORU_ASSET_READY);
  change->media = post != NULL ? post->media : task->media;
  return ingest_task_commit (task, change);
}

static IngestStep
store (IngestTask *task)
{
  GError *error = NULL;
  g_autoptr (BooruAsset) asset = get_asset (task, &error);
  BooruFileChange *change;

  if (asset == NULL)
    return ingest_task_trouble (task, error);
  if (asset->spool == NULL)
    return INGEST_DONE;
  if (!asset->wanted && asset->status != BOORU_ASSET_POSTED)
    return describe (task);
  if (task->decoded || task->comparison != MONITOR_COMPARE_EQUAL)
    return ingest_task_move_in (task);
  change = new_change (task, BOORU_ASSET_JOIN);
  change->post_id = task->post_id;
  return ingest_task_commit (task, change);
}

/* Who uploaded it is told why it is no post. */
static IngestStep
ignore (IngestTask *task, char *reason)
{
  return ingest_task_fail (task, reason);
}

/* The thumbnails are in their places already. */
static gboolean
recall (IngestTask *task)
{
  if (!ingest_task_has_thumbnail (task) || !ingest_task_is_current (task))
    return FALSE;
  g_clear_pointer (&task->metadata, g_free);
  task->decoded = monitor_seen_take (task->context->seen, task->md5, &task->media, &task->metadata);
  if (task->decoded)
    g_strlcpy (task->ext, task->media.ext, sizeof task->ext);
  return task->decoded;
}

/* Whether the bytes are in another place, which the board knows: in the managed folder, or where
 * they were compared with. */
static gboolean
is_elsewhere (IngestTask *task)
{
  if (task->change->kind != BOORU_ASSET_JOIN)
    return monitor_file_is_at (task->managed, task->managed_path, &task->managed_stat);
  for (guint i = 0; task->others != NULL && i < task->others->len; i++)
    {
      const BooruFile *other = g_ptr_array_index (task->others, i);

      if (monitor_file_is_at (g_ptr_array_index (task->other_folders, i), other->path,
                              &other->stat))
        return TRUE;
    }
  return FALSE;
}

static gboolean
remove_from_spool (IngestTask *task)
{
  g_autoptr (GError) error = NULL;
  booru_autofd int fd = monitor_folder_open (task->folder, &error);
  gboolean removed;

  if (fd < 0)
    return FALSE;
  removed = unlinkat (fd, task->path, 0) == 0 || errno == ENOENT;
  if (!removed)
    g_warning ("%s: an uploaded file that was taken in cannot be removed: %s",
               task->folder->display, g_strerror (errno));
  return removed;
}

/* Removes the file if it is a post now, and tells those who wait for it. */
static void
committed (IngestTask *task)
{
  const IngestContext *context = task->context;
  BooruFileChangeKind kind = task->change->kind;
  gboolean posted = kind == BOORU_FILE_ADD || kind == BOORU_FILE_LINK || kind == BOORU_ASSET_JOIN;

  if (posted && monitor_role_is_valid (context->parts.role) && is_elsewhere (task)
      && remove_from_spool (task))
    monitor_commit_add (context->parts.commit, new_change (task, BOORU_ASSET_GONE), NULL, NULL);
  context->funcs.asset_changed (task->job->asset_id, context->user_data);
}

const MonitorTarget monitor_target_spool = {
  .store = store,
  .fail = fail,
  .ignore = ignore,
  .gone = gone,
  .recall = recall,
  .committed = committed,
  .place = monitor_place_link,
  .is_upload = TRUE,
};
