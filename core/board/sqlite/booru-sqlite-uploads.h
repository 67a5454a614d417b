/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Uploads and their files. */
#pragma once

#include "board/booru-file.h"
#include "board/booru-upload.h"
#include "board/sqlite/booru-sqlite-db.h"

G_BEGIN_DECLS

/* Each as the function of booru-store.h that is named alike. */
BooruUpload *booru_sqlite_upload_create (BooruSqliteDb *db,
                                         const char *source,
                                         GPtrArray *files,
                                         const BooruPostEdit *wanted,
                                         gint64 uploader_id,
                                         GError **error);
BooruUpload *booru_sqlite_upload_get (BooruSqliteDb *db, gint64 id, GError **error);
GPtrArray *booru_sqlite_uploads_list (BooruSqliteDb *db, const BooruPage *page, GError **error);
BooruAsset *booru_sqlite_asset_get (BooruSqliteDb *db, gint64 id, GError **error);
BooruAsset *booru_sqlite_asset_want_post (BooruSqliteDb *db,
                                          gint64 id,
                                          const BooruPostEdit *wanted,
                                          GError **error);
GPtrArray *booru_sqlite_assets_to_do (BooruSqliteDb *db, guint limit, GError **error);
GPtrArray *booru_sqlite_assets_stale (BooruSqliteDb *db, gint64 since, guint limit, GError **error);
GHashTable *booru_sqlite_spool_names (BooruSqliteDb *db, GError **error);
gboolean booru_sqlite_media_asset_find (BooruSqliteDb *db,
                                        gint64 id,
                                        BooruPost **post,
                                        BooruAsset **asset,
                                        GError **error);
gboolean
booru_sqlite_content_is_known (BooruSqliteDb *db, const char *md5, gboolean *known, GError **error);

/* Within a write: what a change says of an asset, once its file is in its place. */
gboolean booru_sqlite_asset_apply (BooruSqliteDb *db,
                                   const BooruFileChange *change,
                                   gint64 now,
                                   GError **error);

G_END_DECLS
