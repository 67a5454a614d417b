/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-library.h"

#include <errno.h>
#include <math.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "files/monitor-file.h"
#include "monitor-library-private.h"
#include "ingest/monitor-scratch.h"

#define STOP_PATIENCE (4 * G_TIME_SPAN_SECOND) /* for what is being decoded */
#define STOP_LIMIT (8 * G_TIME_SPAN_SECOND)    /* for what the store does not take */
#define STOP_LOOK 20                           /* ms */

static void
on_queue_ready (gpointer user_data)
{
  MonitorLibrary *self = user_data;

  if (self->ingest == NULL)
    return;
  monitor_ingest_pump (self->ingest);
  if (monitor_ingest_get_n_active (self->ingest) > 0)
    monitor_library_tell_activity (self);
}

static gboolean
commit_is_busy (gpointer user_data)
{
  MonitorLibrary *self = user_data;

  return self->ingest && monitor_ingest_get_n_active (self->ingest) > 0 && !self->stopping;
}

static void
on_committed (GArray *ids, gpointer user_data)
{
  MonitorLibrary *self = user_data;

  if (ids->len > 0)
    self->funcs.posts_changed (ids, self->user_data);
}

static void
on_broken (const GError *error, gpointer user_data)
{
  MonitorLibrary *self = user_data;

  self->funcs.broken (error, self->user_data);
}

static MonitorFolder *
on_find_folder (gint64 folder_id, gpointer user_data)
{
  return monitor_library_find_folder (user_data, folder_id);
}

static MonitorFolder *
on_get_managed (gpointer user_data)
{
  MonitorLibrary *self = user_data;

  return g_ptr_array_index (self->folders, 0);
}

static void
on_absent (MonitorFolder *folder, const char *path, gpointer user_data)
{
  MonitorLibrary *self = user_data;

  monitor_absence_note (self->absence, folder, path, FALSE);
}

static void
on_folder_lost (MonitorFolder *folder, gpointer user_data)
{
  monitor_library_check_folder (user_data, folder, FALSE);
}

static void
on_began (MonitorJob *job, gpointer user_data)
{
  monitor_library_job_began (user_data, job);
}

static void
on_postponed (MonitorJob *job, gpointer user_data)
{
  monitor_library_job_postponed (user_data, job);
}

static void
on_asset_changed (gint64 asset_id, gpointer user_data)
{
  MonitorLibrary *self = user_data;

  if (self->funcs.upload_changed)
    self->funcs.upload_changed (asset_id, self->user_data);
  if (!self->stopping)
    monitor_uploads_look_for_more (self->uploads);
}

static void
on_finished (MonitorJob *job, gboolean created, gboolean failed, gpointer user_data)
{
  monitor_library_job_counted (user_data, job, created, failed);
}

static gboolean
is_unsettled (gpointer user_data)
{
  MonitorLibrary *self = user_data;

  return monitor_queue_get_n_urgent (self->queue) > 0 || g_hash_table_size (self->scans) > 0;
}

static gboolean
is_scanning (gpointer user_data)
{
  MonitorLibrary *self = user_data;

  return g_hash_table_size (self->scans) > 0;
}

/* A folder above it may have been renamed after the file was looked at last, and been looked
 * through before the store knew of the file. */
static void
on_written (const BooruFileChange *change, gpointer user_data)
{
  MonitorLibrary *self = user_data;
  MonitorFolder *folder = change->folder_id != 0 && change->path != NULL
                              ? monitor_library_find_folder (self, change->folder_id)
                              : NULL;
  MonitorLook look;

  if (folder != NULL && folder->present && !self->stopping && change->kind != BOORU_FILE_REMOVE
      && folder->kind == MONITOR_FOLDER_LIBRARY
      && !monitor_file_lstat (folder, change->path, &look))
    monitor_absence_note (self->absence, folder, change->path, FALSE);
}

static const MonitorCommitFuncs commit_funcs = {
  .is_busy = commit_is_busy,
  .written = on_written,
  .committed = on_committed,
  .broken = on_broken,
};

static const MonitorIngestFuncs ingest_funcs = {
  .find_folder = on_find_folder,
  .get_managed = on_get_managed,
  .absent = on_absent,
  .folder_lost = on_folder_lost,
  .began = on_began,
  .postponed = on_postponed,
  .asset_changed = on_asset_changed,
  .finished = on_finished,
};

static const MonitorAbsenceFuncs absence_funcs = {
  .is_unsettled = is_unsettled,
  .is_scanning = is_scanning,
  .folder_lost = on_folder_lost,
};

static void
on_mounts_changed (GUnixMountMonitor *monitor, gpointer user_data)
{
  MonitorLibrary *self = user_data;

  for (guint i = 0; i < self->folders->len; i++)
    monitor_library_check_folder (self, g_ptr_array_index (self->folders, i), FALSE);
}

static gboolean
make_dir (const char *data_dir, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, name, NULL);

  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;
  return booru_set_errno_error (error, errno, "Making the folder %s", path);
}

/* Deep trees, many files under way, decoders: more than the 1,024 that shells give. */
static void
raise_file_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max)
    {
      limit.rlim_cur = MIN (limit.rlim_max, 16384);
      setrlimit (RLIMIT_NOFILE, &limit);
    }
}

static void
collect (BooruMetrics *registry, gpointer user_data)
{
  MonitorLibrary *self = user_data;
  MonitorMetrics *metrics = &self->metrics;
  gint64 left = monitor_library_estimate (self);

  booru_metric_set (metrics->queue_length, monitor_queue_get_length (self->queue));
  booru_metric_set (metrics->files_rate, monitor_rate_get_files (&self->activity.rate));
  booru_metric_set (metrics->bytes_rate, monitor_rate_get_bytes (&self->activity.rate));
  booru_metric_set (metrics->time_left, left >= 0 ? (double)left : NAN);
  booru_metric_set (metrics->scans_running, g_hash_table_size (self->scans));
  booru_metric_set (metrics->watches, monitor_watcher_get_n_watches (self->watcher));
  booru_metric_set (metrics->decoders, monitor_decoder_pool_get_n_processes (self->pool));
  booru_metric_set (metrics->decoders_started, monitor_decoder_pool_get_n_started (self->pool));
  booru_metric_set (metrics->decoder_failures, monitor_decoder_pool_get_n_failed (self->pool));
}

/**
 * monitor_library_new:
 * @options: what it works with
 * @funcs: what it tells
 * @user_data: for @funcs
 * @error: if the data folder cannot be written
 *
 * Prepares the data folder. Nothing is followed until monitor_library_set_folders().
 */
MonitorLibrary *
monitor_library_new (const MonitorLibraryOptions *options,
                     const MonitorLibraryFuncs *funcs,
                     gpointer user_data,
                     GError **error)
{
  g_autoptr (MonitorLibrary) self = g_new0 (MonitorLibrary, 1);
  g_autoptr (GPtrArray) suspects = NULL;
  MonitorIngestParts parts;

  self->data_dir = g_strdup (options->data_dir);
  self->store = g_object_ref (options->store);
  self->pool = g_object_ref (options->pool);
  self->funcs = *funcs;
  self->user_data = user_data;
  monitor_metrics_init (&self->metrics, options->metrics);
  self->folders = g_ptr_array_new_with_free_func ((GDestroyNotify)monitor_folder_unref);
  self->waiting = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->scans = g_hash_table_new (NULL, NULL);
  self->unsaved = g_ptr_array_new_with_free_func ((GDestroyNotify)monitor_folder_unref);

  raise_file_limit ();
  if (!make_dir (self->data_dir, BOORU_DIR_TEMPORARY, error)
      || !make_dir (self->data_dir, BOORU_DIR_ORIGINALS, error)
      || !make_dir (self->data_dir, BOORU_DIR_THUMBNAILS, error))
    return NULL;
  suspects = monitor_scratch_clean (self->data_dir, options->role == NULL, self->store);
  booru_trash_recover (self->store, self->data_dir);

  self->watcher = monitor_watcher_new (options->max_watches, monitor_library_handle_event, self);
  self->queue = monitor_queue_new (on_queue_ready, monitor_library_job_removed, self);
  self->commit = monitor_commit_new (self->store, &commit_funcs, self);
  monitor_commit_set_metrics (self->commit, &self->metrics);
  self->absence
      = monitor_absence_new (self->store, self->commit, self->queue, &absence_funcs, self);
  self->scanner
      = monitor_scanner_new (self->data_dir, self->watcher, &monitor_library_scanner_funcs, self);
  self->uploads = monitor_uploads_new (self->data_dir, options->role, self->store, self->queue,
                                       self->commit, error);
  if (self->uploads == NULL)
    return NULL;
  self->temporary_dir = options->temporary_dir
                            ? g_strdup (options->temporary_dir)
                            : g_build_filename (self->data_dir, BOORU_DIR_TEMPORARY, NULL);
  self->journal = monitor_journal_new (self->temporary_dir, suspects, error);
  if (self->journal == NULL)
    return NULL;
  parts = (MonitorIngestParts){ self->data_dir, self->temporary_dir,  options->role, self->store,
                                self->journal,  self->queue,          self->commit,  self->pool,
                                &self->metrics, options->cut_patience };
  self->ingest = monitor_ingest_new (&parts, &ingest_funcs, self);
  self->registry = options->metrics;
  booru_metrics_add_collector (self->registry, collect, self);

  monitor_library_tell_trouble (self);
  self->mounts = g_unix_mount_monitor_get ();
  g_signal_connect (self->mounts, "mounts-changed", G_CALLBACK (on_mounts_changed), self);
  return g_steal_pointer (&self);
}

void
monitor_library_set_rules (MonitorLibrary *self, MonitorRules *rules)
{
  monitor_ingest_set_rules (self->ingest, rules);
}

static gboolean
on_reconcile (gpointer user_data)
{
  monitor_library_reconcile (user_data);
  return G_SOURCE_CONTINUE;
}

/**
 * monitor_library_set_interval:
 * @self: a library
 * @seconds: between two comparisons of folders and store; 0: never
 */
void
monitor_library_set_interval (MonitorLibrary *self, guint seconds)
{
  g_clear_handle_id (&self->reconcile_source, g_source_remove);
  if (seconds > 0)
    self->reconcile_source = g_timeout_add_seconds (seconds, on_reconcile, self);
}

/**
 * monitor_library_reconcile:
 * @self: a library
 *
 * Compares all folders with the store, each unless that is under way.
 */
void
monitor_library_reconcile (MonitorLibrary *self)
{
  monitor_uploads_clean (self->uploads);
  monitor_uploads_look (self->uploads);
  for (guint i = 0; i < self->folders->len; i++)
    {
      MonitorFolder *folder = g_ptr_array_index (self->folders, i);

      monitor_library_check_folder (self, folder,
                                    !monitor_scanner_is_walking (self->scanner, folder));
    }
}

/**
 * monitor_library_set_upload_keep_time:
 * @self: a library
 * @days: how long uploaded files are kept of which nobody makes a post; 0: for ever
 */
void
monitor_library_set_upload_keep_time (MonitorLibrary *self, guint days)
{
  monitor_uploads_set_keep_time (self->uploads, days * G_TIME_SPAN_DAY);
}

/**
 * monitor_library_look_for_uploads:
 * @self: a library
 *
 * Takes up what was uploaded.
 */
void
monitor_library_look_for_uploads (MonitorLibrary *self)
{
  if (!self->stopping)
    monitor_uploads_look (self->uploads);
}

/**
 * monitor_library_scan_path:
 * @self: a library
 * @path: one of its folders, or a directory in one; others are left alone
 *
 * Compares it with the store now.
 */
void
monitor_library_scan_path (MonitorLibrary *self, const char *path)
{
  for (guint i = 0; i < self->folders->len; i++)
    {
      MonitorFolder *folder = g_ptr_array_index (self->folders, i);
      const char *below
          = g_str_has_prefix (path, folder->path) ? path + strlen (folder->path) : NULL;

      if (below && *below == '\0')
        monitor_library_check_folder (self, folder, TRUE);
      else if (below && *below == '/' && folder->present)
        monitor_library_scan (self, folder, below + 1);
    }
}

/**
 * monitor_library_is_idle:
 * @self: a library
 *
 * Returns: whether all that was seen is done
 */
gboolean
monitor_library_is_idle (MonitorLibrary *self)
{
  return g_hash_table_size (self->scans) == 0 && monitor_queue_get_length (self->queue) == 0
         && monitor_commit_get_n_pending (self->commit) == 0
         && monitor_absence_get_n (self->absence) == 0 && g_queue_is_empty (&self->retries);
}

typedef struct
{
  MonitorLibrary *library;
  gint64 since;
} Stopping;

static gboolean
on_stopping (gpointer user_data)
{
  Stopping *stopping = user_data;
  MonitorLibrary *self = stopping->library;
  gint64 waited = g_get_monotonic_time () - stopping->since;
  gboolean done;

  if (waited > STOP_PATIENCE)
    monitor_ingest_stop (self->ingest, TRUE);
  done = monitor_ingest_get_n_active (self->ingest) == 0 && monitor_commit_flush (self->commit);
  if (!done && waited < STOP_LIMIT)
    return G_SOURCE_CONTINUE;
  self->stop_source = 0;
  self->stopped = TRUE;
  self->funcs.stopped (self->user_data);
  return G_SOURCE_REMOVE;
}

/**
 * monitor_library_stop:
 * @self: a library
 *
 * Takes up nothing more, and says stopped() when what is under way is done, or given up after some
 * seconds: the next start finds it again.
 */
void
monitor_library_stop (MonitorLibrary *self)
{
  Stopping *stopping;

  if (self->stopping)
    return;
  self->stopping = TRUE;
  monitor_library_clear_retries (self);
  monitor_library_set_interval (self, 0);
  monitor_ingest_stop (self->ingest, FALSE);
  for (guint i = 0; i < self->folders->len; i++)
    monitor_scanner_cancel (self->scanner, g_ptr_array_index (self->folders, i));

  stopping = g_new0 (Stopping, 1);
  stopping->library = self;
  stopping->since = g_get_monotonic_time ();
  self->stop_source
      = g_timeout_add_full (G_PRIORITY_DEFAULT, STOP_LOOK, on_stopping, stopping, g_free);
}

static void
free_scans (MonitorLibrary *self)
{
  GHashTableIter iter;
  gpointer scan;

  /* Those that still walk belong to the scanner. */
  g_hash_table_iter_init (&iter, self->scans);
  while (g_hash_table_iter_next (&iter, NULL, &scan))
    if (((MonitorScan *)scan)->walked != 0)
      monitor_scan_free (scan);
  g_hash_table_remove_all (self->scans);
}

void
monitor_library_free (MonitorLibrary *self)
{
  self->stopping = TRUE;
  monitor_library_clear_retries (self);
  booru_metrics_remove_collector (self->registry, self);
  monitor_library_set_interval (self, 0);
  monitor_library_clear_activity (self);
  g_clear_handle_id (&self->stop_source, g_source_remove);
  g_clear_handle_id (&self->unsaved_source, g_source_remove);
  if (self->mounts)
    g_signal_handlers_disconnect_by_data (self->mounts, self);
  g_clear_object (&self->mounts);

  free_scans (self);
  g_clear_pointer (&self->scanner, monitor_scanner_free);
  if (self->ingest)
    monitor_ingest_stop (self->ingest, TRUE);
  while (self->ingest && monitor_ingest_get_n_active (self->ingest) > 0)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  g_clear_pointer (&self->commit, monitor_commit_free);
  g_clear_pointer (&self->ingest, monitor_ingest_free);
  g_clear_pointer (&self->journal, monitor_journal_free);
  g_clear_pointer (&self->absence, monitor_absence_free);
  g_clear_pointer (&self->uploads, monitor_uploads_free);
  g_clear_pointer (&self->queue, monitor_queue_free);
  g_clear_pointer (&self->watcher, monitor_watcher_free);

  g_clear_pointer (&self->waiting, g_hash_table_unref);
  g_clear_pointer (&self->scans, g_hash_table_unref);
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  g_clear_pointer (&self->unsaved, g_ptr_array_unref);
  g_clear_object (&self->store);
  g_clear_object (&self->pool);
  g_free (self->activity.current);
  g_free (self->trouble);
  g_free (self->data_dir);
  g_free (self->temporary_dir);
  g_free (self);
}
