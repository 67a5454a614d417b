/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-jobs.h"

/* Milliseconds. In the pause others write, and the monitor does its other work. */
#define FIRST_PAUSE 5
#define PAUSE 10                                  /* whoever waits for the lock looks every 8 */
#define RETRY 1000                                /* after the store refused */
#define TELL_TIME (500 * G_TIME_SPAN_MILLISECOND) /* how often others are told */
#define MAX_TOLD 200                              /* more posts than these: any may have changed */

struct _MonitorJobs
{
  BooruStore *store;
  MonitorJobsFuncs funcs;
  gpointer user_data;
  guint source;
  GArray *posts, *jobs; /* that others have not been told of yet */
  gint64 told_at;       /* monotonic time */
  gboolean has_failed;  /* and said so */
  gboolean is_busy;     /* as others were told */
};

static gboolean on_turn (gpointer user_data);

static void
wait_for_turn (MonitorJobs *self, guint pause)
{
  self->source = g_timeout_add (pause, on_turn, self);
}

static void
note_job (MonitorJobs *self, gint64 id)
{
  if (self->jobs->len == 0 || g_array_index (self->jobs, gint64, self->jobs->len - 1) != id)
    g_array_append_val (self->jobs, id);
}

static void
tell (MonitorJobs *self, gboolean now)
{
  gint64 time = g_get_monotonic_time ();

  if (self->jobs->len == 0 || (!now && time - self->told_at < TELL_TIME))
    return;
  self->told_at = time;
  if (self->posts->len > MAX_TOLD)
    {
      g_array_set_size (self->posts, 0);
      self->funcs.posts_changed (self->posts, self->user_data);
    }
  else if (self->posts->len > 0)
    self->funcs.posts_changed (self->posts, self->user_data);
  self->funcs.jobs_changed (self->jobs, self->user_data);
  g_array_set_size (self->posts, 0);
  g_array_set_size (self->jobs, 0);
}

static void
note_failure (MonitorJobs *self, const GError *error)
{
  if (!self->has_failed)
    g_message ("The jobs go on later: %s", error->message);
  self->has_failed = TRUE;
}

static void
set_busy (MonitorJobs *self, gboolean busy)
{
  if (self->is_busy == busy)
    return;
  self->is_busy = busy;
  self->funcs.busy_changed (busy, self->user_data);
}

static gboolean
on_turn (gpointer user_data)
{
  MonitorJobs *self = user_data;
  g_autoptr (GArray) posts = g_array_new (FALSE, FALSE, sizeof (gint64));
  BooruJobStep step = { .posts = posts };
  g_autoptr (GError) error = NULL;

  self->source = 0;
  if (!booru_store_run_jobs (self->store, &step, &error))
    {
      /* Whoever has the role now goes on. */
      if (booru_err_fenced (error))
        return G_SOURCE_REMOVE;
      note_failure (self, error);
      set_busy (self, FALSE);
      wait_for_turn (self, RETRY);
      return G_SOURCE_REMOVE;
    }
  self->has_failed = FALSE;
  set_busy (self, step.job_id != 0);
  if (step.job_id != 0)
    {
      note_job (self, step.job_id);
      g_array_append_vals (self->posts, posts->data, posts->len);
      wait_for_turn (self, PAUSE);
    }
  tell (self, step.job_id == 0 || step.is_over);
  return G_SOURCE_REMOVE;
}

MonitorJobs *
monitor_jobs_new (BooruStore *store, const MonitorJobsFuncs *funcs, gpointer user_data)
{
  MonitorJobs *self = g_new0 (MonitorJobs, 1);

  self->store = g_object_ref (store);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->posts = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->jobs = g_array_new (FALSE, FALSE, sizeof (gint64));
  wait_for_turn (self, FIRST_PAUSE);
  return self;
}

void
monitor_jobs_free (MonitorJobs *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_array_unref (self->posts);
  g_array_unref (self->jobs);
  g_object_unref (self->store);
  g_free (self);
}

void
monitor_jobs_wake (MonitorJobs *self)
{
  if (self->source == 0)
    wait_for_turn (self, FIRST_PAUSE);
}
