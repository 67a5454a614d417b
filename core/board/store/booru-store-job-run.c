/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jobs are done one after the other, in parts: each changes some posts, and says how far the job
 * is, in one transaction. */
#include "board/store/booru-store-jobs-private.h"

#include "base/booru-error.h"

/* How long a part locks the store, about, and how many posts it has. */
#define PART_TIME (75 * G_TIME_SPAN_MILLISECOND)
#define FIRST_PART 100
#define MIN_PART 10
#define MAX_PART 2000

/* Columns of get-next-job.sql. */
enum
{
  COLUMN_ID,
  COLUMN_KIND,
  COLUMN_CREATOR,
  COLUMN_TITLE,
  COLUMN_PARAMS,
  COLUMN_STATE,
  COLUMN_DONE,
  COLUMN_SINCE,
  COLUMN_UNDO_OF,
};

/* What is kept between two parts. */
struct _BooruJobRunner
{
  gint64 job_id; /* whose posts these are; 0: none */
  GArray *posts;
  guint part; /* how many are done at once */
};

static void
runner_free (gpointer data)
{
  BooruJobRunner *self = data;

  g_array_unref (self->posts);
  g_free (self);
}

static BooruJobRunner *
ensure_runner (BooruStore *store)
{
  if (store->jobs == NULL)
    {
      store->jobs = g_new0 (BooruJobRunner, 1);
      store->jobs->posts = booru_id_list_new ();
      store->jobs->part = FIRST_PART;
      booru_store_own (store, store->jobs, runner_free);
    }
  return store->jobs;
}

void
booru_job_work_clear (BooruJobWork *self)
{
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->params, g_variant_unref);
}

/* work->id is 0 if there is nothing to do. */
static gboolean
find_work (BooruStore *store, BooruJobWork *work, GError **error)
{
  g_autoptr (BooruSqlStatement) row = booru_sql_query (store->sql, error, "get-next-job", "");
  BooruSqlStep step = booru_sql_step (row, error);
  const char *params;

  if (step != BOORU_SQL_ROW)
    return step == BOORU_SQL_DONE;
  work->id = booru_sql_get_number (row, COLUMN_ID);
  work->kind = (BooruJobKind)booru_sql_get_number (row, COLUMN_KIND);
  work->creator_id = booru_sql_get_number (row, COLUMN_CREATOR);
  work->title = booru_sql_dup_text (row, COLUMN_TITLE);
  params = booru_sql_get_text (row, COLUMN_PARAMS);
  work->params = params != NULL ? booru_job_params_from_json (params) : NULL;
  work->state = (BooruJobState)booru_sql_get_number (row, COLUMN_STATE);
  work->done = booru_sql_get_number (row, COLUMN_DONE);
  work->since = booru_sql_get_number (row, COLUMN_SINCE);
  work->undo_of = booru_sql_get_number (row, COLUMN_UNDO_OF);
  return TRUE;
}

/* Its end */

typedef struct
{
  const BooruJobWork *work;
  const char *reason;
} Failure;

static gboolean
fail_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  const Failure *self = data;

  booru_sql_note_change (store->sql, BOORU_CHANGE_JOB, self->work->id);
  return booru_sql_run (store->sql, error, "end-job", "xisx", self->work->id,
                        (gint)BOORU_JOB_FAILED, self->reason, g_get_real_time ())
         && booru_sql_run (store->sql, error, "forget-undoing", "x", self->work->id);
}

/* Whether it is the job that is at fault, rather than the store. */
static gboolean
is_fault (const GError *error)
{
  return g_error_matches (error, BOORU_ERROR, BOORU_ERROR_INVALID)
         || g_error_matches (error, BOORU_ERROR, BOORU_ERROR_EXISTS)
         || g_error_matches (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
}

static gboolean
fail (BooruStore *store, const BooruJobWork *work, const GError *reason, GError **error)
{
  Failure failure = { work, reason->message };

  return booru_store_write (store, BOORU_SQL_NORMAL, fail_in_transaction, &failure, error);
}

/* What it took back is undone; if that had taken something back, it is in force again. */
static gboolean
settle_undone (BooruStore *store, const BooruJobWork *work, GError **error)
{
  g_autoptr (BooruJob) undone = NULL;

  if (work->undo_of == 0)
    return TRUE;
  undone = booru_store_get_job (store, work->undo_of, error);
  if (undone == NULL
      || !booru_sql_run (store->sql, error, "set-job-undone", "xik", undone->id,
                         (gint)BOORU_JOB_UNDONE, work->id))
    return FALSE;
  booru_sql_note_change (store->sql, BOORU_CHANGE_JOB, undone->id);
  if (undone->undo_of == 0)
    return TRUE;
  booru_sql_note_change (store->sql, BOORU_CHANGE_JOB, undone->undo_of);
  return booru_sql_run (store->sql, error, "set-job-undone", "xik", undone->undo_of,
                        (gint)BOORU_JOB_DONE, (gint64)0);
}

/* Its beginning */

typedef struct
{
  const BooruJobWork *work;
  const GArray *posts;
} Beginning;

static gboolean
begin_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  const Beginning *self = data;

  booru_sql_note_change (store->sql, BOORU_CHANGE_JOB, self->work->id);
  /* One that was cancelled meanwhile stays so. */
  return booru_sql_run (store->sql, error, "begin-job", "xxlx", self->work->id,
                        (gint64)self->posts->len, self->posts, g_get_real_time ());
}

static gboolean
read_posts (BooruStore *store, gint64 job_id, GArray *posts, gboolean *known, GError **error)
{
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (store->sql, error, "get-job-posts", "x", job_id);
  const void *packed;
  gsize length;

  if (booru_sql_step (row, error) != BOORU_SQL_ROW)
    return FALSE;
  *known = !booru_sql_is_null (row, 0);
  packed = booru_sql_get_bytes (row, 0, &length);
  return booru_id_list_unpack (packed, length, posts)
         || booru_sql_fail_corrupt (store->sql, "the posts of a job cannot be read", error);
}

static gboolean
begin (BooruStore *store, const BooruJobWork *work, GError **error)
{
  g_autoptr (GArray) given = booru_id_list_new ();
  g_autoptr (GArray) found = NULL;
  Beginning beginning = { work, given };
  gboolean known;

  if (!read_posts (store, work->id, given, &known, error))
    return FALSE;
  if (!known)
    {
      found = booru_store_settle_job (store, work, error);
      if (found == NULL)
        return FALSE;
      beginning.posts = found;
    }
  return booru_store_write (store, BOORU_SQL_NORMAL, begin_in_transaction, &beginning, error);
}

/* A part */

typedef struct
{
  const BooruJobWork *work;
  const BooruJobRunner *runner;
  guint n; /* posts of this part */
  GArray *changed;
  gboolean is_over;
  gint64 began; /* when the store was locked */
} Part;

static gboolean
do_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  Part *self = data;
  const BooruJobWork *work = self->work;
  gint64 done = work->done + self->n, running;

  self->began = g_get_monotonic_time ();
  self->is_over = done >= (gint64)self->runner->posts->len;
  if (self->n > 0
      && !booru_store_do_job (store, work,
                              &g_array_index (self->runner->posts, gint64, (guint)work->done),
                              self->n, self->changed, error))
    return FALSE;
  if (!booru_sql_read_number (store->sql, &running, error, "advance-job", "xxxix", work->id, done,
                              (gint64)self->changed->len,
                              (gint)(self->is_over ? BOORU_JOB_DONE : BOORU_JOB_RUNNING),
                              self->is_over ? g_get_real_time () : (gint64)0))
    return FALSE;
  if (running == 0)
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_CANCELLED, "The job was cancelled");
      return FALSE;
    }
  booru_sql_note_change (store->sql, BOORU_CHANGE_JOB, work->id);
  return !self->is_over || settle_undone (store, work, error);
}

/* The next part takes about as long as it should. */
static void
adapt (BooruJobRunner *self, guint n, gint64 duration)
{
  gint64 wanted = n * PART_TIME / MAX (duration, 1);

  if (n > 0)
    self->part = (guint)CLAMP (MIN (wanted, 2 * (gint64)n), MIN_PART, MAX_PART);
}

static gboolean
ensure_posts (BooruStore *store, BooruJobRunner *self, gint64 job_id, GError **error)
{
  gboolean known;

  if (self->job_id == job_id)
    return TRUE;
  self->job_id = 0;
  self->part = FIRST_PART;
  if (!read_posts (store, job_id, self->posts, &known, error))
    return FALSE;
  self->job_id = job_id;
  return TRUE;
}

static gboolean
do_part (BooruStore *store, const BooruJobWork *work, BooruJobStep *step, GError **error)
{
  BooruJobRunner *runner = ensure_runner (store);
  Part part = { .work = work, .runner = runner, .changed = step->posts };
  g_autoptr (GError) local = NULL;
  gint64 left;

  if (!ensure_posts (store, runner, work->id, error))
    return FALSE;
  left = MAX ((gint64)runner->posts->len - work->done, 0);
  part.n = (guint)MIN (left, runner->part);
  if (booru_store_write (store, BOORU_SQL_NORMAL, do_in_transaction, &part, &local))
    {
      adapt (runner, part.n, g_get_monotonic_time () - part.began);
      step->is_over = part.is_over;
      return TRUE;
    }
  g_array_set_size (step->posts, 0);
  if (g_error_matches (local, BOORU_ERROR, BOORU_ERROR_CANCELLED))
    return step->is_over = TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
booru_store_run_jobs (BooruStore *self, BooruJobStep *step, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && step != NULL && step->posts != NULL, FALSE);

  g_auto (BooruJobWork) work = { 0 };
  g_autoptr (GError) local = NULL;
  gboolean done;

  g_array_set_size (step->posts, 0);
  step->job_id = 0;
  step->is_over = FALSE;
  booru_sql_get_generation (self->sql);
  if (!find_work (self, &work, error))
    return FALSE;
  step->job_id = work.id;
  if (work.id == 0)
    return TRUE;
  if (work.params == NULL)
    {
      g_set_error_literal (&local, BOORU_ERROR, BOORU_ERROR_INVALID,
                           "What the job was to do cannot be read");
      done = FALSE;
    }
  else
    done = work.state == BOORU_JOB_QUEUED ? begin (self, &work, &local)
                                          : do_part (self, &work, step, &local);
  if (done)
    return TRUE;
  if (is_fault (local))
    return step->is_over = TRUE, fail (self, &work, local, error);
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
