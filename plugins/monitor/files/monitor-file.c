/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "monitor-content.h"
#include "monitor-names.h"

static void
refuse (MonitorOpened *opened, const struct stat *st, const char *reason)
{
  opened->outcome = MONITOR_FILE_REFUSED;
  monitor_look_from_stat (&opened->look, st);
  opened->reason = g_strdup (reason);
}

static void
refuse_irregular (MonitorOpened *opened, const struct stat *st)
{
  if (S_ISLNK (st->st_mode))
    refuse (opened, st, "This is a symbolic link, which is not followed");
  else if (S_ISFIFO (st->st_mode))
    refuse (opened, st, "This is a FIFO, not a regular file");
  else if (S_ISSOCK (st->st_mode))
    refuse (opened, st, "This is a socket, not a regular file");
  else
    refuse (opened, st, "This is a device, not a regular file");
}

static gint64
read_birth (int fd)
{
  struct statx stx;

  if (statx (fd, "", AT_EMPTY_PATH, STATX_BTIME, &stx) < 0 || !(stx.stx_mask & STATX_BTIME))
    return 0;
  return stx.stx_btime.tv_sec * G_TIME_SPAN_SECOND + stx.stx_btime.tv_nsec / 1000;
}

static void
read_head (MonitorOpened *opened)
{
  guint8 head[MONITOR_HEAD_SIZE];
  gssize n = pread (opened->fd, head, sizeof head, 0);

  if (n < 0)
    {
      opened->outcome = MONITOR_FILE_TROUBLE;
      booru_set_errno_error (&opened->error, errno, "Reading the file");
      return;
    }
  opened->is_media = monitor_head_is_media (head, (gsize)n);
  opened->is_gzip = monitor_head_is_gzip (head, (gsize)n);
  opened->description = monitor_head_describe (head, (gsize)n);
}

/* Not to be noticed: not even the time of access changes, where we may ask for that. */
static int
open_quietly (int root_fd, const char *path, GError **error)
{
  int fd = booru_open_beneath (root_fd, path, O_RDONLY | O_NONBLOCK | O_NOATIME, NULL);

  return fd >= 0 ? fd : booru_open_beneath (root_fd, path, O_RDONLY | O_NONBLOCK, error);
}

static void
open_regular (int root_fd, const char *path, const struct stat *expected, MonitorOpened *opened)
{
  g_autoptr (GError) error = NULL;
  struct stat st;

  opened->fd = open_quietly (root_fd, path, &error);
  if (booru_err_notfound (error))
    opened->outcome = MONITOR_FILE_GONE;
  else if (booru_err_denied (error))
    refuse (opened, expected, MONITOR_FAILURE_DENIED ": the monitor may not read it");
  else if (error != NULL)
    {
      opened->outcome = MONITOR_FILE_TROUBLE;
      opened->error = g_steal_pointer (&error);
    }
  if (opened->fd < 0)
    return;

  if (fstat (opened->fd, &st) < 0 || !S_ISREG (st.st_mode))
    {
      opened->outcome = MONITOR_FILE_TROUBLE;
      g_set_error (&opened->error, BOORU_ERROR, BOORU_ERROR_BUSY, "It was just replaced");
      return;
    }
  opened->outcome = MONITOR_FILE_OPEN;
  monitor_look_from_stat (&opened->look, &st);
  opened->born_at = read_birth (opened->fd);
  opened->lease = monitor_settle_ask_lease (opened->fd);
  read_head (opened);
}

void
monitor_file_open (MonitorFolder *folder, const char *path, MonitorOpened *opened)
{
  g_autoptr (GError) error = NULL;
  booru_autofd int root_fd = monitor_folder_open (folder, &error);
  struct stat st;

  *opened = (MonitorOpened){ .fd = -1 };
  if (root_fd < 0)
    {
      opened->outcome = booru_err_notfound (error) ? MONITOR_FILE_NO_FOLDER : MONITOR_FILE_TROUBLE;
      opened->error = g_steal_pointer (&error);
      return;
    }

  if (fstatat (root_fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
    {
      gboolean gone = errno == ENOENT || errno == ENOTDIR;

      opened->outcome = gone ? MONITOR_FILE_GONE : MONITOR_FILE_TROUBLE;
      if (!gone)
        booru_set_errno_error (&opened->error, errno, "Looking at the file");
    }
  else if (S_ISDIR (st.st_mode))
    opened->outcome = MONITOR_FILE_GONE;
  else if (S_ISREG (st.st_mode))
    open_regular (root_fd, path, &st, opened);
  else
    refuse_irregular (opened, &st);
  if (opened->outcome == MONITOR_FILE_OPEN && folder->kind == MONITOR_FOLDER_INBOX)
    opened->control = monitor_name_find_control (root_fd, path);
}

void
monitor_opened_clear (MonitorOpened *self)
{
  booru_clear_fd (&self->fd);
  g_clear_pointer (&self->reason, g_free);
  g_clear_pointer (&self->control, g_free);
  g_clear_error (&self->error);
}

gboolean
monitor_file_lstat (MonitorFolder *folder, const char *path, MonitorLook *look)
{
  booru_autofd int root_fd = monitor_folder_open (folder, NULL);
  struct stat st;

  if (root_fd < 0 || fstatat (root_fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0 || S_ISDIR (st.st_mode))
    return FALSE;
  monitor_look_from_stat (look, &st);
  return TRUE;
}

gboolean
monitor_file_is_at (MonitorFolder *folder, const char *path, const BooruFileStat *stat)
{
  MonitorLook look;

  return monitor_file_lstat (folder, path, &look) && look.stat.inode == stat->inode
         && look.stat.device == stat->device;
}

gboolean
monitor_file_is_unchanged (int fd, const MonitorLook *look)
{
  struct stat st;
  MonitorLook now;

  if (fstat (fd, &st) < 0)
    return FALSE;
  monitor_look_from_stat (&now, &st);
  return monitor_folder_stat_exact (&now.stat, &look->stat);
}

gboolean
monitor_file_is_untouched (int fd, MonitorLook *look)
{
  struct stat st;
  MonitorLook now;
  gint64 before = look->change_ns;

  if (fstat (fd, &st) < 0)
    return FALSE;
  monitor_look_from_stat (&now, &st);
  if (!monitor_folder_stat_exact (&now.stat, &look->stat))
    return FALSE;
  look->change_ns = now.change_ns;
  return now.change_ns == before;
}
