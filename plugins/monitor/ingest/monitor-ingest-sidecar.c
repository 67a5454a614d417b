/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of files: by sidecars beside them, by themselves, and by the rules of their folders.
 */
#include "metadata/monitor-facts.h"
#include "monitor-ingest-private.h"

#include <unistd.h>

static MonitorTags *
collect (MonitorFolder *folder, const char *path)
{
  int root_fd = monitor_folder_open (folder, NULL);
  MonitorTags *tags = root_fd >= 0 ? monitor_sidecar_collect (root_fd, path) : NULL;

  if (root_fd >= 0)
    close (root_fd);
  return tags;
}

void
monitor_passage_read_sidecars (MonitorPassage *self)
{
  g_clear_pointer (&self->sidecar, monitor_tags_free);
  self->sidecar = collect (self->folder, self->path);
}

/* Originals were looked at in the inbox: what lies beside them is kept for the user. */
static GPtrArray *
make_imports (MonitorIngest *ingest,
              MonitorFolder *folder,
              const char *path,
              const char *metadata,
              const MonitorTags *sidecar)
{
  g_autofree char *full = g_build_filename (folder->path, path, NULL);

  return folder->kind == MONITOR_FOLDER_MANAGED
             ? NULL
             : monitor_rules_make_imports (ingest->rules, full, metadata, sidecar);
}

GPtrArray *
monitor_passage_new_imports (MonitorPassage *self, const char *metadata)
{
  return make_imports (self->ingest, self->folder, self->path, metadata, self->sidecar);
}

static const MonitorTags *
get_sidecar (MonitorPassage *self)
{
  g_autofree char *full = g_build_filename (self->folder->path, self->path, NULL);

  return monitor_rules_reads_sidecars (self->ingest->rules, full) ? self->sidecar : NULL;
}

char *
monitor_passage_take_metadata (MonitorPassage *self)
{
  g_autofree char *own = g_steal_pointer (&self->metadata);
  const MonitorTags *sidecar = get_sidecar (self);

  return own != NULL && sidecar != NULL ? monitor_facts_add_to (sidecar, own)
                                        : g_steal_pointer (&own);
}

char *
monitor_passage_new_patch (MonitorPassage *self)
{
  const MonitorTags *sidecar = get_sidecar (self);

  return sidecar != NULL ? monitor_facts_to_patch (sidecar) : NULL;
}

GPtrArray *
monitor_ingest_new_imports (MonitorIngest *self, MonitorFolder *folder, const char *path)
{
  g_autoptr (MonitorTags) sidecar = collect (folder, path);

  return make_imports (self, folder, path, NULL, sidecar);
}

void
monitor_ingest_set_rules (MonitorIngest *self, MonitorRules *rules)
{
  monitor_rules_free (self->rules);
  self->rules = rules;
}

char **
monitor_ingest_dup_excluded (MonitorIngest *self, const char *folder)
{
  return monitor_rules_dup_excluded (self->rules, folder);
}

static void
after_read (MonitorPassage *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *metadata
      = booru_store_get_metadata (self->ingest->parts.store, self->known->post_id, &error);
  BooruFileChange *change;

  if (metadata == NULL)
    {
      monitor_passage_trouble (self, error);
      return;
    }
  change = monitor_passage_new_change (self, BOORU_FILE_IMPORT);
  change->file_id = self->known->id;
  change->imports = monitor_passage_new_imports (self, metadata);
  change->metadata = monitor_passage_new_patch (self);
  if (monitor_passage_has_other_delays (self, metadata))
    monitor_queue_push (self->ingest->parts.queue, self->folder, self->path,
                        MONITOR_JOB_REMAKE | (self->job->flags & MONITOR_JOB_URGENT), 0);
  monitor_passage_commit (self, change);
}

/**
 * monitor_passage_import:
 * @self: (transfer full): a passage of a file that the store knows as it is
 *
 * Tells the store what is said of it now.
 */
void
monitor_passage_import (MonitorPassage *self)
{
  monitor_passage_run (self, monitor_passage_read_sidecars, after_read);
}

static void
do_examine (MonitorPassage *self)
{
  g_autoptr (MonitorTags) tags = monitor_tags_new ();
  int root_fd = monitor_folder_open (self->folder, &self->error);

  if (root_fd < 0)
    return;
  self->sidecar_pictures = monitor_sidecar_list_pictures (root_fd, self->path);
  if (self->sidecar_pictures->len > 0)
    self->sidecar_result = monitor_sidecar_read (tags, root_fd, self->path, &self->error);
  close (root_fd);
}

/* The pictures are looked at again: they may have been stored before it was there, or was complete.
 */
static void
after_examine (MonitorPassage *self)
{
  MonitorJobFlags flags = MONITOR_JOB_IMPORT | (self->job->flags & MONITOR_JOB_URGENT);
  guint n_pictures = 0;
  gboolean broken = self->sidecar_result == MONITOR_SIDECAR_BROKEN;

  if (self->sidecar_pictures == NULL || booru_err_notfound (self->error))
    {
      monitor_passage_trouble (self, self->error);
      return;
    }
  n_pictures = self->sidecar_pictures->len;
  if (self->folder->kind == MONITOR_FOLDER_INBOX)
    {
      if (n_pictures == 0)
        monitor_inbox_take_sidecar (self);
      else
        monitor_passage_finish (self, FALSE, FALSE); /* it goes with its picture */
      return;
    }
  for (guint i = 0; i < n_pictures && self->folder->kind == MONITOR_FOLDER_LIBRARY; i++)
    monitor_queue_push (self->ingest->parts.queue, self->folder, self->sidecar_pictures->pdata[i],
                        flags, 0);
  if (n_pictures > 0 && broken && self->folder->kind == MONITOR_FOLDER_LIBRARY)
    {
      g_autofree char *reason
          = g_strdup_printf ("The sidecar cannot be used: %s", self->error->message);

      monitor_passage_fail (self, reason);
      return;
    }
  monitor_passage_commit (self, monitor_passage_new_change (self, BOORU_FILE_IGNORE));
}

/**
 * monitor_passage_examine_sidecar:
 * @self: (transfer full): a passage of a file that is named like a sidecar
 *
 * It is no post. If it is a sidecar, its picture is looked at again, and if it is a broken one,
 * that is recorded.
 */
void
monitor_passage_examine_sidecar (MonitorPassage *self)
{
  monitor_passage_run (self, do_examine, after_examine);
}
