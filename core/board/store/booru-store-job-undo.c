/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asking for what a job did to be taken back. */
#include "base/booru-error.h"
#include "board/store/booru-store-relations-private.h"
#include "board/store/booru-store-tag-edit-private.h"

typedef struct
{
  gint64 id;
  gint64 user_id;
  gint64 undo_id;
} Request;

static gboolean
check_undo (const BooruJob *job, GError **error)
{
  if (booru_job_can_undo (job))
    return TRUE;
  if (!booru_job_is_over (job))
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "Job %" G_GINT64_FORMAT " is not over yet. Cancel it, and then undo what it did",
                 job->id);
  else
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS,
                 "Job %" G_GINT64_FORMAT " is undone already, by job %" G_GINT64_FORMAT, job->id,
                 job->undone_by);
  return FALSE;
}

/* What has to be so from now on, or is all that there is to do. */
static gboolean
turn (BooruStore *store,
      const BooruJob *job,
      GVariant *params,
      gint64 user_id,
      BooruJobDraft *draft,
      GError **error)
{
  return job->kind == BOORU_JOB_TAG
             ? booru_store_turn_tag (store, params, user_id, draft, error)
             : booru_store_turn_relations (store, params, user_id, draft, error);
}

/* What the job that is undone had taken back is in force again. */
static gboolean
settle_at_once (BooruStore *store, const BooruJob *job, GError **error)
{
  if (job->undo_of == 0)
    return TRUE;
  booru_sql_note_change (store->sql, BOORU_CHANGE_JOB, job->undo_of);
  return booru_sql_run (store->sql, error, "set-job-undone", "xik", job->undo_of,
                        (gint)BOORU_JOB_DONE, (gint64)0);
}

static gboolean
undo_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  Request *self = data;
  g_autoptr (BooruJob) job = booru_store_get_job (store, self->id, error);
  g_autofree char *title = NULL;
  g_autoptr (GVariant) params = NULL;
  BooruJobDraft draft = { .kind = BOORU_JOB_UNDO, .creator_id = self->user_id };

  if (job == NULL || !check_undo (job, error))
    return FALSE;
  title = g_strdup_printf ("Undo: %s", job->title);
  draft.title = title;
  draft.undo_of = job->id;
  params = booru_job_params_from_json (job->params);
  if ((params != NULL && !turn (store, job, params, self->user_id, &draft, error))
      || !booru_store_insert_job (store, &draft, &self->undo_id, error))
    return FALSE;
  booru_sql_note_change (store->sql, BOORU_CHANGE_JOB, job->id);
  return booru_sql_run (store->sql, error, "set-job-undone", "xik", job->id,
                        (gint)(draft.is_over ? BOORU_JOB_UNDONE : job->state), self->undo_id)
         && (!draft.is_over || settle_at_once (store, job, error));
}

BooruJob *
booru_store_undo_job (BooruStore *self, gint64 id, gint64 user_id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  Request request = { id, user_id, 0 };
  gboolean written
      = booru_store_write (self, BOORU_SQL_NORMAL, undo_in_transaction, &request, error);

  booru_store_forget_relations (self);
  return written ? booru_store_get_job (self, request.undo_id, error) : NULL;
}
