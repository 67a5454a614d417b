/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-scans.h"

#include <malloc.h>

/* More than this is not queued: the walk waits, so that a million new files take no more memory
 * than a few thousand. */
#define QUEUE_FULL 2000
#define QUEUE_LOW 500

static MonitorScan *
find_scan (MonitorScans *self, guint number)
{
  return number ? g_hash_table_lookup (self->scans, GUINT_TO_POINTER (number)) : NULL;
}

/* A reconcile that showed nothing new is not worth a line each five minutes, nor an empty folder
 * of our own. */
static gboolean
is_worth_a_line (MonitorScan *scan)
{
  if (scan->n_new > 0 || scan->n_failed > 0 || scan->n_postponed > 0)
    return TRUE;
  return !scan->folder->scanned && scan->folder->kind == MONITOR_FOLDER_LIBRARY;
}

static void
report_end (MonitorScans *self, MonitorScan *scan)
{
  gboolean worth = is_worth_a_line (scan);
  double seconds = (double)(g_get_monotonic_time () - scan->started) / (double)G_TIME_SPAN_SECOND;
  g_autofree char *postponed = NULL;

  if (!scan->whole)
    return;
  scan->folder->scanned = TRUE;
  booru_metric_inc (self->metrics->scans);
  if (scan->n_postponed > 0)
    postponed = g_strdup_printf ("; %u more cannot be had yet, and will be looked at again",
                                 scan->n_postponed);
  g_log (G_LOG_DOMAIN, worth ? G_LOG_LEVEL_MESSAGE : G_LOG_LEVEL_INFO,
         "Scanned %s: %u files, %u new, %u failed in %.1f s%s", scan->folder->display,
         monitor_scan_get_n_files (scan), scan->n_new, scan->n_failed, seconds,
         postponed ? postponed : "");
  monitor_progress_tell_scan (self->progress, scan, FALSE);
}

static void
end_scan_if_done (MonitorScans *self, MonitorScan *scan)
{
  if (scan->walked == 0 || scan->n_pending > 0)
    return;
  if (!scan->incomplete && !self->stopped)
    report_end (self, scan);
  g_hash_table_remove (self->scans, GUINT_TO_POINTER (scan->number));
  monitor_scan_free (scan);
  monitor_absence_scan_ended (self->absence);
  if (g_hash_table_size (self->scans) > 0)
    return;
  booru_store_trim (self->store);
  malloc_trim (0);
}

void
monitor_scans_job_began (MonitorScans *self, const MonitorJob *job)
{
  MonitorScan *scan = find_scan (self, job->scan);

  if (scan == NULL)
    return;
  g_free (scan->current);
  scan->current = g_strdup (job->path);
}

void
monitor_scans_job_finished (MonitorScans *self,
                            const MonitorJob *job,
                            gboolean created,
                            gboolean failed)
{
  MonitorScan *scan = find_scan (self, job->scan);

  if (scan == NULL)
    return;
  scan->n_bytes += (guint64)job->n_bytes;
  scan->n_new += created != FALSE;
  scan->n_failed += failed != FALSE;
}

void
monitor_scans_job_postponed (MonitorScans *self, MonitorJob *job)
{
  MonitorScan *scan = find_scan (self, job->scan);

  job->scan = 0;
  if (scan == NULL)
    return;
  scan->n_pending--;
  scan->n_postponed++;
  end_scan_if_done (self, scan);
}

void
monitor_scans_job_removed (MonitorScans *self, const MonitorJob *job)
{
  MonitorScan *scan = find_scan (self, job->scan);

  if (self->holding && monitor_queue_get_length (self->queue) < QUEUE_LOW)
    {
      self->holding = FALSE;
      monitor_scanner_hold (self->scanner, FALSE);
    }
  if (scan == NULL)
    return;
  scan->n_pending--;
  scan->n_done++;
  end_scan_if_done (self, scan);
}

static void
queue_found (MonitorScans *self, MonitorScan *scan, const MonitorFinding *finding)
{
  MonitorJob *job = monitor_queue_lookup (self->queue, scan->folder, finding->path);

  /* One that waits already keeps its time; but what is asked for is added. */
  if (job != NULL)
    {
      if (job->state == MONITOR_JOB_WORKING)
        monitor_queue_push (self->queue, scan->folder, finding->path, finding->flags, 0);
      else
        job->flags |= finding->flags;
      return;
    }
  /* What appears just now is as urgent as what is told by an event. */
  job = monitor_queue_push (self->queue, scan->folder, finding->path,
                            finding->flags | (scan->whole ? 0 : MONITOR_JOB_URGENT), 0);
  job->scan = scan->number;
  scan->n_pending++;
  if (!self->holding && monitor_queue_get_length (self->queue) > QUEUE_FULL)
    {
      self->holding = TRUE;
      monitor_scanner_hold (self->scanner, TRUE);
      if (scan->whole && scan->count == NULL)
        scan->count = monitor_count_start (scan->folder);
    }
}

static void
on_finding (MonitorScan *scan, const MonitorFinding *finding, gpointer user_data)
{
  MonitorScans *self = user_data;
  BooruFileChange *change;

  if (self->stopped || scan->folder->removed || !scan->folder->present)
    return;
  switch (finding->kind)
    {
    case MONITOR_FINDING_FILE:
      queue_found (self, scan, finding);
      break;
    case MONITOR_FINDING_GONE:
      monitor_absence_note (self->absence, scan->folder, finding->path, scan->whole);
      break;
    case MONITOR_FINDING_TOUCHED:
    default:
      change = booru_file_change_new (BOORU_FILE_TOUCH);
      change->file_id = finding->file_id;
      change->folder_id = scan->folder->id;
      change->path = g_strdup (finding->path);
      change->stat = finding->stat;
      monitor_commit_add (self->commit, change, NULL, NULL);
      break;
    }
}

static void
on_walked (MonitorScan *scan, const GError *error, gpointer user_data)
{
  MonitorScans *self = user_data;

  scan->incomplete = error != NULL;
  if (booru_err_notfound (error))
    monitor_folders_check (self->folders, scan->folder, FALSE);
  else if (error && !g_error_matches (error, BOORU_ERROR, BOORU_ERROR_CANCELLED))
    g_warning ("Scanning %s is not complete: %s", scan->folder->display, error->message);
  end_scan_if_done (self, scan);
}

static const MonitorScannerFuncs scanner_funcs = {
  .finding = on_finding,
  .walked = on_walked,
};

/* How many files there were when the folder was last looked through: as many as there may be now.
 */
static guint
count_known (MonitorScans *self, MonitorFolder *folder)
{
  g_autoptr (GPtrArray) stored
      = folder->id != 0 ? booru_store_list_folders (self->store, NULL) : NULL;

  for (guint i = 0; stored && i < stored->len; i++)
    {
      const BooruFolder *known = g_ptr_array_index (stored, i);

      if (known->id == folder->id)
        return (guint)(known->n_files + known->n_failed + known->n_ignored);
    }
  return 0;
}

void
monitor_scans_start (MonitorScans *self, MonitorFolder *folder, const char *below, gboolean import)
{
  MonitorScan *scan = monitor_scanner_start (self->scanner, folder, below, import);

  if (scan == NULL)
    return;
  if (scan->whole)
    scan->n_known = count_known (self, folder);
  g_hash_table_insert (self->scans, GUINT_TO_POINTER (scan->number), scan);
  monitor_absence_scan_began (self->absence);
  monitor_progress_start (self->progress);
}

void
monitor_scans_stop (MonitorScans *self)
{
  self->stopped = TRUE;
  monitor_scanner_cancel (self->scanner, NULL);
}

void
monitor_scans_init (MonitorScans *self,
                    const char *data_dir,
                    const char *files_dir,
                    const char *database,
                    MonitorWatcher *watcher)
{
  self->scans = g_hash_table_new (NULL, NULL);
  self->scanner
      = monitor_scanner_new (data_dir, files_dir, database, watcher, &scanner_funcs, self);
}

void
monitor_scans_clear (MonitorScans *self)
{
  GHashTableIter iter;
  gpointer scan;

  /* Those that still walk belong to the scanner. */
  g_hash_table_iter_init (&iter, self->scans);
  while (g_hash_table_iter_next (&iter, NULL, &scan))
    if (((MonitorScan *)scan)->walked != 0)
      monitor_scan_free (scan);
  g_hash_table_unref (self->scans);
  monitor_scanner_free (self->scanner);
}
