/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ingest-journal.h"

#include "monitor-placing.h"

/* A suspect waits for another one. */
#define SUSPECT_DELAY (100 * G_TIME_SPAN_MILLISECOND)

IngestStep
ingest_journal_enter (IngestTask *task, IngestStep next)
{
  MonitorJournal *journal = task->context->parts.journal;
  gboolean others = monitor_journal_has_suspect_in_work (journal);
  g_autofree char *full = g_build_filename (task->folder->path, task->path, NULL);
  guint crashes;

  task->entry = monitor_journal_enter (journal, full, &task->opened.look.stat);
  crashes = monitor_journal_get_crashes (journal, task->entry);
  if (crashes >= MONITOR_JOURNAL_CRASHES && (task->job->flags & MONITOR_JOB_RETRY))
    {
      monitor_journal_acquit (journal, task->entry);
      return next;
    }
  if (crashes >= MONITOR_JOURNAL_CRASHES)
    return ingest_task_fail (
        task, g_strdup ("The monitor crashed twice while processing this file. It is skipped "
                        "until it changes or is tried again"));
  if (crashes > 0 && others)
    return ingest_task_retry (task, SUSPECT_DELAY, FALSE);
  return next;
}

gboolean
ingest_journal_begin_placing (IngestTask *task, GError **error)
{
  task->placing
      = monitor_journal_place (task->context->parts.journal, task->entry, task->md5, error);
  return task->placing;
}

void
ingest_journal_end_placing (IngestTask *task, gboolean stored)
{
  const MonitorIngestParts *parts = &task->context->parts;

  if (!task->placing)
    return;
  task->placing = FALSE;
  /* A monitor that lost the role must not remove what its successor has just put there. */
  if (stored || !monitor_role_is_valid (parts->role)
      || monitor_placing_undo (task->md5, parts->files_dir, parts->store))
    monitor_journal_placed (parts->journal, task->entry);
}

void
ingest_journal_leave (IngestTask *task, gboolean done)
{
  ingest_journal_end_placing (task, FALSE);
  if (task->entry != 0)
    monitor_journal_leave (task->context->parts.journal, task->entry, done);
  task->entry = 0;
}
