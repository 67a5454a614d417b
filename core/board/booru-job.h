/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-query.h"

G_BEGIN_DECLS

/**
 * BooruJobKind:
 * @BOORU_JOB_RELATE: aliases and implications that were made or removed, applied to posts
 * @BOORU_JOB_BULK: an edit of many posts
 * @BOORU_JOB_UNDO: what another job changed, taken back
 * @BOORU_JOB_TAG: another name, category or state of a tag
 * @BOORU_JOB_META: the automatic meta tags of all posts
 * @BOORU_N_JOB_KINDS: how many there are
 *
 * What a job does. The numbers are stored.
 */
typedef enum
{
  BOORU_JOB_RELATE,
  BOORU_JOB_BULK,
  BOORU_JOB_UNDO,
  BOORU_JOB_TAG,
  BOORU_JOB_META,
  BOORU_N_JOB_KINDS,
} BooruJobKind;

/**
 * BooruJobState:
 * @BOORU_JOB_QUEUED: it waits for others, or for the monitor
 * @BOORU_JOB_RUNNING: it has begun
 * @BOORU_JOB_DONE: all of it was done
 * @BOORU_JOB_FAILED: it could not go on; what it did stays, and can be undone
 * @BOORU_JOB_CANCELLED: somebody stopped it; likewise
 * @BOORU_JOB_UNDONE: it was done, and taken back
 * @BOORU_N_JOB_STATES: how many there are
 *
 * How far a job is. The numbers are stored.
 */
typedef enum
{
  BOORU_JOB_QUEUED,
  BOORU_JOB_RUNNING,
  BOORU_JOB_DONE,
  BOORU_JOB_FAILED,
  BOORU_JOB_CANCELLED,
  BOORU_JOB_UNDONE,
  BOORU_N_JOB_STATES,
} BooruJobState;

/**
 * BooruJob:
 * @id: its number
 * @kind: what it does
 * @creator_id: who asked for it
 * @title: what it does, for people
 * @params: how, a JSON object
 * @state: how far it is
 * @total: how many posts it is about; -1: that is not known yet
 * @done: how many of them it has looked at
 * @changed: how many of them it has changed
 * @error: (nullable): why it failed
 * @created_at: microseconds since 1970, UTC
 * @started_at: likewise; 0: not yet
 * @finished_at: likewise; 0: not yet
 * @undo_of: the job that it takes back; 0: none
 * @undone_by: the job that takes it back; 0: none
 *
 * Work on many posts, done in the background.
 */
typedef struct
{
  gint64 id;
  BooruJobKind kind;
  gint64 creator_id;
  char *title;
  char *params;
  BooruJobState state;
  gint64 total, done, changed;
  char *error;
  gint64 created_at, started_at, finished_at;
  gint64 undo_of, undone_by;
} BooruJob;

/**
 * booru_job_free:
 * @self: (transfer full): a job
 */
void booru_job_free (BooruJob *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruJob, booru_job_free)

/**
 * booru_job_kind_to_string:
 * @kind: what a job does
 *
 * Returns: (transfer none): "relate", "bulk", "undo", "tag", "meta"
 */
const char *booru_job_kind_to_string (BooruJobKind kind);

/**
 * booru_job_state_to_string:
 * @state: how far a job is
 *
 * Returns: (transfer none): "queued", "running", "done", "failed", "cancelled", "undone"
 */
const char *booru_job_state_to_string (BooruJobState state);

/**
 * booru_job_state_from_string:
 * @string: the name of a state
 * @state: (out): the state
 *
 * Returns: whether there is such a state
 */
gboolean booru_job_state_from_string (const char *string, BooruJobState *state);

/**
 * booru_job_is_over:
 * @self: a job
 *
 * Returns: whether nothing more comes of it
 */
gboolean booru_job_is_over (const BooruJob *self);

/**
 * booru_job_can_undo:
 * @self: a job
 *
 * Returns: whether it is over and was not taken back, nor is about to be
 */
gboolean booru_job_can_undo (const BooruJob *self);

/**
 * BooruJobFilter:
 * @id: 0 for any
 * @kind: a #BooruJobKind; -1 for any
 * @state: a #BooruJobState; -1 for any
 * @creator_id: 0 for any
 * @page: which part of the list
 *
 * Which jobs are wanted. The newest come first.
 */
typedef struct
{
  gint64 id;
  gint kind, state;
  gint64 creator_id;
  BooruPage page;
} BooruJobFilter;

/**
 * BOORU_JOB_FILTER_INIT:
 *
 * The initial value of a #BooruJobFilter: the newest 20 jobs.
 */
#define BOORU_JOB_FILTER_INIT                                                                      \
  {                                                                                                \
    .kind = -1, .state = -1, .page = { BOORU_PAGE_NUMBER, 1, 20 }                                  \
  }

/**
 * BooruBulkAction:
 * @BOORU_BULK_EDIT: changed as the script says
 * @BOORU_BULK_TRASH: moved to the trash
 * @BOORU_BULK_RESTORE: taken out of the trash
 *
 * What is done to many posts.
 */
typedef enum
{
  BOORU_BULK_EDIT,
  BOORU_BULK_TRASH,
  BOORU_BULK_RESTORE,
} BooruBulkAction;

/**
 * BooruBulkEdit:
 * @query: (nullable): a search: all that it finds when the job begins
 * @ids: (nullable) (element-type gint64): if @query is %NULL, these posts
 * @action: what is done to them
 * @script: (nullable): for %BOORU_BULK_EDIT: "tag -other rating:s source:URL parent:5": what is
 *   added, taken away and set
 * @creator_id: who does it
 * @expected: how many posts it was said to be about; -1: that does not matter
 *
 * An edit of many posts.
 */
typedef struct
{
  const char *query;
  const GArray *ids;
  BooruBulkAction action;
  const char *script;
  gint64 creator_id;
  gint64 expected;
} BooruBulkEdit;

G_END_DECLS
