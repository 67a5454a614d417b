/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-placing.h"

#include <unistd.h>

/**
 * monitor_placing_undo:
 * @md5: of a content whose thumbnails were being put to their places
 * @data_dir: the data folder
 * @store: what knows whether there is a post of it after all
 *
 * Nothing came of it: without a post, the thumbnails are removed.
 *
 * Returns: FALSE: the store cannot say, and all stays
 */
gboolean
monitor_placing_undo (const char *md5, const char *data_dir, BooruStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPost) post = booru_store_get_post_by_md5 (store, md5, &error);

  if (post == NULL && !booru_err_notfound (error))
    return FALSE;
  for (guint i = 0; post == NULL && i < BOORU_N_VARIANTS; i++)
    {
      g_autofree char *path = booru_variant_get_path ((BooruVariant)i, md5);
      g_autofree char *full = g_build_filename (data_dir, path, NULL);

      unlink (full);
    }
  return TRUE;
}
