/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-uploads.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "monitor-placing.h"

#define AT_ONCE 200 /* files in the queue, so that an upload of thousands takes little memory */
#define CLEAN_AT_ONCE 100

/* A file that belongs to no upload: its client never got an answer, or has just not got it yet. */
#define ORPHAN_TIME (24 * G_TIME_SPAN_HOUR)

struct _MonitorUploads
{
  char *files_dir;
  MonitorRole *role;
  BooruStore *store;
  MonitorQueue *queue;
  MonitorCommit *commit;
  MonitorFolder *spool;
  gint64 keep_time;
  gboolean more; /* than were brought into the queue */
};

MonitorUploads *
monitor_uploads_new (const char *files_dir,
                     MonitorRole *role,
                     BooruStore *store,
                     MonitorQueue *queue,
                     MonitorCommit *commit)
{
  g_autofree char *path = g_build_filename (files_dir, BOORU_DIR_SPOOL, NULL);
  g_autofree char *reason = NULL;
  MonitorUploads *self = g_new0 (MonitorUploads, 1);

  self->files_dir = g_strdup (files_dir);
  self->role = role;
  self->store = g_object_ref (store);
  self->queue = queue;
  self->commit = commit;
  self->spool = monitor_folder_new (MONITOR_FOLDER_SPOOL, path);
  self->spool->present = monitor_folder_examine (self->spool, store, &reason) != MONITOR_ROOT_GONE;
  return self;
}

void
monitor_uploads_free (MonitorUploads *self)
{
  monitor_folder_unref (self->spool);
  g_object_unref (self->store);
  g_free (self->files_dir);
  g_free (self);
}

void
monitor_uploads_set_keep_time (MonitorUploads *self, gint64 keep_time)
{
  self->keep_time = keep_time;
}

/* One that is under way already comes again only if it is to be a post since. */
static void
push (MonitorUploads *self, const BooruAsset *asset)
{
  MonitorJob *job = monitor_queue_lookup (self->queue, self->spool, asset->spool);

  if (job != NULL && (job->asset_wanted || !asset->wanted))
    return;
  job = monitor_queue_push (self->queue, self->spool, asset->spool, MONITOR_JOB_URGENT, 0);
  job->asset_id = asset->id;
  job->asset_wanted = asset->wanted;
}

void
monitor_uploads_look (MonitorUploads *self)
{
  g_autofree char *reason = NULL;
  g_autoptr (GError) error = NULL;
  guint n_ready;
  guint limit = AT_ONCE + monitor_queue_get_n_uploads (self->queue, &n_ready);
  g_autoptr (GPtrArray) assets = booru_store_list_assets_to_do (self->store, limit, &error);

  if (assets == NULL)
    {
      g_warning ("Uploads cannot be processed now: %s", error->message);
      return;
    }
  self->more = assets->len == limit;
  if (assets->len > 0)
    self->spool->present
        = monitor_folder_examine (self->spool, self->store, &reason) != MONITOR_ROOT_GONE;
  for (guint i = 0; i < assets->len; i++)
    push (self, g_ptr_array_index (assets, i));
}

void
monitor_uploads_look_for_more (MonitorUploads *self)
{
  guint n_ready;

  monitor_queue_get_n_uploads (self->queue, &n_ready);
  if (self->more && n_ready < AT_ONCE / 2)
    monitor_uploads_look (self);
}

static int
open_spool (MonitorUploads *self)
{
  return open (self->spool->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

typedef struct
{
  MonitorUploads *uploads;
  char md5[33];
} Expiry;

/* Only once the board says that it has expired: until then somebody may ask for a post of it. */
static void
on_expired (BooruFileChange *change, const GError *error, gpointer data)
{
  g_autofree Expiry *expiry = data;
  booru_autofd int fd = error == NULL ? open_spool (expiry->uploads) : -1;

  if (fd >= 0 && unlinkat (fd, change->path, 0) == 0 && *expiry->md5 != '\0')
    monitor_placing_undo (expiry->md5, expiry->uploads->files_dir, expiry->uploads->store);
}

static void
expire (MonitorUploads *self, const BooruAsset *asset)
{
  BooruFileChange *change = booru_file_change_new (BOORU_ASSET_GONE);
  Expiry *expiry = g_new0 (Expiry, 1);

  g_message ("The uploaded file %s is removed: no post was created from it in time",
             asset->file_name);
  change->asset_id = asset->id;
  change->path = g_strdup (asset->spool);
  expiry->uploads = self;
  g_strlcpy (expiry->md5, asset->media.md5, sizeof expiry->md5);
  monitor_commit_add (self->commit, change, on_expired, expiry);
}

static void
remove_orphans (MonitorUploads *self)
{
  g_autoptr (GHashTable) names = booru_store_list_spool_names (self->store, NULL);
  int fd = names != NULL ? open_spool (self) : -1;
  g_autoptr (DIR) dir = monitor_dir_open (fd);
  gint64 since = (g_get_real_time () - ORPHAN_TIME) / G_USEC_PER_SEC;
  struct dirent *entry;
  struct stat st;

  while (dir != NULL && (entry = readdir (dir)) != NULL)
    if (!g_hash_table_contains (names, entry->d_name)
        && fstatat (fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (st.st_mode)
        && st.st_mtime < since)
      unlinkat (fd, entry->d_name, 0);
}

void
monitor_uploads_clean (MonitorUploads *self)
{
  g_autoptr (GPtrArray) stale = NULL;

  if (!monitor_role_is_valid (self->role))
    return;
  remove_orphans (self);
  if (self->keep_time == 0)
    return;
  stale = booru_store_list_assets_stale (self->store, g_get_real_time () - self->keep_time,
                                         CLEAN_AT_ONCE, NULL);
  for (guint i = 0; stale != NULL && i < stale->len; i++)
    expire (self, g_ptr_array_index (stale, i));
}
