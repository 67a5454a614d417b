/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * booru_open_beneath:
 * @root_fd: an open directory
 * @path: path relative to it, raw bytes; no "..", not absolute
 * @flags: for open(2); O_CLOEXEC and O_NOFOLLOW are added
 * @error: %BOORU_ERROR_DENIED if a component is a symbolic link, %BOORU_ERROR_NOT_FOUND, …
 *
 * Opens @path without ever leaving the tree below @root_fd: no component may be a symbolic link.
 * Uses openat2(2) with RESOLVE_BENEATH where the kernel has it, otherwise opens component by
 * component.
 *
 * Returns: a new file descriptor, or -1
 */
int booru_open_beneath (int root_fd, const char *path, int flags, GError **error);

G_END_DECLS
