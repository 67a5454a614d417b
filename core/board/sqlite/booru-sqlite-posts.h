/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Posts: reading them, editing them, and their rows in the search index. */
#pragma once

#include "board/sqlite/booru-sqlite-db.h"
#include "board/sqlite/booru-sqlite-tags.h"

G_BEGIN_DECLS

/* FALSE: not 32 hex digits. */
gboolean booru_sqlite_md5_from_hex (const char *hex, guint8 bytes[16]);
void booru_sqlite_md5_to_hex (const guint8 *bytes, char hex[33]);

BooruPost *booru_sqlite_post_get (BooruSqliteDb *db, gint64 id, GError **error);
BooruPost *booru_sqlite_post_get_by_md5 (BooruSqliteDb *db, const char *md5, GError **error);
/* Of these ids (GArray of gint64), in this order; those that do not exist are left out. */
GPtrArray *booru_sqlite_posts_get (BooruSqliteDb *db, const GArray *ids, GError **error);

BooruPost *
booru_sqlite_post_edit (BooruSqliteDb *db, gint64 id, const BooruPostEdit *edit, GError **error);

/* All that can be wrong with it by itself. */
gboolean booru_sqlite_post_edit_check (const BooruPostEdit *edit, GError **error);

/* Within a write; its tags are added to those of the post. */
gboolean booru_sqlite_post_merge (BooruSqliteDb *db,
                                  gint64 id,
                                  const BooruPostEdit *edit,
                                  gint64 now,
                                  GError **error);

/* Id 0: of a post to come. */
gboolean
booru_sqlite_post_check_parent (BooruSqliteDb *db, gint64 id, gint64 parent_id, GError **error);

/* booru-sqlite-metadata.c. The second within a write: @metadata is checked to be a JSON object. */
char *booru_sqlite_metadata_get (BooruSqliteDb *db, gint64 post_id, GError **error);
gboolean
booru_sqlite_metadata_put (BooruSqliteDb *db, gint64 post_id, const char *metadata, GError **error);

/* JSON Merge Patch. */
gboolean
booru_sqlite_metadata_patch (BooruSqliteDb *db, gint64 post_id, const char *patch, GError **error);

/* What the search index knows of a post. */
typedef struct
{
  gint64 post_id;
  BooruPostStatus status;
  char rating;
  GArray *tags; /* ids */
} BooruSqliteIndexRow;

/* booru-sqlite-history.c */
GPtrArray *
booru_sqlite_versions_list (BooruSqliteDb *db, const BooruVersionFilter *filter, GError **error);
BooruPost *booru_sqlite_post_revert (BooruSqliteDb *db,
                                     gint64 id,
                                     gint64 version_id,
                                     gint64 editor_id,
                                     GError **error);
BooruPost *
booru_sqlite_version_undo (BooruSqliteDb *db, gint64 version_id, gint64 editor_id, GError **error);

/* booru-sqlite-status.c */
gboolean booru_sqlite_post_set_deleted (BooruSqliteDb *db,
                                        gint64 id,
                                        gboolean deleted,
                                        gint64 editor_id,
                                        GError **error);

/* booru-sqlite-trash.c */
gboolean booru_sqlite_trash_measure (BooruSqliteDb *db, BooruTrash *trash, GError **error);
gboolean booru_sqlite_trash_purge (BooruSqliteDb *db,
                                   gint64 *after,
                                   guint limit,
                                   BooruFileFunc func,
                                   gpointer user_data,
                                   GError **error);

/* Within a write. */
gboolean booru_sqlite_post_set_status (BooruSqliteDb *db,
                                       BooruSqliteIndexRow *row,
                                       BooruPostStatus status,
                                       BooruSqliteTagCounts *counts,
                                       gint64 now,
                                       GError **error);

gboolean
booru_sqlite_post_has_file (BooruSqliteDb *db, gint64 id, gboolean *present, GError **error);

/* booru-sqlite-inherit.c: the new post of a file whose content was replaced. Within a write. */
gboolean booru_sqlite_post_inherit (BooruSqliteDb *db,
                                    gint64 post_id,
                                    gint64 former_id,
                                    gint64 now,
                                    BooruSqliteTagCounts *counts,
                                    GError **error);
gboolean booru_sqlite_post_is_fresh (BooruSqliteDb *db,
                                     gint64 post_id,
                                     gint64 since,
                                     gboolean *fresh,
                                     GError **error);

/* Within a write. Removing needs the row exactly as it was put in. */
gboolean booru_sqlite_index_add (BooruSqliteDb *db, const BooruSqliteIndexRow *row, GError **error);
gboolean
booru_sqlite_index_remove (BooruSqliteDb *db, const BooruSqliteIndexRow *row, GError **error);

G_END_DECLS
