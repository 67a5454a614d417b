/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scans: what they find goes to the queue; they end when their last file is done. */
#include <malloc.h>
#include <string.h>

#include "monitor-library-private.h"

/* More than this is not queued: the walk waits, so that a million new files take no more memory
 * than a few thousand. */
#define QUEUE_FULL 2000
#define QUEUE_LOW 500

static MonitorScan *
find_scan (MonitorLibrary *self, guint number)
{
  return number ? g_hash_table_lookup (self->scans, GUINT_TO_POINTER (number)) : NULL;
}

/* A comparison that showed nothing new is not worth a line each five minutes, nor an empty folder
 * of our own. */
static gboolean
is_worth_a_line (MonitorScan *scan)
{
  if (scan->n_new > 0 || scan->n_failed > 0 || scan->n_postponed > 0)
    return TRUE;
  return !scan->folder->scanned && scan->folder->kind == MONITOR_FOLDER_LIBRARY;
}

static void
report_end (MonitorLibrary *self, MonitorScan *scan)
{
  gboolean worth = is_worth_a_line (scan);
  double seconds = (double)(g_get_monotonic_time () - scan->started) / (double)G_TIME_SPAN_SECOND;
  g_autofree char *postponed = NULL;

  if (!scan->whole)
    return;
  scan->folder->scanned = TRUE;
  booru_metric_inc (self->metrics.scans);
  if (scan->n_postponed > 0)
    postponed = g_strdup_printf ("; %u more cannot be had yet, and will be looked at again",
                                 scan->n_postponed);
  g_log (G_LOG_DOMAIN, worth ? G_LOG_LEVEL_MESSAGE : G_LOG_LEVEL_INFO,
         "Scanned %s: %u files, %u new, %u failed in %.1f s%s", scan->folder->display,
         monitor_scan_get_n_files (scan), scan->n_new, scan->n_failed, seconds,
         postponed ? postponed : "");
  monitor_library_tell_scan (self, scan, FALSE);
}

static void
end_scan_if_done (MonitorLibrary *self, MonitorScan *scan)
{
  if (scan->walked == 0 || scan->n_pending > 0)
    return;
  if (!scan->incomplete && !self->stopping)
    report_end (self, scan);
  g_hash_table_remove (self->scans, GUINT_TO_POINTER (scan->number));
  monitor_scan_free (scan);
  if (g_hash_table_size (self->scans) > 0)
    return;
  monitor_absence_scans_ended (self->absence);
  booru_store_trim (self->store);
  malloc_trim (0);
}

static void
replace_string (char **place, char *string)
{
  g_free (*place);
  *place = string;
}

/**
 * monitor_library_job_began:
 *
 * A file is read.
 */
void
monitor_library_job_began (MonitorLibrary *self, MonitorJob *job)
{
  MonitorScan *scan = find_scan (self, job->scan);

  replace_string (&self->activity.current, g_build_filename (job->folder->path, job->path, NULL));
  if (scan)
    replace_string (&scan->current, g_strdup (job->path));
}

/**
 * monitor_library_job_counted:
 *
 * What came of a file, for the statistics.
 */
void
monitor_library_job_counted (MonitorLibrary *self,
                             MonitorJob *job,
                             gboolean created,
                             gboolean failed)
{
  MonitorScan *scan = find_scan (self, job->scan);
  guint64 n_bytes = (guint64)job->n_bytes;

  job->n_bytes = 0;
  booru_metric_add (self->metrics.bytes, (double)n_bytes);
  self->activity.n_bytes += n_bytes;
  self->activity.n_failed += failed != FALSE;
  if (scan == NULL)
    return;
  scan->n_bytes += n_bytes;
  scan->n_new += created != FALSE;
  scan->n_failed += failed != FALSE;
}

/**
 * monitor_library_job_postponed:
 *
 * A file cannot be had for a while (somebody writes it, the disk is full): its scan ends without
 * it, since a scan that does not end holds up what is gone, and is shown as being busy.
 */
void
monitor_library_job_postponed (MonitorLibrary *self, MonitorJob *job)
{
  MonitorScan *scan = find_scan (self, job->scan);

  job->scan = 0;
  if (scan == NULL)
    return;
  scan->n_pending--;
  scan->n_postponed++;
  end_scan_if_done (self, scan);
}

/**
 * monitor_library_job_removed:
 *
 * A job has left the queue for good.
 */
void
monitor_library_job_removed (MonitorJob *job, gpointer user_data)
{
  MonitorLibrary *self = user_data;
  MonitorScan *scan = find_scan (self, job->scan);

  self->activity.n_done++;
  monitor_library_go_on_retrying (self);
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
queue_found (MonitorLibrary *self, MonitorScan *scan, const MonitorFinding *finding)
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
  MonitorLibrary *self = user_data;
  BooruFileChange *change;

  if (self->stopping || scan->folder->removed || !scan->folder->present)
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
  MonitorLibrary *self = user_data;

  scan->incomplete = error != NULL;
  if (booru_err_notfound (error))
    monitor_library_check_folder (self, scan->folder, FALSE);
  else if (error && !g_error_matches (error, BOORU_ERROR, BOORU_ERROR_CANCELLED))
    g_warning ("Scanning %s is not complete: %s", scan->folder->display, error->message);
  end_scan_if_done (self, scan);
}

const MonitorScannerFuncs monitor_library_scanner_funcs = {
  .finding = on_finding,
  .walked = on_walked,
};

/* How many files there were when the folder was last looked through: as many as there may be now.
 */
static guint
count_known (MonitorLibrary *self, MonitorFolder *folder)
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

static void
start_scan (MonitorLibrary *self, MonitorFolder *folder, const char *below, gboolean import)
{
  MonitorScan *scan = monitor_scanner_start (self->scanner, folder, below, import);

  if (scan == NULL)
    return;
  if (scan->whole)
    scan->n_known = count_known (self, folder);
  g_hash_table_insert (self->scans, GUINT_TO_POINTER (scan->number), scan);
  monitor_library_tell_activity (self);
}

/**
 * monitor_library_scan:
 * @self: a library
 * @folder: a folder that is present
 * @below: a directory in it, or "" for all of it
 */
void
monitor_library_scan (MonitorLibrary *self, MonitorFolder *folder, const char *below)
{
  start_scan (self, folder, below, FALSE);
}

/**
 * monitor_library_apply_rules:
 * @self: a library
 * @path: one of its folders, or a directory in one; "": all of them
 *
 * Looks anew at what is said of the files there. Originals are left out: what was said of them was
 * beside them in the inbox.
 */
void
monitor_library_apply_rules (MonitorLibrary *self, const char *path)
{
  for (guint i = 0; i < self->folders->len; i++)
    {
      MonitorFolder *folder = g_ptr_array_index (self->folders, i);
      const char *below
          = g_str_has_prefix (path, folder->path) ? path + strlen (folder->path) : NULL;

      if (!folder->present || folder->kind != MONITOR_FOLDER_LIBRARY)
        continue;
      if (*path == '\0' || (below && *below == '\0'))
        start_scan (self, folder, "", TRUE);
      else if (below && *below == '/')
        start_scan (self, folder, below + 1, TRUE);
    }
}
