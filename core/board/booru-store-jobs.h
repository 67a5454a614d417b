/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jobs: work on many posts, which the monitor does in the background. */
#pragma once

#include "board/booru-job.h"
#include "board/booru-store.h"

G_BEGIN_DECLS

/**
 * booru_store_list_jobs:
 * @self: a store
 * @filter: which jobs
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruJob): the jobs, the newest first
 */
GPtrArray *booru_store_list_jobs (BooruStore *self, const BooruJobFilter *filter, GError **error);

/**
 * booru_store_get_job:
 * @self: a store
 * @id: its number
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the job
 */
BooruJob *booru_store_get_job (BooruStore *self, gint64 id, GError **error);

/**
 * booru_store_check_bulk:
 * @self: a store
 * @edit: what is to be done
 * @error: as booru_store_add_bulk()
 *
 * Writes nothing.
 *
 * Returns: how many posts the edit is about now; -1 on error
 */
gint64 booru_store_check_bulk (BooruStore *self, const BooruBulkEdit *edit, GError **error);

/**
 * booru_store_add_bulk:
 * @self: a store
 * @edit: what is to be done
 * @error: %BOORU_ERROR_INVALID: the script or the search makes no sense; %BOORU_ERROR_EXISTS: it is
 *   about another number of posts than was expected
 *
 * Asks for an edit of many posts. Which posts a search finds is settled when the job begins; from
 * then on it is about these. What somebody changes meanwhile stays.
 *
 * Returns: (transfer full): the job
 */
BooruJob *booru_store_add_bulk (BooruStore *self, const BooruBulkEdit *edit, GError **error);

/**
 * booru_store_cancel_job:
 * @self: a store
 * @id: a job
 * @error: %BOORU_ERROR_NOT_FOUND; %BOORU_ERROR_INVALID: it is over
 *
 * Stops a job. What it has done stays, and can be undone.
 *
 * Returns: (transfer full): the job
 */
BooruJob *booru_store_cancel_job (BooruStore *self, gint64 id, GError **error);

/**
 * booru_store_undo_job:
 * @self: a store
 * @id: a job
 * @user_id: who undoes it
 * @error: %BOORU_ERROR_NOT_FOUND; %BOORU_ERROR_INVALID: it is not over; %BOORU_ERROR_EXISTS: it is
 *   undone already, or what it did contradicts what others did since
 *
 * Asks for what a job changed to be taken back, where nobody has changed it since. That is a job,
 * too, and can be undone.
 *
 * Returns: (transfer full): the job that does it
 */
BooruJob *booru_store_undo_job (BooruStore *self, gint64 id, gint64 user_id, GError **error);

/**
 * BooruJobStep:
 * @job_id: the job that was worked on; 0: there is nothing to do
 * @is_over: whether it came to its end
 * @posts: (element-type gint64): the posts that were changed
 *
 * What a call of booru_store_run_jobs() did.
 */
typedef struct
{
  gint64 job_id;
  gboolean is_over;
  GArray *posts;
} BooruJobStep;

/**
 * booru_store_run_jobs:
 * @self: a store
 * @step: (inout): filled in; its array is emptied first
 * @error: return location: nothing was done
 *
 * For the one process that does the jobs: does a part of the oldest job, which locks the store for
 * a tenth of a second at most. The part, and how far the job is, are one transaction, so that
 * whoever is killed leaves nothing half done, and the next one goes on from there. A job that
 * cannot go on is recorded as failed, which is no error.
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_run_jobs (BooruStore *self, BooruJobStep *step, GError **error);

G_END_DECLS
