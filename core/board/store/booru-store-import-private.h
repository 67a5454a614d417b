/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was said of posts. All within a write. */
#pragma once

#include "board/rules/booru-import-memory.h"
#include "board/store/booru-store-tags-private.h"

G_BEGIN_DECLS

/* @is_first: nothing was ever said of the post; @file_id: of the post's file that it is about;
 * @counts: for the caller to apply; @changed: becomes TRUE if the post is another now. */
gboolean booru_store_import_apply (BooruStore *store,
                                   gint64 post_id,
                                   gboolean is_first,
                                   gint64 file_id,
                                   const BooruImport *import,
                                   gint64 now,
                                   BooruTagCounts *counts,
                                   gboolean *changed,
                                   GError **error);

/* What an origin says of the post itself, rather than of one of its files. @memory: initialised. */
gboolean booru_store_read_import_memory (BooruStore *store,
                                         gint64 post_id,
                                         const char *origin,
                                         BooruImportMemory *memory,
                                         GError **error);
gboolean booru_store_write_import_memory (BooruStore *store,
                                          gint64 post_id,
                                          const char *origin,
                                          const BooruImportMemory *memory,
                                          GError **error);

gboolean booru_store_read_imported (BooruStore *store,
                                    gint64 post_id,
                                    BooruImported *imported,
                                    GError **error);

G_END_DECLS
