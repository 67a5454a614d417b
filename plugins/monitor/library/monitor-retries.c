/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-retries.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/monitor-place.h"

/* No more than this is queued at once: there may be a hundred thousand of them. */
#define QUEUE_ENOUGH 500
#define AT_ONCE 100

#define ASIDE "failed"
#define NOTE ".reason.txt"
#define NOTE_LIMIT 4096 /* bytes: what we write is shorter */

/* What is wanted, and how far it is. */
typedef struct
{
  gint64 folder_id; /* 0: all folders */
  char *below;      /* NULL: all */
  gint64 after;     /* id of the last one that was queued */
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->below);
  g_free (wanted);
}

/* TRUE: there may be more. */
static gboolean
queue_some (MonitorRetries *self, Wanted *wanted)
{
  BooruFailureFilter filter = { wanted->folder_id, wanted->below, AT_ONCE, 0, wanted->after };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) failures = booru_store_list_failures (self->store, &filter, &error);

  if (failures == NULL)
    {
      g_warning ("Failed files cannot be retried: %s", error->message);
      return FALSE;
    }
  for (guint i = 0; i < failures->len; i++)
    {
      const BooruFile *file = g_ptr_array_index (failures, i);
      MonitorFolder *folder = monitor_folders_find (self->folders, file->folder_id);

      wanted->after = file->id;
      if (folder && folder->present)
        monitor_queue_push (self->queue, folder, file->path, MONITOR_JOB_RETRY, 0);
    }
  return failures->len == AT_ONCE;
}

static gboolean
on_retry (gpointer user_data)
{
  MonitorRetries *self = user_data;

  self->source = 0;
  while (!self->stopped && !g_queue_is_empty (&self->wanted)
         && monitor_queue_get_length (self->queue) < QUEUE_ENOUGH)
    if (!queue_some (self, g_queue_peek_head (&self->wanted)))
      wanted_free (g_queue_pop_head (&self->wanted));
  return G_SOURCE_REMOVE;
}

void
monitor_retries_go_on (MonitorRetries *self)
{
  if (self->source == 0 && !self->stopped && !g_queue_is_empty (&self->wanted)
      && monitor_queue_get_length (self->queue) < QUEUE_ENOUGH)
    self->source = g_idle_add (on_retry, self);
}

static void
want (MonitorRetries *self, gint64 folder_id, const char *below)
{
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->folder_id = folder_id;
  wanted->below = below && *below ? g_strdup (below) : NULL;
  g_queue_push_tail (&self->wanted, wanted);
  monitor_retries_go_on (self);
}

/* The inbox */

/* The note was written by us beside what was set aside; a file of that name that is no such note is
 * somebody's own. */
static void
remove_note (int root_fd, const char *name)
{
  g_autofree char *note = g_strconcat (ASIDE "/", name, NOTE, NULL);
  struct stat st;

  if (fstatat (root_fd, note, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (st.st_mode)
      && st.st_size <= NOTE_LIMIT)
    unlinkat (root_fd, note, 0);
}

static void
put_back (MonitorRetries *self, MonitorFolder *inbox, int root_fd, const char *name)
{
  g_autofree char *from = g_build_filename (ASIDE, name, NULL);
  g_autofree char *display = g_filename_display_name (name);
  g_autoptr (GError) error = NULL;
  g_autofree char *to = monitor_place_aside (root_fd, from, ".", NULL, &error);
  const char *path = to;

  if (to == NULL)
    {
      g_warning ("%s/" ASIDE "/%s cannot be retried: %s", inbox->display, display, error->message);
      return;
    }
  remove_note (root_fd, name);
  if (g_str_has_prefix (path, "./"))
    path += 2;
  monitor_queue_push (self->queue, inbox, path, MONITOR_JOB_URGENT | MONITOR_JOB_CLOSED, 0);
}

static gboolean
is_note (const char *name)
{
  return g_str_has_suffix (name, NOTE);
}

/* All names first: what is put back and fails again must not be met twice. */
static GPtrArray *
list_set_aside (int root_fd)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (DIR) dir
      = monitor_dir_open (openat (root_fd, ASIDE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct dirent *entry;
  struct stat st;

  while (dir && (entry = readdir (dir)) != NULL)
    if (!is_note (entry->d_name)
        && fstatat (dirfd (dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0
        && S_ISREG (st.st_mode))
      g_ptr_array_add (names, g_strdup (entry->d_name));
  return names;
}

/* @name: in "failed"; empty: all */
static void
retry_inbox (MonitorRetries *self, MonitorFolder *inbox, const char *name)
{
  g_autoptr (GError) error = NULL;
  booru_autofd int root_fd = monitor_folder_open (inbox, &error);
  g_autoptr (GPtrArray) names = NULL;

  if (root_fd < 0)
    {
      g_warning ("Failed files in the inbox cannot be retried: %s", error->message);
      return;
    }
  names = list_set_aside (root_fd);
  for (guint i = 0; i < names->len; i++)
    if (*name == '\0' || g_str_equal (names->pdata[i], name))
      put_back (self, inbox, root_fd, names->pdata[i]);
}

static void
retry_in_folder (MonitorRetries *self, MonitorFolder *folder, const char *below)
{
  if (folder->kind != MONITOR_FOLDER_INBOX)
    {
      if (folder->id != 0)
        want (self, folder->id, below);
      return;
    }
  if (*below == '\0' || g_str_equal (below, ASIDE))
    retry_inbox (self, folder, "");
  else if (g_str_has_prefix (below, ASIDE "/"))
    retry_inbox (self, folder, below + strlen (ASIDE "/"));
}

void
monitor_retries_add (MonitorRetries *self, const char *path)
{
  const GPtrArray *folders = monitor_folders_list (self->folders);

  for (guint i = 0; i < folders->len; i++)
    {
      MonitorFolder *folder = g_ptr_array_index (folders, i);
      const char *below = *path ? monitor_folder_get_below (path, folder->path) : "";

      if (below && folder->present)
        retry_in_folder (self, folder, below);
    }
}

void
monitor_retries_stop (MonitorRetries *self)
{
  self->stopped = TRUE;
  g_clear_handle_id (&self->source, g_source_remove);
  g_queue_clear_full (&self->wanted, wanted_free);
}
