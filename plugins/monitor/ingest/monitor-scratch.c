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
  char *lock_path; /* the same, or in the data folder */
  int fd;          /* of that; holds the lock */
};

/* Where what a dead process had in work is finished. */
typedef struct
{
  const char *files_dir;
  BooruStore *store;
  GPtrArray *suspects; /* of MonitorSuspect, collected */
} Estate;

static void
undo_placing (const char *md5, gpointer user_data)
{
  const Estate *self = user_data;

  monitor_placing_undo (md5, self->files_dir, self->store);
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

/* What this data folder's monitors call their folders in "tmp" of a files folder that others use.
 */
static char *
make_prefix (const char *data_dir)
{
  g_autofree char *path = g_build_filename (data_dir, BOORU_FILE_NODE_ID, NULL);
  g_autofree char *node = NULL;
  g_autofree char *digest = NULL;

  g_file_get_contents (path, &node, NULL, NULL);
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, node != NULL ? node : data_dir, -1);
  return g_strdup_printf (PREFIX "%.8s-", digest);
}

static char *
make_path_there (const char *data_dir, const char *files_dir, const char *name)
{
  g_autofree char *prefix = make_prefix (data_dir);
  g_autofree char *full = g_strconcat (prefix, name + strlen (PREFIX), NULL);

  return g_build_filename (files_dir, BOORU_DIR_TEMPORARY, full, NULL);
}

void
monitor_scratch_ensure (MonitorScratch *self)
{
  if (self->lock_path != self->path && mkdir (self->path, 0700) == 0)
    g_debug ("Made the folder %s again", self->path);
}

static gboolean
make_there (MonitorScratch *self, const char *data_dir, const char *files_dir, GError **error)
{
  g_autofree char *name = g_path_get_basename (self->lock_path);

  if (g_str_equal (data_dir, files_dir))
    {
      self->path = self->lock_path;
      return TRUE;
    }
  self->path = make_path_there (data_dir, files_dir, name);
  /* One that is away now is there again when the role is taken, or it is not taken. */
  if (!booru_files_folder_is_there (data_dir, files_dir)
      || g_mkdir_with_parents (self->path, 0700) == 0)
    return TRUE;
  return booru_set_errno_error (error, errno, "Making the folder %s", self->path);
}

/* Who cleans up may have taken the folder for a dead one's before it was locked. */
static gboolean
lock_own (MonitorScratch *self)
{
  struct stat st;

  return flock (self->fd, LOCK_EX | LOCK_NB) == 0 && fstat (self->fd, &st) == 0
         && access (self->lock_path, F_OK) == 0 && st.st_nlink > 0;
}

static void
remove_path (const char *path)
{
  booru_autofd int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

  if (fd >= 0)
    remove_folder (AT_FDCWD, path, fd);
}

MonitorScratch *
monitor_scratch_new (const char *data_dir, const char *files_dir, GError **error)
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
      self->lock_path = g_build_filename (parent, PREFIX "XXXXXX", NULL);
      self->fd = -1;
      if (g_mkdtemp_full (self->lock_path, 0700) == NULL
          || ((self->fd = open (self->lock_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0
              && errno != ENOENT))
        {
          booru_set_errno_error (error, errno, "Making a folder in %s", parent);
          return NULL;
        }
      if (self->fd >= 0 && lock_own (self))
        return make_there (self, data_dir, files_dir, error) ? g_steal_pointer (&self) : NULL;
      booru_clear_fd (&self->fd);
      g_clear_pointer (&self->lock_path, g_free);
    }
  self->fd = -1;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY, "Making a folder in %s: it vanished", parent);
  return NULL;
}

void
monitor_scratch_free (MonitorScratch *self)
{
  if (self->path != NULL && self->path != self->lock_path)
    {
      remove_path (self->path);
      g_free (self->path);
    }
  if (self->fd >= 0)
    remove_folder (AT_FDCWD, self->lock_path, self->fd);
  booru_clear_fd (&self->fd);
  g_free (self->lock_path);
  g_free (self);
}

const char *
monitor_scratch_get_path (MonitorScratch *self)
{
  return self->path;
}

/* What the dead one whose locked folder was @name had in the files folder. */
static guint
clean_there (const char *data_dir, const char *name, Estate *estate)
{
  g_autofree char *path = make_path_there (data_dir, estate->files_dir, name);
  booru_autofd int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

  if (fd < 0)
    return 0;
  read_journal (estate, fd);
  return remove_folder (AT_FDCWD, path, fd);
}

static guint
clean_folder (int parent_fd, const char *data_dir, const char *name, Estate *estate)
{
  booru_autofd int fd = openat (parent_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  guint n = 0;

  if (fd < 0)
    return 0;
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    {
      read_journal (estate, fd);
      if (!g_str_equal (data_dir, estate->files_dir))
        n = clean_there (data_dir, name, estate);
      n += remove_folder (parent_fd, name, fd);
    }
  return n;
}

GPtrArray *
monitor_scratch_clean (const char *data_dir,
                       const char *files_dir,
                       gboolean loose,
                       BooruStore *store)
{
  g_autoptr (GPtrArray) suspects
      = g_ptr_array_new_with_free_func ((GDestroyNotify)monitor_suspect_free);
  g_autofree char *path = g_build_filename (data_dir, BOORU_DIR_TEMPORARY, NULL);
  Estate estate = { files_dir, store, suspects };
  g_autoptr (DIR) dir = opendir (path);
  struct dirent *entry;
  guint n = 0;

  if (dir == NULL)
    return g_steal_pointer (&suspects);
  if (loose)
    read_journal (&estate, dirfd (dir));
  while ((entry = readdir (dir)) != NULL)
    if (g_str_has_prefix (entry->d_name, PREFIX))
      n += clean_folder (dirfd (dir), data_dir, entry->d_name, &estate);
    else if (loose && !booru_spool_is_name (entry->d_name))
      n += unlinkat (dirfd (dir), entry->d_name, 0) == 0;
  n += booru_spool_clean (data_dir);
  if (n > 0)
    g_info ("Removed %u unfinished files of an earlier run", n);
  return g_steal_pointer (&suspects);
}
