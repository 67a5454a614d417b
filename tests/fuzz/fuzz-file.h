/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input of a fuzz target as a file, for readers that want one. */
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz-main.h"

static inline int
fuzz_file_new (const guint8 *data, size_t size)
{
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, data, size), ==, (gssize)size);
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);
  return fd;
}
