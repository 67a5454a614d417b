/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/sqlite/booru-sqlite-tags.h"

G_BEGIN_DECLS

/* Within a write. @file_id: of the post's file that it is about; @counts: for the caller to apply;
 * @changed: becomes TRUE if the post is another now. */
gboolean booru_sqlite_import_apply (BooruSqliteDb *db,
                                    gint64 post_id,
                                    gint64 file_id,
                                    const BooruImport *import,
                                    gint64 now,
                                    BooruSqliteTagCounts *counts,
                                    gboolean *changed,
                                    GError **error);

/* What was said of a post by all origins and of all its files, taken together. */
typedef struct
{
  GArray *said, *added, *refused; /* ids */
  char rating;                    /* 0: never said; of several, one */
  char *source;                   /* NULL: never said */
} BooruSqliteImported;

void booru_sqlite_imported_clear (BooruSqliteImported *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruSqliteImported, booru_sqlite_imported_clear)
gboolean booru_sqlite_imported_read (BooruSqliteDb *db,
                                     gint64 post_id,
                                     BooruSqliteImported *imported,
                                     GError **error);

G_END_DECLS
