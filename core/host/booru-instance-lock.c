/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-instance-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-fd.h"

/* How long a loser waits for the winner to write its pid down: it did so microseconds after it got
 * the lock, as a rule. */
#define PID_PATIENCE_MS 200

/* Folders of hosts that run at once on one data folder. */
#define MAX_SLOTS 64

#define SHARED_MARK " shared"

struct _BooruInstanceLock
{
  int fd;
  int slot_fd; /* of the folder that booru_instance_lock_take_slot() found; or -1 */
};

/* The living processes that the file names, and whether they share; NULL if there is none. */
static char *
read_holders (int fd, gboolean *shared)
{
  char text[4096] = "";
  gssize n = pread (fd, text, sizeof text - 1, 0);
  g_auto (GStrv) lines = g_strsplit (n > 0 ? text : "", "\n", -1);
  g_autoptr (GString) holders = g_string_new (NULL);

  *shared = FALSE;
  for (char **line = lines; *line; line++)
    {
      int pid = atoi (*line);

      if (pid <= 0 || (kill (pid, 0) < 0 && errno != EPERM))
        continue;
      *shared |= g_str_has_suffix (*line, SHARED_MARK);
      g_string_append_printf (holders, "%spid %d", holders->len > 0 ? ", " : "", pid);
    }
  return holders->len > 0 ? g_string_free (g_steal_pointer (&holders), FALSE) : NULL;
}

static void
set_held_error (int fd, const char *data_dir, gboolean wants_shared, GError **error)
{
  g_autofree char *shown = g_filename_display_name (data_dir);
  g_autofree char *holders = NULL;
  g_autofree char *who = NULL;
  gboolean shared = FALSE;

  for (guint waited = 0; holders == NULL && waited < PID_PATIENCE_MS; waited += 5)
    {
      holders = read_holders (fd, &shared);
      if (holders == NULL)
        g_usleep (5 * 1000);
    }
  who = holders ? g_strdup_printf (", %s,", holders) : g_strdup ("");
  if (wants_shared)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS,
                 "Another booru-host%s works on the data folder “%s” already, and does not share "
                 "it. Stop it and start it again with --shared, too",
                 who, shown);
  else
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS,
                 "Another booru-host%s works on the data folder “%s” already. Stop it first, %sor "
                 "give this one a folder of its own with --data-dir=FOLDER",
                 who, shown, shared ? "start this one with --shared, too, " : "");
}

/* One line for each host that shares; those of hosts that are gone are told by their pid. Who comes
 * first, or is alone, begins the file anew. */
static void
write_holder (int fd, const char *path, gboolean first, gboolean shared)
{
  g_autofree char *line = g_strdup_printf ("%d%s\n", (int)getpid (), shared ? SHARED_MARK : "");
  gssize length = strlen (line);

  if ((first && ftruncate (fd, 0) < 0) || lseek (fd, 0, SEEK_END) < 0
      || write (fd, line, length) != length)
    g_debug ("Cannot write the pid into %s", path);
}

/* A lock file that became read-only, as copies from some media are, is made writable again. */
static int
open_file (const char *path)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  booru_autofd int read_only = -1;

  if (fd >= 0 || errno != EACCES)
    return fd;
  read_only = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (read_only >= 0 && fchmod (read_only, 0600) == 0)
    return open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  errno = EACCES;
  return -1;
}

/**
 * booru_instance_lock_take:
 * @data_dir: the data folder, which exists
 * @shared: whether others that say so, too, may have it at the same time
 * @error: BOORU_ERROR_EXISTS naming the process that has it
 *
 * Takes the lock, without waiting. The file is never removed: two hosts could hold locks on two
 * files of one name then. The pids in it are for people.
 *
 * Returns: (transfer full): the lock
 */
BooruInstanceLock *
booru_instance_lock_take (const char *data_dir, gboolean shared, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, BOORU_FILE_HOST_LOCK, NULL);
  booru_autofd int fd = open_file (path);
  BooruInstanceLock *self;
  gboolean alone, taken;

  if (fd < 0)
    {
      booru_set_errno_error (error, errno, "Cannot open the lock file “%s”", path);
      return NULL;
    }
  taken = alone = flock (fd, LOCK_EX | LOCK_NB) == 0;
  if (shared && (alone || errno == EWOULDBLOCK))
    {
      if (alone)
        write_holder (fd, path, TRUE, TRUE);
      /* Several that start at once each have it alone for a moment. */
      for (guint waited = 0; (taken = flock (fd, LOCK_SH | LOCK_NB) == 0) == FALSE
                             && errno == EWOULDBLOCK && waited < PID_PATIENCE_MS;
           waited += 5)
        g_usleep (5 * 1000);
    }
  if (!taken)
    {
      if (errno == EWOULDBLOCK)
        set_held_error (fd, data_dir, shared, error);
      else
        booru_set_errno_error (error, errno, "Cannot lock “%s”", path);
      return NULL;
    }

  if (!shared || !alone)
    write_holder (fd, path, !shared, shared);
  self = g_new0 (BooruInstanceLock, 1);
  self->fd = booru_steal_fd (&fd);
  self->slot_fd = -1;
  return self;
}

/**
 * booru_instance_lock_take_slot:
 * @self: a lock that is shared
 * @runtime_dir: the runtime folder of all hosts on the data folder
 * @error: return location
 *
 * Finds this host a runtime folder of its own: "host-1", or the first that no other one has, for as
 * long as the lock is held.
 *
 * Returns: (transfer full): its path; the folder exists
 */
char *
booru_instance_lock_take_slot (BooruInstanceLock *self, const char *runtime_dir, GError **error)
{
  for (guint i = 1; i <= MAX_SLOTS; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/" BOORU_DIR_SHARING_HOST "%u", runtime_dir, i);
      booru_autofd int fd = -1;

      if (g_mkdir_with_parents (path, 0700) < 0
          || (fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)) < 0)
        {
          booru_set_errno_error (error, errno, "Cannot make the runtime folder “%s”", path);
          return NULL;
        }
      if (flock (fd, LOCK_EX | LOCK_NB) < 0)
        continue;
      booru_clear_fd (&self->slot_fd);
      self->slot_fd = booru_steal_fd (&fd);
      return g_steal_pointer (&path);
    }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
               "%u hosts share the data folder already: that is as many as can", MAX_SLOTS);
  return NULL;
}

void
booru_instance_lock_free (BooruInstanceLock *self)
{
  booru_clear_fd (&self->slot_fd);
  booru_clear_fd (&self->fd);
  g_free (self);
}
