/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "board/booru-file.h"
#include "board/booru-lease.h"
#include "board/booru-pair.h"
#include "board/booru-post.h"
#include "board/booru-query.h"
#include "board/booru-similar.h"
#include "board/booru-tag.h"
#include "board/booru-upload.h"
#include "board/booru-version.h"

G_BEGIN_DECLS

/**
 * BooruStore:
 *
 * The domain's operations on whatever keeps the posts. An object belongs to one thread; several
 * processes have a store open at once. Every write is one transaction: done whole, or not at all.
 * Errors that every function can return: BOORU_ERROR_BUSY (another writer held the store for too
 * long; nothing was written), BOORU_ERROR_CORRUPT, BOORU_ERROR_LIMIT (disk full), BOORU_ERROR_IO;
 * and every write BOORU_ERROR_FENCED after booru_store_set_fence().
 */
#define BOORU_TYPE_STORE (booru_store_get_type ())
G_DECLARE_INTERFACE (BooruStore, booru_store, BOORU, STORE, GObject)

typedef gboolean (*BooruFileFunc) (const BooruFile *file, gpointer user_data); /* FALSE stops */

/* What emptying the trash would remove, and leave. */
typedef struct
{
  gint64 n_files;  /* managed originals of deleted posts */
  gint64 size;     /* bytes of these */
  gint64 n_others; /* files of deleted posts in library folders, which stay */
  gint64 n_gone;   /* deleted posts without any file, which leave the trash too */
} BooruTrash;

struct _BooruStoreInterface
{
  GTypeInterface parent;

  /* Reading. */
  BooruPost *(*get_post) (BooruStore *self, gint64 id, GError **error);
  BooruPost *(*get_post_by_md5) (BooruStore *self, const char *md5, GError **error);
  GPtrArray *(*search) (BooruStore *self,
                        const BooruQuery *query,
                        const BooruPage *page,
                        GError **error);
  gint64 (*count) (BooruStore *self, const BooruQuery *query, GError **error);
  GPtrArray *(*list_tags) (BooruStore *self, const BooruTagFilter *filter, GError **error);
  GPtrArray *(*list_post_files) (BooruStore *self, gint64 post_id, GError **error);
  char *(*get_metadata) (BooruStore *self, gint64 post_id, GError **error);
  GArray *(*find_similar) (BooruStore *self,
                           const guint64 *hashes,
                           guint n_hashes,
                           guint max_distance,
                           guint limit,
                           GError **error);
  GArray *(*list_hashes) (BooruStore *self, gint64 post_id, GError **error);
  GPtrArray *(*list_pairs) (BooruStore *self, guint limit, guint page, GError **error);
  gint64 (*count_pairs) (BooruStore *self, GError **error);
  GPtrArray *(*list_versions) (BooruStore *self, const BooruVersionFilter *filter, GError **error);
  gboolean (*measure_trash) (BooruStore *self, BooruTrash *trash, GError **error);
  BooruFile *(*get_file) (BooruStore *self, gint64 id, GError **error);
  BooruUpload *(*get_upload) (BooruStore *self, gint64 id, GError **error);
  GPtrArray *(*list_uploads) (BooruStore *self, const BooruPage *page, GError **error);
  BooruAsset *(*get_asset) (BooruStore *self, gint64 id, GError **error);
  gboolean (*find_media_asset) (BooruStore *self,
                                gint64 id,
                                BooruPost **post,
                                BooruAsset **asset,
                                GError **error);
  guint64 (*get_generation) (BooruStore *self);
  void (*trim) (BooruStore *self);

  /* The board's writes. */
  BooruPost *(*edit_post) (BooruStore *self, gint64 id, const BooruPostEdit *edit, GError **error);
  gboolean (*decide_pair) (BooruStore *self, const BooruPairVerdict *verdict, GError **error);
  gboolean (*set_post_deleted) (BooruStore *self,
                                gint64 id,
                                gboolean deleted,
                                gint64 editor_id,
                                GError **error);
  BooruPost *(*revert_post) (BooruStore *self,
                             gint64 id,
                             gint64 version_id,
                             gint64 editor_id,
                             GError **error);
  BooruPost *(*undo_version) (BooruStore *self,
                              gint64 version_id,
                              gint64 editor_id,
                              GError **error);
  BooruUpload *(*create_upload) (BooruStore *self,
                                 const char *source,
                                 GPtrArray *files,
                                 const BooruPostEdit *wanted,
                                 gint64 uploader_id,
                                 GError **error);
  BooruAsset *(*want_post) (BooruStore *self,
                            gint64 asset_id,
                            const BooruPostEdit *wanted,
                            GError **error);
  gboolean (*purge_trash) (BooruStore *self,
                           gint64 *after,
                           guint limit,
                           BooruFileFunc func,
                           gpointer user_data,
                           GError **error);

  /* The monitor's. */
  GPtrArray *(*list_folders) (BooruStore *self, GError **error);
  BooruFolder *(*ensure_folder) (BooruStore *self,
                                 const char *path,
                                 BooruFolderKind kind,
                                 GError **error);
  gboolean (*set_folder_state) (BooruStore *self,
                                gint64 folder_id,
                                gboolean present,
                                guint64 device,
                                GError **error);
  gboolean (*foreach_file) (BooruStore *self,
                            gint64 folder_id,
                            const char *below,
                            const char *after,
                            BooruFileFunc func,
                            gpointer user_data,
                            GError **error);
  BooruFile *(*find_file) (BooruStore *self, gint64 folder_id, const char *path, GError **error);
  BooruFile *(*find_file_by_inode) (BooruStore *self, const BooruFileStat *stat, GError **error);
  BooruFile *(*find_taken_file) (BooruStore *self, const char *name, GError **error);
  gboolean (*apply_file_changes) (BooruStore *self, GPtrArray *changes, GError **error);
  GPtrArray *(*list_assets_to_do) (BooruStore *self, guint limit, GError **error);
  GPtrArray *(*list_assets_stale) (BooruStore *self, gint64 since, guint limit, GError **error);
  GHashTable *(*list_spool_names) (BooruStore *self, GError **error);
  gboolean (*is_content_known) (BooruStore *self, const char *md5, gboolean *known, GError **error);
  GPtrArray *(*list_failures) (BooruStore *self, const BooruFailureFilter *filter, GError **error);
  gboolean (*compare_posts) (BooruStore *self,
                             guint max_distance,
                             gint64 duration,
                             gboolean *done,
                             GError **error);

  /* Roles, of which one process at a time may have each. */
  BooruLease *(*get_lease) (BooruStore *self, const char *role, GError **error);
  BooruLease *(*acquire_lease) (BooruStore *self,
                                const char *role,
                                const char *holder,
                                gint64 length,
                                GError **error);
  gboolean (*renew_lease) (BooruStore *self, BooruLease *lease, gint64 length, GError **error);
  gboolean (*release_lease) (BooruStore *self, BooruLease *lease, GError **error);
  void (*set_fence) (BooruStore *self, const char *role, gint64 token);
};

/* Transfer full; BOORU_ERROR_NOT_FOUND. */
BooruPost *booru_store_get_post (BooruStore *self, gint64 id, GError **error);

/* Transfer full; BOORU_ERROR_NOT_FOUND. */
BooruPost *booru_store_get_post_by_md5 (BooruStore *self, const char *md5, GError **error);

/* Transfer full, of BooruPost. */
GPtrArray *booru_store_search (BooruStore *self,
                               const BooruQuery *query,
                               const BooruPage *page,
                               GError **error);

/* Exact; -1 on error. */
gint64 booru_store_count (BooruStore *self, const BooruQuery *query, GError **error);

/* Transfer full, of BooruTag. */
GPtrArray *booru_store_list_tags (BooruStore *self, const BooruTagFilter *filter, GError **error);

/* Transfer full, of BooruFile; those in present folders first. */
GPtrArray *booru_store_list_post_files (BooruStore *self, gint64 post_id, GError **error);

/* Transfer full; one JSON object, "{}" if nothing is known. */
char *booru_store_get_metadata (BooruStore *self, gint64 post_id, GError **error);

/* Transfer full, of BooruSimilar; active posts, nearest first, then newest first. */
GArray *booru_store_find_similar (BooruStore *self,
                                  const guint64 *hashes,
                                  guint n_hashes,
                                  guint max_distance,
                                  guint limit,
                                  GError **error);

/* Transfer full, of guint64; empty: nothing to compare by, or no such post. */
GArray *booru_store_list_hashes (BooruStore *self, gint64 post_id, GError **error);

/* Transfer full, of BooruPair that wait for a decision, nearest first; page: from 1. */
GPtrArray *booru_store_list_pairs (BooruStore *self, guint limit, guint page, GError **error);

/* That wait for a decision; -1 on error. */
gint64 booru_store_count_pairs (BooruStore *self, GError **error);

/* Transfer full, of BooruVersion, newest first. */
GPtrArray *
booru_store_list_versions (BooruStore *self, const BooruVersionFilter *filter, GError **error);
gboolean booru_store_measure_trash (BooruStore *self, BooruTrash *trash, GError **error);

/* Transfer full; BOORU_ERROR_NOT_FOUND. */
BooruFile *booru_store_get_file (BooruStore *self, gint64 id, GError **error);

/* Transfer full; BOORU_ERROR_NOT_FOUND. */
BooruUpload *booru_store_get_upload (BooruStore *self, gint64 id, GError **error);

/* Transfer full, of BooruUpload, newest first. */
GPtrArray *booru_store_list_uploads (BooruStore *self, const BooruPage *page, GError **error);

/* Transfer full; BOORU_ERROR_NOT_FOUND. */
BooruAsset *booru_store_get_asset (BooruStore *self, gint64 id, GError **error);

/* Gives back memory that only makes the next question faster. */
void booru_store_trim (BooruStore *self);

/* Differs whenever anybody wrote; microseconds to ask. */
guint64 booru_store_get_generation (BooruStore *self);

/* Transfer full: as it is afterwards; writes a version if anything changed;
 * BOORU_ERROR_NOT_FOUND, BOORU_ERROR_INVALID. */
BooruPost *
booru_store_edit_post (BooruStore *self, gint64 id, const BooruPostEdit *edit, GError **error);

/* All in one transaction; BOORU_ERROR_NOT_FOUND: no pair; BOORU_ERROR_INVALID: too many tags. */
gboolean
booru_store_decide_pair (BooruStore *self, const BooruPairVerdict *verdict, GError **error);

/* To the trash; nothing happens to one that is there; BOORU_ERROR_NOT_FOUND. */
gboolean booru_store_delete_post (BooruStore *self, gint64 id, gint64 editor_id, GError **error);
gboolean booru_store_undelete_post (BooruStore *self, gint64 id, gint64 editor_id, GError **error);

/* Transfer full; to what it was after that version, 0: as it was added. */
BooruPost *booru_store_revert_post (BooruStore *self,
                                    gint64 id,
                                    gint64 version_id,
                                    gint64 editor_id,
                                    GError **error);

/* Transfer full: its post; what others changed since stays. */
BooruPost *
booru_store_undo_version (BooruStore *self, gint64 version_id, gint64 editor_id, GError **error);

/* Transfer full; files: of BooruUploadFile, in the spool and durable; wanted: the posts that
 * they are to become, NULL: none yet; BOORU_ERROR_INVALID. */
BooruUpload *booru_store_create_upload (BooruStore *self,
                                        const char *source,
                                        GPtrArray *files,
                                        const BooruPostEdit *wanted,
                                        gint64 uploader_id,
                                        GError **error);
gboolean booru_store_find_media_asset (BooruStore *self,
                                       gint64 id,
                                       BooruPost **post,
                                       BooruAsset **asset,
                                       GError **error);

/* Transfer full; the monitor makes the post; of one that is a post already its tags are merged
 * at once; BOORU_ERROR_NOT_FOUND, BOORU_ERROR_INVALID. */
BooruAsset *booru_store_want_post (BooruStore *self,
                                   gint64 asset_id,
                                   const BooruPostEdit *wanted,
                                   GError **error);

/* One durable transaction: see booru-trash.c. */
gboolean booru_store_purge_trash (BooruStore *self,
                                  gint64 *after,
                                  guint limit,
                                  BooruFileFunc func,
                                  gpointer user_data,
                                  GError **error);

/* Transfer full, of BooruFolder, present or not, also those no longer configured. */
GPtrArray *booru_store_list_folders (BooruStore *self, GError **error);

/* Transfer full. */
BooruFolder *booru_store_ensure_folder (BooruStore *self,
                                        const char *path,
                                        BooruFolderKind kind,
                                        GError **error);
gboolean booru_store_set_folder_state (BooruStore *self,
                                       gint64 folder_id,
                                       gboolean present,
                                       guint64 device,
                                       GError **error);

/* In order of path bytes; below: only inside that directory, NULL: all; after: only paths that
 * sort after it, so that a long walk can be cut into short reads, NULL: from the first; func may
 * not write to the store. */
gboolean booru_store_foreach_file (BooruStore *self,
                                   gint64 folder_id,
                                   const char *below,
                                   const char *after,
                                   BooruFileFunc func,
                                   gpointer user_data,
                                   GError **error);

/* Transfer full; BOORU_ERROR_NOT_FOUND. */
BooruFile *
booru_store_find_file (BooruStore *self, gint64 folder_id, const char *path, GError **error);

/* A file with equal device, inode, size and mtime: what a rename left behind;
 * BOORU_ERROR_NOT_FOUND. */
BooruFile *
booru_store_find_file_by_inode (BooruStore *self, const BooruFileStat *stat, GError **error);

/* A file by its path in the ingest folder; BOORU_ERROR_NOT_FOUND. */
BooruFile *booru_store_find_taken_file (BooruStore *self, const char *name, GError **error);

/* Of BooruFileChange, all in one durable (fsynced) transaction; fills post_id and created. */
gboolean booru_store_apply_file_changes (BooruStore *self, GPtrArray *changes, GError **error);

/* Transfer full, of BooruAsset. */
GPtrArray *booru_store_list_assets_to_do (BooruStore *self, guint limit, GError **error);

/* Transfer full, of BooruAsset: unchanged since, and no posts. */
GPtrArray *
booru_store_list_assets_stale (BooruStore *self, gint64 since, guint limit, GError **error);

/* There is a post of it, or an uploaded file that could be one. */
gboolean
booru_store_is_content_known (BooruStore *self, const char *md5, gboolean *known, GError **error);

/* Transfer full, set of names. */
GHashTable *booru_store_list_spool_names (BooruStore *self, GError **error);

/* Transfer full, of BooruFile with failure and failed_at set. */
GPtrArray *
booru_store_list_failures (BooruStore *self, const BooruFailureFilter *filter, GError **error);

/* For about duration microseconds; done: no post waits for it. */
gboolean booru_store_compare_posts (BooruStore *self,
                                    guint max_distance,
                                    gint64 duration,
                                    gboolean *done,
                                    GError **error);

/* Transfer full; only reads; BOORU_ERROR_NOT_FOUND: never held. */
BooruLease *booru_store_get_lease (BooruStore *self, const char *role, GError **error);

/* Transfer full; length: microseconds; BOORU_ERROR_EXISTS naming who has it. */
BooruLease *booru_store_acquire_lease (BooruStore *self,
                                       const char *role,
                                       const char *holder,
                                       gint64 length,
                                       GError **error);

/* Sets expires_at; BOORU_ERROR_FENCED: lost. One that has expired and that nobody took can be
 * renewed. */
gboolean
booru_store_renew_lease (BooruStore *self, BooruLease *lease, gint64 length, GError **error);

/* Others can have it at once; BOORU_ERROR_FENCED: lost before. */
gboolean booru_store_release_lease (BooruStore *self, BooruLease *lease, GError **error);

/* From now on every write checks, in its own transaction, that the lease of that token is
 * neither lost nor released, else it writes nothing and fails with BOORU_ERROR_FENCED; role
 * NULL: no more. */
void booru_store_set_fence (BooruStore *self, const char *role, gint64 token);

G_END_DECLS
