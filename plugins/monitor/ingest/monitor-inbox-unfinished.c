/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files in the inbox that somebody may still be filling, though they were closed: a download that
 * is paused, a copy that is made in several goes. They would be moved away from under the one who
 * fills them, so they lie until that is over. */
#include "monitor-ingest-private.h"
#include "files/monitor-names.h"

#define CUT_PATIENCE G_TIME_SPAN_MINUTE
#define CONTROL_PATIENCE (30 * G_TIME_SPAN_SECOND) /* what ends it is seen at once, as a rule */
#define NS_PER_US 1000

/**
 * monitor_inbox_waits_for_control:
 * @self: (transfer full) if TRUE is returned: a passage of a file that seems complete
 *
 * Returns: whether a file beside it says that it is not, so that it comes again
 */
gboolean
monitor_inbox_waits_for_control (MonitorPassage *self)
{
  g_autofree char *control = NULL;
  g_autofree char *display = NULL;

  if (self->opened.control == NULL)
    return FALSE;
  control = g_filename_display_name (self->opened.control);
  display = g_filename_display_name (self->path);
  if (!self->job->told_unfinished)
    g_message (
        "%s/%s is not taken in yet: somebody is filling it, as %s says. It is taken once that "
        "file is gone",
        self->folder->display, display, control);
  self->job->told_unfinished = TRUE;
  monitor_passage_come_again (self, CONTROL_PATIENCE, TRUE);
  return TRUE;
}

/**
 * monitor_inbox_waits_for_rest:
 * @self: (transfer full) if TRUE is returned: a passage of a file that is cut short, or may be
 *
 * Returns: whether it has changed within the last minute, so that it comes again when that is over
 */
gboolean
monitor_inbox_waits_for_rest (MonitorPassage *self)
{
  gint64 age = g_get_real_time () - self->opened.look.change_ns / NS_PER_US;
  gint64 watched = g_get_monotonic_time () - self->job->settle.looked_at;
  gint64 patience
      = self->ingest->parts.cut_patience ? self->ingest->parts.cut_patience : CUT_PATIENCE;
  gint64 left = patience - MAX (age, watched);

  if (self->folder->kind != MONITOR_FOLDER_INBOX || left <= 0)
    return FALSE;
  monitor_passage_come_again (self, MAX (left, G_TIME_SPAN_MILLISECOND), TRUE);
  return TRUE;
}
