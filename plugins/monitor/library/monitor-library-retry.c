/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trying files again that could not be read, since an administrator wants it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "monitor-library-private.h"
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
queue_some (MonitorLibrary *self, Wanted *wanted)
{
  BooruFailureFilter filter = { wanted->folder_id, wanted->below, AT_ONCE, 0, wanted->after };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) failures = booru_store_list_failures (self->store, &filter, &error);

  if (failures == NULL)
    {
      g_warning ("Files that could not be read are not tried again: %s", error->message);
      return FALSE;
    }
  for (guint i = 0; i < failures->len; i++)
    {
      const BooruFile *file = g_ptr_array_index (failures, i);
      MonitorFolder *folder = monitor_library_find_folder (self, file->folder_id);

      wanted->after = file->id;
      if (folder && folder->present)
        monitor_queue_push (self->queue, folder, file->path, MONITOR_JOB_RETRY, 0);
    }
  return failures->len == AT_ONCE;
}

static gboolean
on_retry (gpointer user_data)
{
  MonitorLibrary *self = user_data;

  self->retry_source = 0;
  while (!self->stopping && !g_queue_is_empty (&self->retries)
         && monitor_queue_get_length (self->queue) < QUEUE_ENOUGH)
    if (!queue_some (self, g_queue_peek_head (&self->retries)))
      wanted_free (g_queue_pop_head (&self->retries));
  return G_SOURCE_REMOVE;
}

/**
 * monitor_library_go_on_retrying:
 * @self: a library
 *
 * To be called when there may be room in the queue. Nothing is done within the call: the queue may
 * be in the midst of something.
 */
void
monitor_library_go_on_retrying (MonitorLibrary *self)
{
  if (self->retry_source == 0 && !self->stopping && !g_queue_is_empty (&self->retries)
      && monitor_queue_get_length (self->queue) < QUEUE_ENOUGH)
    self->retry_source = g_idle_add (on_retry, self);
}

void
monitor_library_clear_retries (MonitorLibrary *self)
{
  g_clear_handle_id (&self->retry_source, g_source_remove);
  g_queue_clear_full (&self->retries, wanted_free);
}

static void
want (MonitorLibrary *self, gint64 folder_id, const char *below)
{
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->folder_id = folder_id;
  wanted->below = below && *below ? g_strdup (below) : NULL;
  g_queue_push_tail (&self->retries, wanted);
  monitor_library_go_on_retrying (self);
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
put_back (MonitorLibrary *self, MonitorFolder *inbox, int root_fd, const char *name)
{
  g_autofree char *from = g_build_filename (ASIDE, name, NULL);
  g_autofree char *display = g_filename_display_name (name);
  g_autoptr (GError) error = NULL;
  g_autofree char *to = monitor_place_aside (root_fd, from, ".", NULL, &error);
  const char *path = to;

  if (to == NULL)
    {
      g_warning ("%s/" ASIDE "/%s is not tried again: %s", inbox->display, display, error->message);
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
  int fd = openat (root_fd, ASIDE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry;
  struct stat st;

  if (dir == NULL && fd >= 0)
    close (fd);
  while (dir && (entry = readdir (dir)) != NULL)
    if (!is_note (entry->d_name)
        && fstatat (dirfd (dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0
        && S_ISREG (st.st_mode))
      g_ptr_array_add (names, g_strdup (entry->d_name));
  if (dir)
    closedir (dir);
  return names;
}

/* @name: in "failed"; empty: all */
static void
retry_inbox (MonitorLibrary *self, MonitorFolder *inbox, const char *name)
{
  g_autoptr (GError) error = NULL;
  int root_fd = monitor_folder_open (inbox, &error);
  g_autoptr (GPtrArray) names = NULL;

  if (root_fd < 0)
    {
      g_warning ("What was set aside is not tried again: %s", error->message);
      return;
    }
  names = list_set_aside (root_fd);
  for (guint i = 0; i < names->len; i++)
    if (*name == '\0' || g_str_equal (names->pdata[i], name))
      put_back (self, inbox, root_fd, names->pdata[i]);
  close (root_fd);
}

static void
retry_in_folder (MonitorLibrary *self, MonitorFolder *folder, const char *below)
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

/**
 * monitor_library_retry:
 * @self: a library
 * @path: one of its folders, or a file or directory in one; "" for all; others are left alone
 *
 * Tries files again that could not be read. What was set aside in the inbox is put back there.
 */
void
monitor_library_retry (MonitorLibrary *self, const char *path)
{
  for (guint i = 0; i < self->folders->len; i++)
    {
      MonitorFolder *folder = g_ptr_array_index (self->folders, i);
      const char *below = *path ? monitor_folder_get_below (path, folder->path) : "";

      if (below && folder->present)
        retry_in_folder (self, folder, below);
    }
}
