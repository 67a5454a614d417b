/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-library.h"

#include <errno.h>
#include <math.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "files/monitor-file.h"
#include "ingest/monitor-scratch.h"
#include "monitor-library-private.h"

#define STOP_PATIENCE (4 * G_TIME_SPAN_SECOND) /* for what is being decoded */
#define STOP_LIMIT (8 * G_TIME_SPAN_SECOND)    /* for what the store does not take */
#define STOP_LOOK 20                           /* ms */

/* Health and status */

/* Says why the library does less than it should, if that has changed. */
static void
update_trouble (gpointer user_data)
{
  MonitorLibrary *self = user_data;
  const char *blind
      = monitor_watcher_is_blind (self->watcher)
            ? "folders are scanned once a minute instead of being watched, as no inotify "
              "instance is available (fs.inotify.max_user_instances)"
            : NULL;
  g_autofree char *absent = monitor_folders_describe_absent (self->folders);
  g_autofree char *trouble
      = blind && absent ? g_strconcat (blind, "; ", absent, NULL) : g_strdup (blind ?: absent);

  if (g_strcmp0 (trouble, self->trouble) == 0)
    return;
  g_free (self->trouble);
  self->trouble = g_steal_pointer (&trouble);
  if (self->funcs.trouble_changed)
    self->funcs.trouble_changed (self->trouble, self->user_data);
}

static void
collect (BooruMetrics *registry, gpointer user_data)
{
  MonitorLibrary *self = user_data;
  MonitorMetrics *metrics = &self->metrics;
  const MonitorRate *rate = &self->progress.rate;
  gint64 left = monitor_progress_estimate (&self->progress);

  booru_metric_set (metrics->queue_length, monitor_queue_get_length (self->queue));
  booru_metric_set (metrics->files_rate, monitor_rate_get_files (rate));
  booru_metric_set (metrics->bytes_rate, monitor_rate_get_bytes (rate));
  booru_metric_set (metrics->time_left, left >= 0 ? (double)left : NAN);
  booru_metric_set (metrics->scans_running, g_hash_table_size (self->scans.scans));
  booru_metric_set (metrics->watches, monitor_watcher_get_n_watches (self->watcher));
  booru_metric_set (metrics->decoders, monitor_decoder_pool_get_n_processes (self->pool));
  booru_metric_set (metrics->decoders_started, monitor_decoder_pool_get_n_started (self->pool));
  booru_metric_set (metrics->decoder_failures, monitor_decoder_pool_get_n_failed (self->pool));
}

/* The watcher */

static void
on_event (const MonitorWatchEvent *event, gpointer user_data)
{
  MonitorLibrary *self = user_data;

  if (self->stopping)
    return;
  switch (event->kind)
    {
    case MONITOR_WATCH_OVERFLOW: /* events were lost */
      booru_metric_inc (self->metrics.overflows);
      monitor_folders_check_all (self->folders, TRUE);
      break;
    case MONITOR_WATCH_SEEING:
      update_trouble (self);
      monitor_folders_check_all (self->folders, TRUE);
      break;
    case MONITOR_WATCH_BLIND:
      monitor_library_reconcile (self);
      break;
    default:
      monitor_events_handle (&self->events, event);
    }
}

/* The folders */

static char **
on_dup_patterns (const char *path, gpointer user_data)
{
  MonitorLibrary *self = user_data;

  return monitor_ingest_dup_excluded (self->ingest, path);
}

static void
on_folder_found (MonitorFolder *folder, gboolean anew, gpointer user_data)
{
  MonitorLibrary *self = user_data;

  if (anew)
    monitor_watcher_forget (self->watcher, folder->serial);
  monitor_scans_start (&self->scans, folder, "", FALSE);
}

static void
on_folder_lost (MonitorFolder *folder, gpointer user_data)
{
  MonitorLibrary *self = user_data;

  monitor_watcher_forget (self->watcher, folder->serial);
  monitor_scanner_cancel (self->scans.scanner, folder);
  monitor_queue_drop_folder (self->queue, folder);
  monitor_absence_drop_folder (self->absence, folder);
}

static const MonitorFoldersFuncs folders_funcs = {
  .dup_patterns = on_dup_patterns,
  .found = on_folder_found,
  .lost = on_folder_lost,
  .changed = update_trouble,
};

/* The queue */

static void
on_queue_ready (gpointer user_data)
{
  MonitorLibrary *self = user_data;

  monitor_ingest_pump (self->ingest);
  if (monitor_ingest_get_n_active (self->ingest) > 0)
    monitor_progress_start (&self->progress);
}

static void
on_job_removed (MonitorJob *job, gpointer user_data)
{
  MonitorLibrary *self = user_data;

  self->progress.n_done++;
  monitor_retries_go_on (&self->retries);
  monitor_scans_job_removed (&self->scans, job);
}

/* The commits */

static gboolean
commit_is_busy (gpointer user_data)
{
  MonitorLibrary *self = user_data;

  return monitor_ingest_get_n_active (self->ingest) > 0 && !self->stopping;
}

/* A folder above it may have been renamed after the file was looked at last, and been looked
 * through before the store knew of the file. */
static void
on_written (const BooruFileChange *change, gpointer user_data)
{
  MonitorLibrary *self = user_data;
  MonitorFolder *folder
      = change->path != NULL ? monitor_folders_find (self->folders, change->folder_id) : NULL;
  MonitorLook look;

  if (folder != NULL && folder->present && !self->stopping && change->kind != BOORU_FILE_REMOVE
      && folder->kind == MONITOR_FOLDER_LIBRARY
      && !monitor_file_lstat (folder, change->path, &look))
    monitor_absence_note (self->absence, folder, change->path, FALSE);
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

static const MonitorCommitFuncs commit_funcs = {
  .is_busy = commit_is_busy,
  .written = on_written,
  .committed = on_committed,
  .broken = on_broken,
};

/* The ingest */

static void
on_absent (MonitorFolder *folder, const char *path, gpointer user_data)
{
  MonitorLibrary *self = user_data;

  monitor_absence_note (self->absence, folder, path, FALSE);
}

static void
on_began (MonitorJob *job, gpointer user_data)
{
  MonitorLibrary *self = user_data;

  monitor_progress_job_began (&self->progress, job);
  monitor_scans_job_began (&self->scans, job);
}

static void
on_postponed (MonitorJob *job, gpointer user_data)
{
  MonitorLibrary *self = user_data;

  monitor_scans_job_postponed (&self->scans, job);
}

static void
on_finished (MonitorJob *job, gboolean created, gboolean failed, gpointer user_data)
{
  MonitorLibrary *self = user_data;

  booru_metric_add (self->metrics.bytes, (double)job->n_bytes);
  monitor_progress_job_finished (&self->progress, job, failed);
  monitor_scans_job_finished (&self->scans, job, created, failed);
  job->n_bytes = 0;
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

static const MonitorIngestFuncs ingest_funcs = {
  .absent = on_absent,
  .began = on_began,
  .postponed = on_postponed,
  .asset_changed = on_asset_changed,
  .finished = on_finished,
};

/* The library */

static gboolean
make_dir (const char *files_dir, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (files_dir, name, NULL);

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

static gboolean
fail_away (MonitorLibrary *self, GError **error)
{
  g_autofree char *shown = g_filename_display_name (self->files_dir);

  g_set_error (error, BOORU_ERROR, BOORU_ERROR_IO,
               "The files folder “%s” is away: its file " BOORU_FILE_FILES_ID
               " is not there. Mount it",
               shown);
  return FALSE;
}

static gboolean
prepare_files_dir (MonitorLibrary *self, MonitorRole *role, GError **error)
{
  g_autoptr (GPtrArray) suspects = NULL;

  raise_file_limit ();
  if (!booru_files_folder_is_there (self->data_dir, self->files_dir))
    return fail_away (self, error);
  if (!make_dir (self->files_dir, BOORU_DIR_TEMPORARY, error)
      || !make_dir (self->files_dir, BOORU_DIR_ORIGINALS, error)
      || !make_dir (self->files_dir, BOORU_DIR_THUMBNAILS, error)
      || !make_dir (self->files_dir, BOORU_DIR_SPOOL, error))
    return FALSE;
  suspects = monitor_scratch_clean (self->data_dir, self->files_dir, role == NULL, self->store);
  booru_trash_recover (self->store, self->files_dir);
  self->journal = monitor_journal_new (self->temporary_dir, suspects, error);
  return self->journal != NULL;
}

static void
make_parts (MonitorLibrary *self, const MonitorLibraryOptions *options)
{
  self->folders
      = monitor_folders_new (self->data_dir, self->files_dir, self->store, &folders_funcs, self);
  self->watcher = monitor_watcher_new (options->max_watches, on_event, self);
  self->queue = monitor_queue_new (on_queue_ready, on_job_removed, self);
  self->commit = monitor_commit_new (self->store, &self->metrics, &commit_funcs, self);
  self->absence = monitor_absence_new (self->store, self->commit, self->queue, self->folders);
  self->uploads = monitor_uploads_new (self->files_dir, options->role, self->store, self->queue,
                                       self->commit);
  self->ingest = monitor_ingest_new (
      &(MonitorIngestParts){ self->files_dir, self->temporary_dir, options->role, self->store,
                             self->folders, self->journal, self->queue, self->commit, self->pool,
                             &self->metrics, options->cut_patience },
      &ingest_funcs, self);
  self->scans = (MonitorScans){ self->store,   self->folders,  self->queue,    self->commit,
                                self->absence, &self->metrics, &self->progress };
  monitor_scans_init (&self->scans, self->data_dir, self->files_dir, options->database,
                      self->watcher);
  self->progress = (MonitorProgress){ self->queue,
                                      self->ingest,
                                      self->scans.scans,
                                      self->funcs.progress,
                                      self->funcs.ingest_progress,
                                      self->user_data };
  self->retries = (MonitorRetries){ self->store, self->folders, self->queue };
  self->events = (MonitorEvents){ self->store,  self->folders, self->watcher, self->queue,
                                  self->commit, self->absence, self->ingest,  &self->scans };
}

MonitorLibrary *
monitor_library_new (const MonitorLibraryOptions *options,
                     const MonitorLibraryFuncs *funcs,
                     gpointer user_data,
                     GError **error)
{
  g_autoptr (MonitorLibrary) self = g_new0 (MonitorLibrary, 1);

  self->data_dir = g_strdup (options->data_dir);
  self->files_dir = g_strdup (options->files_dir ? options->files_dir : options->data_dir);
  self->temporary_dir = options->temporary_dir
                            ? g_strdup (options->temporary_dir)
                            : g_build_filename (self->files_dir, BOORU_DIR_TEMPORARY, NULL);
  self->store = g_object_ref (options->store);
  self->pool = g_object_ref (options->pool);
  self->funcs = *funcs;
  self->user_data = user_data;
  monitor_metrics_init (&self->metrics, options->metrics);
  if (!prepare_files_dir (self, options->role, error))
    return NULL;
  make_parts (self, options);
  self->registry = options->metrics;
  booru_metrics_add_collector (self->registry, collect, self);
  update_trouble (self);
  return g_steal_pointer (&self);
}

void
monitor_library_set_rules (MonitorLibrary *self, MonitorRules *rules)
{
  monitor_ingest_set_rules (self->ingest, rules);
}

gboolean
monitor_library_set_folders (MonitorLibrary *self,
                             const char *const *folders,
                             const char *inbox,
                             GError **error)
{
  if (!monitor_folders_set (self->folders, folders, inbox, error))
    return FALSE;
  update_trouble (self);
  monitor_uploads_clean (self->uploads);
  monitor_uploads_look (self->uploads);
  return TRUE;
}

static gboolean
on_reconcile (gpointer user_data)
{
  monitor_library_reconcile (user_data);
  return G_SOURCE_CONTINUE;
}

void
monitor_library_set_interval (MonitorLibrary *self, guint seconds)
{
  g_clear_handle_id (&self->reconcile_source, g_source_remove);
  if (seconds > 0)
    self->reconcile_source = g_timeout_add_seconds (seconds, on_reconcile, self);
}

void
monitor_library_reconcile (MonitorLibrary *self)
{
  const GPtrArray *folders = monitor_folders_list (self->folders);

  monitor_uploads_clean (self->uploads);
  monitor_uploads_look (self->uploads);
  for (guint i = 0; i < folders->len; i++)
    {
      MonitorFolder *folder = g_ptr_array_index (folders, i);

      monitor_folders_check (self->folders, folder,
                             !monitor_scanner_is_walking (self->scans.scanner, folder));
    }
}

void
monitor_library_set_upload_keep_time (MonitorLibrary *self, guint days)
{
  monitor_uploads_set_keep_time (self->uploads, days * G_TIME_SPAN_DAY);
}

void
monitor_library_look_for_uploads (MonitorLibrary *self)
{
  if (!self->stopping)
    monitor_uploads_look (self->uploads);
}

void
monitor_library_scan_path (MonitorLibrary *self, const char *path)
{
  const GPtrArray *folders = monitor_folders_list (self->folders);

  if (*path == '\0')
    {
      monitor_library_reconcile (self);
      return;
    }
  for (guint i = 0; i < folders->len; i++)
    {
      MonitorFolder *folder = g_ptr_array_index (folders, i);
      const char *below = monitor_folder_get_below (path, folder->path);

      if (below && *below == '\0')
        monitor_folders_check (self->folders, folder, TRUE);
      else if (below && folder->present)
        monitor_scans_start (&self->scans, folder, below, FALSE);
    }
}

void
monitor_library_apply_rules (MonitorLibrary *self, const char *path)
{
  const GPtrArray *folders = monitor_folders_list (self->folders);

  for (guint i = 0; i < folders->len; i++)
    {
      MonitorFolder *folder = g_ptr_array_index (folders, i);
      const char *below = *path ? monitor_folder_get_below (path, folder->path) : "";

      if (below && folder->present && folder->kind == MONITOR_FOLDER_LIBRARY)
        monitor_scans_start (&self->scans, folder, below, TRUE);
    }
}

void
monitor_library_retry (MonitorLibrary *self, const char *path)
{
  monitor_retries_add (&self->retries, path);
}

gboolean
monitor_library_is_idle (MonitorLibrary *self)
{
  return g_hash_table_size (self->scans.scans) == 0 && monitor_queue_get_length (self->queue) == 0
         && monitor_commit_get_n_pending (self->commit) == 0
         && monitor_absence_get_n (self->absence) == 0 && g_queue_is_empty (&self->retries.wanted);
}

static gboolean
on_stopping (gpointer user_data)
{
  MonitorLibrary *self = user_data;
  gint64 waited = g_get_monotonic_time () - self->stopping_since;
  gboolean done;

  if (waited > STOP_PATIENCE)
    monitor_ingest_stop (self->ingest, TRUE);
  done = monitor_ingest_get_n_active (self->ingest) == 0 && monitor_commit_flush (self->commit);
  if (!done && waited < STOP_LIMIT)
    return G_SOURCE_CONTINUE;
  self->stop_source = 0;
  self->funcs.stopped (self->user_data);
  return G_SOURCE_REMOVE;
}

void
monitor_library_stop (MonitorLibrary *self)
{
  if (self->stopping)
    return;
  self->stopping = self->progress.stopped = TRUE;
  self->stopping_since = g_get_monotonic_time ();
  monitor_library_set_interval (self, 0);
  monitor_retries_stop (&self->retries);
  monitor_ingest_stop (self->ingest, FALSE);
  monitor_folders_stop (self->folders);
  monitor_scans_stop (&self->scans);
  self->stop_source = g_timeout_add (STOP_LOOK, on_stopping, self);
}

/* What is under way is given up. */
static void
free_parts (MonitorLibrary *self)
{
  monitor_library_stop (self);
  monitor_progress_clear (&self->progress);
  g_clear_handle_id (&self->stop_source, g_source_remove);
  monitor_ingest_stop (self->ingest, TRUE);
  while (monitor_ingest_get_n_active (self->ingest) > 0)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  monitor_commit_free (self->commit);
  monitor_ingest_free (self->ingest);
  monitor_progress_clear (&self->progress);
  monitor_scans_clear (&self->scans);
  monitor_absence_free (self->absence);
  monitor_uploads_free (self->uploads);
  monitor_queue_free (self->queue);
  monitor_watcher_free (self->watcher);
  monitor_folders_free (self->folders);
}

void
monitor_library_free (MonitorLibrary *self)
{
  booru_metrics_remove_collector (self->registry, self);
  if (self->folders != NULL)
    free_parts (self);
  g_clear_pointer (&self->journal, monitor_journal_free);
  g_clear_object (&self->store);
  g_clear_object (&self->pool);
  g_free (self->trouble);
  g_free (self->data_dir);
  g_free (self->files_dir);
  g_free (self->temporary_dir);
  g_free (self);
}
