/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/monitor-folder.h"
#include "monitor-journal.h"
#include "monitor-placing.h"

#define PREFIX "monitor-"
#define ATTEMPTS 16

struct _MonitorScratch
{
  char *path;
  int fd; /* holds the lock */
};

/* Where what a dead process had in work is finished. */
typedef struct
{
  const char *data_dir;
  BooruStore *store;
  GPtrArray *suspects; /* of MonitorSuspect, collected */
} Estate;

static void
undo_placing (const char *md5, gpointer user_data)
{
  const Estate *self = user_data;

  monitor_placing_undo (md5, self->data_dir, self->store);
}

static void
read_journal (Estate *self, int dir_fd)
{
  booru_autofd int fd
      = openat (dir_fd, MONITOR_JOURNAL_NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  if (fd >= 0)
    monitor_journal_read (fd, undo_placing, self, self->suspects);
}

/* Removes the files in @fd, and then it itself. */
static guint
remove_folder (int parent_fd, const char *name, int fd)
{
  g_autoptr (DIR) dir = monitor_dir_open (dup (fd));
  struct dirent *entry;
  guint n = 0;

  if (dir == NULL)
    return 0;
  while ((entry = readdir (dir)) != NULL)
    n += unlinkat (fd, entry->d_name, 0) == 0; /* fails for directories, as it should */
  unlinkat (parent_fd, name, AT_REMOVEDIR);
  return n;
}

/* Who cleans up may have taken the folder for a dead one's before it was locked. */
static gboolean
lock_own (MonitorScratch *self)
{
  struct stat st;

  return flock (self->fd, LOCK_EX | LOCK_NB) == 0 && fstat (self->fd, &st) == 0
         && access (self->path, F_OK) == 0 && st.st_nlink > 0;
}

MonitorScratch *
monitor_scratch_new (const char *data_dir, GError **error)
{
  g_autoptr (MonitorScratch) self = g_new0 (MonitorScratch, 1);
  g_autofree char *parent = g_build_filename (data_dir, BOORU_DIR_TEMPORARY, NULL);

  self->fd = -1;
  if (g_mkdir_with_parents (parent, 0700) < 0)
    {
      booru_set_errno_error (error, errno, "Making the folder %s", parent);
      return NULL;
    }
  for (guint i = 0; i < ATTEMPTS; i++)
    {
      self->path = g_build_filename (parent, PREFIX "XXXXXX", NULL);
      self->fd = -1;
      if (g_mkdtemp_full (self->path, 0700) == NULL
          || ((self->fd = open (self->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0
              && errno != ENOENT))
        {
          booru_set_errno_error (error, errno, "Making a folder in %s", parent);
          return NULL;
        }
      if (self->fd >= 0 && lock_own (self))
        return g_steal_pointer (&self);
      booru_clear_fd (&self->fd);
      g_clear_pointer (&self->path, g_free);
    }
  self->fd = -1;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY, "Making a folder in %s: it vanished", parent);
  return NULL;
}

void
monitor_scratch_free (MonitorScratch *self)
{
  if (self->fd >= 0)
    remove_folder (AT_FDCWD, self->path, self->fd);
  booru_clear_fd (&self->fd);
  g_free (self->path);
  g_free (self);
}

const char *
monitor_scratch_get_path (MonitorScratch *self)
{
  return self->path;
}

static guint
clean_folder (int parent_fd, const char *name, Estate *estate)
{
  booru_autofd int fd = openat (parent_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  guint n = 0;

  if (fd < 0)
    return 0;
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    {
      read_journal (estate, fd);
      n = remove_folder (parent_fd, name, fd);
    }
  return n;
}

GPtrArray *
monitor_scratch_clean (const char *data_dir, gboolean loose, BooruStore *store)
{
  g_autoptr (GPtrArray) suspects
      = g_ptr_array_new_with_free_func ((GDestroyNotify)monitor_suspect_free);
  g_autofree char *path = g_build_filename (data_dir, BOORU_DIR_TEMPORARY, NULL);
  Estate estate = { data_dir, store, suspects };
  g_autoptr (DIR) dir = opendir (path);
  struct dirent *entry;
  guint n = 0;

  if (dir == NULL)
    return g_steal_pointer (&suspects);
  if (loose)
    read_journal (&estate, dirfd (dir));
  while ((entry = readdir (dir)) != NULL)
    if (g_str_has_prefix (entry->d_name, PREFIX))
      n += clean_folder (dirfd (dir), entry->d_name, &estate);
    else if (loose && !booru_spool_is_name (entry->d_name))
      n += unlinkat (dirfd (dir), entry->d_name, 0) == 0;
  n += booru_spool_clean (data_dir);
  if (n > 0)
    g_info ("Removed %u unfinished files of an earlier run", n);
  return g_steal_pointer (&suspects);
}
