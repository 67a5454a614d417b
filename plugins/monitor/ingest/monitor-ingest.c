/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-ingest.h"

#include "files/monitor-content.h"
#include "monitor-ingest-private.h"
#include "files/monitor-names.h"

/* While the store is locked, nothing more is decoded that would only wait for it. */
#define COMMITTING_LIMIT 256

#define SOON (200 * G_TIME_SPAN_MILLISECOND)
#define NOT_SOON (1 * G_TIME_SPAN_SECOND)

#define TROUBLE_FIRST (1 * G_TIME_SPAN_SECOND)
#define TROUBLE_LAST (5 * G_TIME_SPAN_MINUTE)

static void
passage_free (MonitorPassage *self)
{
  monitor_opened_clear (&self->opened);
  g_clear_pointer (&self->known, booru_file_free);
  g_clear_pointer (&self->former, booru_file_free);
  g_clear_pointer (&self->others, g_ptr_array_unref);
  g_clear_pointer (&self->other_folders, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_clear_error (&self->refusal);
  g_clear_pointer (&self->result, monitor_decode_result_free);
  monitor_folder_unref (self->folder);
  g_clear_pointer (&self->managed, monitor_folder_unref);
  g_free (self->path);
  g_free (self->other_display);
  g_free (self->managed_path);
  g_free (self->metadata);
  g_clear_pointer (&self->sidecar, monitor_tags_free);
  g_clear_pointer (&self->sidecar_paths, g_ptr_array_unref);
  g_clear_pointer (&self->sidecar_pictures, g_ptr_array_unref);
  g_free (self->taken_picture);
  g_free (self);
}

/* Those who waited for the same content now find it in the store, or take it up themselves. */
static void
release_content (MonitorPassage *self)
{
  g_autofree char *md5 = NULL;
  GQueue *waiting = NULL;
  gpointer passage;

  if (!self->holds_md5)
    return;
  self->holds_md5 = FALSE;
  g_hash_table_steal_extended (self->ingest->contents, self->md5, (gpointer *)&md5,
                               (gpointer *)&waiting);
  while ((passage = g_queue_pop_head (waiting)) != NULL)
    monitor_passage_resolve (passage);
  g_queue_free (waiting);
}

/* Enters or leaves those that are under way. */
static void
count (MonitorPassage *self, gint change)
{
  self->ingest->n_active += change;
  self->ingest->n_slow += self->counts_as_slow ? change : 0;
}

/* Frees the passage; its job goes back to the queue, to be done or to come again after @delay. */
static void
leave (MonitorPassage *self, gint64 delay)
{
  MonitorIngest *ingest = self->ingest;
  MonitorJob *job = self->job;

  monitor_passage_leave_journal (self, delay == 0);
  release_content (self);
  passage_free (self);
  if (delay > 0)
    monitor_queue_retry (ingest->parts.queue, job, delay);
  else
    monitor_queue_finish (ingest->parts.queue, job);
  monitor_queue_wake (ingest->parts.queue);
}

/**
 * monitor_passage_finish:
 * @self: (transfer full): a passage
 * @created: a new post came of it
 * @failed: the file is recorded as failed
 *
 * The file is done with.
 */
void
monitor_passage_finish (MonitorPassage *self, gboolean created, gboolean failed)
{
  count (self, -1);
  self->ingest->funcs.finished (self->job, created, failed, self->ingest->user_data);
  leave (self, 0);
}

/**
 * monitor_passage_come_again:
 * @self: (transfer full): a passage
 * @delay: in how many microseconds
 * @postpone: nobody can say when it will be done with
 *
 * The file is to be looked at anew.
 */
void
monitor_passage_come_again (MonitorPassage *self, gint64 delay, gboolean postpone)
{
  count (self, -1);
  if (postpone)
    self->ingest->funcs.postponed (self->job, self->ingest->user_data);
  leave (self, delay);
}

/**
 * monitor_passage_trouble:
 * @self: (transfer full): a passage
 * @error: what went wrong
 *
 * Something that is not the file's fault stands in the way: the file comes again later.
 */
void
monitor_passage_trouble (MonitorPassage *self, const GError *error)
{
  MonitorJob *job = self->job;
  gint64 delay = MIN (TROUBLE_FIRST << MIN (job->troubles, 20), TROUBLE_LAST);
  g_autofree char *display = g_filename_display_name (self->path);

  if (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_CANCELLED) || booru_err_fenced (error))
    {
      monitor_passage_come_again (self, delay, TRUE);
      return;
    }
  g_log (G_LOG_DOMAIN, job->troubles == 0 ? G_LOG_LEVEL_WARNING : G_LOG_LEVEL_INFO,
         "%s/%s: %s; trying again in %u s", self->folder->display, display,
         error ? error->message : "unknown trouble", (guint)(delay / G_TIME_SPAN_SECOND));
  job->troubles++;
  monitor_passage_come_again (self, delay, TRUE);
}

/**
 * monitor_passage_is_moot:
 * @self: a passage
 *
 * Returns: whether nobody wants to know any more: the folder is gone, or the monitor stops
 */
gboolean
monitor_passage_is_moot (MonitorPassage *self)
{
  return self->folder->removed || !self->folder->present
         || g_cancellable_is_cancelled (self->ingest->cancellable);
}

typedef struct
{
  MonitorPassage *passage;
  void (*work) (MonitorPassage *);
  void (*done) (MonitorPassage *);
} Step;

static void
step_work (gpointer data)
{
  Step *step = data;

  step->work (step->passage);
}

static void
step_done (gpointer data)
{
  g_autofree Step *step = data;
  MonitorPassage *passage = step->passage;

  if (monitor_passage_is_moot (passage))
    monitor_passage_finish (passage, FALSE, FALSE);
  else
    step->done (passage);
}

/**
 * monitor_passage_run:
 * @self: a passage
 * @work: runs in a thread
 * @done: runs afterwards in the main thread, unless the passage has become moot
 */
void
monitor_passage_run (MonitorPassage *self,
                     void (*work) (MonitorPassage *),
                     void (*done) (MonitorPassage *))
{
  Step *step = g_new0 (Step, 1);

  step->passage = self;
  step->work = work;
  step->done = done;
  monitor_threads_run (self->ingest->threads, step_work, step_done, step);
}

/* The file may have been renamed since it was opened; its job knows. */
static void
follow_rename (MonitorPassage *self)
{
  MonitorJob *job = self->job;

  if (job->folder == self->folder && g_str_equal (job->path, self->path))
    return;
  monitor_folder_ref (job->folder);
  monitor_folder_unref (self->folder);
  self->folder = job->folder;
  g_free (self->path);
  self->path = g_strdup (job->path);
}

/**
 * monitor_passage_new_change:
 * @self: a passage
 * @kind: what is to be said of its file
 *
 * Returns: (transfer full): a change of that file, at the place where it is now
 */
BooruFileChange *
monitor_passage_new_change (MonitorPassage *self, BooruFileChangeKind kind)
{
  BooruFileChange *change = booru_file_change_new (kind);

  follow_rename (self);
  change->folder_id = self->folder->id;
  change->path = g_strdup (self->path);
  change->stat = self->opened.look.stat;
  return change;
}

static void
on_committed (BooruFileChange *change, const GError *error, gpointer data)
{
  MonitorPassage *self = data;
  gboolean failed = change->kind == BOORU_FILE_FAIL || change->kind == BOORU_ASSET_FAIL;

  if (self->decoded)
    g_debug ("%s: %.1f ms, of which %.1f from decoding on", self->md5,
             (double)(g_get_monotonic_time () - self->began) / 1000,
             (double)(g_get_monotonic_time () - self->decoding) / 1000);
  if (error == NULL)
    monitor_passage_end_placing (self, TRUE);
  self->ingest->n_committing--;
  count (self, 1); /* as monitor_passage_finish() counts */
  if (error == NULL && self->folder->kind == MONITOR_FOLDER_INBOX)
    monitor_inbox_committed (self);
  if (error == NULL && self->folder->kind == MONITOR_FOLDER_SPOOL)
    monitor_spool_committed (self, change);
  monitor_passage_finish (self, error == NULL && change->created, failed || error != NULL);
}

/**
 * monitor_passage_commit:
 * @self: (transfer full): a passage
 * @change: (transfer full): what came of it
 */
void
monitor_passage_commit (MonitorPassage *self, BooruFileChange *change)
{
  if (self->folder->kind != MONITOR_FOLDER_INBOX)
    monitor_opened_clear (&self->opened); /* many may wait: their descriptors need not */
  count (self, -1);
  self->ingest->n_committing++;
  monitor_commit_add (self->ingest->parts.commit, change, on_committed, self);
  monitor_queue_wake (self->ingest->parts.queue);
}

/**
 * monitor_passage_fail:
 * @self: (transfer full): a passage
 * @reason: what is wrong with the file
 *
 * Records that the file cannot be a post, and why.
 */
void
monitor_passage_fail (MonitorPassage *self, const char *reason)
{
  g_autofree char *display = g_filename_display_name (self->path);
  BooruFileChange *change;

  if (self->folder->kind == MONITOR_FOLDER_SPOOL)
    {
      monitor_spool_fail (self, reason);
      return;
    }
  g_message ("%s/%s: %s", self->folder->display, display, reason);
  if (self->folder->kind == MONITOR_FOLDER_INBOX)
    {
      monitor_inbox_set_aside (self, "failed", reason);
      return;
    }
  change = monitor_passage_new_change (self, BOORU_FILE_FAIL);
  change->failure = g_strdup (reason);
  monitor_passage_commit (self, change);
}

static void
do_hash (MonitorPassage *self)
{
  monitor_hash_file (self->opened.fd, self->md5, self->ingest->cancellable, &self->error);
  monitor_passage_read_sidecars (self);
}

static void
after_hash (MonitorPassage *self)
{
  if (self->error != NULL)
    monitor_passage_trouble (self, self->error);
  else if (!monitor_file_is_untouched (self->opened.fd, &self->opened.look))
    monitor_passage_come_again (self, MONITOR_SETTLE_TIME, FALSE);
  else
    {
      self->job->n_bytes = self->opened.look.stat.size;
      monitor_passage_resolve (self);
    }
}

/* Whether the place where the store has @former is empty now, so that what has its inode is it. */
static gboolean
former_place_is_empty (MonitorPassage *self, const BooruFile *former)
{
  MonitorFolder *folder
      = self->ingest->funcs.find_folder (former->folder_id, self->ingest->user_data);

  return folder == NULL || folder->removed || !folder->present
         || monitor_path_is_left_out (former->path, FALSE)
         || monitor_folder_excludes (folder, former->path)
         || !monitor_file_is_at (folder, former->path, &former->stat);
}

/* An inode number is used again after a file is deleted, and size and time of another file may be
 * equal. But an inode that was made before the post was is certainly still the same file. */
static gboolean
is_surely_former (MonitorPassage *self, const BooruFile *former)
{
  g_autoptr (BooruPost) post = NULL;

  if (former->post_id == 0 || self->opened.born_at == 0)
    return FALSE;
  post = booru_store_get_post (self->ingest->parts.store, former->post_id, NULL);
  return post != NULL && self->opened.born_at < post->created_at;
}

/* The file in the store with the inode of this one. If it is being moved already, to another link
 * of that inode, there may be none after that. */
static BooruFile *
find_former (MonitorPassage *self)
{
  const MonitorIngestParts *parts = &self->ingest->parts;
  const BooruFileStat *stat = &self->opened.look.stat;
  BooruFile *former = booru_store_find_file_by_inode (parts->store, stat, NULL);

  if (former == NULL || !monitor_commit_concerns_file (parts->commit, former->id))
    return former;
  booru_file_free (former);
  return monitor_commit_flush (parts->commit)
             ? booru_store_find_file_by_inode (parts->store, stat, NULL)
             : NULL;
}

/* TRUE: it was a rename, and is on its way to the store. */
static gboolean
try_rename (MonitorPassage *self)
{
  g_autoptr (BooruFile) former = NULL;
  BooruFileChange *change;

  if (self->folder->id == 0 || !self->folder->stable_inodes
      || (self->job->flags & MONITOR_JOB_REMAKE))
    return FALSE;
  former = find_former (self);
  if (former == NULL || !former_place_is_empty (self, former))
    return FALSE;
  if (!is_surely_former (self, former))
    {
      self->former = g_steal_pointer (&former); /* the hash will tell */
      return FALSE;
    }
  change = monitor_passage_new_change (self, BOORU_FILE_MOVE);
  change->file_id = former->id;
  change->imports = monitor_ingest_new_imports (self->ingest, self->folder, self->path);
  monitor_passage_commit (self, change);
  return TRUE;
}

static void
fail_unknown (MonitorPassage *self)
{
  g_autofree char *reason = self->opened.description
                                ? monitor_content_refuse (self->opened.description)
                                : g_strdup ("This is not a picture or a video");

  monitor_passage_fail (self, reason);
}

/* What is in gzip data, only the decoder looks for. It is asked where somebody says that it is a
 * picture: by the name, or by uploading it. Backups are large. */
static gboolean
is_worth_decoding (MonitorPassage *self)
{
  return self->opened.is_media || monitor_name_is_media (self->path)
         || (self->opened.is_gzip && self->folder->kind == MONITOR_FOLDER_SPOOL);
}

static void
after_settled (MonitorPassage *self)
{
  if (!monitor_passage_enter_journal (self))
    return;
  if (!self->opened.is_media && monitor_sidecar_is_named_like (self->path))
    monitor_passage_examine_sidecar (self);
  else if (self->opened.look.stat.size == 0)
    {
      if (!monitor_inbox_waits_for_rest (self))
        monitor_passage_fail (self, "The file is empty");
    }
  else if (!is_worth_decoding (self) && self->folder->kind == MONITOR_FOLDER_SPOOL)
    fail_unknown (self);
  else if (!is_worth_decoding (self))
    {
      if (self->folder->kind == MONITOR_FOLDER_INBOX)
        monitor_passage_finish (self, FALSE, FALSE);
      else
        monitor_passage_commit (self, monitor_passage_new_change (self, BOORU_FILE_IGNORE));
    }
  else if (!try_rename (self))
    {
      self->ingest->funcs.began (self->job, self->ingest->user_data);
      monitor_passage_run (self, do_hash, after_hash);
    }
}

/* TRUE: the store knows the file as it is. Whoever wrote it a moment ago may have set its time
 * back: only its content tells then. */
static gboolean
is_known (MonitorPassage *self)
{
  const BooruFile *known = self->known;
  const BooruFileStat *seen = &self->opened.look.stat;

  if (known == NULL || (self->job->flags & (MONITOR_JOB_REMAKE | MONITOR_JOB_CLOSED))
      || !monitor_folder_stat_equal (self->folder, &known->stat, seen))
    return FALSE;
  if (known->failure == NULL)
    return TRUE;
  if (self->opened.outcome == MONITOR_FILE_REFUSED)
    return g_str_equal (known->failure, self->opened.reason);
  return !(self->job->flags & MONITOR_JOB_RETRY);
}

/* A decoder takes longer to start than a file to settle and to be hashed: it starts meanwhile. Not
 * for a file that goes on growing. */
static void
expect_decoding (MonitorPassage *self, gint64 delay)
{
  if (delay < SOON && (self->opened.is_media || monitor_name_is_media (self->path)))
    monitor_decoder_pool_expect (self->ingest->parts.pool, self->ingest->n_active);
}

static void
after_open_regular (MonitorPassage *self)
{
  MonitorJob *job = self->job;
  gint64 delay;

  if (is_known (self))
    {
      if (!(job->flags & MONITOR_JOB_IMPORT) || self->known->post_id == 0)
        monitor_passage_finish (self, FALSE, FALSE);
      else if (monitor_passage_enter_journal (self))
        monitor_passage_import (self);
      return;
    }
  if (self->folder->kind == MONITOR_FOLDER_SPOOL)
    {
      after_settled (self); /* complete before anybody hears of it */
      return;
    }
  delay = monitor_settle_judge (&job->settle, &self->opened.look, self->opened.lease,
                                (job->flags & MONITOR_JOB_CLOSED) != 0, g_get_monotonic_time (),
                                g_get_real_time () * 1000);
  expect_decoding (self, delay);
  if (delay > 0)
    monitor_passage_come_again (self, delay,
                                delay >= NOT_SOON && !monitor_settle_is_brief (&job->settle));
  else if (!monitor_inbox_waits_for_control (self))
    after_settled (self);
}

static void
do_open (MonitorPassage *self)
{
  monitor_file_open (self->folder, self->path, &self->opened);
}

static void
after_open (MonitorPassage *self)
{
  MonitorIngest *ingest = self->ingest;

  switch (self->opened.outcome)
    {
    case MONITOR_FILE_OPEN:
      after_open_regular (self);
      break;
    case MONITOR_FILE_REFUSED:
      if (is_known (self) || self->folder->kind == MONITOR_FOLDER_INBOX)
        monitor_passage_finish (self, FALSE, FALSE);
      else
        monitor_passage_fail (self, self->opened.reason);
      break;
    case MONITOR_FILE_GONE:
      if (self->folder->kind == MONITOR_FOLDER_SPOOL)
        {
          monitor_spool_gone (self);
          break;
        }
      if (self->known)
        ingest->funcs.absent (self->folder, self->path, ingest->user_data);
      monitor_passage_finish (self, FALSE, FALSE);
      break;
    case MONITOR_FILE_NO_FOLDER:
      ingest->funcs.folder_lost (self->folder, ingest->user_data);
      monitor_passage_finish (self, FALSE, FALSE);
      break;
    case MONITOR_FILE_TROUBLE:
    default:
      monitor_passage_trouble (self, self->opened.error);
      break;
    }
}

static void
begin (MonitorIngest *self, MonitorJob *job)
{
  MonitorPassage *passage = g_new0 (MonitorPassage, 1);
  g_autoptr (GError) error = NULL;

  passage->ingest = self;
  passage->job = job;
  passage->folder = monitor_folder_ref (job->folder);
  passage->path = g_strdup (job->path);
  passage->opened.fd = -1;
  passage->began = g_get_monotonic_time ();
  passage->counts_as_slow = (job->flags & MONITOR_JOB_SLOW) != 0;
  count (passage, 1);

  if (monitor_passage_is_moot (passage))
    {
      monitor_passage_finish (passage, FALSE, FALSE);
      return;
    }
  if (job->folder->id != 0)
    passage->known = booru_store_find_file (self->parts.store, job->folder->id, job->path, &error);
  if (error != NULL && !booru_err_notfound (error))
    monitor_passage_trouble (passage, error);
  else
    monitor_passage_run (passage, do_open, after_open);
}

/* Half of the decoders' worth of slow files at once, and all when there is nothing else to do. */
static MonitorJob *
take_slow (MonitorIngest *self)
{
  guint capacity = monitor_decoder_pool_get_capacity (self->parts.pool);
  gboolean others = self->n_active > self->n_slow || monitor_queue_has_ready (self->parts.queue);

  if (self->n_slow >= (others ? MAX (1, capacity / 2) : capacity))
    return NULL;
  return monitor_queue_take_slow (self->parts.queue);
}

/* As many files as may be under way at once: enough to keep all cores and decoders busy, few enough
 * to keep memory and descriptors small. Slow ones hold up no others. */
static MonitorJob *
take (MonitorIngest *self)
{
  guint limit = self->n_cores + 2 * monitor_decoder_pool_get_capacity (self->parts.pool);
  MonitorJob *job = NULL;

  if (self->stopped || self->n_committing >= COMMITTING_LIMIT)
    return NULL;
  if (self->n_active - self->n_slow < limit)
    job = monitor_queue_take (self->parts.queue);
  return job != NULL ? job : take_slow (self);
}

/**
 * monitor_ingest_pump:
 * @self: an ingest
 *
 * Takes up what is ready.
 */
void
monitor_ingest_pump (MonitorIngest *self)
{
  MonitorJob *job;

  while ((job = take (self)) != NULL)
    begin (self, job);
}

/**
 * monitor_ingest_stop:
 * @self: an ingest
 * @cancel: whether what is under way is given up, too
 *
 * Takes up nothing more.
 */
void
monitor_ingest_stop (MonitorIngest *self, gboolean cancel)
{
  self->stopped = TRUE;
  if (cancel)
    g_cancellable_cancel (self->cancellable);
}

/**
 * monitor_ingest_get_n_active:
 * @self: an ingest
 *
 * Returns: how many files are under way, not counting those that only wait to be committed
 */
guint
monitor_ingest_get_n_active (MonitorIngest *self)
{
  return self->n_active;
}

/**
 * monitor_ingest_get_n_working:
 * @self: an ingest
 *
 * Returns: how many files are under way, the last step included
 */
guint
monitor_ingest_get_n_working (MonitorIngest *self)
{
  return self->n_active + self->n_committing;
}

MonitorIngest *
monitor_ingest_new (const MonitorIngestParts *parts,
                    const MonitorIngestFuncs *funcs,
                    gpointer user_data)
{
  MonitorIngest *self = g_new0 (MonitorIngest, 1);

  self->parts = *parts;
  self->data_dir = g_strdup (parts->data_dir);
  self->parts.data_dir = self->data_dir;
  self->temporary_dir = g_strdup (parts->temporary_dir);
  self->parts.temporary_dir = self->temporary_dir;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->n_cores = g_get_num_processors ();
  self->threads = monitor_threads_new (self->n_cores);
  self->cancellable = g_cancellable_new ();
  self->contents = g_hash_table_new (g_str_hash, g_str_equal);
  self->rules = monitor_rules_new (NULL);
  self->seen = monitor_seen_new ();
  return self;
}

/**
 * monitor_ingest_free:
 * @self: an ingest
 *
 * Gives up what is under way and waits for it. Changes that are not written are lost: the files are
 * found again at the next start.
 */
void
monitor_ingest_free (MonitorIngest *self)
{
  monitor_ingest_stop (self, TRUE);
  while (self->n_active > 0)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  monitor_threads_free (self->threads);
  g_hash_table_unref (self->contents);
  monitor_rules_free (self->rules);
  monitor_seen_free (self->seen);
  g_object_unref (self->cancellable);
  g_free (self->data_dir);
  g_free (self->temporary_dir);
  g_free (self);
}
