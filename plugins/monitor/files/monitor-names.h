/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* Names of files and folders that are left out of every library: hidden ones, those of the system's
 * own folders (thumbnails, trash and snapshots of a NAS), and those that programs give to
 * unfinished files; and names to give to files. */

/* @name: name of a directory's entry, raw bytes
 * @is_dir: whether it is a directory
 * Returns: whether it is hidden (a dot in front), a folder of the system's own, or of which the
 *   name says that it is not finished; such a file is taken once it is renamed */
gboolean monitor_name_is_left_out (const char *name, gboolean is_dir);

/* @path: path below its folder
 * @is_dir: whether it is a directory
 * Returns: whether any part of it is left out (monitor_name_is_left_out()) */
gboolean monitor_path_is_left_out (const char *path, gboolean is_dir);

/* @path: of a file
 * Returns: (transfer full) (nullable): if it is called like a file that says how far a download
 *   is, the path of what is downloaded */
char *monitor_name_dup_filled (const char *path);

/* Looks for a file beside @path, or beside a directory that it lies in, that a program keeps
 * there as long as the download is not finished.
 * @root_fd: a folder
 * @path: of a file below it
 * Returns: (transfer full) (nullable): its path below the folder */
char *monitor_name_find_control (int root_fd, const char *path);

/* @name: a file's name, raw bytes
 * @n: 1, or the number that makes it another name than the ones before
 * @limit: bytes that the result may have
 * Returns: (transfer full): "NAME.jpg", "NAME (2).jpg", …; shortened before its extension where
 *   it would be too long, but never within a character of UTF-8 */
char *monitor_name_number (const char *name, guint n, gsize limit);

G_END_DECLS
