/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether another file system begins at the directory @fd, found in the directory @parent, and is
 * of the kernel's own making, such as the /proc of a system that is installed in a folder. */
gboolean booru_pseudo_is_mount (int parent, int fd);

/* Whether the folder @path can be followed as @what ("library folder"): BOORU_ERROR_USAGE for the
 * root folder, devices and pseudo file systems. One that is not there now is let through. */
gboolean booru_pseudo_check_folder (const char *path, const char *what, GError **error);

G_END_DECLS
