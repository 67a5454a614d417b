/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "monitor-placing.h"

#define PREFIX "monitor-"
#define ATTEMPTS 16

struct _MonitorScratch
{
  char *path;
  int fd; /* holds the lock */
};

/* What is needed to finish what a dead process was placing. */
typedef struct
{
  const char *parent; /* of its folder */
  const char *data_dir;
  BooruStore *store;
} Placing;

static void
undo_placing (const Placing *self, const char *folder, const char *entry)
{
  g_autofree char *path = NULL;

  if (self == NULL || !g_str_has_prefix (entry, MONITOR_PLACING_PREFIX))
    return;
  path = g_build_filename (self->parent, folder, NULL);
  monitor_placing_undo (path, entry + strlen (MONITOR_PLACING_PREFIX), self->data_dir, self->store);
}

/* Removes the files in @fd, and then it itself. The dead one's unfinished thumbnails are removed
 * before, if @placing says where they are. */
static guint
remove_folder (int parent_fd, const char *name, int fd, const Placing *placing)
{
  int copy = dup (fd);
  DIR *dir = copy >= 0 ? fdopendir (copy) : NULL;
  struct dirent *entry;
  guint n = 0;

  if (dir == NULL)
    {
      if (copy >= 0)
        close (copy);
      return 0;
    }
  while ((entry = readdir (dir)) != NULL)
    {
      undo_placing (placing, name, entry->d_name);
      n += unlinkat (fd, entry->d_name, 0) == 0; /* fails for directories, as it should */
    }
  closedir (dir);
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

/**
 * monitor_scratch_new:
 * @data_dir: the data folder
 * @error: why not
 *
 * Returns: (transfer full): a folder of this process's own
 */
MonitorScratch *
monitor_scratch_new (const char *data_dir, GError **error)
{
  g_autoptr (MonitorScratch) self = g_new0 (MonitorScratch, 1);
  g_autofree char *parent = g_build_filename (data_dir, BOORU_DIR_TEMPORARY, NULL);

  self->fd = -1;
  if (g_mkdir_with_parents (parent, 0755) < 0)
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
      if (self->fd >= 0)
        close (self->fd);
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
    {
      remove_folder (AT_FDCWD, self->path, self->fd, NULL);
      close (self->fd);
    }
  g_free (self->path);
  g_free (self);
}

const char *
monitor_scratch_get_path (MonitorScratch *self)
{
  return self->path;
}

static guint
clean_folder (int parent_fd, const char *name, const Placing *placing)
{
  int fd = openat (parent_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  guint n = 0;

  if (fd < 0)
    return 0;
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    n = remove_folder (parent_fd, name, fd, placing);
  close (fd);
  return n;
}

/**
 * monitor_scratch_clean:
 * @data_dir: the data folder
 * @loose: whether files outside of such folders are removed too: only if nobody else works here
 * @store: what knows which contents have a post
 *
 * Removes what earlier runs, killed in the middle of work, left in "tmp", and their thumbnails that
 * never got a post. What belongs to a living process stays.
 */
void
monitor_scratch_clean (const char *data_dir, gboolean loose, BooruStore *store)
{
  g_autofree char *path = g_build_filename (data_dir, BOORU_DIR_TEMPORARY, NULL);
  DIR *dir = opendir (path);
  const Placing placing = { path, data_dir, store };
  struct dirent *entry;
  guint n = 0;

  if (dir == NULL)
    return;
  while ((entry = readdir (dir)) != NULL)
    if (g_str_has_prefix (entry->d_name, PREFIX))
      {
        n += clean_folder (dirfd (dir), entry->d_name, &placing);
      }
    else if (loose && !booru_spool_is_name (entry->d_name))
      {
        undo_placing (&placing, ".", entry->d_name);
        n += unlinkat (dirfd (dir), entry->d_name, 0) == 0;
      }
  closedir (dir);
  n += booru_spool_clean (data_dir);
  if (n > 0)
    g_info ("Removed %u unfinished files of an earlier run", n);
}
