/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jobs: asking for them, looking at them, stopping them. booru-store-job-run.c does them. */
#include "board/store/booru-store-jobs-private.h"

#include "base/booru-error.h"

/* Columns of list-jobs.sql. */
enum
{
  COLUMN_ID,
  COLUMN_KIND,
  COLUMN_CREATOR,
  COLUMN_TITLE,
  COLUMN_PARAMS,
  COLUMN_STATE,
  COLUMN_TOTAL,
  COLUMN_DONE,
  COLUMN_CHANGED,
  COLUMN_ERROR,
  COLUMN_CREATED_AT,
  COLUMN_STARTED_AT,
  COLUMN_FINISHED_AT,
  COLUMN_UNDO_OF,
  COLUMN_UNDONE_BY,
};

static BooruJob *
read_job (BooruSqlStatement *row)
{
  BooruJob *job = g_new0 (BooruJob, 1);

  job->id = booru_sql_get_number (row, COLUMN_ID);
  job->kind
      = (BooruJobKind)CLAMP (booru_sql_get_number (row, COLUMN_KIND), 0, BOORU_N_JOB_KINDS - 1);
  job->creator_id = booru_sql_get_number (row, COLUMN_CREATOR);
  job->title = booru_sql_dup_text (row, COLUMN_TITLE);
  job->params = booru_sql_dup_text (row, COLUMN_PARAMS);
  job->state
      = (BooruJobState)CLAMP (booru_sql_get_number (row, COLUMN_STATE), 0, BOORU_N_JOB_STATES - 1);
  job->total = booru_sql_get_number (row, COLUMN_TOTAL);
  job->done = booru_sql_get_number (row, COLUMN_DONE);
  job->changed = booru_sql_get_number (row, COLUMN_CHANGED);
  job->error = g_strdup (booru_sql_get_text (row, COLUMN_ERROR));
  job->created_at = booru_sql_get_number (row, COLUMN_CREATED_AT);
  job->started_at = booru_sql_get_number (row, COLUMN_STARTED_AT);
  job->finished_at = booru_sql_get_number (row, COLUMN_FINISHED_AT);
  job->undo_of = booru_sql_get_number (row, COLUMN_UNDO_OF);
  job->undone_by = booru_sql_get_number (row, COLUMN_UNDONE_BY);
  return job;
}

GPtrArray *
booru_store_list_jobs (BooruStore *self, const BooruJobFilter *filter, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && filter != NULL, NULL);

  const BooruPage *page = &filter->page;
  gboolean oldest_first = page->kind == BOORU_PAGE_AFTER;
  gint64 offset = page->kind == BOORU_PAGE_NUMBER ? (page->value - 1) * page->limit : 0;
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_job_free);
  g_autoptr (BooruSqlStatement) rows = booru_sql_query (
      self->sql, error, "list-jobs", "xiixxxbux", filter->id, filter->kind, filter->state,
      filter->creator_id, page->kind == BOORU_PAGE_BEFORE ? page->value : G_MAXINT64,
      oldest_first ? page->value : (gint64)0, oldest_first, page->limit, MAX (offset, 0));
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    g_ptr_array_add (jobs, read_job (rows));
  if (step != BOORU_SQL_DONE)
    return NULL;
  if (oldest_first)
    booru_store_reverse (jobs);
  return g_steal_pointer (&jobs);
}

BooruJob *
booru_store_get_job (BooruStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  BooruJobFilter filter = BOORU_JOB_FILTER_INIT;
  g_autoptr (GPtrArray) found = NULL;

  filter.id = id;
  found = id > 0 ? booru_store_list_jobs (self, &filter, error) : g_ptr_array_new ();
  if (found == NULL)
    return NULL;
  if (found->len > 0)
    return g_ptr_array_steal_index (found, 0);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no job %" G_GINT64_FORMAT, id);
  return NULL;
}

gboolean
booru_store_insert_job (BooruStore *store, const BooruJobDraft *draft, gint64 *id, GError **error)
{
  gint64 now = g_get_real_time ();
  g_autofree char *params
      = draft->params != NULL ? booru_job_params_to_json (draft->params) : g_strdup ("{}");
  g_autoptr (GBytes) posts = draft->posts != NULL ? booru_id_list_pack (draft->posts) : NULL;
  gint64 total = draft->posts != NULL ? (gint64)draft->posts->len : draft->is_over ? 0 : -1;

  if (!booru_sql_read_number (store->sql, id, error, "insert-job", "ixssixBkxx", (gint)draft->kind,
                              draft->creator_id, draft->title, params,
                              (gint)(draft->is_over ? BOORU_JOB_DONE : BOORU_JOB_QUEUED), total,
                              posts, draft->undo_of, now, draft->is_over ? now : (gint64)0))
    return FALSE;
  booru_sql_note_change (store->sql, BOORU_CHANGE_JOB, *id);
  return TRUE;
}

/* Stopping */

static gboolean
cancel_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  gint64 id = *(gint64 *)data;
  g_autoptr (BooruJob) job = booru_store_get_job (store, id, error);
  gint64 ended;

  if (job == NULL
      || !booru_sql_read_number (store->sql, &ended, error, "end-job", "xisx", id,
                                 (gint)BOORU_JOB_CANCELLED, NULL, g_get_real_time ()))
    return FALSE;
  if (ended == 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "Job %" G_GINT64_FORMAT " is over already (%s)", id,
                   booru_job_state_to_string (job->state));
      return FALSE;
    }
  booru_sql_note_change (store->sql, BOORU_CHANGE_JOB, id);
  return booru_sql_run (store->sql, error, "forget-undoing", "x", id);
}

BooruJob *
booru_store_cancel_job (BooruStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  if (!booru_store_write (self, BOORU_SQL_NORMAL, cancel_in_transaction, &id, error))
    return NULL;
  return booru_store_get_job (self, id, error);
}
