/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pid files are information for people and scripts. Nothing in the program relies on them, so a
 * failure to write one is a warning. */
#include "booru-pid-files.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/booru-error.h"

/**
 * booru_pid_files_prepare:
 * @dir: the runtime folder
 * @error: return location
 *
 * Makes the folder, and removes the pid files in it. The caller holds the instance lock, so
 * whatever lies there was left behind by a host that was killed.
 */
gboolean
booru_pid_files_prepare (const char *dir, GError **error)
{
  g_autoptr (GDir) handle = NULL;
  const char *name;

  if (g_mkdir_with_parents (dir, 0700) < 0 || (handle = g_dir_open (dir, 0, NULL)) == NULL)
    return booru_set_errno_error (error, errno, "Cannot make the runtime folder “%s”", dir);

  while ((name = g_dir_read_name (handle)))
    if (g_str_has_prefix (name, "booru-") && g_str_has_suffix (name, ".pid"))
      {
        g_autofree char *path = g_build_filename (dir, name, NULL);

        g_unlink (path);
      }
  return TRUE;
}

/**
 * booru_pid_files_write:
 * @dir: the runtime folder
 * @name: of the file
 * @pid: what to write
 *
 * Writes the file whole: nobody ever reads half a number.
 */
void
booru_pid_files_write (const char *dir, const char *name, GPid pid)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *text = g_strdup_printf ("%d\n", pid);
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &error))
    g_warning ("Cannot write a pid file: %s", error->message);
}

/**
 * booru_pid_files_remove:
 * @dir: the runtime folder
 * @name: of the file
 * @pid: of the process that ended
 *
 * Removes the file, unless the successor of the process has put its own pid there.
 */
void
booru_pid_files_remove (const char *dir, const char *name, GPid pid)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *text = NULL;

  if (g_file_get_contents (path, &text, NULL, NULL) && atoi (text) == pid)
    g_unlink (path);
}
