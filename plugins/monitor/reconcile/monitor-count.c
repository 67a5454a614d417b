/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-count.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/monitor-names.h"

#define MAX_DEPTH 200 /* directories that are open at once */

struct _MonitorCount
{
  gatomicrefcount ref_count; /* the thread holds one */
  MonitorFolder *folder;
  int stop;    /* atomic */
  int done;    /* atomic */
  int n_files; /* atomic */
};

static void
count_unref (MonitorCount *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  monitor_folder_unref (self->folder);
  g_free (self);
}

/* @fd is taken over. @path: of the directory, with a slash behind it unless it is the root. */
static void
count_dir (MonitorCount *self, int fd, GString *path, guint depth)
{
  g_autoptr (DIR) dir = monitor_dir_open (fd);
  gsize length = path->len;
  struct dirent *entry;

  while (dir && !g_atomic_int_get (&self->stop) && (entry = readdir (dir)) != NULL)
    {
      gboolean below = monitor_dir_entry_is_dir (dirfd (dir), entry), left_out;

      if (monitor_name_is_left_out (entry->d_name, below))
        continue;
      g_string_append (path, entry->d_name);
      left_out = monitor_folder_excludes (self->folder, path->str);
      if (!left_out && !below)
        g_atomic_int_inc (&self->n_files);
      else if (!left_out && depth < MAX_DEPTH)
        {
          int child = openat (dirfd (dir), entry->d_name,
                              O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

          g_string_append_c (path, '/');
          if (child >= 0 && booru_pseudo_is_mount (dirfd (dir), child))
            close (child);
          else
            count_dir (self, child, path, depth + 1);
        }
      g_string_truncate (path, length);
    }
}

static gpointer
run (gpointer data)
{
  MonitorCount *self = data;
  g_autoptr (GString) path = g_string_new (NULL);
  int fd = monitor_folder_open (self->folder, NULL);

  count_dir (self, fd, path, 0);
  g_atomic_int_set (&self->done, fd >= 0);
  count_unref (self);
  return NULL;
}

MonitorCount *
monitor_count_start (MonitorFolder *folder)
{
  MonitorCount *self = g_new0 (MonitorCount, 1);
  GThread *thread;

  g_atomic_ref_count_init (&self->ref_count);
  self->folder = monitor_folder_ref (folder);
  g_atomic_ref_count_inc (&self->ref_count);
  thread = g_thread_try_new ("count", run, self, NULL);
  if (thread)
    g_thread_unref (thread);
  else
    count_unref (self); /* then nobody knows */
  return self;
}

void
monitor_count_stop (MonitorCount *self)
{
  g_atomic_int_set (&self->stop, TRUE);
  count_unref (self);
}

gboolean
monitor_count_get (MonitorCount *self, guint *n_files)
{
  *n_files = (guint)g_atomic_int_get (&self->n_files);
  return g_atomic_int_get (&self->done);
}
