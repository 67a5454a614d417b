/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is different for an uploaded file. It goes the inbox's way, but is linked into the managed
 * folder rather than moved, so that it is in the spool until its row is durable: a kill at any
 * instant leaves it there, and the next look goes on. It is no post unless somebody asked for one;
 * until then the board only knows what it is, and the monitor remembers what the decoder found. */
#include <errno.h>
#include <unistd.h>

#include "monitor-ingest-private.h"

static BooruAsset *
get_asset (MonitorPassage *self, GError **error)
{
  return booru_store_get_asset (self->ingest->parts.store, self->job->asset_id, error);
}

static BooruFileChange *
new_change (MonitorPassage *self, BooruFileChangeKind kind)
{
  BooruFileChange *change = booru_file_change_new (kind);

  change->asset_id = self->job->asset_id;
  change->path = g_strdup (self->path);
  return change;
}

/**
 * monitor_spool_fail:
 * @self: (transfer full): a passage of an uploaded file
 * @reason: why it cannot be a post
 */
void
monitor_spool_fail (MonitorPassage *self, const char *reason)
{
  BooruFileChange *change = new_change (self, BOORU_ASSET_FAIL);
  g_autoptr (BooruAsset) asset = get_asset (self, NULL);

  /* By the name that its uploader knows. */
  if (asset != NULL)
    g_message ("Upload %" G_GINT64_FORMAT ", “%s”: %s", asset->upload_id, asset->file_name, reason);
  change->failure = g_strdup (reason);
  monitor_passage_commit (self, change);
}

/**
 * monitor_spool_gone:
 * @self: (transfer full): a passage of an uploaded file that is not in the spool
 */
void
monitor_spool_gone (MonitorPassage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruAsset) asset = get_asset (self, &error);

  if (asset == NULL && !booru_err_notfound (error))
    monitor_passage_trouble (self, error);
  else if (asset == NULL || asset->spool == NULL)
    monitor_passage_finish (self, FALSE, FALSE);
  else if (asset->status == BOORU_ASSET_POSTED)
    monitor_passage_commit (self, new_change (self, BOORU_ASSET_GONE));
  else
    monitor_spool_fail (self, "The uploaded file was removed before it was processed");
}

/* The media of the post that has these bytes. */
static gboolean
set_media_of_post (MonitorPassage *self, BooruFileChange *change, GError **error)
{
  g_autoptr (BooruPost) post
      = booru_store_get_post (self->ingest->parts.store, self->post_id, error);

  if (post == NULL)
    return FALSE;
  change->media = post->media;
  return TRUE;
}

static void
say_what_it_is (MonitorPassage *self)
{
  BooruFileChange *change = new_change (self, BOORU_ASSET_READY);
  g_autoptr (GError) error = NULL;

  if (self->decoded)
    {
      change->media = self->media;
      monitor_seen_put (self->ingest->seen, &self->media, self->metadata);
    }
  else if (!set_media_of_post (self, change, &error))
    {
      booru_file_change_free (change);
      monitor_passage_trouble (self, error);
      return;
    }
  monitor_passage_commit (self, change);
}

static void
join_post (MonitorPassage *self)
{
  BooruFileChange *change = new_change (self, BOORU_ASSET_JOIN);

  change->post_id = self->post_id;
  monitor_passage_commit (self, change);
}

/**
 * monitor_spool_store:
 * @self: (transfer full): a passage of an uploaded file, of which it is known what it is
 *
 * Makes a post of it, or adds it to the post of its content, if that was asked for.
 */
void
monitor_spool_store (MonitorPassage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruAsset) asset = get_asset (self, &error);

  if (asset == NULL)
    monitor_passage_trouble (self, error);
  else if (asset->spool == NULL)
    monitor_passage_finish (self, FALSE, FALSE);
  else if (!asset->wanted && asset->status != BOORU_ASSET_POSTED)
    say_what_it_is (self);
  else if (!self->decoded && self->comparison == MONITOR_COMPARE_EQUAL)
    join_post (self);
  else
    monitor_inbox_take_in (self);
}

/* Whether the bytes are in another place, which the board knows: in the managed folder, or where
 * they were compared with. */
static gboolean
is_elsewhere (MonitorPassage *self, const BooruFileChange *change)
{
  if (change->kind != BOORU_ASSET_JOIN)
    return monitor_file_is_at (self->managed, self->managed_path, &self->managed_stat);
  for (guint i = 0; self->others != NULL && i < self->others->len; i++)
    {
      const BooruFile *other = g_ptr_array_index (self->others, i);

      if (monitor_file_is_at (g_ptr_array_index (self->other_folders, i), other->path,
                              &other->stat))
        return TRUE;
    }
  return FALSE;
}

static gboolean
remove_from_spool (MonitorPassage *self)
{
  g_autoptr (GError) error = NULL;
  int fd = monitor_folder_open (self->folder, &error);
  gboolean removed;

  if (fd < 0)
    return FALSE;
  removed = unlinkat (fd, self->path, 0) == 0 || errno == ENOENT;
  if (!removed)
    g_warning ("%s: an uploaded file that was taken in cannot be removed: %s",
               self->folder->display, g_strerror (errno));
  close (fd);
  return removed;
}

/**
 * monitor_spool_committed:
 * @self: a passage of an uploaded file
 * @change: what is durable now
 *
 * Removes the file from the spool if it is a post, and tells those who wait for it.
 */
void
monitor_spool_committed (MonitorPassage *self, const BooruFileChange *change)
{
  gboolean posted = change->kind == BOORU_FILE_ADD || change->kind == BOORU_FILE_LINK
                    || change->kind == BOORU_ASSET_JOIN;

  if (posted && monitor_role_is_valid (self->ingest->parts.role) && is_elsewhere (self, change)
      && remove_from_spool (self))
    monitor_commit_add (self->ingest->parts.commit, new_change (self, BOORU_ASSET_GONE), NULL,
                        NULL);
  self->ingest->funcs.asset_changed (self->job->asset_id, self->ingest->user_data);
}
