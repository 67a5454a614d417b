/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-instance-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "ipc/booru-fd.h"

/* How long a loser waits for the winner to write its pid down: it did so microseconds after it got
 * the lock, as a rule. */
#define PID_PATIENCE_MS 200

struct _BooruInstanceLock
{
  int fd;
};

/* The pid in the file, 0 if there is none of a living process. */
static int
read_holder (int fd)
{
  char text[16] = "";
  ssize_t n = pread (fd, text, sizeof text - 1, 0);
  int pid = n > 0 ? atoi (text) : 0;

  return pid > 0 && (kill (pid, 0) == 0 || errno == EPERM) ? pid : 0;
}

static void
set_held_error (int fd, const char *data_dir, GError **error)
{
  g_autofree char *shown = g_filename_display_name (data_dir);
  g_autofree char *who = NULL;
  int pid = 0;

  for (guint waited = 0; pid == 0 && waited < PID_PATIENCE_MS; waited += 5)
    {
      pid = read_holder (fd);
      if (pid == 0)
        g_usleep (5 * 1000);
    }
  who = pid ? g_strdup_printf (", pid %d,", pid) : g_strdup ("");
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS,
               "Another booru-host%s works on the data folder “%s” already. Stop it first, or give "
               "this one a folder of its own with --data-dir=FOLDER",
               who, shown);
}

/**
 * booru_instance_lock_take:
 * @data_dir: the data folder, which exists
 * @error: BOORU_ERROR_EXISTS naming the process that has it
 *
 * Takes the lock, without waiting. The file is never removed: two hosts could hold locks on two
 * files of one name then. The pid in it is for people.
 *
 * Returns: (transfer full): the lock
 */
BooruInstanceLock *
booru_instance_lock_take (const char *data_dir, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, BOORU_FILE_HOST_LOCK, NULL);
  booru_autofd int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  BooruInstanceLock *self;

  if (fd < 0)
    {
      booru_set_errno_error (error, errno, "Cannot open the lock file “%s”", path);
      return NULL;
    }
  if (flock (fd, LOCK_EX | LOCK_NB) < 0)
    {
      if (errno == EWOULDBLOCK)
        set_held_error (fd, data_dir, error);
      else
        booru_set_errno_error (error, errno, "Cannot lock “%s”", path);
      return NULL;
    }

  if (ftruncate (fd, 0) < 0 || dprintf (fd, "%d\n", getpid ()) < 0)
    g_debug ("Cannot write the pid into %s", path);
  self = g_new0 (BooruInstanceLock, 1);
  self->fd = booru_steal_fd (&fd);
  return self;
}

void
booru_instance_lock_free (BooruInstanceLock *self)
{
  booru_clear_fd (&self->fd);
  g_free (self);
}
