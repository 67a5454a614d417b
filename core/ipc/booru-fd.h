/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <errno.h>
#include <unistd.h>

/* What GLib has as g_clear_fd() and g_autofd from 2.76 on. errno survives. */
static inline void
booru_clear_fd (int *fd)
{
  int saved = errno;

  if (*fd >= 0)
    close (*fd);
  *fd = -1;
  errno = saved;
}

static inline int
booru_steal_fd (int *fd)
{
  int stolen = *fd;

  *fd = -1;
  return stolen;
}

#define booru_autofd __attribute__ ((cleanup (booru_clear_fd)))
