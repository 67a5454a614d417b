/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * booru_pseudo_is_mount:
 * @parent: an open directory
 * @fd: an open directory in @parent
 *
 * Returns: whether @fd is the root of another file system, and one of the kernel's own, such as the
 *   /proc of a system that is installed in a folder
 */
gboolean booru_pseudo_is_mount (int parent, int fd);

/**
 * booru_pseudo_check_folder:
 * @path: an absolute path
 * @what: what it is to be, for the message: "library folder"
 * @error: %BOORU_ERROR_USAGE for the root folder, devices and pseudo file systems
 *
 * Returns: whether @path can be watched as a folder of files; %TRUE if it is not there now
 */
gboolean booru_pseudo_check_folder (const char *path, const char *what, GError **error);

G_END_DECLS
