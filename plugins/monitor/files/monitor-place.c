/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "monitor-names.h"

#define COPY_CHUNK (8 * 1024 * 1024)
#define NOTE_SUFFIX ".reason.txt"
#define SIDECAR_SUFFIX ".json" /* the longest of those that follow their pictures */
#define MAX_SUFFIX 100000

char *
monitor_place_original_path (const char *md5, const char *ext)
{
  return g_strdup_printf ("%.2s/%.2s/%s.%s", md5, md5 + 2, md5, ext);
}

/* Makes the directories on the way to @path. */
static gboolean
make_parents (int root_fd, const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);
  int failed;

  /* Nearly always only the last one is missing, or none. */
  failed = strchr (path, '/') == NULL || mkdirat (root_fd, parent, 0777) == 0 ? 0 : errno;
  if (failed == ENOENT && strchr (parent, '/') != NULL)
    {
      if (!make_parents (root_fd, parent, error))
        return FALSE;
      failed = mkdirat (root_fd, parent, 0777) == 0 ? 0 : errno;
    }
  if (failed != 0 && failed != EEXIST)
    return booru_set_errno_error (error, failed, "Making the folder %s", parent);
  return TRUE;
}

static int
open_dir (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    booru_set_errno_error (error, errno, "Opening the folder %s", path);
  return fd;
}

gboolean
monitor_place_variant (const char *files_dir,
                       BooruVariant variant,
                       const char *md5,
                       const char *temporary,
                       GError **error)
{
  g_autofree char *path = booru_variant_get_path (variant, md5);
  booru_autofd int dir_fd = open_dir (files_dir, error);
  gboolean placed;

  if (dir_fd < 0)
    return FALSE;
  placed = renameat (AT_FDCWD, temporary, dir_fd, path) == 0
           || (errno == ENOENT && make_parents (dir_fd, path, NULL)
               && renameat (AT_FDCWD, temporary, dir_fd, path) == 0);
  if (!placed)
    booru_set_errno_error (error, errno, "Putting a thumbnail to %s/%s", files_dir, path);
  return placed;
}

static int
rename_no_replace (int from_dir, const char *from, int to_dir, const char *to)
{
  struct stat st;

  if (renameat2 (from_dir, from, to_dir, to, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS)
    return -1;

  /* A file system that cannot (FAT over FUSE, NFS): a link never replaces either. */
  if (linkat (from_dir, from, to_dir, to, 0) == 0)
    return unlinkat (from_dir, from, 0);
  if (errno == EEXIST || errno == EXDEV || errno == ENOENT)
    return -1;
  if (fstatat (to_dir, to, &st, AT_SYMLINK_NOFOLLOW) == 0)
    {
      errno = EEXIST;
      return -1;
    }
  return renameat (from_dir, from, to_dir, to);
}

gboolean
monitor_place_rename (int from_dir, const char *from, int to_dir, const char *to, GError **error)
{
  if (!make_parents (to_dir, to, error))
    return FALSE;
  if (rename_no_replace (from_dir, from, to_dir, to) == 0)
    return TRUE;
  if (errno == EXDEV)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "Moving to %s: another file system",
                   to);
      return FALSE;
    }
  return booru_set_errno_error (error, errno, "Moving to %s", to);
}

gboolean
monitor_place_link (int from_dir, const char *from, int to_dir, const char *to, GError **error)
{
  if (!make_parents (to_dir, to, error))
    return FALSE;
  if (linkat (from_dir, from, to_dir, to, 0) == 0)
    return TRUE;
  if (errno == EXDEV || errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS || errno == EMLINK)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "Linking to %s: %s", to,
                   g_strerror (errno));
      return FALSE;
    }
  return booru_set_errno_error (error, errno, "Linking to %s", to);
}

gboolean
monitor_place_copy_bytes (int source_fd, int target_fd)
{
  off_t offset = 0;
  gssize n;

  do
    n = sendfile (target_fd, source_fd, &offset, COPY_CHUNK);
  while (n > 0 || (n < 0 && errno == EINTR));
  return n == 0;
}

/* Times are facts about a picture that people sort by. */
static void
copy_times (int source_fd, int target_fd)
{
  struct stat st;

  if (fstat (source_fd, &st) == 0)
    futimens (target_fd, (struct timespec[]){ st.st_atim, st.st_mtim });
}

gboolean
monitor_place_copy (int source_fd,
                    const char *files_dir,
                    const char *temporary_dir,
                    const char *target,
                    GError **error)
{
  g_autofree char *temporary = g_build_filename (temporary_dir, "original-XXXXXX", NULL);
  booru_autofd int dir_fd = -1;
  int fd = mkostemp (temporary, O_CLOEXEC);
  gboolean copied;

  if (fd < 0)
    return booru_set_errno_error (error, errno, "Making a file in %s", temporary_dir);
  copied = monitor_place_copy_bytes (source_fd, fd);
  copy_times (source_fd, fd);
  copied = copied && fchmod (fd, 0644) == 0 && fsync (fd) == 0;
  if (!copied)
    booru_set_errno_error (error, errno, "Copying to %s/%s", files_dir, target);
  close (fd);

  dir_fd = copied ? open_dir (files_dir, error) : -1;
  copied = dir_fd >= 0 && monitor_place_rename (AT_FDCWD, temporary, dir_fd, target, error);
  if (!copied)
    unlink (temporary);
  return copied;
}

gboolean
monitor_place_sync_dir (int root_fd, const char *path, GError **error)
{
  g_autofree char *dir = g_path_get_dirname (path);

  while (TRUE)
    {
      booru_autofd int fd = openat (root_fd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
      gboolean synced = fd >= 0 && fsync (fd) == 0;
      g_autofree char *child = g_steal_pointer (&dir);

      if (!synced)
        booru_set_errno_error (error, errno, "Writing the folder %s to disk", child);
      if (!synced || g_str_equal (child, "."))
        return synced;
      dir = g_path_get_dirname (child);
    }
}

/* Some file systems (eCryptfs) allow less than NAME_MAX; those that count characters say more. */
static gsize
get_name_limit (int dir_fd)
{
  long limit = fpathconf (dir_fd, _PC_NAME_MAX);

  return limit > 0 ? MIN ((gsize)limit, NAME_MAX) : NAME_MAX;
}

/* A reason that a killed run left there, whole or in part, may be written again. */
static gboolean
holds_beginning_of (int fd, const char *text)
{
  gsize length = strlen (text);
  g_autofree char *there = g_malloc (length + 1);
  gssize n = pread (fd, there, length + 1, 0);

  return n >= 0 && (gsize)n <= length && memcmp (there, text, (gsize)n) == 0;
}

/* @error: %BOORU_ERROR_EXISTS if something else has that name. */
static gboolean
write_reason (int root_fd, const char *path, const char *text, GError **error)
{
  booru_autofd int fd
      = openat (root_fd, path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
  gsize length = strlen (text);
  gboolean written;

  if (fd < 0)
    return booru_set_errno_error (error, errno, "Writing %s", path);
  if (!holds_beginning_of (fd, text))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS, "There is another file %s", path);
      return FALSE;
    }
  written = pwrite (fd, text, length, 0) == (gssize)length && fsync (fd) == 0;
  if (!written)
    booru_set_errno_error (error, errno, "Writing %s", path);
  return written;
}

/* The reason comes first: a file whose reason cannot be written stays where it is. */
static gboolean
try_aside (int root_fd, const char *path, const char *target, const char *reason, GError **error)
{
  g_autofree char *note = g_strconcat (target, NOTE_SUFFIX, NULL);
  struct stat st;

  if (reason == NULL)
    return monitor_place_rename (root_fd, path, root_fd, target, error);
  if (fstatat (root_fd, target, &st, AT_SYMLINK_NOFOLLOW) == 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS, "There is a file %s", target);
      return FALSE;
    }
  return make_parents (root_fd, note, error) && write_reason (root_fd, note, reason, error)
         && monitor_place_rename (root_fd, path, root_fd, target, error);
}

/* Where a symbolic link leads, the user may have no use for the file, or others may see it. */
static gboolean
check_aside_dir (int root_fd, const char *dir, GError **error)
{
  struct stat st;

  if (fstatat (root_fd, dir, &st, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR (st.st_mode))
    return TRUE; /* made when it is not there */
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_DENIED,
               "“%s” in the inbox is not a folder%s: remove it, or put a folder in its place", dir,
               S_ISLNK (st.st_mode) ? " but a symbolic link, and no file is moved through one"
                                    : "");
  return FALSE;
}

char *
monitor_place_aside (int root_fd,
                     const char *path,
                     const char *dir,
                     const char *reason,
                     GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  gsize limit = get_name_limit (root_fd);

  if (!check_aside_dir (root_fd, dir, error))
    return NULL;
  for (guint n = 1; n < MAX_SUFFIX; n++)
    {
      gsize reserved = reason ? strlen (NOTE_SUFFIX) : n > 1 ? strlen (SIDECAR_SUFFIX) : 0;
      g_autoptr (GError) try_error = NULL;
      g_autofree char *target_name = monitor_name_number (name, n, limit - reserved);
      g_autofree char *target = g_build_filename (dir, target_name, NULL);

      if (try_aside (root_fd, path, target, reason, &try_error))
        return g_steal_pointer (&target);
      if (!booru_err_exists (try_error))
        {
          g_propagate_error (error, g_steal_pointer (&try_error));
          return NULL;
        }
    }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT, "There is no free name left in %s", dir);
  return NULL;
}
