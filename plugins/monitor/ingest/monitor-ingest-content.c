/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to do with a file whose md5 is known: which post it belongs to, if any. */
#include "monitor-ingest-private.h"

#include <unistd.h>

gboolean
monitor_passage_has_thumbnail (MonitorPassage *self)
{
  g_autofree char *path = booru_variant_get_path (BOORU_VARIANT_720, self->md5);
  g_autofree char *full = g_build_filename (self->ingest->data_dir, path, NULL);

  return access (full, F_OK) == 0;
}

/* The bytes are those of the post. */
static void
join_post (MonitorPassage *self)
{
  BooruFileChange *change;

  if (self->folder->kind == MONITOR_FOLDER_SPOOL)
    {
      monitor_spool_store (self);
      return;
    }
  if (self->folder->kind == MONITOR_FOLDER_INBOX)
    {
      if (self->comparison == MONITOR_COMPARE_EQUAL)
        monitor_inbox_set_aside (self, "duplicates", NULL);
      else
        monitor_inbox_take_in (self); /* the post's files are all gone: this is it, back again */
      return;
    }

  if (self->former && self->former->post_id == self->post_id)
    {
      change = monitor_passage_new_change (self, BOORU_FILE_MOVE);
      change->file_id = self->former->id;
    }
  else
    {
      change = monitor_passage_new_change (self, BOORU_FILE_LINK);
      change->post_id = self->post_id;
    }
  change->imports = monitor_passage_new_imports (self, NULL);
  monitor_passage_commit (self, change);
}

/* What was deleted on the board is not to come in again by the inbox, and is not to vanish into the
 * trash either. */
static void
refuse_deleted (MonitorPassage *self)
{
  g_autofree char *reason
      = g_strdup_printf ("its content is that of post %" G_GINT64_FORMAT
                         ", which was deleted: undelete that post, then put the file in again",
                         self->post_id);

  monitor_inbox_set_aside (self, "duplicates", reason);
}

static void
after_compare (MonitorPassage *self)
{
  g_autofree char *reason = NULL;

  if (g_error_matches (self->error, BOORU_ERROR, BOORU_ERROR_CANCELLED))
    monitor_passage_trouble (self, self->error);
  else if (self->comparison != MONITOR_COMPARE_DIFFERENT && self->in_trash
           && self->folder->kind == MONITOR_FOLDER_INBOX)
    refuse_deleted (self);
  else if (self->comparison != MONITOR_COMPARE_DIFFERENT && (self->job->flags & MONITOR_JOB_REMAKE))
    monitor_passage_decode (self);
  else if (self->comparison != MONITOR_COMPARE_DIFFERENT && monitor_passage_has_thumbnail (self))
    join_post (self);
  else if (self->comparison != MONITOR_COMPARE_DIFFERENT)
    monitor_passage_decode (self);
  else
    {
      reason = g_strdup_printf (
          "Its MD5 %s is that of %s (post %" G_GINT64_FORMAT
          "), but the contents differ: one of the two is a crafted collision",
          self->md5, self->other_display ? self->other_display : "another file", self->post_id);
      monitor_passage_fail (self, reason);
    }
}

static MonitorComparison
compare_with (MonitorPassage *self, MonitorFolder *folder, const BooruFile *other)
{
  MonitorOpened opened;
  MonitorComparison comparison = MONITOR_COMPARE_FAILED;

  monitor_file_open (folder, other->path, &opened);
  /* Has it changed meanwhile, then it is no witness of the post's content. */
  if (opened.outcome == MONITOR_FILE_OPEN
      && monitor_folder_stat_equal (folder, &other->stat, &opened.look.stat))
    comparison = monitor_hash_compare (self->opened.fd, opened.fd, self->ingest->cancellable, NULL);
  monitor_opened_clear (&opened);
  return comparison;
}

/* With the first of the post's files that can be read. */
static void
do_compare (MonitorPassage *self)
{
  self->comparison = MONITOR_COMPARE_FAILED;
  for (guint i = 0; i < self->others->len && self->comparison == MONITOR_COMPARE_FAILED; i++)
    {
      const BooruFile *other = g_ptr_array_index (self->others, i);
      MonitorFolder *folder = g_ptr_array_index (self->other_folders, i);
      g_autofree char *full = g_build_filename (folder->path, other->path, NULL);

      self->comparison = compare_with (self, folder, other);
      g_free (self->other_display);
      self->other_display = g_filename_display_name (full);
    }
}

/* Keeps of @files those that can be looked at. */
static void
collect_others (MonitorPassage *self, GPtrArray *files)
{
  self->others = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_free);
  self->other_folders = g_ptr_array_new_with_free_func ((GDestroyNotify)monitor_folder_unref);
  for (guint i = 0; i < files->len; i++)
    {
      BooruFile *file = g_ptr_array_index (files, i);
      MonitorFolder *folder
          = self->ingest->funcs.find_folder (file->folder_id, self->ingest->user_data);

      if (folder == NULL || !folder->present
          || (folder == self->folder && g_str_equal (file->path, self->path)))
        {
          booru_file_free (file);
          continue;
        }
      g_ptr_array_add (self->others, file);
      g_ptr_array_add (self->other_folders, monitor_folder_ref (folder));
    }
  g_ptr_array_set_free_func (files, NULL);
}

static void
compare_with_post (MonitorPassage *self, const BooruPost *post)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = NULL;

  self->post_id = post->id;
  self->in_trash = BOORU_POST_IS_DELETED (post->status);
  g_strlcpy (self->ext, post->media.ext, sizeof self->ext);
  files = booru_store_list_post_files (self->ingest->parts.store, post->id, &error);
  if (files == NULL)
    {
      monitor_passage_trouble (self, error);
      return;
    }
  collect_others (self, files);
  if (self->others->len == 0)
    {
      /* Nothing is left to compare with. Size and md5 must do: this is how a file comes back. */
      self->comparison = post->media.size == self->opened.look.stat.size
                             ? MONITOR_COMPARE_FAILED
                             : MONITOR_COMPARE_DIFFERENT;
      after_compare (self);
      return;
    }
  monitor_passage_run (self, do_compare, after_compare);
}

/* The same bytes under the same name; only the times are others. */
static void
touch (MonitorPassage *self)
{
  BooruFileChange *change = monitor_passage_new_change (self, BOORU_FILE_TOUCH);

  change->file_id = self->known->id;
  change->post_id = self->known->post_id;
  monitor_passage_commit (self, change);
}

/**
 * monitor_passage_resolve:
 * @self: a passage whose md5 is known
 *
 * Finds out whether the content is new. One passage at a time asks for a given content: two copies
 * that arrive together are decoded once.
 */
void
monitor_passage_resolve (MonitorPassage *self)
{
  MonitorIngest *ingest = self->ingest;
  GQueue *waiting = g_hash_table_lookup (ingest->contents, self->md5);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPost) post = NULL;

  if (monitor_passage_is_moot (self))
    {
      monitor_passage_finish (self, FALSE, FALSE);
      return;
    }
  if (waiting != NULL)
    {
      g_queue_push_tail (waiting, self);
      return;
    }
  g_hash_table_insert (ingest->contents, g_strdup (self->md5), g_queue_new ());
  self->holds_md5 = TRUE;

  post = booru_store_get_post_by_md5 (ingest->parts.store, self->md5, &error);
  if (post == NULL && !booru_err_notfound (error))
    monitor_passage_trouble (self, error);
  else if (post == NULL)
    monitor_passage_decode (self);
  else if (self->known && self->known->post_id == post->id && monitor_passage_has_thumbnail (self)
           && !(self->job->flags & MONITOR_JOB_REMAKE) && g_str_equal (self->job->path, self->path)
           && self->job->folder == self->folder)
    touch (self);
  else
    compare_with_post (self, post);
}
