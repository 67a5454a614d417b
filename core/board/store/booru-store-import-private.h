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

/* Whom a statement is about. */
typedef struct
{
  gint64 post_id, file_id; /* the latter is 0: the post itself */
  const char *origin;
} BooruImportSubject;

/* What was said of it, and of files that are gone, whose ids are appended to @gone (gint64):
 * booru_import_memory_forget() drops what these said, once it was taken over. @memory: initialised.
 */
gboolean booru_import_memory_read (BooruStore *store,
                                   const BooruImportSubject *subject,
                                   BooruImportMemory *memory,
                                   GArray *gone,
                                   GError **error);
gboolean booru_import_memory_write (BooruStore *store,
                                    const BooruImportSubject *subject,
                                    const BooruImportMemory *memory,
                                    GError **error);
gboolean booru_import_memory_forget (BooruStore *store,
                                     const BooruImportSubject *subject,
                                     const GArray *gone,
                                     GError **error);

/* What an origin says of the post itself, rather than of one of its files. @memory: initialised. */
gboolean booru_store_read_import_memory (BooruStore *store,
                                         gint64 post_id,
                                         const char *origin,
                                         BooruImportMemory *memory,
                                         GError **error);
/* Likewise of many. @posts: their ids, a JSON array; @memories: &id -> BooruImportMemory. */
gboolean booru_store_read_import_memories (BooruStore *store,
                                           const char *posts,
                                           const char *origin,
                                           GHashTable *memories,
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
