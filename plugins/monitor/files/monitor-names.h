/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* Names of files and folders that are left out of every library: hidden ones, those of the system's
 * own folders (thumbnails, trash and snapshots of a NAS), and those that programs give to
 * unfinished files; and names to give to files. */

gboolean monitor_name_is_left_out (const char *name, gboolean is_dir);
gboolean monitor_path_is_left_out (const char *path, gboolean is_dir);
char *monitor_name_dup_filled (const char *path);
char *monitor_name_find_control (int root_fd, const char *path);
char *monitor_name_number (const char *name, guint n, gsize limit);

G_END_DECLS
