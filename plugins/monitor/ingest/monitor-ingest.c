/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-ingest.h"

#include "ingest-journal.h"
#include "ingest-metadata.h"
#include "ingest-stages.h"
#include "ingest-target.h"

/* While the store is locked, nothing more is decoded that would only wait for it. */
#define COMMITTING_LIMIT 256

#define TROUBLE_FIRST (1 * G_TIME_SPAN_SECOND)
#define TROUBLE_LAST (5 * G_TIME_SPAN_MINUTE)

struct _MonitorIngest
{
  IngestContext context;
  guint n_cores;
  gboolean stopped;
};

static const MonitorTarget *const targets[] = {
  [MONITOR_FOLDER_LIBRARY] = &monitor_target_library,
  [MONITOR_FOLDER_MANAGED] = &monitor_target_managed,
  [MONITOR_FOLDER_INBOX] = &monitor_target_inbox,
  [MONITOR_FOLDER_SPOOL] = &monitor_target_spool,
};

static void advance (IngestTask *task, IngestStep step);

/* Those who waited for the same content now find it in the store, or take it up themselves. */
static void
release_content (IngestTask *task)
{
  g_autofree char *md5 = NULL;
  GQueue *waiting = NULL;
  IngestTask *other;

  if (!task->holds_md5)
    return;
  task->holds_md5 = FALSE;
  g_hash_table_steal_extended (task->context->contents, task->md5, (gpointer *)&md5,
                               (gpointer *)&waiting);
  while ((other = g_queue_pop_head (waiting)) != NULL)
    advance (other, INGEST_RESOLVE);
  g_queue_free (waiting);
}

/* Frees the task; its job goes back to the queue, done or to be retried after @delay. */
static void
leave (IngestTask *task, gint64 delay)
{
  MonitorQueue *queue = task->context->parts.queue;
  MonitorJob *job = task->job;

  ingest_journal_leave (task, delay == 0);
  release_content (task);
  ingest_task_free (task);
  if (delay > 0)
    monitor_queue_retry (queue, job, delay);
  else
    monitor_queue_finish (queue, job);
  monitor_queue_wake (queue);
}

static void
finish (IngestTask *task)
{
  const IngestContext *context = task->context;

  ingest_task_count (task, -1);
  context->funcs.finished (task->job, task->created, task->failed, context->user_data);
  leave (task, 0);
}

/* Something that is not the file's fault stands in the way. */
static void
plan_retry_after_trouble (IngestTask *task)
{
  MonitorJob *job = task->job;
  const GError *error = task->error;
  g_autofree char *display = g_filename_display_name (task->path);

  task->delay = MIN (TROUBLE_FIRST << MIN (job->troubles, 20), TROUBLE_LAST);
  task->postpone = TRUE;
  if (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_CANCELLED) || booru_err_fenced (error))
    return;
  g_log (G_LOG_DOMAIN, job->troubles == 0 ? G_LOG_LEVEL_WARNING : G_LOG_LEVEL_INFO,
         "%s/%s: %s; trying again in %u s", task->folder->display, display, error->message,
         (guint)(task->delay / G_TIME_SPAN_SECOND));
  job->troubles++;
}

static void
retry (IngestTask *task)
{
  const IngestContext *context = task->context;

  if (task->error != NULL)
    plan_retry_after_trouble (task);
  ingest_task_count (task, -1);
  if (task->postpone)
    context->funcs.postponed (task->job, context->user_data);
  leave (task, task->delay);
}

static void
work (gpointer data)
{
  IngestTask *task = data;

  ingest_stages[task->stage].work (task);
}

/* What may come of a stage, with what the target makes of a failure. */
static IngestStep
run (IngestTask *task)
{
  const IngestStage *stage = &ingest_stages[task->stage];
  IngestStep step = stage->run (task);

  if (!(stage->follows & (1u << step)))
    g_critical ("Step %d must not follow the ingest stage “%s”", step, stage->name);
  return step == INGEST_FAILED ? task->target->fail (task, task->reason) : step;
}

static void
on_worked (gpointer data)
{
  IngestTask *task = data;

  advance (task, ingest_task_is_cancelled (task) ? INGEST_DONE : run (task));
}

/* Goes through @step and what follows it, until the task waits, or is over. */
static void
advance (IngestTask *task, IngestStep step)
{
  while (step < INGEST_N_STAGES)
    {
      task->stage = step;
      if (step < INGEST_COMMIT && ingest_task_is_cancelled (task))
        step = INGEST_DONE;
      else if (ingest_stages[step].work == NULL)
        step = run (task);
      else
        {
          monitor_threads_run (task->context->threads, work, on_worked, task);
          return;
        }
    }
  if (step == INGEST_DONE)
    finish (task);
  else if (step == INGEST_RETRY)
    retry (task);
}

static void
begin (MonitorIngest *self, MonitorJob *job)
{
  IngestTask *task = ingest_task_new (&self->context, targets[job->folder->kind], job);

  task->resume = advance;
  advance (task, INGEST_LOOK_UP);
}

/* Half of the decoders' worth of slow files at once, and all when there is nothing else to do. */
static MonitorJob *
take_slow (MonitorIngest *self)
{
  const IngestContext *context = &self->context;
  guint capacity = monitor_decoder_pool_get_capacity (context->parts.pool);
  gboolean others
      = context->n_active > context->n_slow || monitor_queue_has_ready (context->parts.queue);

  if (context->n_slow >= (others ? MAX (1, capacity / 2) : capacity))
    return NULL;
  return monitor_queue_take_slow (context->parts.queue);
}

/* As many files as may be under way at once: enough to keep all cores and decoders busy, few enough
 * to keep memory and descriptors small. Slow ones hold up no others. */
static MonitorJob *
take (MonitorIngest *self)
{
  const IngestContext *context = &self->context;
  guint limit = self->n_cores + 2 * monitor_decoder_pool_get_capacity (context->parts.pool);
  MonitorJob *job = NULL;

  if (self->stopped || context->n_committing >= COMMITTING_LIMIT)
    return NULL;
  if (context->n_active - context->n_slow < limit)
    job = monitor_queue_take (context->parts.queue);
  return job != NULL ? job : take_slow (self);
}

void
monitor_ingest_pump (MonitorIngest *self)
{
  MonitorJob *job;

  while ((job = take (self)) != NULL)
    begin (self, job);
}

void
monitor_ingest_stop (MonitorIngest *self, gboolean cancel)
{
  self->stopped = TRUE;
  if (cancel)
    g_cancellable_cancel (self->context.cancellable);
}

guint
monitor_ingest_get_n_active (MonitorIngest *self)
{
  return self->context.n_active;
}

guint
monitor_ingest_get_n_working (MonitorIngest *self)
{
  return self->context.n_active + self->context.n_committing;
}

void
monitor_ingest_set_rules (MonitorIngest *self, MonitorRules *rules)
{
  monitor_rules_free (self->context.rules);
  self->context.rules = rules;
}

char **
monitor_ingest_dup_excluded (MonitorIngest *self, const char *folder)
{
  return monitor_rules_dup_excluded (self->context.rules, folder);
}

GPtrArray *
monitor_ingest_new_imports (MonitorIngest *self, MonitorFolder *folder, const char *path)
{
  return ingest_metadata_new_imports_of (&self->context, folder, path);
}

MonitorIngest *
monitor_ingest_new (const MonitorIngestParts *parts,
                    const MonitorIngestFuncs *funcs,
                    gpointer user_data)
{
  MonitorIngest *self = g_new0 (MonitorIngest, 1);

  self->context.parts = *parts;
  self->context.funcs = *funcs;
  self->context.user_data = user_data;
  self->context.cancellable = g_cancellable_new ();
  self->context.contents = g_hash_table_new (g_str_hash, g_str_equal);
  self->context.rules = monitor_rules_new (NULL);
  self->context.seen = monitor_seen_new ();
  self->n_cores = g_get_num_processors ();
  self->context.threads = monitor_threads_new (self->n_cores);
  return self;
}

void
monitor_ingest_free (MonitorIngest *self)
{
  monitor_ingest_stop (self, TRUE);
  while (self->context.n_active > 0)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  monitor_threads_free (self->context.threads);
  g_hash_table_unref (self->context.contents);
  monitor_rules_free (self->context.rules);
  monitor_seen_free (self->context.seen);
  g_object_unref (self->context.cancellable);
  g_free (self);
}
