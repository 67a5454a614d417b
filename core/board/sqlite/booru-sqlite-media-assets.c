/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Media assets: contents, whether posts or uploads. schema/014-media-assets.sql says what numbers
 * they have. */
#include "base/booru-error.h"
#include "board/sqlite/booru-sqlite-posts.h"
#include "board/sqlite/booru-sqlite-uploads.h"

/* FALSE with an error; TRUE with *post NULL where there is none. */
static gboolean
find_post (BooruSqliteDb *db, gint64 id, BooruPost **post, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "find-post-by-media-asset", error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  code = booru_sqlite_db_step (db, statement, error);
  if (code != SQLITE_ROW)
    return code == SQLITE_DONE;
  *post = booru_sqlite_post_get (db, sqlite3_column_int64 (statement, 0), error);
  return *post != NULL;
}

/**
 * booru_sqlite_media_asset_find:
 *
 * See booru_store_find_media_asset().
 */
gboolean
booru_sqlite_media_asset_find (BooruSqliteDb *db,
                               gint64 id,
                               BooruPost **post,
                               BooruAsset **asset,
                               GError **error)
{
  g_autoptr (BooruAsset) uploaded = NULL;
  g_autoptr (GError) asset_error = NULL;

  *post = NULL;
  *asset = NULL;
  if (!find_post (db, id, post, error))
    return FALSE;
  if (*post != NULL)
    return TRUE;
  /* The upload that gave it its number. */
  if (id % 2 == 1)
    uploaded = booru_sqlite_asset_get (db, id / 2, &asset_error);
  if (uploaded != NULL && uploaded->media_asset_id == id)
    *asset = g_steal_pointer (&uploaded);
  else if (asset_error != NULL && !booru_err_notfound (asset_error))
    g_propagate_error (error, g_steal_pointer (&asset_error));
  else
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "There is no media asset %" G_GINT64_FORMAT, id);
  return *asset != NULL;
}
