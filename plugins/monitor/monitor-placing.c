/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-placing.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static char *
get_mark (const char *temporary_dir, const char *md5)
{
  return g_strconcat (temporary_dir, "/" MONITOR_PLACING_PREFIX, md5, NULL);
}

/**
 * monitor_placing_begin:
 * @temporary_dir: where this process keeps its temporary files
 * @md5: of the content
 * @error: why not
 *
 * To be called before the first thumbnail is put to its place.
 */
gboolean
monitor_placing_begin (const char *temporary_dir, const char *md5, GError **error)
{
  g_autofree char *mark = get_mark (temporary_dir, md5);
  int fd = open (mark, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

  if (fd < 0)
    return booru_set_errno_error (error, errno, "Making the file %s", mark);
  close (fd);
  return TRUE;
}

/**
 * monitor_placing_end:
 * @temporary_dir: as at the beginning
 * @md5: of the content
 *
 * The post is stored.
 */
void
monitor_placing_end (const char *temporary_dir, const char *md5)
{
  g_autofree char *mark = get_mark (temporary_dir, md5);

  unlink (mark);
}

/**
 * monitor_placing_undo:
 * @temporary_dir: as at the beginning
 * @md5: of the content
 * @data_dir: the data folder
 * @store: what knows whether there is a post of it after all
 *
 * Nothing came of it: without a post, the thumbnails are removed. Where the store cannot say, all
 * stays for the next start.
 */
void
monitor_placing_undo (const char *temporary_dir,
                      const char *md5,
                      const char *data_dir,
                      BooruStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPost) post = booru_store_get_post_by_md5 (store, md5, &error);

  if (post == NULL && !booru_err_notfound (error))
    return;
  for (guint i = 0; post == NULL && i < BOORU_N_VARIANTS; i++)
    {
      g_autofree char *path = booru_variant_get_path ((BooruVariant)i, md5);
      g_autofree char *full = g_build_filename (data_dir, path, NULL);

      unlink (full);
    }
  monitor_placing_end (temporary_dir, md5);
}
