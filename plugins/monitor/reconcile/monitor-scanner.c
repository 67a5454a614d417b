/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-scanner.h"

#include <malloc.h>

#define BATCH_SIZE 256
#define BATCHES_AHEAD 4
#define THUMBNAIL_CHECK_INTERVAL G_TIME_SPAN_HOUR

struct _MonitorScanner
{
  gatomicrefcount ref_count; /* batches on their way hold one */
  char *data_dir, *files_dir;
  char *database; /* NULL: the data folder's */
  MonitorWatcher *watcher;
  MonitorScannerFuncs funcs;
  gpointer user_data;
  GMainContext *context;
  GThreadPool *lane_whole, *lane_below; /* one thread each */
  GPtrArray *scans;                     /* not yet walked; owned by their tasks */
  guint last_number;
  gboolean closed;

  GHashTable *thumbnails_checked; /* folder's serial -> time; lane_whole's thread only */

  GMutex mutex;
  GCond cond;
  guint n_batches; /* on their way */
  gboolean hold;
};

/* A scan as its thread knows it. */
typedef struct
{
  MonitorScanner *scanner;
  MonitorScan *scan;
  MonitorWalk walk;
  GArray *findings;
  int running; /* atomic */
  int n_found; /* atomic: findings that the main thread has not seen yet */
  GError *error;
} Task;

/* Findings on their way to the main thread. */
typedef struct
{
  Task *task;
  GArray *findings;
  gboolean last;
} Batch;

static MonitorScanner *
scanner_ref (MonitorScanner *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
scanner_unref (MonitorScanner *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->data_dir);
  g_free (self->files_dir);
  g_free (self->database);
  g_main_context_unref (self->context);
  g_ptr_array_unref (self->scans);
  g_hash_table_unref (self->thumbnails_checked);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

static void
finding_clear (gpointer data)
{
  g_free (((MonitorFinding *)data)->path);
}

static GArray *
findings_new (void)
{
  GArray *findings = g_array_new (FALSE, FALSE, sizeof (MonitorFinding));

  g_array_set_clear_func (findings, finding_clear);
  return findings;
}

void
monitor_scan_free (MonitorScan *scan)
{
  monitor_folder_unref (scan->folder);
  g_clear_pointer (&scan->count, monitor_count_stop);
  g_free (scan->below);
  g_free (scan->current);
  g_free (scan);
}

/* While the walk runs, from its own count; afterwards what it was. */
guint
monitor_scan_get_n_files (MonitorScan *scan)
{
  Task *task = scan->walk;

  return task ? (guint)g_atomic_int_get (&task->walk.n_files) : scan->n_files;
}

guint
monitor_scan_get_n_passed (MonitorScan *scan)
{
  Task *task = scan->walk;
  guint open = scan->n_pending + (task ? (guint)g_atomic_int_get (&task->n_found) : 0);
  guint seen = monitor_scan_get_n_files (scan);

  return seen - MIN (seen, open);
}

static void
task_free (Task *task)
{
  g_array_unref (task->findings);
  g_clear_error (&task->error);
  g_free (task);
}

static void
finish_task (MonitorScanner *self, Task *task)
{
  MonitorScan *scan = task->scan;

  scan->n_files = monitor_scan_get_n_files (scan);
  scan->walk = NULL;
  scan->walked = g_get_monotonic_time ();
  g_ptr_array_remove (self->scans, scan);
  if (self->closed)
    monitor_scan_free (scan);
  else
    self->funcs.walked (scan, task->error, self->user_data);
  task_free (task);
}

static gboolean
batch_deliver (gpointer user_data)
{
  Batch *batch = user_data;
  MonitorScanner *self = batch->task->scanner;

  for (guint i = 0; i < batch->findings->len && !self->closed; i++)
    self->funcs.finding (batch->task->scan, &g_array_index (batch->findings, MonitorFinding, i),
                         self->user_data);
  g_atomic_int_add (&batch->task->n_found, -(int)batch->findings->len);

  g_mutex_lock (&self->mutex);
  self->n_batches--;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);

  if (batch->last)
    finish_task (self, batch->task);
  g_array_unref (batch->findings);
  g_free (batch);
  scanner_unref (self);
  return G_SOURCE_REMOVE;
}

static void
deliver (Task *task, gboolean last)
{
  MonitorScanner *self = task->scanner;
  g_autoptr (GSource) source = g_idle_source_new ();
  Batch *batch = g_new0 (Batch, 1);

  g_mutex_lock (&self->mutex);
  while ((self->n_batches >= BATCHES_AHEAD || self->hold) && !g_atomic_int_get (&task->walk.stop))
    g_cond_wait (&self->cond, &self->mutex);
  self->n_batches++;
  g_mutex_unlock (&self->mutex);

  scanner_ref (self);
  batch->task = task;
  batch->findings = g_steal_pointer (&task->findings);
  batch->last = last;
  task->findings = findings_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, batch_deliver, batch, NULL);
  g_source_attach (source, self->context);
}

static gboolean
on_finding (MonitorFinding *finding, gpointer user_data)
{
  Task *task = user_data;

  g_atomic_int_inc (&task->n_found);
  g_array_append_val (task->findings, *finding);
  if (task->findings->len >= BATCH_SIZE)
    deliver (task, FALSE);
  return !g_atomic_int_get (&task->walk.stop);
}

/* A look at a few posts now and then; all are looked at only if that shows something, and again at
 * the earliest after a while: some thumbnails may be impossible to make. */
static gboolean
thumbnails_need_check (MonitorScanner *self, MonitorFolder *folder, BooruStore *store)
{
  gint64 now = g_get_monotonic_time ();
  gint64 *checked;

  checked = g_hash_table_lookup (self->thumbnails_checked, GUINT_TO_POINTER (folder->serial));
  if (checked != NULL && now - *checked < THUMBNAIL_CHECK_INTERVAL)
    return FALSE;
  if (!monitor_walk_thumbnails_lost (store, self->files_dir))
    return FALSE;
  g_message ("%s: thumbnails are missing; looking for all posts without them", folder->display);
  g_hash_table_insert (self->thumbnails_checked, GUINT_TO_POINTER (folder->serial),
                       g_memdup2 (&now, sizeof now));
  return TRUE;
}

static void
task_walk (Task *task)
{
  MonitorScanner *self = task->scanner;
  MonitorScan *scan = task->scan;
  g_autoptr (BooruStore) store = NULL;

  if (scan->folder->kind != MONITOR_FOLDER_INBOX)
    {
      store = booru_store_open (self->data_dir, self->database, BOORU_STORE_READ_WRITE, NULL, NULL,
                                &task->error);
      if (store == NULL)
        return;
    }
  task->walk.folder = scan->folder;
  task->walk.below = scan->below;
  task->walk.store = store;
  /* The managed folder is written by us alone. */
  task->walk.watcher = scan->folder->kind == MONITOR_FOLDER_MANAGED ? NULL : self->watcher;
  task->walk.files_dir = self->files_dir;
  task->walk.check_thumbnails
      = store && scan->whole && thumbnails_need_check (self, scan->folder, store);
  task->walk.func = on_finding;
  task->walk.user_data = task;
  monitor_walk_run (&task->walk, &task->error);
}

static void
task_run (gpointer data, gpointer user_data)
{
  Task *task = data;

  g_atomic_int_set (&task->running, TRUE);
  if (!g_atomic_int_get (&task->walk.stop))
    task_walk (task);
  deliver (task, TRUE);

  /* What a walk of a large folder took is given back at once: the monitor is to be small. */
  malloc_trim (0);
}

MonitorScanner *
monitor_scanner_new (const char *data_dir,
                     const char *files_dir,
                     const char *database,
                     MonitorWatcher *watcher,
                     const MonitorScannerFuncs *funcs,
                     gpointer user_data)
{
  MonitorScanner *self = g_new0 (MonitorScanner, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->data_dir = g_strdup (data_dir);
  self->files_dir = g_strdup (files_dir);
  self->database = g_strdup (database);
  self->watcher = watcher;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->context = g_main_context_ref_thread_default ();
  /* Each with its thread from the start, as monitor_threads_new() does it. */
  self->lane_whole = g_thread_pool_new (task_run, NULL, 1, TRUE, NULL);
  self->lane_below = g_thread_pool_new (task_run, NULL, 1, TRUE, NULL);
  self->scans = g_ptr_array_new ();
  self->thumbnails_checked = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  return self;
}

static void
stop_scans (MonitorScanner *self, MonitorFolder *folder)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->scans->len; i++)
    {
      MonitorScan *scan = g_ptr_array_index (self->scans, i);

      if (folder == NULL || scan->folder == folder)
        g_atomic_int_set (&((Task *)scan->walk)->walk.stop, TRUE);
    }
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

void
monitor_scanner_free (MonitorScanner *self)
{
  self->closed = TRUE;
  stop_scans (self, NULL);
  g_thread_pool_free (self->lane_whole, FALSE, TRUE);
  g_thread_pool_free (self->lane_below, FALSE, TRUE);
  scanner_unref (self);
}

void
monitor_scanner_cancel (MonitorScanner *self, MonitorFolder *folder)
{
  stop_scans (self, folder);
}

/* Whether a walk that has not begun yet will come through there anyway. */
static gboolean
is_planned (MonitorScanner *self, MonitorFolder *folder, const char *below, gboolean import)
{
  for (guint i = 0; i < self->scans->len; i++)
    {
      MonitorScan *scan = g_ptr_array_index (self->scans, i);
      Task *task = scan->walk;

      if (scan->folder == folder && !g_atomic_int_get (&task->running)
          && !g_atomic_int_get (&task->walk.stop) && scan->whole == (*below == '\0')
          && (scan->whole || monitor_folder_get_below (below, scan->below) != NULL)
          && (task->walk.import || !import))
        return TRUE;
    }
  return FALSE;
}

MonitorScan *
monitor_scanner_start (MonitorScanner *self,
                       MonitorFolder *folder,
                       const char *below,
                       gboolean import)
{
  MonitorScan *scan;
  Task *task;

  if (is_planned (self, folder, below, import))
    return NULL;

  scan = g_new0 (MonitorScan, 1);
  scan->number = ++self->last_number;
  scan->folder = monitor_folder_ref (folder);
  scan->below = g_strdup (below);
  scan->whole = *below == '\0';
  scan->started = g_get_monotonic_time ();

  task = g_new0 (Task, 1);
  task->scanner = self;
  task->scan = scan;
  task->walk.import = import;
  task->findings = findings_new ();
  scan->walk = task;
  g_ptr_array_add (self->scans, scan);
  g_thread_pool_push (scan->whole ? self->lane_whole : self->lane_below, task, NULL);
  return scan;
}

void
monitor_scanner_hold (MonitorScanner *self, gboolean hold)
{
  g_mutex_lock (&self->mutex);
  self->hold = hold;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

gboolean
monitor_scanner_is_walking (MonitorScanner *self, MonitorFolder *folder)
{
  for (guint i = 0; i < self->scans->len; i++)
    {
      const MonitorScan *scan = g_ptr_array_index (self->scans, i);

      if (scan->folder == folder && scan->whole)
        return TRUE;
    }
  return FALSE;
}
