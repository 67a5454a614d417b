/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-open.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-open-private.h"

#define MODE_OF_NEW_FILES 0600
#define RETRIES 32

static gboolean
creates (int flags)
{
  return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

/* Whether a component of @path is "..". */
static gboolean
climbs (const char *path)
{
  const char *at = path;

  while (at != NULL)
    {
      if (*at == '/')
        at++;
      if (at[0] == '.' && at[1] == '.' && (at[2] == '/' || at[2] == '\0'))
        return TRUE;
      at = strchr (at, '/');
    }
  return FALSE;
}

static gboolean
is_symlink_at (int fd, const char *name)
{
  struct stat st;

  return fstatat (fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK (st.st_mode);
}

/* O_DIRECTORY with O_NOFOLLOW answers ENOTDIR for a symbolic link, where openat2() says ELOOP. */
static int
open_component (int fd, const char *name, int flags)
{
  int opened = openat (fd, name, flags | O_NOFOLLOW | O_CLOEXEC, MODE_OF_NEW_FILES);

  if (opened < 0 && errno == ENOTDIR)
    errno = is_symlink_at (fd, name) ? ELOOP : ENOTDIR;
  return opened;
}

static int
open_by_component (int root_fd, const char *path, int flags)
{
  g_auto (GStrv) components = g_strsplit (path, "/", -1);
  guint last = g_strv_length (components) - 1;
  int fd = root_fd;

  for (guint i = 0; i <= last && fd >= 0; i++)
    {
      /* "a//b" and "./a" name what "a/b" and "a" name; "a/" is "a", if it is a folder. */
      const char *name = *components[i] ? components[i] : ".";
      int next = open_component (fd, name, i == last ? flags : O_PATH | O_DIRECTORY);
      int saved_errno = errno;

      if (fd != root_fd)
        close (fd);
      errno = saved_errno;
      fd = next;
    }
  return fd;
}

/* -1 with errno ENOSYS where the kernel lacks the call or a container's filter forbids it. */
static int
open_by_openat2 (int root_fd, const char *path, int flags)
{
  static int unavailable;
  struct open_how how = {
    /* O_NOFOLLOW would add nothing, but have ENOTDIR said of a link where a folder is wanted. */
    .flags = (guint)((flags | O_CLOEXEC) & ~O_NOFOLLOW),
    .mode = creates (flags) ? MODE_OF_NEW_FILES : 0,
    .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
  };
  struct open_how probe = { .flags = O_PATH | O_CLOEXEC };
  int fd = -1;

  if (g_atomic_int_get (&unavailable))
    {
      errno = ENOSYS;
      return -1;
    }

  /* EAGAIN: something was renamed meanwhile and the kernel could not be sure. With O_NONBLOCK it
   * may also be the answer for a leased file, so the number of tries is bounded. */
  for (int i = 0; i < RETRIES; i++)
    {
      fd = (int)syscall (SYS_openat2, root_fd, path, &how, sizeof how);
      if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
        break;
    }

  /* Old container runtimes answer EPERM for calls they do not know. */
  if (fd < 0 && (errno == EPERM || errno == ENOSYS))
    {
      int saved_errno = errno;
      int probed = (int)syscall (SYS_openat2, AT_FDCWD, "/", &probe, sizeof probe);

      if (probed >= 0)
        close (probed);
      else
        g_atomic_int_set (&unavailable, 1);
      errno = probed >= 0 ? saved_errno : ENOSYS;
    }
  return fd;
}

/* O_PATH with O_NOFOLLOW opens a symbolic link itself, which no caller wants. */
static int
refuse_symlink (int fd, int flags)
{
  struct stat st;

  if (fd < 0 || !(flags & O_PATH))
    return fd;
  if (fstat (fd, &st) == 0 && !S_ISLNK (st.st_mode))
    return fd;
  close (fd);
  errno = ELOOP;
  return -1;
}

typedef int (*OpenFunc) (int root_fd, const char *path, int flags);

static int
open_checked (OpenFunc open_func, int root_fd, const char *path, int flags, GError **error)
{
  int fd;

  if (*path == '\0' || *path == '/' || climbs (path))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_DENIED,
                   "Opening “%s”: the path must be relative and stay below its folder", path);
      return -1;
    }

  fd = refuse_symlink (open_func (root_fd, path, flags), flags);
  if (fd < 0 && errno == ELOOP)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_DENIED,
                 "Opening “%s”: the path contains a symbolic link, which is not followed", path);
  else if (fd < 0)
    booru_set_errno_error (error, errno, "Opening “%s”", path);
  return fd;
}

static int
open_by_any_means (int root_fd, const char *path, int flags)
{
  int fd = open_by_openat2 (root_fd, path, flags);

  return fd < 0 && errno == ENOSYS ? open_by_component (root_fd, path, flags) : fd;
}

int
booru_open_beneath_by_component (int root_fd, const char *path, int flags, GError **error)
{
  return open_checked (open_by_component, root_fd, path, flags, error);
}

int
booru_open_beneath (int root_fd, const char *path, int flags, GError **error)
{
  g_return_val_if_fail (path != NULL, -1);
  return open_checked (open_by_any_means, root_fd, path, flags, error);
}
