/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-progress.h"

#define INTERVAL 500 /* ms */

static void
add (GVariantBuilder *builder, const char *name, GVariant *value)
{
  g_variant_builder_add (builder, "{sv}", name, value);
}

static void
add_count (GVariantBuilder *builder, const char *name, guint64 count)
{
  add (builder, name, g_variant_new_uint64 (count));
}

static void
add_rates (GVariantBuilder *builder, double files, double bytes)
{
  add (builder, "files-rate", g_variant_new_double (files));
  add (builder, "bytes-rate", g_variant_new_double (bytes));
}

/* How many files there are in the folder. FALSE: nobody knows yet. */
static gboolean
get_total (MonitorScan *scan, guint *total)
{
  guint seen = monitor_scan_get_n_files (scan);

  if (scan->walked == 0 && scan->count && monitor_count_get (scan->count, total))
    {
      *total = MAX (*total, seen);
      return TRUE;
    }
  *total = scan->walked ? seen : scan->n_known;
  return scan->walked || (scan->n_known > 0 && scan->n_known >= seen);
}

/* Seconds until the scan and all that it has found are done; -1: nobody knows. */
static gint64
estimate_scan (MonitorScan *scan)
{
  guint passed = monitor_scan_get_n_passed (scan);
  guint total;

  return get_total (scan, &total) ? monitor_rate_estimate (&scan->rate, total - MIN (total, passed))
                                  : -1;
}

static void
add_scan_counts (GVariantBuilder *builder, MonitorScan *scan)
{
  guint total;

  add_count (builder, "files-seen", monitor_scan_get_n_files (scan));
  add_count (builder, "passed", monitor_scan_get_n_passed (scan));
  if (get_total (scan, &total))
    add_count (builder, "total", total);
  add_count (builder, "queued", scan->n_pending);
  add_count (builder, "done", scan->n_done);
  add_count (builder, "new", scan->n_new);
  add_count (builder, "failed", scan->n_failed);
  add_count (builder, "waiting", scan->n_postponed);
}

void
monitor_progress_tell_scan (MonitorProgress *self, MonitorScan *scan, gboolean running)
{
  double seconds = (double)(g_get_monotonic_time () - scan->started) / G_TIME_SPAN_SECOND;
  gint64 left = running ? estimate_scan (scan) : -1;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add (&builder, "folder", g_variant_new_bytestring (scan->folder->path));
  add (&builder, "running", g_variant_new_boolean (running));
  add (&builder, "seconds", g_variant_new_double (seconds));
  add (&builder, "time", g_variant_new_int64 (g_get_real_time ()));
  add_scan_counts (&builder, scan);
  if (running)
    add_rates (&builder, monitor_rate_get_files (&scan->rate),
               monitor_rate_get_bytes (&scan->rate));
  else
    add_rates (&builder, monitor_scan_get_n_passed (scan) / MAX (seconds, 0.001),
               (double)scan->n_bytes / MAX (seconds, 0.001));
  if (left >= 0)
    add_count (&builder, "left", (guint64)left);
  if (running && scan->current)
    add (&builder, "current", g_variant_new_bytestring (scan->current));
  self->scan_func (g_variant_builder_end (&builder), self->user_data);
}

/* Files that are to be done and could be done now. */
static guint
count_open (MonitorProgress *self)
{
  return monitor_queue_get_length (self->queue) - monitor_queue_get_n_waiting (self->queue);
}

gint64
monitor_progress_estimate (MonitorProgress *self)
{
  guint n_open = count_open (self);
  gint64 left = n_open > 0 ? monitor_rate_estimate (&self->rate, n_open) : 0;
  GHashTableIter iter;
  gpointer scan;

  g_hash_table_iter_init (&iter, self->scans);
  while (left >= 0 && g_hash_table_iter_next (&iter, NULL, &scan))
    {
      gint64 of_scan = ((MonitorScan *)scan)->whole ? estimate_scan (scan) : left;

      left = of_scan < 0 ? -1 : MAX (left, of_scan);
    }
  return left;
}

static void
tell_ingest (MonitorProgress *self, gboolean running)
{
  gint64 left = running ? monitor_progress_estimate (self) : -1;
  guint working = monitor_ingest_get_n_working (self->ingest);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add (&builder, "running", g_variant_new_boolean (running));
  add_count (&builder, "queued", count_open (self) - MIN (count_open (self), working));
  add_count (&builder, "working", working);
  add_count (&builder, "waiting", monitor_queue_get_n_waiting (self->queue));
  add_count (&builder, "done", self->n_done);
  add_count (&builder, "failed", self->n_failed);
  add_rates (&builder, running ? monitor_rate_get_files (&self->rate) : 0,
             running ? monitor_rate_get_bytes (&self->rate) : 0);
  if (left >= 0)
    add_count (&builder, "left", (guint64)left);
  if (running && self->current)
    add (&builder, "current", g_variant_new_bytestring (self->current));
  self->ingest_func (g_variant_builder_end (&builder), self->user_data);
}

static void
tell_scans (MonitorProgress *self, gint64 now)
{
  GHashTableIter iter;
  gpointer each;

  g_hash_table_iter_init (&iter, self->scans);
  while (g_hash_table_iter_next (&iter, NULL, &each))
    {
      MonitorScan *scan = each;

      if (!scan->whole)
        continue;
      monitor_rate_note (&scan->rate, now, monitor_scan_get_n_passed (scan), scan->n_bytes);
      monitor_progress_tell_scan (self, scan, TRUE);
    }
}

/* Counting begins anew with what comes next. */
static void
forget (MonitorProgress *self)
{
  self->n_done = self->n_failed = self->n_bytes = 0;
  self->rate = (MonitorRate){ 0 };
  g_clear_pointer (&self->current, g_free);
}

/* What waits for a later time is nothing that is going on. */
static gboolean
on_interval (gpointer user_data)
{
  MonitorProgress *self = user_data;
  gboolean running = count_open (self) > 0;
  gint64 now = g_get_monotonic_time ();

  tell_scans (self, now);
  monitor_rate_note (&self->rate, now, self->n_done, self->n_bytes);
  if (running || self->n_done > 0)
    tell_ingest (self, running);
  if (!running)
    forget (self);
  if (running || g_hash_table_size (self->scans) > 0)
    return G_SOURCE_CONTINUE;
  self->source = 0;
  return G_SOURCE_REMOVE;
}

void
monitor_progress_start (MonitorProgress *self)
{
  if (self->source != 0 || self->stopped)
    return;
  monitor_rate_note (&self->rate, g_get_monotonic_time (), 0, 0);
  self->source = g_timeout_add (INTERVAL, on_interval, self);
}

void
monitor_progress_clear (MonitorProgress *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  forget (self);
}

void
monitor_progress_job_began (MonitorProgress *self, const MonitorJob *job)
{
  g_free (self->current);
  self->current = g_build_filename (job->folder->path, job->path, NULL);
}

void
monitor_progress_job_finished (MonitorProgress *self, const MonitorJob *job, gboolean failed)
{
  self->n_bytes += (guint64)job->n_bytes;
  self->n_failed += failed != FALSE;
}
