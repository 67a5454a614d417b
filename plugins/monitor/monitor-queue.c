/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-queue.h"

struct _MonitorQueue
{
  MonitorQueueFunc ready_func;
  MonitorJobFunc removed_func;
  gpointer user_data;
  GHashTable *jobs;   /* set of MonitorJob, owned, by folder and path */
  GSequence *waiting; /* by due time */
  GQueue ready_urgent;
  GQueue ready_bulk;
  guint n_urgent;  /* in any state */
  gboolean notify; /* a job became ready; told from the main loop, not from within push() */
  GSource *timer;
};

static guint
job_hash (gconstpointer key)
{
  const MonitorJob *job = key;

  return g_str_hash (job->path) ^ (job->folder->serial * 2654435761u);
}

static gboolean
job_equal (gconstpointer a, gconstpointer b)
{
  const MonitorJob *left = a, *right = b;

  return left->folder == right->folder && g_str_equal (left->path, right->path);
}

static gint
job_compare_due (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const MonitorJob *left = a, *right = b;

  return left->due < right->due ? -1 : left->due > right->due;
}

static void
job_free (MonitorJob *job)
{
  monitor_folder_unref (job->folder);
  g_free (job->path);
  g_free (job);
}

static void
arm (MonitorQueue *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->waiting);
  gint64 due = -1;

  if (self->notify)
    due = 0;
  else if (!g_sequence_iter_is_end (first))
    due = ((MonitorJob *)g_sequence_get (first))->due;
  g_source_set_ready_time (self->timer, due);
}

static GQueue *
ready_queue (MonitorQueue *self, const MonitorJob *job)
{
  return job->flags & MONITOR_JOB_URGENT ? &self->ready_urgent : &self->ready_bulk;
}

static void
make_ready (MonitorQueue *self, MonitorJob *job)
{
  GQueue *queue = ready_queue (self, job);

  job->state = MONITOR_JOB_READY;
  g_queue_push_tail (queue, job);
  job->ready = queue->tail;
}

static void
make_waiting (MonitorQueue *self, MonitorJob *job, gint64 delay)
{
  job->state = MONITOR_JOB_WAITING;
  job->due = g_get_monotonic_time () + delay;
  job->waiting = g_sequence_insert_sorted (self->waiting, job, job_compare_due, NULL);
  arm (self);
}

/* Takes the job out of whatever it waits in. */
static void
detach (MonitorQueue *self, MonitorJob *job)
{
  if (job->waiting)
    g_sequence_remove (job->waiting);
  if (job->ready)
    g_queue_delete_link (ready_queue (self, job), job->ready);
  job->waiting = NULL;
  job->ready = NULL;
}

static void
set_flags (MonitorQueue *self, MonitorJob *job, MonitorJobFlags flags)
{
  self->n_urgent += !!(flags & MONITOR_JOB_URGENT) - !!(job->flags & MONITOR_JOB_URGENT);
  job->flags = flags;
}

static gboolean
timer_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs timer_funcs = { .dispatch = timer_dispatch };

static gboolean
on_due (gpointer user_data)
{
  MonitorQueue *self = user_data;
  gint64 now = g_get_monotonic_time ();
  GSequenceIter *first;

  self->notify = FALSE;
  while (!g_sequence_iter_is_end (first = g_sequence_get_begin_iter (self->waiting)))
    {
      MonitorJob *job = g_sequence_get (first);

      if (job->due > now)
        break;
      detach (self, job);
      make_ready (self, job);
    }
  arm (self);
  self->ready_func (self->user_data);
  return G_SOURCE_CONTINUE;
}

/**
 * monitor_queue_new:
 * @ready: called when there may be jobs to take
 * @removed: called when a job is done for good, before it is freed
 * @user_data: for both
 */
MonitorQueue *
monitor_queue_new (MonitorQueueFunc ready, MonitorJobFunc removed, gpointer user_data)
{
  MonitorQueue *self = g_new0 (MonitorQueue, 1);

  self->ready_func = ready;
  self->removed_func = removed;
  self->user_data = user_data;
  self->jobs = g_hash_table_new (job_hash, job_equal);
  self->waiting = g_sequence_new (NULL);
  g_queue_init (&self->ready_urgent);
  g_queue_init (&self->ready_bulk);

  self->timer = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_set_static_name (self->timer, "[booru] queue");
  g_source_set_callback (self->timer, on_due, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  return self;
}

void
monitor_queue_free (MonitorQueue *self)
{
  GHashTableIter iter;
  gpointer job;

  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_hash_table_iter_init (&iter, self->jobs);
  while (g_hash_table_iter_next (&iter, &job, NULL))
    {
      detach (self, job);
      job_free (job);
    }
  g_hash_table_unref (self->jobs);
  g_sequence_free (self->waiting);
  g_free (self);
}

MonitorJob *
monitor_queue_lookup (MonitorQueue *self, MonitorFolder *folder, const char *path)
{
  MonitorJob key = { .folder = folder, .path = (char *)path };

  return g_hash_table_lookup (self->jobs, &key);
}

/**
 * monitor_queue_push:
 * @self: a queue
 * @folder: a folder
 * @path: of a file below it
 * @flags: what is known; added to what was known
 * @delay: µs until it is looked at
 *
 * Asks for a file to be looked at. Later calls for a file that waits move it to the later time: it
 * is still changing.
 *
 * Returns: (transfer none): the job
 */
MonitorJob *
monitor_queue_push (MonitorQueue *self,
                    MonitorFolder *folder,
                    const char *path,
                    MonitorJobFlags flags,
                    gint64 delay)
{
  MonitorJob *job = monitor_queue_lookup (self, folder, path);

  if (job != NULL && job->state == MONITOR_JOB_WORKING)
    {
      job->again = TRUE;
      job->again_flags |= flags;
      return job;
    }
  if (job == NULL)
    {
      job = g_new0 (MonitorJob, 1);
      job->folder = monitor_folder_ref (folder);
      job->path = g_strdup (path);
      g_hash_table_add (self->jobs, job);
    }
  detach (self, job);
  set_flags (self, job, job->flags | flags);
  if (delay > 0)
    {
      make_waiting (self, job, delay);
      return job;
    }
  make_ready (self, job);
  self->notify = TRUE;
  arm (self);
  return job;
}

/**
 * monitor_queue_rename:
 * @self: a queue
 * @job: a job, in any state
 * @folder: where its file is now
 * @path: where its file is now
 *
 * Returns: %FALSE if there is a job of that place already, so that nothing was done
 */
gboolean
monitor_queue_rename (MonitorQueue *self, MonitorJob *job, MonitorFolder *folder, const char *path)
{
  if (monitor_queue_lookup (self, folder, path) != NULL)
    return FALSE;
  g_hash_table_remove (self->jobs, job);
  monitor_folder_ref (folder);
  monitor_folder_unref (job->folder);
  job->folder = folder;
  g_free (job->path);
  job->path = g_strdup (path);
  g_hash_table_add (self->jobs, job);
  return TRUE;
}

/**
 * monitor_queue_take:
 * @self: a queue
 *
 * Returns: (transfer none) (nullable): the next job that is ready, now worked on: the caller ends
 *   that by monitor_queue_retry() or monitor_queue_finish()
 */
MonitorJob *
monitor_queue_take (MonitorQueue *self)
{
  GQueue *queue = self->ready_urgent.head ? &self->ready_urgent : &self->ready_bulk;
  MonitorJob *job = g_queue_pop_head (queue);

  if (job == NULL)
    return NULL;
  job->ready = NULL;
  job->state = MONITOR_JOB_WORKING;
  return job;
}

/**
 * monitor_queue_retry:
 * @self: a queue
 * @job: a job that was taken
 * @delay: µs until it is due again
 */
void
monitor_queue_retry (MonitorQueue *self, MonitorJob *job, gint64 delay)
{
  if (job->again)
    {
      set_flags (self, job, job->flags | job->again_flags);
      job->again = FALSE;
      job->again_flags = 0;
      delay = MIN (delay, MONITOR_SETTLE_TIME);
    }
  make_waiting (self, job, delay);
}

static void
job_remove (MonitorQueue *self, MonitorJob *job)
{
  detach (self, job);
  g_hash_table_remove (self->jobs, job);
  set_flags (self, job, 0);
  self->removed_func (job, self->user_data);
  job_free (job);
}

/**
 * monitor_queue_finish:
 * @self: a queue
 * @job: (transfer full): a job that was taken; if something was seen meanwhile, it comes again
 */
void
monitor_queue_finish (MonitorQueue *self, MonitorJob *job)
{
  if (!job->again)
    {
      job_remove (self, job);
      return;
    }
  set_flags (self, job, job->again_flags);
  job->again = FALSE;
  job->again_flags = 0;
  job->troubles = 0;
  job->n_bytes = 0;
  job->settle = (MonitorSettle){ 0 };
  make_waiting (self, job, MONITOR_SETTLE_TIME);
}

/**
 * monitor_queue_wake:
 * @self: a queue
 *
 * Has the ready function called in the next turn of the main loop: there is room for more work.
 */
void
monitor_queue_wake (MonitorQueue *self)
{
  self->notify = TRUE;
  arm (self);
}

/**
 * monitor_queue_drop_folder:
 * @self: a queue
 * @folder: a folder that is gone
 *
 * Removes the jobs of @folder that nobody works on.
 */
void
monitor_queue_drop_folder (MonitorQueue *self, MonitorFolder *folder)
{
  g_autoptr (GPtrArray) dropped = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->jobs);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      MonitorJob *job = key;

      if (job->folder != folder)
        continue;
      job->again = FALSE;
      if (job->state != MONITOR_JOB_WORKING)
        g_ptr_array_add (dropped, job);
    }
  for (guint i = 0; i < dropped->len; i++)
    job_remove (self, g_ptr_array_index (dropped, i));
  arm (self);
}

guint
monitor_queue_get_length (MonitorQueue *self)
{
  return g_hash_table_size (self->jobs);
}

/**
 * monitor_queue_get_n_urgent:
 * @self: a queue
 *
 * Returns: how many jobs, in any state, are of what happened just now
 */
guint
monitor_queue_get_n_urgent (MonitorQueue *self)
{
  return self->n_urgent;
}

/**
 * monitor_queue_get_n_waiting:
 * @self: a queue
 *
 * Returns: how many jobs are not due yet
 */
guint
monitor_queue_get_n_waiting (MonitorQueue *self)
{
  return (guint)g_sequence_get_length (self->waiting);
}
