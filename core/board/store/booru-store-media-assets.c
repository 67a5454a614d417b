/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Media assets: contents, whether posts or uploads. schema/014-media-assets.sql says what numbers
 * they have. */
#include "base/booru-error.h"
#include "board/store/booru-store-private.h"

/* FALSE with an error; TRUE with *post NULL where there is none. */
static gboolean
find_post (BooruStore *store, gint64 id, BooruPost **post, GError **error)
{
  gint64 post_id;

  if (!booru_sql_read_number (store->sql, &post_id, error, "find-post-by-media-asset", "x", id))
    return FALSE;
  if (post_id == 0)
    return TRUE;
  *post = booru_store_get_post (store, post_id, error);
  return *post != NULL;
}

gboolean
booru_store_find_media_asset (BooruStore *self,
                              gint64 id,
                              BooruPost **post,
                              BooruAsset **asset,
                              GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && post != NULL && asset != NULL, FALSE);

  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  g_autoptr (BooruAsset) uploaded = NULL;
  g_autoptr (GError) asset_error = NULL;

  *post = NULL;
  *asset = NULL;
  if (!find_post (self, id, post, error))
    return FALSE;
  if (*post != NULL)
    return TRUE;
  /* The upload that gave it its number. */
  if (id % 2 == 1)
    uploaded = booru_store_get_asset (self, id / 2, &asset_error);
  if (uploaded != NULL && uploaded->media_asset_id == id)
    *asset = g_steal_pointer (&uploaded);
  else if (asset_error != NULL && !booru_err_notfound (asset_error))
    g_propagate_error (error, g_steal_pointer (&asset_error));
  else
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "There is no media asset %" G_GINT64_FORMAT, id);
  return *asset != NULL;
}
