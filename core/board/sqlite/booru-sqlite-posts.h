/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Posts: reading them, editing them, and their rows in the search index. */
#pragma once

#include "board/sqlite/booru-sqlite-db.h"
#include "board/sqlite/booru-sqlite-tags.h"

G_BEGIN_DECLS

gboolean booru_sqlite_md5_from_hex (const char *hex, guint8 bytes[16]); /* FALSE: not 32 hex digits */

BooruPost *booru_sqlite_post_get (BooruSqliteDb *db, gint64 id, GError **error);
BooruPost *booru_sqlite_post_get_by_md5 (BooruSqliteDb *db, const char *md5, GError **error);
/* Of these ids (GArray of gint64), in this order; those that do not exist are left out. */
GPtrArray *booru_sqlite_posts_get (BooruSqliteDb *db, const GArray *ids, GError **error);

BooruPost *booru_sqlite_post_edit (BooruSqliteDb *db, gint64 id, const BooruPostEdit *edit, GError **error);

/* booru-sqlite-metadata.c. The second within a write: @metadata is checked to be a JSON object. */
char *booru_sqlite_metadata_get (BooruSqliteDb *db, gint64 post_id, GError **error);
gboolean booru_sqlite_metadata_put (BooruSqliteDb *db, gint64 post_id, const char *metadata, GError **error);

/* What the search index knows of a post. */
typedef struct
{
  gint64 post_id;
  BooruPostStatus status;
  char rating;
  GArray *tags; /* ids */
} BooruSqliteIndexRow;

/* Within a write. Removing needs the row exactly as it was put in. */
gboolean booru_sqlite_index_add (BooruSqliteDb *db, const BooruSqliteIndexRow *row, GError **error);
gboolean booru_sqlite_index_remove (BooruSqliteDb *db, const BooruSqliteIndexRow *row, GError **error);

G_END_DECLS
