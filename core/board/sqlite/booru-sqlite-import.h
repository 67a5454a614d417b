/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/sqlite/booru-sqlite-tags.h"

G_BEGIN_DECLS

/* Within a write. @file_id: of the post's file that it is about; @counts: for the caller to apply. */
gboolean booru_sqlite_import_apply (BooruSqliteDb *db, gint64 post_id, gint64 file_id, const BooruImport *import, gint64 now, BooruSqliteTagCounts *counts, GError **error);

G_END_DECLS
