/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folders and files: reading them, and what the monitor reports of them. */
#pragma once

#include "board/sqlite/booru-sqlite-db.h"

G_BEGIN_DECLS

/* Each as the function of booru-store.h that is named alike. */
GPtrArray *booru_sqlite_folders_list (BooruSqliteDb *db, GError **error);
BooruFolder *booru_sqlite_folder_ensure (BooruSqliteDb *db,
                                         const char *path,
                                         BooruFolderKind kind,
                                         GError **error);
gboolean booru_sqlite_folder_set_state (BooruSqliteDb *db,
                                        gint64 id,
                                        gboolean present,
                                        guint64 device,
                                        GError **error);

gboolean booru_sqlite_files_foreach (BooruSqliteDb *db,
                                     gint64 folder_id,
                                     const char *below,
                                     const char *after,
                                     BooruFileFunc func,
                                     gpointer user_data,
                                     GError **error);
BooruFile *
booru_sqlite_file_find (BooruSqliteDb *db, gint64 folder_id, const char *path, GError **error);
BooruFile *
booru_sqlite_file_find_by_inode (BooruSqliteDb *db, const BooruFileStat *stat, GError **error);
BooruFile *booru_sqlite_file_find_taken (BooruSqliteDb *db, const char *name, GError **error);
gboolean booru_sqlite_file_note_taken (BooruSqliteDb *db,
                                       const char *name,
                                       gint64 folder_id,
                                       const char *path,
                                       GError **error);
BooruFile *booru_sqlite_file_get (BooruSqliteDb *db, gint64 id, GError **error);

/* Managed ones of deleted posts. */
GPtrArray *
booru_sqlite_files_in_trash (BooruSqliteDb *db, gint64 after, guint limit, GError **error);
GPtrArray *booru_sqlite_files_of_post (BooruSqliteDb *db, gint64 post_id, GError **error);
GPtrArray *
booru_sqlite_files_failed (BooruSqliteDb *db, const BooruFailureFilter *filter, GError **error);

/* booru-sqlite-ingest.c. */
gboolean booru_sqlite_files_apply (BooruSqliteDb *db, GPtrArray *changes, GError **error);

G_END_DECLS
