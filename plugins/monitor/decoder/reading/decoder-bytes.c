/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-bytes.h"

#include <errno.h>
#include <unistd.h>

gssize
decoder_read_at (int fd, guint8 *buffer, gsize size, goffset offset)
{
  gsize done = 0;

  while (done < size)
    {
      ssize_t n = pread (fd, buffer + done, size - done, offset + (goffset)done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return -1;
      if (n == 0)
        break;
      done += (gsize)n;
    }
  return (gssize)done;
}
