/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"

#define PREFIX "spool-"
#define ATTEMPTS 16
#define COPY_SIZE (256 * 1024)

struct _BooruSpool
{
  char *path;
  const char *name; /* the end of @path */
  int fd;           /* holds the lock */
};

/* Who cleans up may have come between its creation and the lock. */
static gboolean
lock_own (int fd)
{
  struct stat st;

  return flock (fd, LOCK_EX | LOCK_NB) == 0 && fstat (fd, &st) == 0 && st.st_nlink > 0;
}

static gboolean
make_folder (const char *data_dir, GError **error)
{
  g_autofree char *folder = g_build_filename (data_dir, BOORU_DIR_TEMPORARY, NULL);

  return g_mkdir_with_parents (folder, 0700) == 0
         || booru_set_errno_error (error, errno, "Creating the folder %s", folder);
}

BooruSpool *
booru_spool_new (const char *data_dir, GError **error)
{
  g_return_val_if_fail (data_dir != NULL, NULL);

  g_autofree char *folder = g_build_filename (data_dir, BOORU_DIR_TEMPORARY, NULL);

  if (!make_folder (data_dir, error))
    return NULL;
  for (guint i = 0; i < ATTEMPTS; i++)
    {
      g_autofree char *path = g_build_filename (folder, PREFIX "XXXXXX", NULL);
      int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
      BooruSpool *self;

      if (fd < 0)
        {
          booru_set_errno_error (error, errno, "Creating a file in %s", folder);
          return NULL;
        }
      if (!lock_own (fd))
        {
          unlink (path);
          close (fd);
          continue;
        }
      self = g_new0 (BooruSpool, 1);
      self->path = g_steal_pointer (&path);
      self->name = strrchr (self->path, '/') + 1;
      self->fd = fd;
      return self;
    }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY, "Creating a file in %s: it vanished", folder);
  return NULL;
}

void
booru_spool_free (BooruSpool *self)
{
  g_return_if_fail (self != NULL);
  unlink (self->path); /* whoever took it was quicker */
  close (self->fd);
  g_free (self->path);
  g_free (self);
}

const char *
booru_spool_get_name (BooruSpool *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->name;
}

gboolean
booru_spool_write (BooruSpool *self, const void *data, gsize size, GError **error)
{
  g_return_val_if_fail (self != NULL && (data != NULL || size == 0), FALSE);

  const char *at = data;

  while (size > 0)
    {
      ssize_t n = write (self->fd, at, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return booru_set_errno_error (error, errno, "Writing to %s", self->path);
      at += n;
      size -= (gsize)n;
    }
  return TRUE;
}

/* Copies all that is in @fd, wherever the place in it is. */
static gboolean
copy_all (BooruSpool *self, int fd, GError **error)
{
  g_autofree char *buffer = g_malloc (COPY_SIZE);
  off_t at = 0;
  ssize_t n;

  while ((n = pread (fd, buffer, COPY_SIZE, at)) != 0)
    {
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return booru_set_errno_error (error, errno, "Reading the file to hand over");
      if (!booru_spool_write (self, buffer, (gsize)n, error))
        return FALSE;
      at += n;
    }
  return TRUE;
}

/* A name for a file that has none, if it lies on the same disk. */
static BooruSpool *
link_file (const char *data_dir, int fd)
{
  g_autofree char *source = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autofree char *random = g_uuid_string_random ();
  g_autofree char *name = g_strconcat (PREFIX, random, NULL);
  g_autofree char *path = g_build_filename (data_dir, BOORU_DIR_TEMPORARY, name, NULL);
  struct stat st;
  BooruSpool *self;

  /* One that has a name is somebody's. */
  if (fstat (fd, &st) != 0 || st.st_nlink != 0 || flock (fd, LOCK_EX | LOCK_NB) != 0
      || linkat (AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) != 0)
    return NULL;
  self = g_new0 (BooruSpool, 1);
  self->path = g_steal_pointer (&path);
  self->name = strrchr (self->path, '/') + 1;
  self->fd = fcntl (fd, F_DUPFD_CLOEXEC, 3); /* the lock is the file's, however it is called */
  return self;
}

BooruSpool *
booru_spool_new_for_fd (const char *data_dir, int fd, GError **error)
{
  g_return_val_if_fail (data_dir != NULL && fd >= 0, NULL);

  g_autoptr (BooruSpool) self = NULL;

  if (!make_folder (data_dir, error))
    return NULL;
  self = link_file (data_dir, fd);
  if (self)
    return g_steal_pointer (&self);
  self = booru_spool_new (data_dir, error);
  return self && copy_all (self, fd, error) ? g_steal_pointer (&self) : NULL;
}

gboolean
booru_spool_is_name (const char *name)
{
  g_return_val_if_fail (name != NULL, FALSE);
  return g_str_has_prefix (name, PREFIX) && strchr (name, '/') == NULL;
}

int
booru_spool_take (const char *data_dir, const char *name, GError **error)
{
  g_autofree char *path = NULL;
  int fd;

  g_return_val_if_fail (data_dir != NULL && name != NULL, -1);
  if (!booru_spool_is_name (name))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "“%s” is not the name of a spool file",
                   name);
      return -1;
    }
  path = g_build_filename (data_dir, BOORU_DIR_TEMPORARY, name, NULL);
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (fd < 0)
    booru_set_errno_error (error, errno, "Opening %s", path);
  else
    unlink (path);
  return fd;
}

guint
booru_spool_clean (const char *data_dir)
{
  g_return_val_if_fail (data_dir != NULL, 0);

  g_autofree char *folder = g_build_filename (data_dir, BOORU_DIR_TEMPORARY, NULL);
  DIR *dir = opendir (folder);
  struct dirent *entry;
  guint n = 0;

  if (dir == NULL)
    return 0;
  while ((entry = readdir (dir)) != NULL)
    {
      int fd;

      if (!booru_spool_is_name (entry->d_name))
        continue;
      fd = openat (dirfd (dir), entry->d_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
      if (fd < 0)
        continue;
      if (flock (fd, LOCK_EX | LOCK_NB) == 0)
        n += unlinkat (dirfd (dir), entry->d_name, 0) == 0;
      close (fd);
    }
  closedir (dir);
  return n;
}
