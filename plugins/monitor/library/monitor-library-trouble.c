/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why the library does less than it should, for health and status. */
#include "monitor-library-private.h"

#define MAX_LISTED 10

static void
add (GString *text, const char *what)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", what);
}

static void
add_absent_folders (MonitorLibrary *self, GString *text)
{
  guint n = 0;

  for (guint i = 0; i < self->folders->len; i++)
    {
      const MonitorFolder *folder = g_ptr_array_index (self->folders, i);
      g_autofree char *what = NULL;

      if (folder->why_gone == NULL || n++ >= MAX_LISTED)
        continue;
      what = g_strdup_printf ("the folder %s is away (%s)", folder->display, folder->why_gone);
      add (text, what);
    }
  if (n > MAX_LISTED)
    g_string_append_printf (text, "; and %u more", n - MAX_LISTED);
}

void
monitor_library_tell_trouble (MonitorLibrary *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *trouble;

  if (monitor_watcher_is_blind (self->watcher))
    add (text, "folders are not watched, but looked through once a minute, as there is no inotify "
               "instance left (fs.inotify.max_user_instances)");
  add_absent_folders (self, text);

  trouble = text->len > 0 ? text->str : NULL;
  if (g_strcmp0 (trouble, self->trouble) == 0)
    return;
  g_free (self->trouble);
  self->trouble = g_strdup (trouble);
  if (self->funcs.trouble_changed)
    self->funcs.trouble_changed (trouble, self->user_data);
}
