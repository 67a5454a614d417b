/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/sqlite/booru-sqlite-place.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"

#define STAMP_FORMAT "%Y%m%dT%H%M%SZ"

/* Fails if a file of that name exists already. */
gboolean
booru_sqlite_move_into_place (const char *from, const char *to, GError **error)
{
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return TRUE;
  /* A filesystem that does not know the flag. */
  if (errno == EINVAL && !g_file_test (to, G_FILE_TEST_EXISTS) && g_rename (from, to) == 0)
    return TRUE;
  return booru_set_errno_error (error, errno, "Cannot name %s", to);
}

gboolean
booru_sqlite_sync_path (const char *path, int flags, GError **error)
{
  int fd = open (path, flags | O_CLOEXEC);
  int errnum = fd >= 0 && fsync (fd) == 0 ? 0 : errno;

  if (fd >= 0)
    close (fd);
  return errnum == 0 || booru_set_errno_error (error, errnum, "Cannot bring %s to the disk", path);
}

char *
booru_sqlite_make_stamp (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  return g_date_time_format (now, STAMP_FORMAT);
}

/* The lock of a host: whoever holds it works on the folder. */
int
booru_sqlite_lock_out_hosts (const char *data_dir, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, BOORU_FILE_HOST_LOCK, NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

  if (fd < 0)
    booru_set_errno_error (error, errno, "Cannot open the lock file %s", path);
  else if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY,
                   "A booru-host is using the data folder %s: stop it first", data_dir);
      close (fd);
      fd = -1;
    }
  return fd;
}

/* The log goes first: whatever happens then, no database is ever read with another one's log. */
gboolean
booru_sqlite_put_aside (const char *database, const char *aside, GError **error)
{
  static const char *const suffixes[] = { "-shm", "-wal", "" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *from = g_strconcat (database, suffixes[i], NULL);
      g_autofree char *to = g_strconcat (aside, suffixes[i], NULL);

      if (g_file_test (from, G_FILE_TEST_EXISTS) && !booru_sqlite_move_into_place (from, to, error))
        return FALSE;
    }
  return TRUE;
}
