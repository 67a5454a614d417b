/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-names.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "monitor-content.h"

/* What programs call a file while they fill it, or the file beside it that says how far they are:
 * browsers, wget, curl, rclone, yt-dlp, gallery-dl, WinSCP, axel, clients of torrents and download
 * managers. */
static const char *const control_suffixes[]
    = { ".part", ".crdownload",  ".download", ".partial", ".filepart", ".opdownload", ".aria2",
        ".ytdl", ".fdmdownload", ".dtapart",  ".xltd",    ".td",       ".st",         ".dctmp",
        ".!ut",  ".!qb",         ".!bt",      ".!sync",   ".bc!",      ".jc!" };

/* Others that nobody means as pictures: temporary files, and backups of editors. */
static const char *const temporary_suffixes[] = { ".tmp", ".temp", "~" };

/* Folders in which file servers and operating systems keep thumbnails, deleted files, snapshots and
 * metadata. (Those with a dot in front, such as .Trash-1000, .@__thumb and .zfs, are hidden.) */
static const char *const system_folders[] = {
  "@eaDir",             /* Synology: thumbnails and indexes */
  "@tmp",               /* Synology */
  "@__thumb",           /* QNAP: thumbnails */
  "@Transcode",         /* QNAP */
  "@Recycle",           /* QNAP */
  "@Recently-Snapshot", /* QNAP */
  "#recycle",           /* Synology */
  "#snapshot",          /* Synology */
  "~snapshot",          /* NetApp */
  "Network Trash Folder",
  "Temporary Items", /* Netatalk */
  "$RECYCLE.BIN",
  "RECYCLER",
  "RECYCLED",
  "System Volume Information",
  "FOUND.000", /* Windows */
  "__MACOSX",  /* archives made by macOS: resource forks */
  "lost+found",
};

/* Previous versions by Samba: @GMT-2026.01.02-03.04.05 */
#define SHADOW_COPY "@GMT-"

static gboolean
is_system_folder (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (system_folders); i++)
    if (g_ascii_strcasecmp (name, system_folders[i]) == 0)
      return TRUE;
  return g_str_has_prefix (name, SHADOW_COPY);
}

/* Length of the one of @suffixes that @name ends in, in any case; 0: none. */
static gsize
find_suffix (const char *name, const char *const *suffixes, guint n)
{
  gsize length = strlen (name);

  for (guint i = 0; i < n; i++)
    {
      gsize suffix_length = strlen (suffixes[i]);

      if (length >= suffix_length
          && g_ascii_strcasecmp (name + length - suffix_length, suffixes[i]) == 0)
        return suffix_length;
    }
  return 0;
}

static gsize
find_control_suffix (const char *name)
{
  return find_suffix (name, control_suffixes, G_N_ELEMENTS (control_suffixes));
}

/* "a.jpg.download" is a folder while Safari fills the file in it. */
static gboolean
is_unfinished_folder (const char *name)
{
  gsize suffix = find_control_suffix (name);
  g_autofree char *stem = suffix ? g_strndup (name, strlen (name) - suffix) : NULL;

  return stem != NULL && monitor_name_is_media (stem);
}

gboolean
monitor_name_is_left_out (const char *name, gboolean is_dir)
{
  if (name[0] == '.')
    return TRUE;
  if (is_dir)
    return is_system_folder (name) || is_unfinished_folder (name);
  return find_control_suffix (name) > 0
         || find_suffix (name, temporary_suffixes, G_N_ELEMENTS (temporary_suffixes)) > 0;
}

gboolean
monitor_path_is_left_out (const char *path, gboolean is_dir)
{
  const char *slash;

  for (; (slash = strchr (path, '/')) != NULL; path = slash + 1)
    {
      g_autofree char *name = g_strndup (path, slash - path);

      if (monitor_name_is_left_out (name, TRUE))
        return TRUE;
    }
  return monitor_name_is_left_out (path, is_dir);
}

char *
monitor_name_dup_filled (const char *path)
{
  gsize suffix = find_control_suffix (path);

  return suffix ? g_strndup (path, strlen (path) - suffix) : NULL;
}

static gboolean
exists (int root_fd, const char *stem, const char *suffix, char **name)
{
  struct stat st;

  g_free (*name);
  *name = g_strconcat (stem, suffix, NULL);
  return fstatat (root_fd, *name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Programs write these suffixes in lower case, but for "!qB" and "!uT". */
static gboolean
find_beside (int root_fd, const char *path, char **name)
{
  static const char *const other_cases[] = { ".!qB", ".!uT" };

  for (guint i = 0; i < G_N_ELEMENTS (control_suffixes); i++)
    if (exists (root_fd, path, control_suffixes[i], name))
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (other_cases); i++)
    if (exists (root_fd, path, other_cases[i], name))
      return TRUE;
  return FALSE;
}

char *
monitor_name_find_control (int root_fd, const char *path)
{
  g_autofree char *name = NULL;
  const char *slash = path;

  if (find_beside (root_fd, path, &name))
    return g_steal_pointer (&name);
  for (; (slash = strchr (slash, '/')) != NULL; slash++)
    {
      g_autofree char *dir = g_strndup (path, slash - path);

      if (exists (root_fd, dir, ".aria2", &name)) /* of a torrent with many files */
        return g_steal_pointer (&name);
    }
  return NULL;
}

#define EXTENSION_LIMIT 16 /* bytes; what is longer is no extension */

char *
monitor_name_number (const char *name, guint n, gsize limit)
{
  const char *dot = strrchr (name, '.');
  gboolean has_extension = dot && dot != name && strlen (dot) <= EXTENSION_LIMIT;
  const char *extension = has_extension ? dot : name + strlen (name);
  g_autofree char *number = n > 1 ? g_strdup_printf (" (%u)", n) : g_strdup ("");
  gsize stem = (gsize)(extension - name), added = strlen (number) + strlen (extension);

  if (stem + added > limit)
    {
      const char *end = name + limit - added, *start = end;

      /* Bytes of the form 10xxxxxx go on a character; more than three are no UTF-8. */
      while (start > name && end - start < 3 && ((guint8)*start & 0xc0) == 0x80)
        start--;
      stem = (gsize)((((guint8)*start & 0xc0) == 0x80 ? end : start) - name);
    }
  return g_strdup_printf ("%.*s%s%s", (int)stem, name, number, extension);
}
