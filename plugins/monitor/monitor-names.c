/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-names.h"

#include <string.h>

/* What programs call a file while they fill it: browsers, wget, curl, yt-dlp, gallery-dl, torrent
 * clients; and backups of editors. */
static const char *const unfinished_suffixes[]
    = { ".part",       ".crdownload", ".tmp", ".temp",  ".download", ".partial",
        ".opdownload", ".!ut",        ".!qb", ".aria2", ".ytdl",     "~" };

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

/**
 * monitor_name_is_left_out:
 * @name: name of a directory's entry, raw bytes
 * @is_dir: whether it is a directory
 *
 * Returns: whether it is hidden (a dot in front), a folder of the system's own, or a file of which
 *   the name says that it is not finished; such a file is taken once it is renamed
 */
gboolean
monitor_name_is_left_out (const char *name, gboolean is_dir)
{
  gsize length = strlen (name);

  if (name[0] == '.')
    return TRUE;
  if (is_dir)
    return is_system_folder (name);

  for (guint i = 0; i < G_N_ELEMENTS (unfinished_suffixes); i++)
    {
      gsize n = strlen (unfinished_suffixes[i]);

      if (length >= n && g_ascii_strcasecmp (name + length - n, unfinished_suffixes[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * monitor_path_is_left_out:
 * @path: path below its folder
 * @is_dir: whether it is a directory
 *
 * Returns: whether any part of it is left out (monitor_name_is_left_out())
 */
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
