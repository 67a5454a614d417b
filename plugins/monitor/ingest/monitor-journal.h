/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * MonitorJournal:
 *
 * What this process has in work, in a file that outlives it: whoever starts next reads there
 *
 * - which contents' thumbnails were being put to their places, and have no post yet;
 * - which files were in work when the process crashed. These are suspects: one of them may be what
 *   the crash came from, so they are taken one at a time from then on, and one that was in work at
 * a second crash is not taken any more.
 *
 * A process that was killed, or lost its power, did not crash: no file is suspected of that.
 *
 * Main thread only.
 */
typedef struct _MonitorJournal MonitorJournal;

/* So many crashes are enough. */
#define MONITOR_JOURNAL_CRASHES 2

#define MONITOR_JOURNAL_NAME "journal"

typedef struct
{
  char *path; /* absolute */
  goffset size;
  gint64 mtime_ns;
  guint crashes; /* at which it was in work */
} MonitorSuspect;

void monitor_suspect_free (MonitorSuspect *self);

/* Begins a journal, and watches from now on whether this process crashes. There is one in a
 * process.
 * @folder: for this process's temporary files
 * @suspects: (element-type MonitorSuspect): of earlier journals
 * Returns: (transfer full): a journal */
MonitorJournal *monitor_journal_new (const char *folder, GPtrArray *suspects, GError **error);

void monitor_journal_free (MonitorJournal *self); /* removes it */

/* A file's content is about to be looked at. That this cannot be written down stops nobody.
 * @path: of a file, absolute
 * @stat: what it is like
 * Returns: the number of its entry */
guint monitor_journal_enter (MonitorJournal *self, const char *path, const BooruFileStat *stat);

/* @entry: of a file
 * Returns: how many crashes there were while the file, as it is, was in work */
guint monitor_journal_get_crashes (MonitorJournal *self, guint entry);

/* Somebody wants the file to be tried again.
 * @entry: of a file */
void monitor_journal_acquit (MonitorJournal *self, guint entry);

/* To be called before the first thumbnail is put to its place.
 * @entry: of a file
 * @md5: of its content */
gboolean monitor_journal_place (MonitorJournal *self, guint entry, const char *md5, GError **error);

/* There is a post, or there are no thumbnails.
 * @entry: of a file */
void monitor_journal_placed (MonitorJournal *self, guint entry);

/* The file is out of work. Where its thumbnails still lie without a post, the next start has to
 * see to it.
 * @entry: of a file
 * @done: FALSE: it comes again */
void monitor_journal_leave (MonitorJournal *self, guint entry, gboolean done);

/* Returns: whether another suspect has to wait */
gboolean monitor_journal_has_suspect_in_work (MonitorJournal *self);

/* Called for each content whose thumbnails may lie there without a post. */
typedef void (*MonitorJournalPlacingFunc) (const char *md5, gpointer user_data);

/* Reads what it had in work.
 * @fd: a journal of a process that is dead
 * @placing: called for each content whose thumbnails may lie there without a post
 * @suspects: (element-type MonitorSuspect): what is suspected is added */
void monitor_journal_read (int fd,
                           MonitorJournalPlacingFunc placing,
                           gpointer user_data,
                           GPtrArray *suspects);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorJournal, monitor_journal_free)

G_END_DECLS
