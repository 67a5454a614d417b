/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a change of files changes besides them. All within a write. */
#pragma once

#include "board/store/booru-store-private.h"

G_BEGIN_DECLS

/* Managed ones of deleted posts. */
GPtrArray *
booru_store_files_in_trash (BooruStore *store, gint64 after, guint limit, GError **error);

/* @metadata is checked to be a JSON object. */
gboolean
booru_store_metadata_put (BooruStore *store, gint64 post_id, const char *metadata, GError **error);

/* JSON Merge Patch. */
gboolean
booru_store_metadata_patch (BooruStore *store, gint64 post_id, const char *patch, GError **error);

/* What a change says of an asset, once its file is in its place. */
gboolean booru_store_asset_apply (BooruStore *store,
                                  const BooruFileChange *change,
                                  gint64 now,
                                  GError **error);

G_END_DECLS
