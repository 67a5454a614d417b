/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "base/booru-metrics.h"
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
 *
 * Every function can return %BOORU_ERROR_BUSY (another writer held the store for too long; nothing
 * was written), %BOORU_ERROR_CORRUPT, %BOORU_ERROR_LIMIT (disk full) and %BOORU_ERROR_IO; every
 * write also %BOORU_ERROR_FENCED after booru_store_set_fence().
 */
#define BOORU_TYPE_STORE (booru_store_get_type ())
G_DECLARE_FINAL_TYPE (BooruStore, booru_store, BOORU, STORE, GObject)

/**
 * BooruFileFunc:
 * @file: a file, valid during the call
 * @user_data: as given by the caller
 *
 * Called for each file.
 *
 * Returns: %FALSE to stop
 */
typedef gboolean (*BooruFileFunc) (const BooruFile *file, gpointer user_data);

/**
 * BooruTrash:
 * @n_files: managed originals of deleted posts
 * @size: bytes of these
 * @n_others: files of deleted posts in library folders, which stay
 * @n_gone: deleted posts without any file, which leave the trash too
 *
 * What emptying the trash would remove, and leave.
 */
typedef struct
{
  gint64 n_files;
  gint64 size;
  gint64 n_others;
  gint64 n_gone;
} BooruTrash;

/**
 * BooruStoreOpenMode:
 * @BOORU_STORE_READ_WRITE: the database must exist
 * @BOORU_STORE_CREATE: create and migrate the database if need be: for the monitor, or whoever is
 *   first
 *
 * How a store is opened.
 */
typedef enum
{
  BOORU_STORE_READ_WRITE,
  BOORU_STORE_CREATE,
} BooruStoreOpenMode;

/**
 * BooruStoreProgress:
 * @what: what is being done, for people
 * @seconds: the next call comes within this time
 * @user_data: as given to booru_store_open()
 *
 * Told that opening a store makes progress.
 */
typedef void (*BooruStoreProgress) (const char *what, guint seconds, gpointer user_data);

/**
 * booru_store_open:
 * @data_dir: the data folder, which exists
 * @database: (nullable): the value of the setting `database`; %NULL or "": the SQLite database in
 *   @data_dir
 * @mode: whether to create a missing database and migrate an older one
 * @progress: (nullable) (scope call): called about once a second, if it takes longer than that
 * @user_data: for @progress
 * @error: %BOORU_ERROR_TOO_NEW, %BOORU_ERROR_CORRUPT, %BOORU_ERROR_DENIED, %BOORU_ERROR_LIMIT;
 *   %BOORU_ERROR_NOT_FOUND without %BOORU_STORE_CREATE; %BOORU_ERROR_INVALID for a @database of
 *   unknown kind
 *
 * With @progress it also waits, for as long as it takes, while another process of this program
 * migrates the database. Not to be used across a fork(): the child opens its own.
 *
 * Returns: (transfer full): the store
 */
BooruStore *booru_store_open (const char *data_dir,
                              const char *database,
                              BooruStoreOpenMode mode,
                              BooruStoreProgress progress,
                              gpointer user_data,
                              GError **error);

/**
 * booru_store_set_busy_timeout:
 * @self: a store
 * @milliseconds: 5000 by default
 *
 * Sets how long a write waits for another writer before it fails with %BOORU_ERROR_BUSY.
 */
void booru_store_set_busy_timeout (BooruStore *self, guint milliseconds);

/**
 * BooruStoreClock:
 * @now: (out): microseconds
 * @boot_id: (out) (transfer none): the boot's id
 * @user_data: as given to booru_store_set_clock()
 *
 * Replaces CLOCK_BOOTTIME and the kernel's boot id, for tests of leases.
 */
typedef void (*BooruStoreClock) (gint64 *now, const char **boot_id, gpointer user_data);

/**
 * booru_store_set_clock:
 * @self: a store
 * @clock: (scope forever): the clock to use
 * @user_data: for @clock
 *
 * For tests.
 */
void booru_store_set_clock (BooruStore *self, BooruStoreClock clock, gpointer user_data);

/**
 * BooruStoreTrouble:
 * @error: (nullable): a lasting fault, such as a full disk, a lock that another program keeps, or
 *   damage; %NULL: it is over
 * @user_data: as given to booru_store_watch_trouble()
 *
 * Told of lasting faults of a store.
 */
typedef void (*BooruStoreTrouble) (const GError *error, gpointer user_data);

/**
 * booru_store_watch_trouble:
 * @self: a store that is used in the thread of the main loop
 * @func: (scope forever): called when an operation finds a fault, and when a later one shows that
 * it is over
 * @user_data: for @func
 *
 * While there is a fault, a small write is tried every 15 seconds, so that its end is noticed in
 * any case. Damage has no end.
 */
void booru_store_watch_trouble (BooruStore *self, BooruStoreTrouble func, gpointer user_data);

/**
 * booru_store_set_metrics:
 * @self: a store
 * @metrics: a registry that outlives it
 *
 * Has the store's waits, sizes and posts counted. Can be called once.
 */
void booru_store_set_metrics (BooruStore *self, BooruMetrics *metrics);

/**
 * booru_store_describe:
 * @self: a store
 *
 * Returns: (transfer full): what keeps it, for people: "SQLite 3.40.1"
 */
char *booru_store_describe (BooruStore *self);

/**
 * booru_store_get_post:
 * @self: a store
 * @id: a post's number
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the post, whatever its status
 */
BooruPost *booru_store_get_post (BooruStore *self, gint64 id, GError **error);

/**
 * booru_store_get_post_by_md5:
 * @self: a store
 * @md5: 32 hex digits, in any case
 * @error: %BOORU_ERROR_NOT_FOUND, also for an invalid md5
 *
 * Returns: (transfer full): the post with that content
 */
BooruPost *booru_store_get_post_by_md5 (BooruStore *self, const char *md5, GError **error);

/**
 * booru_store_search:
 * @self: a store
 * @query: what to find
 * @page: which part of the result
 * @error: return location; finding nothing is not an error
 *
 * Returns: (transfer full) (element-type BooruPost): the posts, all from one state of the store; of
 *   "random:N" at most N, over all pages
 */
GPtrArray *booru_store_search (BooruStore *self,
                               const BooruQuery *query,
                               const BooruPage *page,
                               GError **error);

/**
 * booru_store_find_ids:
 * @self: a store
 * @query: what to find
 * @page: which part of the result
 * @error: return location; finding nothing is not an error
 *
 * As booru_store_search(), without reading the posts: takes microseconds.
 *
 * Returns: (transfer full) (element-type gint64): the ids of the posts
 */
GArray *booru_store_find_ids (BooruStore *self,
                              const BooruQuery *query,
                              const BooruPage *page,
                              GError **error);

/**
 * booru_store_count:
 * @self: a store
 * @query: what to count
 * @exact: (out) (optional): whether it is exact; if asked, it may be an estimate after an update
 * @error: %BOORU_ERROR_BUSY: the search index is being built, and it was not asked for an estimate
 *
 * Returns: how many posts @query finds, whatever its limit; -1 on error
 */
gint64
booru_store_count (BooruStore *self, const BooruQuery *query, gboolean *exact, GError **error);

/**
 * booru_store_list_tags:
 * @self: a store
 * @filter: which tags, in which order
 * @error: return location
 *
 * A page before or after an id overrides the order; a page after an id has the nearest ids, newest
 * first. Names that do not exist are left out.
 *
 * Returns: (transfer full) (element-type BooruTag): the tags
 */
GPtrArray *booru_store_list_tags (BooruStore *self, const BooruTagFilter *filter, GError **error);

/**
 * booru_store_list_post_files:
 * @self: a store
 * @post_id: a post's number
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruFile): its files, those in present folders first;
 *   empty if the post is missing or unknown
 */
GPtrArray *booru_store_list_post_files (BooruStore *self, gint64 post_id, GError **error);

/**
 * booru_store_get_metadata:
 * @self: a store
 * @post_id: a post's number
 * @error: return location
 *
 * What the file itself says: one JSON object whose members are named as ExifTool names them, with
 * their group in front ("EXIF:Model", "XMP:Subject", "PNG:parameters"). Values are strings, numbers
 * or arrays of these.
 *
 * Returns: (transfer full): the object as text; "{}" if nothing is known, or there is no such post
 */
char *booru_store_get_metadata (BooruStore *self, gint64 post_id, GError **error);

/**
 * booru_store_list_versions:
 * @self: a store
 * @filter: which changes
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruVersion): the changes, newest first
 */
GPtrArray *
booru_store_list_versions (BooruStore *self, const BooruVersionFilter *filter, GError **error);

/**
 * booru_store_measure_trash:
 * @self: a store
 * @trash: (out caller-allocates): filled in
 * @error: return location
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_measure_trash (BooruStore *self, BooruTrash *trash, GError **error);

/**
 * booru_store_get_file:
 * @self: a store
 * @id: a file's number
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the file
 */
BooruFile *booru_store_get_file (BooruStore *self, gint64 id, GError **error);

/**
 * booru_store_get_upload:
 * @self: a store
 * @id: an upload's number
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the upload with its files
 */
BooruUpload *booru_store_get_upload (BooruStore *self, gint64 id, GError **error);

/**
 * booru_store_list_uploads:
 * @self: a store
 * @page: which part of the list
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruUpload): the uploads, newest first
 */
GPtrArray *booru_store_list_uploads (BooruStore *self, const BooruPage *page, GError **error);

/**
 * booru_store_get_asset:
 * @self: a store
 * @id: an uploaded file's number
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the uploaded file
 */
BooruAsset *booru_store_get_asset (BooruStore *self, gint64 id, GError **error);

/**
 * booru_store_trim:
 * @self: a store
 *
 * Frees caches: call it when no query is expected soon.
 */
void booru_store_trim (BooruStore *self);

/**
 * booru_store_write_index:
 * @self: a store
 * @much: whether only what has changed much is to be written, since there is other work
 * @more: (out): whether there is more to write: call again
 * @error: return location; nothing is lost by a failure
 *
 * For the one process that writes the search index: writes one of its files, if one is missing,
 * damaged or behind. Takes about a tenth of a second.
 *
 * Returns: %TRUE on success, also if nothing was to be done
 */
gboolean booru_store_write_index (BooruStore *self, gboolean much, gboolean *more, GError **error);

/**
 * booru_store_edit_post:
 * @self: a store
 * @id: a post's number
 * @edit: what to change
 * @error: %BOORU_ERROR_NOT_FOUND; %BOORU_ERROR_INVALID naming the invalid tag, rating, source or
 *   parent. Then nothing has changed
 *
 * Creates tags that do not exist. "category:name" gives a new tag that category, and moves an
 * existing one to it, on all posts. "rating:", "source:" and "parent:" among the tags override the
 * members of
 * @edit. If anything changes, a version is recorded.
 *
 * Returns: (transfer full): the post as it is afterwards
 */
BooruPost *
booru_store_edit_post (BooruStore *self, gint64 id, const BooruPostEdit *edit, GError **error);

/**
 * booru_store_delete_post:
 * @self: a store
 * @id: a post's number
 * @editor_id: who deletes it
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Puts the post into the trash: it is hidden, and keeps everything. Its files stay where they are.
 * A post that is there already stays there.
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_delete_post (BooruStore *self, gint64 id, gint64 editor_id, GError **error);

/**
 * booru_store_undelete_post:
 * @self: a store
 * @id: a post's number
 * @editor_id: who restores it
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Takes the post out of the trash: it is active, or missing if it has no file.
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_undelete_post (BooruStore *self, gint64 id, gint64 editor_id, GError **error);

/**
 * booru_store_revert_post:
 * @self: a store
 * @id: a post's number
 * @version_id: a version of it; 0: the post as it was added
 * @editor_id: who reverts it
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Restores tags, rating, source and parent as they were after that version, and records that as a
 * version too. Whether the post is in the trash does not change.
 *
 * Returns: (transfer full): the post as it is afterwards
 */
BooruPost *booru_store_revert_post (BooruStore *self,
                                    gint64 id,
                                    gint64 version_id,
                                    gint64 editor_id,
                                    GError **error);

/**
 * booru_store_undo_version:
 * @self: a store
 * @version_id: a version
 * @editor_id: who undoes it
 * @error: %BOORU_ERROR_NOT_FOUND; %BOORU_ERROR_INVALID: the version deleted or restored the post
 *
 * Takes back the changes of that version, except where somebody has changed the same thing since,
 * and records that as a version too. Never deletes or restores a post.
 *
 * Returns: (transfer full): its post as it is afterwards
 */
BooruPost *
booru_store_undo_version (BooruStore *self, gint64 version_id, gint64 editor_id, GError **error);

/**
 * booru_store_create_upload:
 * @self: a store
 * @source: (nullable): where the files come from
 * @files: (element-type BooruUploadFile): files in the spool, on stable storage
 * @wanted: (nullable): the posts to make of them; %NULL if somebody will decide later
 * @uploader_id: who uploads
 * @error: %BOORU_ERROR_INVALID for an invalid @wanted
 *
 * Durable when it returns: from now on the monitor takes care of the files.
 *
 * Returns: (transfer full): the upload
 */
BooruUpload *booru_store_create_upload (BooruStore *self,
                                        const char *source,
                                        GPtrArray *files,
                                        const BooruPostEdit *wanted,
                                        gint64 uploader_id,
                                        GError **error);

/**
 * booru_store_find_media_asset:
 * @self: a store
 * @id: a media asset
 * @post: (out) (transfer full) (nullable): its post
 * @asset: (out) (transfer full) (nullable): the uploaded file that holds it, if it has no post
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: whether it was found, as one of the two
 */
gboolean booru_store_find_media_asset (BooruStore *self,
                                       gint64 id,
                                       BooruPost **post,
                                       BooruAsset **asset,
                                       GError **error);

/**
 * booru_store_want_post:
 * @self: a store
 * @asset_id: an uploaded file
 * @wanted: the post to make of it
 * @error: %BOORU_ERROR_NOT_FOUND; %BOORU_ERROR_INVALID, also for a file that failed or was removed
 *
 * Asks the monitor to make a post of an uploaded file. If its content is a post already, the tags
 * are added to that post at once.
 *
 * Returns: (transfer full): the uploaded file as it is now
 */
BooruAsset *booru_store_want_post (BooruStore *self,
                                   gint64 asset_id,
                                   const BooruPostEdit *wanted,
                                   GError **error);

/**
 * booru_store_purge_trash:
 * @self: a store
 * @after: (inout): only files with a greater number; afterwards where to go on, 0 at the end
 * @limit: how many at most
 * @func: (scope call): moves a file out of the way; %FALSE: it could not, and the store keeps the
 *   row
 * @user_data: for @func
 * @error: return location: nothing was written, though @func may have been called
 *
 * For booru_trash_empty() alone. Calls @func for managed files of deleted posts, in one durable
 * transaction, so that no post can be undeleted meanwhile. After the last of them, posts in the
 * trash that have no file are expunged.
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_purge_trash (BooruStore *self,
                                  gint64 *after,
                                  guint limit,
                                  BooruFileFunc func,
                                  gpointer user_data,
                                  GError **error);

/**
 * booru_store_list_folders:
 * @self: a store
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruFolder): all folders, present or not, including those
 *   no longer configured
 */
GPtrArray *booru_store_list_folders (BooruStore *self, GError **error);

/**
 * booru_store_ensure_folder:
 * @self: a store
 * @path: absolute, raw bytes; trailing slashes are ignored
 * @kind: what kind it is to be
 * @error: %BOORU_ERROR_INVALID for a relative path; %BOORU_ERROR_EXISTS if it is of the other kind
 *
 * Returns: (transfer full): the folder, new or known
 */
BooruFolder *booru_store_ensure_folder (BooruStore *self,
                                        const char *path,
                                        BooruFolderKind kind,
                                        GError **error);

/**
 * booru_store_set_folder_state:
 * @self: a store
 * @folder_id: a folder
 * @present: whether it is there now; if not, its posts stay as they are
 * @device: st_dev of its root
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_set_folder_state (BooruStore *self,
                                       gint64 folder_id,
                                       gboolean present,
                                       guint64 device,
                                       GError **error);

/**
 * booru_store_foreach_file:
 * @self: a store
 * @folder_id: a folder
 * @below: (nullable): only inside that directory; %NULL: all
 * @after: (nullable): only paths that sort after this one; %NULL: from the first
 * @func: (scope call): called for each file; may read from the store, but neither write to it nor
 *   walk it
 * @user_data: for @func
 * @error: return location
 *
 * Walks files in the order of the bytes of their paths. A walk is one read transaction, during
 * which the WAL cannot be checkpointed past it: split a long one by means of @after.
 *
 * Returns: %TRUE if all were visited or @func stopped it
 */
gboolean booru_store_foreach_file (BooruStore *self,
                                   gint64 folder_id,
                                   const char *below,
                                   const char *after,
                                   BooruFileFunc func,
                                   gpointer user_data,
                                   GError **error);

/**
 * booru_store_find_file:
 * @self: a store
 * @folder_id: a folder
 * @path: below it, raw bytes
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the file
 */
BooruFile *
booru_store_find_file (BooruStore *self, gint64 folder_id, const char *path, GError **error);

/**
 * booru_store_find_file_by_inode:
 * @self: a store
 * @stat: of a file under an unknown name
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Finds the old name of a renamed file: a file with equal device, inode, size and mtime.
 *
 * Returns: (transfer full): the file; among several (hard links), the oldest of those with a post
 */
BooruFile *
booru_store_find_file_by_inode (BooruStore *self, const BooruFileStat *stat, GError **error);

/**
 * booru_store_find_taken_file:
 * @self: a store
 * @name: path below the ingest folder, raw bytes
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Only the newest %BOORU_TAKEN_FILES_KEPT are known.
 *
 * Returns: (transfer full): the file that last had that name in the ingest folder, as it is now
 */
BooruFile *booru_store_find_taken_file (BooruStore *self, const char *name, GError **error);

/**
 * booru_store_apply_file_changes:
 * @self: a store
 * @changes: (element-type BooruFileChange): applied in order; post_id and created are filled in
 * @error: %BOORU_ERROR_NOT_FOUND for an unknown folder, file or post; %BOORU_ERROR_INVALID for an
 *   invalid path or md5. Then nothing has changed
 *
 * Applies all changes in one durable (fsynced) transaction. Which posts are missing is decided at
 * its end, so that a file that one change removes and another adds keeps its post. Posts in the
 * trash stay there.
 *
 * An import is merged three-way. What it says for the first time is added. What it said before and
 * no longer says is removed if the import had added it and no other file of the post says it. A tag
 * that somebody removed is not added again. A rating or source is set as long as it is what the
 * origin said before, or that of a new post, that is, none. A category is given to new tags, and to
 * general ones that nobody has moved. If a post changes, a version is recorded, with the import's
 * note.
 *
 * Returns: %TRUE if all of it is on disk
 */
gboolean booru_store_apply_file_changes (BooruStore *self, GPtrArray *changes, GError **error);

/**
 * booru_store_list_assets_to_do:
 * @self: a store
 * @limit: how many at most
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruAsset): the files in the spool that the monitor has
 *   to process
 */
GPtrArray *booru_store_list_assets_to_do (BooruStore *self, guint limit, GError **error);

/**
 * booru_store_list_assets_stale:
 * @self: a store
 * @since: microseconds since 1970
 * @limit: how many at most
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruAsset): files in the spool that nobody has made a
 *   post of, unchanged after @since
 */
GPtrArray *
booru_store_list_assets_stale (BooruStore *self, gint64 since, guint limit, GError **error);

/**
 * booru_store_is_content_known:
 * @self: a store
 * @md5: of a content
 * @known: (out): whether there is a post of it, or an uploaded file that could become one: whether
 *   its thumbnails are needed
 * @error: return location
 *
 * Returns: %TRUE on success
 */
gboolean
booru_store_is_content_known (BooruStore *self, const char *md5, gboolean *known, GError **error);

/**
 * booru_store_list_spool_names:
 * @self: a store
 * @error: return location
 *
 * Returns: (transfer full) (element-type utf8 utf8): the set of the names in the spool that belong
 *   to an upload
 */
GHashTable *booru_store_list_spool_names (BooruStore *self, GError **error);

/**
 * booru_store_list_failures:
 * @self: a store
 * @filter: which, in which order
 * @error: return location
 *
 * booru_store_list_folders() tells how many there are in each folder.
 *
 * Returns: (transfer full) (element-type BooruFile): files with failure and failed_at set
 */
GPtrArray *
booru_store_list_failures (BooruStore *self, const BooruFailureFilter *filter, GError **error);

G_END_DECLS
