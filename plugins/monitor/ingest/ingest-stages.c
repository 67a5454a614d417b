/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The way of a file, from the queue to the store: the table at the end, to be read top to bottom.
 * Stages of more than a few lines are in files of their own. */
#include "ingest-stages.h"

#include <unistd.h>

#include "files/monitor-content.h"
#include "files/monitor-names.h"
#include "inbox-sidecar.h"
#include "ingest-decode.h"
#include "ingest-journal.h"
#include "ingest-metadata.h"
#include "ingest-move.h"
#include "ingest-resolve.h"

#define SOON (200 * G_TIME_SPAN_MILLISECOND)
#define NOT_SOON (1 * G_TIME_SPAN_SECOND)

/* While somebody is filling the file. That it is done is seen at once, as a rule. */
#define CONTROL_PATIENCE (30 * G_TIME_SPAN_SECOND)

/* What the store has at the path. */
static IngestStep
look_up (IngestTask *task)
{
  MonitorJob *job = task->job;
  g_autoptr (GError) error = NULL;

  if (job->folder->id != 0)
    task->known
        = booru_store_find_file (task->context->parts.store, job->folder->id, job->path, &error);
  return error == NULL || booru_err_notfound (error)
             ? INGEST_OPEN
             : ingest_task_trouble (task, g_steal_pointer (&error));
}

/* Whether the store knows the file as it is. Whoever wrote it a moment ago may have set its time
 * back: only its content tells then. */
static gboolean
is_known (IngestTask *task)
{
  const BooruFile *known = task->known;

  if (known == NULL || (task->job->flags & (MONITOR_JOB_REMAKE | MONITOR_JOB_CLOSED))
      || !monitor_folder_stat_equal (task->folder, &known->stat, &task->opened.look.stat))
    return FALSE;
  if (known->failure == NULL)
    return TRUE;
  if (task->opened.outcome == MONITOR_FILE_REFUSED)
    return g_str_equal (known->failure, task->opened.reason);
  return !(task->job->flags & MONITOR_JOB_RETRY);
}

static void
open_file (IngestTask *task)
{
  monitor_file_open (task->folder, task->path, &task->opened);
}

static IngestStep
check_opened (IngestTask *task)
{
  switch (task->opened.outcome)
    {
    case MONITOR_FILE_OPEN:
      return INGEST_SETTLE;
    case MONITOR_FILE_REFUSED:
      return is_known (task) || task->target->leaves_irregular
                 ? INGEST_DONE
                 : ingest_task_fail (task, g_strdup (task->opened.reason));
    case MONITOR_FILE_GONE:
      return task->target->gone (task);
    case MONITOR_FILE_NO_FOLDER:
      monitor_folders_check (task->context->parts.folders, task->folder, FALSE);
      return INGEST_DONE;
    case MONITOR_FILE_TROUBLE:
    default:
      return ingest_task_trouble (task, g_steal_pointer (&task->opened.error));
    }
}

/* A decoder takes longer to start than a file to settle and to be hashed: it starts meanwhile. Not
 * for a file that goes on growing. */
static void
expect_decoding (IngestTask *task, gint64 delay)
{
  if (delay < SOON && (task->opened.is_media || monitor_name_is_media (task->path)))
    monitor_decoder_pool_expect (task->context->parts.pool, task->context->n_active);
}

static IngestStep
wait_for_control (IngestTask *task)
{
  g_autofree char *control = g_filename_display_name (task->opened.control);
  g_autofree char *text = g_strdup_printf (
      "still being written, as %s exists; it is taken in once that file is gone", control);

  if (!task->job->told_unfinished)
    ingest_task_log (task, text);
  task->job->told_unfinished = TRUE;
  return ingest_task_retry (task, CONTROL_PATIENCE, TRUE);
}

/* Whether it is complete. */
static IngestStep
settle (IngestTask *task)
{
  MonitorJob *job = task->job;
  gint64 delay;

  if (is_known (task))
    return (job->flags & MONITOR_JOB_IMPORT) && task->known->post_id != 0
               ? ingest_journal_enter (task, INGEST_IMPORT)
               : INGEST_DONE;
  if (!task->target->is_upload)
    {
      delay = monitor_settle_check (&job->settle, &task->opened.look, task->opened.lease,
                                    (job->flags & MONITOR_JOB_CLOSED) != 0, g_get_monotonic_time (),
                                    g_get_real_time () * 1000);
      expect_decoding (task, delay);
      if (delay > 0)
        return ingest_task_retry (task, delay,
                                  delay >= NOT_SOON && !monitor_settle_is_brief (&job->settle));
    }
  if (task->opened.control != NULL)
    return wait_for_control (task);
  return ingest_journal_enter (task, INGEST_PREFILTER);
}

/* What is in gzip data, only the decoder looks for. It is asked where somebody says that it is a
 * picture: by the name, or by uploading it. Backups are large. */
static gboolean
is_worth_decoding (IngestTask *task)
{
  return task->opened.is_media || monitor_name_is_media (task->path)
         || (task->opened.is_gzip && task->target->is_upload);
}

static char *
describe_unknown (IngestTask *task)
{
  return task->opened.description ? monitor_content_refuse (task->opened.description)
                                  : g_strdup ("This is not a picture or a video");
}

/* Whether the place where the store has @former is empty now, so that what has its inode is it. */
static gboolean
former_place_is_empty (IngestTask *task, const BooruFile *former)
{
  MonitorFolder *folder = monitor_folders_find (task->context->parts.folders, former->folder_id);

  return folder == NULL || folder->removed || !folder->present
         || monitor_path_is_left_out (former->path, FALSE)
         || monitor_folder_excludes (folder, former->path)
         || !monitor_file_is_at (folder, former->path, &former->stat);
}

/* An inode number is used again after a file is deleted, and size and time of another file may be
 * equal. But an inode that was made before the post was is certainly still the same file. */
static gboolean
is_surely_former (IngestTask *task, const BooruFile *former)
{
  g_autoptr (BooruPost) post = NULL;

  if (former->post_id == 0 || task->opened.born_at == 0)
    return FALSE;
  post = booru_store_get_post (task->context->parts.store, former->post_id, NULL);
  return post != NULL && task->opened.born_at < post->created_at;
}

/* The file in the store with the inode of this one. If it is being moved already, to another link
 * of that inode, there may be none after that. */
static BooruFile *
find_former (IngestTask *task)
{
  const MonitorIngestParts *parts = &task->context->parts;
  const BooruFileStat *stat = &task->opened.look.stat;
  BooruFile *former = booru_store_find_file_by_inode (parts->store, stat, NULL);

  if (former == NULL || !monitor_commit_concerns_file (parts->commit, former->id))
    return former;
  booru_file_free (former);
  return monitor_commit_flush (parts->commit)
             ? booru_store_find_file_by_inode (parts->store, stat, NULL)
             : NULL;
}

/* A change that says where the file is now; NULL: it is no rename, as far as is known. */
static BooruFileChange *
find_rename (IngestTask *task)
{
  g_autoptr (BooruFile) former = NULL;
  BooruFileChange *change;

  if (task->folder->id == 0 || !task->folder->stable_inodes
      || (task->job->flags & MONITOR_JOB_REMAKE))
    return NULL;
  former = find_former (task);
  if (former == NULL || !former_place_is_empty (task, former))
    return NULL;
  if (!is_surely_former (task, former))
    {
      task->former = g_steal_pointer (&former); /* the hash will tell */
      return NULL;
    }
  change = ingest_task_new_change (task, BOORU_FILE_MOVE);
  change->file_id = former->id;
  change->imports = ingest_metadata_new_imports_of (task->context, task->folder, task->path);
  return change;
}

/* Whether the content has to be read at all. */
static IngestStep
prefilter (IngestTask *task)
{
  const IngestContext *context = task->context;
  BooruFileChange *rename;

  if (!task->opened.is_media && monitor_sidecar_is_named_like (task->path))
    return INGEST_SIDECAR;
  if (task->opened.look.stat.size == 0)
    {
      gint64 patience = ingest_task_get_patience (task);

      return patience > 0 ? ingest_task_retry (task, patience, TRUE)
                          : ingest_task_fail (task, g_strdup ("The file is empty"));
    }
  if (!is_worth_decoding (task))
    return task->target->ignore (task, describe_unknown (task));
  rename = find_rename (task);
  if (rename != NULL)
    return ingest_task_commit (task, rename);
  context->funcs.began (task->job, context->user_data);
  return INGEST_HASH;
}

static void
examine_sidecar (IngestTask *task)
{
  g_autoptr (MonitorTags) tags = monitor_tags_new ();
  booru_autofd int root_fd = monitor_folder_open (task->folder, &task->error);

  if (root_fd < 0)
    return;
  task->sidecar_pictures = monitor_sidecar_list_pictures (root_fd, task->path);
  if (task->sidecar_pictures->len > 0)
    task->sidecar_result = monitor_sidecar_read (tags, root_fd, task->path, &task->error);
}

static IngestStep
check_sidecar (IngestTask *task)
{
  if (task->sidecar_pictures == NULL || booru_err_notfound (task->error))
    return INGEST_RETRY;
  return task->target->sidecar != NULL ? task->target->sidecar (task)
                                       : task->target->ignore (task, describe_unknown (task));
}

/* Tells the store what is said of a file now that it knows as it is. */
static IngestStep
import (IngestTask *task)
{
  const MonitorIngestParts *parts = &task->context->parts;
  GError *error = NULL;
  g_autofree char *metadata = booru_store_get_metadata (parts->store, task->known->post_id, &error);
  BooruFileChange *change;

  if (metadata == NULL)
    return ingest_task_trouble (task, error);
  change = ingest_task_new_change (task, BOORU_FILE_IMPORT);
  change->file_id = task->known->id;
  change->imports = ingest_metadata_new_imports (task, metadata);
  change->metadata = ingest_metadata_new_patch (task);
  if (ingest_metadata_has_other_delays (task, metadata))
    monitor_queue_push (parts->queue, task->folder, task->path,
                        MONITOR_JOB_REMAKE | (task->job->flags & MONITOR_JOB_URGENT), 0);
  return ingest_task_commit (task, change);
}

static void
hash (IngestTask *task)
{
  monitor_hash_file (task->opened.fd, task->md5, task->context->cancellable, &task->error);
  ingest_metadata_read (task);
}

static IngestStep
check_hash (IngestTask *task)
{
  if (task->error != NULL)
    return INGEST_RETRY;
  if (!monitor_file_is_untouched (task->opened.fd, &task->opened.look))
    return ingest_task_retry (task, MONITOR_SETTLE_TIME, FALSE);
  task->job->n_bytes = task->opened.look.stat.size;
  return INGEST_RESOLVE;
}

static IngestStep
store (IngestTask *task)
{
  return task->target->store (task);
}

static void
on_committed (BooruFileChange *change, const GError *error, gpointer data)
{
  IngestTask *task = data;

  task->context->n_committing--;
  ingest_task_count (task, 1);
  if (error != NULL)
    task->error = g_error_copy (error);
  task->resume (task, INGEST_ANNOUNCE);
}

/* Written in a batch with those of other tasks. */
static IngestStep
commit (IngestTask *task)
{
  const MonitorIngestParts *parts = &task->context->parts;

  if (!task->target->keeps_open)
    monitor_opened_clear (&task->opened); /* many may wait: their descriptors need not */
  ingest_task_count (task, -1);
  task->context->n_committing++;
  monitor_commit_add (parts->commit, task->change, on_committed, task);
  monitor_queue_wake (parts->queue);
  return INGEST_WAIT;
}

/* The change is durable, or was refused for good. */
static IngestStep
announce (IngestTask *task)
{
  const BooruFileChange *change = task->change;
  gboolean stored = task->error == NULL;

  if (task->decoded)
    g_debug ("%s: %.1f ms, of which %.1f from decoding on", task->md5,
             (double)(g_get_monotonic_time () - task->began) / 1000,
             (double)(g_get_monotonic_time () - task->decoding) / 1000);
  if (stored)
    ingest_journal_end_placing (task, TRUE);
  if (stored && task->target->committed != NULL)
    task->target->committed (task);
  task->created = stored && change->created;
  task->failed = !stored || change->kind == BOORU_FILE_FAIL || change->kind == BOORU_ASSET_FAIL;
  return INGEST_DONE;
}

/* Read: after this stage, with its work in a thread, these may follow. Where a target decides, that
 * is what any target may say. */
#define TO(step) (1u << INGEST_##step)
#define END (TO (RETRY) | TO (DONE) | TO (FAILED))

const IngestStage ingest_stages[INGEST_N_STAGES] = {
  [INGEST_LOOK_UP] = { "look up", NULL, look_up, TO (OPEN) | TO (RETRY) },
  [INGEST_OPEN] = { "open", open_file, check_opened, TO (SETTLE) | TO (COMMIT) | END },
  [INGEST_SETTLE] = { "settle", NULL, settle, TO (PREFILTER) | TO (IMPORT) | END },
  [INGEST_PREFILTER]
  = { "prefilter", NULL, prefilter, TO (SIDECAR) | TO (HASH) | TO (COMMIT) | END },

  /* A file that is a sidecar itself, and one that the store knows as it is. */
  [INGEST_SIDECAR] = { "sidecar", examine_sidecar, check_sidecar, TO (FOLLOW) | TO (COMMIT) | END },
  [INGEST_FOLLOW] = { "follow", inbox_sidecar_read, inbox_sidecar_follow, TO (COMMIT) | END },
  [INGEST_IMPORT] = { "import", ingest_metadata_read, import, TO (COMMIT) | TO (RETRY) },

  /* A picture or a video. */
  [INGEST_HASH] = { "hash", hash, check_hash, TO (RESOLVE) | TO (RETRY) },
  [INGEST_RESOLVE] = { "resolve", NULL, ingest_resolve,
                       TO (COMPARE) | TO (DECODE) | TO (STORE) | TO (COMMIT) | TO (WAIT) | END },
  [INGEST_COMPARE]
  = { "compare", ingest_compare, ingest_check_comparison, TO (DECODE) | TO (STORE) | END },
  [INGEST_DECODE] = { "decode", NULL, ingest_decode, TO (STORE) | TO (WAIT) }, /* then verify */
  [INGEST_VERIFY] = { "verify", NULL, ingest_verify, TO (REHASH) | TO (PLACE) | TO (DONE) },
  [INGEST_REHASH] = { "rehash", ingest_rehash, ingest_check_rehash, TO (PLACE) | END },
  [INGEST_PLACE] = { "place", NULL, ingest_place, TO (STORE) | TO (COMMIT) | END },
  [INGEST_STORE] = { "store", NULL, store, TO (MOVE) | TO (COMMIT) | END },
  [INGEST_MOVE] = { "move", ingest_move, ingest_check_move, TO (COMMIT) | END },

  [INGEST_COMMIT] = { "commit", NULL, commit, TO (WAIT) }, /* then announce */
  [INGEST_ANNOUNCE] = { "announce", NULL, announce, TO (DONE) },
};
