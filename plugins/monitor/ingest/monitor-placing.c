/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-placing.h"

#include <unistd.h>

gboolean
monitor_placing_undo (const char *md5, const char *files_dir, BooruStore *store)
{
  gboolean known;

  if (!booru_store_is_content_known (store, md5, &known, NULL))
    return FALSE;
  for (guint i = 0; !known && i < BOORU_N_VARIANTS; i++)
    {
      g_autofree char *path = booru_variant_get_path ((BooruVariant)i, md5);
      g_autofree char *full = g_build_filename (files_dir, path, NULL);

      unlink (full);
    }
  return TRUE;
}
