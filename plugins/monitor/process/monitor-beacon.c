/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-beacon.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct _MonitorBeacon
{
  char *path;
  MonitorBeaconFunc out;
  gpointer user_data;
  int writer, reader; /* -1: not open */
  guint source;
  gboolean complained;
};

static void
clear_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static int
open_pipe (MonitorBeacon *self, int flags)
{
  struct stat info;
  int fd;

  if (mkfifo (self->path, 0600) < 0 && errno != EEXIST)
    fd = -1;
  else
    fd = open (self->path, flags | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
  if (fd >= 0 && fstat (fd, &info) == 0 && S_ISFIFO (info.st_mode))
    return fd;
  if (!self->complained)
    g_warning (
        "“%s” cannot be used as a pipe: %s. When another host's monitor ends, this one finds "
        "out later",
        self->path, fd >= 0 ? "it is none" : g_strerror (errno));
  self->complained = TRUE;
  clear_fd (&fd);
  return -1;
}

void
monitor_beacon_light (MonitorBeacon *self)
{
  /* Also for reading, so that it opens while nobody waits. */
  if (self->writer < 0)
    self->writer = open_pipe (self, O_RDWR);
  if (self->writer >= 0)
    flock (self->writer, LOCK_SH);
}

void
monitor_beacon_extinguish (MonitorBeacon *self)
{
  clear_fd (&self->writer);
}

static gboolean
on_out (int fd, GIOCondition condition, gpointer user_data)
{
  MonitorBeacon *self = user_data;

  self->source = 0;
  self->out (self->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
has_hung_up (MonitorBeacon *self)
{
  struct pollfd fd = { self->reader, 0, 0 };

  return poll (&fd, 1, 0) == 1 && (fd.revents & POLLHUP);
}

gboolean
monitor_beacon_watch (MonitorBeacon *self)
{
  if (self->reader < 0)
    self->reader = open_pipe (self, O_RDONLY);
  if (self->reader < 0)
    return FALSE;
  /* What was called for once is not called for again and again. */
  if (self->source == 0 && !has_hung_up (self))
    self->source = g_unix_fd_add_full (G_PRIORITY_HIGH, self->reader, G_IO_HUP, on_out, self, NULL);
  return TRUE;
}

void
monitor_beacon_unwatch (MonitorBeacon *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  clear_fd (&self->reader);
}

gboolean
monitor_beacon_is_out (MonitorBeacon *self)
{
  if (self->reader < 0 || flock (self->reader, LOCK_EX | LOCK_NB) < 0)
    return FALSE;
  flock (self->reader, LOCK_UN);
  return TRUE;
}

MonitorBeacon *
monitor_beacon_new (const char *data_dir, MonitorBeaconFunc out, gpointer user_data)
{
  MonitorBeacon *self = g_new0 (MonitorBeacon, 1);

  self->path = g_build_filename (data_dir, BOORU_FILE_MONITOR_BEACON, NULL);
  self->out = out;
  self->user_data = user_data;
  self->writer = self->reader = -1;
  return self;
}

void
monitor_beacon_free (MonitorBeacon *self)
{
  monitor_beacon_unwatch (self);
  monitor_beacon_extinguish (self);
  g_free (self->path);
  g_free (self);
}
