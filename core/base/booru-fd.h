/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <errno.h>
#include <glib.h>
#include <unistd.h>

G_BEGIN_DECLS

/**
 * booru_clear_fd:
 * @fd: (inout): a file descriptor, or -1
 *
 * Closes it, if there is one, and sets it to -1. errno survives. GLib has this as g_clear_fd() from
 * 2.76 on.
 */
static inline void
booru_clear_fd (int *fd)
{
  int saved = errno;

  if (*fd >= 0)
    close (*fd);
  *fd = -1;
  errno = saved;
}

/**
 * booru_steal_fd:
 * @fd: (inout): a file descriptor, or -1
 *
 * Returns: what it was; it is -1 now
 */
static inline int
booru_steal_fd (int *fd)
{
  int stolen = *fd;

  *fd = -1;
  return stolen;
}

/**
 * booru_autofd:
 *
 * Of an int: a file descriptor that is closed at the end of the block, as by booru_clear_fd().
 */
#define booru_autofd __attribute__ ((cleanup (booru_clear_fd)))

G_END_DECLS
