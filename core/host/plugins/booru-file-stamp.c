/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-file-stamp.h"

#include <sys/stat.h>

char *
booru_file_stamp (const char *path)
{
  struct stat info;

  if (stat (path, &info) != 0)
    return NULL;
  return g_strdup_printf ("%" G_GINT64_FORMAT " bytes, inode %" G_GUINT64_FORMAT
                          ", written %" G_GINT64_FORMAT ".%09ld",
                          (gint64)info.st_size, (guint64)info.st_ino, (gint64)info.st_mtim.tv_sec,
                          info.st_mtim.tv_nsec);
}
