/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-queue.h"

#include "process/monitor-timer.h"

/* Where files come from, each with a line of its own. */
typedef enum
{
  LINE_UPLOADS,
  LINE_INBOX,
  LINE_FOLDERS,
  N_LINES,
} Line;

struct _MonitorQueue
{
  MonitorQueueFunc ready_func;
  MonitorJobFunc removed_func;
  gpointer user_data;
  GHashTable *jobs;         /* set of MonitorJob, owned, by folder and path */
  GSequence *waiting;       /* by due time */
  GQueue ready[N_LINES][2]; /* urgent jobs, others */
  GQueue ready_slow;
  guint turn;
  guint n_urgent, n_uploads; /* in any state */
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

static Line
get_line (const MonitorFolder *folder)
{
  switch (folder->kind)
    {
    case MONITOR_FOLDER_SPOOL:
      return LINE_UPLOADS;
    case MONITOR_FOLDER_INBOX:
      return LINE_INBOX;
    case MONITOR_FOLDER_LIBRARY:
    case MONITOR_FOLDER_MANAGED:
    default:
      return LINE_FOLDERS;
    }
}

static GQueue *
ready_queue (MonitorQueue *self, const MonitorJob *job)
{
  if (job->flags & MONITOR_JOB_SLOW)
    return &self->ready_slow;
  return &self->ready[get_line (job->folder)][job->flags & MONITOR_JOB_URGENT ? 0 : 1];
}

static void
make_ready (MonitorQueue *self, MonitorJob *job)
{
  job->state = MONITOR_JOB_READY;
  job->line = ready_queue (self, job);
  g_queue_push_tail (job->line, job);
  job->ready = job->line->tail;
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
    g_queue_delete_link (job->line, job->ready);
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

MonitorQueue *
monitor_queue_new (MonitorQueueFunc ready, MonitorJobFunc removed, gpointer user_data)
{
  MonitorQueue *self = g_new0 (MonitorQueue, 1);

  self->ready_func = ready;
  self->removed_func = removed;
  self->user_data = user_data;
  self->jobs = g_hash_table_new (job_hash, job_equal);
  self->waiting = g_sequence_new (NULL);

  self->timer = monitor_timer_new ("[booru] queue", on_due, self);
  return self;
}

void
monitor_queue_free (MonitorQueue *self)
{
  GHashTableIter iter;
  gpointer job;

  monitor_timer_free (self->timer);
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
      self->n_uploads += get_line (folder) == LINE_UPLOADS;
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

static MonitorJob *
begin_work (MonitorJob *job)
{
  if (job == NULL)
    return NULL;
  job->ready = NULL;
  job->state = MONITOR_JOB_WORKING;
  return job;
}

static MonitorJob *
pop_ready (MonitorQueue *self, Line line)
{
  GQueue *queues = self->ready[line];

  return g_queue_pop_head (queues[0].head != NULL ? &queues[0] : &queues[1]);
}

MonitorJob *
monitor_queue_take (MonitorQueue *self)
{
  static const Line turns[] = { LINE_UPLOADS, LINE_INBOX, LINE_UPLOADS, LINE_FOLDERS };
  MonitorJob *job = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (turns) && job == NULL; i++)
    job = pop_ready (self, turns[self->turn++ % G_N_ELEMENTS (turns)]);
  return begin_work (job);
}

MonitorJob *
monitor_queue_take_slow (MonitorQueue *self)
{
  return begin_work (g_queue_pop_head (&self->ready_slow));
}

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
  self->n_uploads -= get_line (job->folder) == LINE_UPLOADS;
  self->removed_func (job, self->user_data);
  job_free (job);
}

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

void
monitor_queue_wake (MonitorQueue *self)
{
  self->notify = TRUE;
  arm (self);
}

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

gboolean
monitor_queue_has_ready (MonitorQueue *self)
{
  for (guint line = 0; line < N_LINES; line++)
    if (self->ready[line][0].length + self->ready[line][1].length > 0)
      return TRUE;
  return FALSE;
}

guint
monitor_queue_get_n_uploads (MonitorQueue *self, guint *n_ready)
{
  *n_ready = self->ready[LINE_UPLOADS][0].length + self->ready[LINE_UPLOADS][1].length;
  return self->n_uploads;
}

guint
monitor_queue_get_n_urgent (MonitorQueue *self)
{
  return self->n_urgent;
}

guint
monitor_queue_get_n_waiting (MonitorQueue *self)
{
  return (guint)g_sequence_get_length (self->waiting);
}
