/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ingest-resolve.h"

/* If the other file changed meanwhile, it cannot be compared against. */
static MonitorComparison
compare_with (IngestTask *task, MonitorFolder *folder, const BooruFile *other)
{
  MonitorOpened opened;
  MonitorComparison comparison = MONITOR_COMPARE_FAILED;

  monitor_file_open (folder, other->path, &opened);
  if (opened.outcome == MONITOR_FILE_OPEN
      && monitor_folder_stat_equal (folder, &other->stat, &opened.look.stat))
    comparison
        = monitor_hash_compare (task->opened.fd, opened.fd, task->context->cancellable, NULL);
  monitor_opened_clear (&opened);
  return comparison;
}

/* With the first of the post's files that can be read. */
void
ingest_compare (IngestTask *task)
{
  task->comparison = MONITOR_COMPARE_FAILED;
  for (guint i = 0; i < task->others->len && task->comparison == MONITOR_COMPARE_FAILED; i++)
    {
      const BooruFile *other = g_ptr_array_index (task->others, i);
      MonitorFolder *folder = g_ptr_array_index (task->other_folders, i);
      g_autofree char *full = g_build_filename (folder->path, other->path, NULL);

      task->comparison = compare_with (task, folder, other);
      g_free (task->other_display);
      task->other_display = g_filename_display_name (full);
    }
}

IngestStep
ingest_check_comparison (IngestTask *task)
{
  if (task->comparison == MONITOR_COMPARE_DIFFERENT)
    return ingest_task_fail (
        task,
        g_strdup_printf ("Its MD5 %s is that of %s (post %" G_GINT64_FORMAT
                         "), but the contents differ: one of the two is a crafted collision",
                         task->md5, task->other_display ? task->other_display : "another file",
                         task->post_id));
  if (task->in_trash && task->target->deleted != NULL)
    return task->target->deleted (task);
  if ((task->job->flags & MONITOR_JOB_REMAKE) || !ingest_task_has_thumbnail (task))
    return INGEST_DECODE;
  return INGEST_STORE;
}

/* Keeps of @files those that can be read. */
static void
collect_others (IngestTask *task, GPtrArray *files)
{
  task->others = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_free);
  task->other_folders = g_ptr_array_new_with_free_func ((GDestroyNotify)monitor_folder_unref);
  for (guint i = 0; i < files->len; i++)
    {
      BooruFile *file = g_ptr_array_index (files, i);
      MonitorFolder *folder = monitor_folders_find (task->context->parts.folders, file->folder_id);

      if (folder == NULL || !folder->present
          || (folder == task->folder && g_str_equal (file->path, task->path)))
        {
          booru_file_free (file);
          continue;
        }
      g_ptr_array_add (task->others, file);
      g_ptr_array_add (task->other_folders, monitor_folder_ref (folder));
    }
  g_ptr_array_set_free_func (files, NULL);
}

static IngestStep
compare_with_post (IngestTask *task, const BooruPost *post)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) files = NULL;

  task->post_id = post->id;
  task->in_trash = BOORU_POST_IS_DELETED (post->status);
  g_strlcpy (task->ext, post->media.ext, sizeof task->ext);
  files = booru_store_list_post_files (task->context->parts.store, post->id, &error);
  if (files == NULL)
    return ingest_task_trouble (task, error);
  collect_others (task, files);
  if (task->others->len > 0)
    return INGEST_COMPARE;

  /* Nothing is left to compare with. Size and md5 must do: this is how a file comes back. */
  task->comparison = post->media.size == task->opened.look.stat.size ? MONITOR_COMPARE_FAILED
                                                                     : MONITOR_COMPARE_DIFFERENT;
  return ingest_check_comparison (task);
}

/* The same bytes under the same name; only the times differ. */
static IngestStep
touch (IngestTask *task)
{
  BooruFileChange *change = ingest_task_new_change (task, BOORU_FILE_TOUCH);

  change->file_id = task->known->id;
  change->post_id = task->known->post_id;
  return ingest_task_commit (task, change);
}

IngestStep
ingest_resolve (IngestTask *task)
{
  IngestContext *context = task->context;
  GQueue *waiting = g_hash_table_lookup (context->contents, task->md5);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPost) post = NULL;

  if (waiting != NULL)
    {
      g_queue_push_tail (waiting, task);
      return INGEST_WAIT;
    }
  g_hash_table_insert (context->contents, g_strdup (task->md5), g_queue_new ());
  task->holds_md5 = TRUE;

  post = booru_store_get_post_by_md5 (context->parts.store, task->md5, &error);
  if (post == NULL)
    return booru_err_notfound (error) ? INGEST_DECODE
                                      : ingest_task_trouble (task, g_steal_pointer (&error));
  if (task->known && task->known->post_id == post->id && ingest_task_has_thumbnail (task)
      && !(task->job->flags & MONITOR_JOB_REMAKE) && g_str_equal (task->job->path, task->path)
      && task->job->folder == task->folder)
    return touch (task);
  return compare_with_post (task, post);
}
