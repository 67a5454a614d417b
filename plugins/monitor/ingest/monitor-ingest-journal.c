/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the journal is told of a file on its way through, and what an earlier one said of it. */
#include "monitor-ingest-private.h"
#include "monitor-placing.h"

/* A suspect waits for another one. */
#define SUSPECT_DELAY (100 * G_TIME_SPAN_MILLISECOND)

/**
 * monitor_passage_enter_journal:
 * @self: (transfer full) if FALSE is returned: a passage whose content is about to be looked at
 *
 * Returns: FALSE: it is not to be looked at, as the monitor crashed over it twice, or not now
 */
gboolean
monitor_passage_enter_journal (MonitorPassage *self)
{
  MonitorJournal *journal = self->ingest->parts.journal;
  gboolean others = monitor_journal_has_suspect_in_work (journal);
  g_autofree char *full = g_build_filename (self->folder->path, self->path, NULL);
  guint crashes;

  self->entry = monitor_journal_enter (journal, full, &self->opened.look.stat);
  crashes = monitor_journal_get_crashes (journal, self->entry);
  if (crashes >= MONITOR_JOURNAL_CRASHES && (self->job->flags & MONITOR_JOB_RETRY))
    {
      monitor_journal_acquit (journal, self->entry);
      return TRUE;
    }
  if (crashes >= MONITOR_JOURNAL_CRASHES)
    {
      monitor_passage_fail (self,
                            "The monitor crashed twice while processing this file. It is skipped "
                            "until it changes or is tried again");
      return FALSE;
    }
  if (crashes > 0 && others)
    {
      monitor_passage_come_again (self, SUSPECT_DELAY, FALSE);
      return FALSE;
    }
  return TRUE;
}

/**
 * monitor_passage_begin_placing:
 * @self: a passage
 * @error: why not
 *
 * To be called before the first thumbnail is put to its place.
 */
gboolean
monitor_passage_begin_placing (MonitorPassage *self, GError **error)
{
  self->placing
      = monitor_journal_place (self->ingest->parts.journal, self->entry, self->md5, error);
  return self->placing;
}

/**
 * monitor_passage_end_placing:
 * @self: a passage
 * @stored: there is a post
 *
 * Without a post, thumbnails that were put to their places are removed. Whoever has lost the role
 * may not take away what the successor has just put there.
 */
void
monitor_passage_end_placing (MonitorPassage *self, gboolean stored)
{
  MonitorIngest *ingest = self->ingest;

  if (!self->placing)
    return;
  self->placing = FALSE;
  if (stored || !monitor_role_is_valid (ingest->parts.role)
      || monitor_placing_undo (self->md5, ingest->data_dir, ingest->parts.store))
    monitor_journal_placed (ingest->parts.journal, self->entry);
}

/**
 * monitor_passage_leave_journal:
 * @self: a passage
 * @done: FALSE: its file comes again
 */
void
monitor_passage_leave_journal (MonitorPassage *self, gboolean done)
{
  monitor_passage_end_placing (self, FALSE);
  if (self->entry != 0)
    monitor_journal_leave (self->ingest->parts.journal, self->entry, done);
  self->entry = 0;
}
