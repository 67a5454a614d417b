/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-store.h"

G_DEFINE_INTERFACE (BooruStore, booru_store, G_TYPE_OBJECT)

static void
booru_store_default_init (BooruStoreInterface *iface)
{
}

/**
 * booru_store_get_post:
 * @id: a post's number
 * @error: BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the post, whatever its status
 */
BooruPost *
booru_store_get_post (BooruStore *self, gint64 id, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->get_post (self, id, error);
}

/**
 * booru_store_get_post_by_md5:
 * @md5: 32 hex digits, in any case
 * @error: BOORU_ERROR_NOT_FOUND, also for what is no md5
 *
 * Returns: (transfer full): the post of that content
 */
BooruPost *
booru_store_get_post_by_md5 (BooruStore *self, const char *md5, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->get_post_by_md5 (self, md5, error);
}

/**
 * booru_store_search:
 * @query: what is looked for
 * @page: which part of it
 * @error: where to store what went wrong; that nothing is found is no error
 *
 * Returns: (transfer full): of BooruPost, all from one state of the store; of a "random:" no more
 *   than its number, over all pages
 */
GPtrArray *
booru_store_search (BooruStore *self,
                    const BooruQuery *query,
                    const BooruPage *page,
                    GError **error)
{
  gint cap = booru_query_get_cap (query);
  gint64 before = page->kind == BOORU_PAGE_NUMBER ? (page->value - 1) * page->limit : 0;
  GPtrArray *posts = BOORU_STORE_GET_IFACE (self)->search (self, query, page, error);

  if (posts && cap >= 0 && before + posts->len > cap)
    g_ptr_array_set_size (posts, (gint)MAX (cap - before, 0));
  return posts;
}

/**
 * booru_store_count:
 * @query: what is looked for
 * @error: where to store what went wrong
 *
 * Exact. Kept until somebody writes.
 *
 * Returns: how many posts @query finds, whatever its limit; -1 on error
 */
gint64
booru_store_count (BooruStore *self, const BooruQuery *query, GError **error)
{
  gint64 count = BOORU_STORE_GET_IFACE (self)->count (self, query, error);
  gint cap = booru_query_get_cap (query);

  return cap >= 0 ? MIN (count, cap) : count;
}

/**
 * booru_store_list_tags:
 * @filter: which tags, in which order
 * @error: where to store what went wrong
 *
 * A page before or after an id overrides the order; what comes after an id is the nearest, newest
 * first. Names that do not exist are left out.
 *
 * Returns: (transfer full): of BooruTag
 */
GPtrArray *
booru_store_list_tags (BooruStore *self, const BooruTagFilter *filter, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_tags (self, filter, error);
}

/**
 * booru_store_list_post_files:
 * @post_id: a post's number
 * @error: where to store what went wrong
 *
 * Returns: (transfer full): of BooruFile, those in present folders first; empty if the post is
 *   missing or unknown
 */
GPtrArray *
booru_store_list_post_files (BooruStore *self, gint64 post_id, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_post_files (self, post_id, error);
}

/**
 * booru_store_get_metadata:
 * @post_id: a post's number
 * @error: where to store what went wrong
 *
 * What the file itself says: one JSON object whose members are named as ExifTool names them, with
 * their group in front ("EXIF:Model", "XMP:Subject", "PNG:parameters"). Values are strings, numbers
 * or arrays of these.
 *
 * Returns: (transfer full): the object as text; "{}" if nothing is known, or there is no such post
 */
char *
booru_store_get_metadata (BooruStore *self, gint64 post_id, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->get_metadata (self, post_id, error);
}

/**
 * booru_store_trim:
 * @self: a store
 *
 * Gives back memory that only makes the next question faster: for when no question is expected.
 */
void
booru_store_trim (BooruStore *self)
{
  BOORU_STORE_GET_IFACE (self)->trim (self);
}

/**
 * booru_store_get_generation:
 *
 * Takes microseconds: what is derived from the store can be cached by it.
 *
 * Returns: a number that differs from each earlier one if anybody, in any process, wrote since
 */
guint64
booru_store_get_generation (BooruStore *self)
{
  return BOORU_STORE_GET_IFACE (self)->get_generation (self);
}

/**
 * booru_store_edit_post:
 * @id: a post's number
 * @edit: what is to change
 * @error: BOORU_ERROR_NOT_FOUND; BOORU_ERROR_INVALID naming the tag, rating, source or parent that
 *   cannot be; then nothing has changed
 *
 * Tags that do not exist come to be. "category:name" makes a new tag of that category, and moves
 * one that exists to it, on all posts. "rating:", "source:" and "parent:" among the tags go before
 * the members of @edit. What changes anything is recorded as a version.
 *
 * Returns: (transfer full): the post as it is afterwards
 */
BooruPost *
booru_store_edit_post (BooruStore *self, gint64 id, const BooruPostEdit *edit, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->edit_post (self, id, edit, error);
}

/**
 * booru_store_delete_post:
 * @id: a post's number
 * @editor_id: who deletes it
 * @error: BOORU_ERROR_NOT_FOUND
 *
 * Puts the post into the trash: it is hidden, and keeps everything. Its files stay where they are.
 */
gboolean
booru_store_delete_post (BooruStore *self, gint64 id, gint64 editor_id, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->set_post_deleted (self, id, TRUE, editor_id, error);
}

/**
 * booru_store_undelete_post:
 * @id: a post's number
 * @editor_id: who wants it back
 * @error: BOORU_ERROR_NOT_FOUND
 *
 * Takes the post out of the trash: it is active, or missing if it has no file.
 */
gboolean
booru_store_undelete_post (BooruStore *self, gint64 id, gint64 editor_id, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->set_post_deleted (self, id, FALSE, editor_id, error);
}

/**
 * booru_store_list_versions:
 * @filter: which changes
 * @error: where to store what went wrong
 *
 * Returns: (transfer full): of BooruVersion, newest first
 */
GPtrArray *
booru_store_list_versions (BooruStore *self, const BooruVersionFilter *filter, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_versions (self, filter, error);
}

/**
 * booru_store_revert_post:
 * @id: a post's number
 * @version_id: a version of it; 0: the post as it was added
 * @editor_id: who reverts it
 * @error: BOORU_ERROR_NOT_FOUND
 *
 * Goes back to tags, rating, source and parent as they were after that version. That is a version
 * too. Whether the post is in the trash does not change.
 *
 * Returns: (transfer full): the post as it is afterwards
 */
BooruPost *
booru_store_revert_post (BooruStore *self,
                         gint64 id,
                         gint64 version_id,
                         gint64 editor_id,
                         GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->revert_post (self, id, version_id, editor_id, error);
}

/**
 * booru_store_undo_version:
 * @version_id: a version
 * @editor_id: who undoes it
 * @error: BOORU_ERROR_NOT_FOUND; BOORU_ERROR_INVALID: the version deleted or restored the post
 *
 * Takes back what that version changed, and only as far as nobody changed it again since. Undoing
 * is a version too. It never deletes or restores a post.
 *
 * Returns: (transfer full): the post as it is afterwards
 */
BooruPost *
booru_store_undo_version (BooruStore *self, gint64 version_id, gint64 editor_id, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->undo_version (self, version_id, editor_id, error);
}

/**
 * booru_store_measure_trash:
 * @trash: (out caller-allocates): filled in
 * @error: where to store what went wrong
 */
gboolean
booru_store_measure_trash (BooruStore *self, BooruTrash *trash, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->measure_trash (self, trash, error);
}

/**
 * booru_store_get_file:
 * @id: a file's number
 * @error: BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): what the store knows of it
 */
BooruFile *
booru_store_get_file (BooruStore *self, gint64 id, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->get_file (self, id, error);
}

/**
 * booru_store_get_upload:
 * @id: an upload's number
 * @error: BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the upload with its files
 */
BooruUpload *
booru_store_get_upload (BooruStore *self, gint64 id, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->get_upload (self, id, error);
}

/**
 * booru_store_list_uploads:
 * @page: which part of them
 * @error: where to store what went wrong
 *
 * Returns: (transfer full): of BooruUpload, newest first
 */
GPtrArray *
booru_store_list_uploads (BooruStore *self, const BooruPage *page, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_uploads (self, page, error);
}

/**
 * booru_store_get_asset:
 * @id: an uploaded file's number
 * @error: BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the file
 */
BooruAsset *
booru_store_get_asset (BooruStore *self, gint64 id, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->get_asset (self, id, error);
}

/**
 * booru_store_find_media_asset:
 * @id: a media asset
 * @post: (out) (transfer full) (nullable): its post
 * @asset: (out) (transfer full) (nullable): if it has no post, the upload that it is known by
 * @error: BOORU_ERROR_NOT_FOUND
 *
 * Returns: whether there is one, as one of the two
 */
gboolean
booru_store_find_media_asset (BooruStore *self,
                              gint64 id,
                              BooruPost **post,
                              BooruAsset **asset,
                              GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->find_media_asset (self, id, post, asset, error);
}

/**
 * booru_store_create_upload:
 * @source: (nullable): where the files come from
 * @files: of BooruUploadFile; they lie in the spool, and are on disk
 * @wanted: (nullable): the posts that they are to become; %NULL if somebody will say so later
 * @uploader_id: who uploads
 * @error: BOORU_ERROR_INVALID for what is wrong with @wanted
 *
 * Durable when it returns: from now on the files are the monitor's to see to.
 *
 * Returns: (transfer full): the upload
 */
BooruUpload *
booru_store_create_upload (BooruStore *self,
                           const char *source,
                           GPtrArray *files,
                           const BooruPostEdit *wanted,
                           gint64 uploader_id,
                           GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->create_upload (self, source, files, wanted, uploader_id,
                                                      error);
}

/**
 * booru_store_want_post:
 * @asset_id: an uploaded file
 * @wanted: what the post is to be
 * @error: BOORU_ERROR_NOT_FOUND; BOORU_ERROR_INVALID, also for a file that failed or was removed
 *
 * Asks the monitor to make a post of it. If its content is a post already, its tags are added to
 * that at once.
 *
 * Returns: (transfer full): the file as it is now
 */
BooruAsset *
booru_store_want_post (BooruStore *self,
                       gint64 asset_id,
                       const BooruPostEdit *wanted,
                       GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->want_post (self, asset_id, wanted, error);
}

/**
 * booru_store_list_assets_to_do:
 * @limit: how many at most
 * @error: where to store what went wrong
 *
 * Returns: (transfer full): of BooruAsset: the files in the spool that the monitor has to see to
 */
GPtrArray *
booru_store_list_assets_to_do (BooruStore *self, guint limit, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_assets_to_do (self, limit, error);
}

/**
 * booru_store_list_assets_stale:
 * @since: microseconds since 1970
 * @limit: how many at most
 * @error: where to store what went wrong
 *
 * Returns: (transfer full): of BooruAsset: files in the spool that nobody has made a post of, and
 * to which nothing has happened after @since
 */
GPtrArray *
booru_store_list_assets_stale (BooruStore *self, gint64 since, guint limit, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_assets_stale (self, since, limit, error);
}

/**
 * booru_store_list_spool_names:
 * @error: where to store what went wrong
 *
 * Returns: (transfer full): the set of the names in the spool that belong to an upload
 */
GHashTable *
booru_store_list_spool_names (BooruStore *self, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_spool_names (self, error);
}

/**
 * booru_store_is_content_known:
 * @md5: a content
 * @known: (out): whether its thumbnails are needed
 * @error: where to store what went wrong
 */
gboolean
booru_store_is_content_known (BooruStore *self, const char *md5, gboolean *known, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->is_content_known (self, md5, known, error);
}

/**
 * booru_store_purge_trash:
 * @after: (inout): only files with a greater number; afterwards where to go on, 0 at the end
 * @limit: how many at most
 * @func: puts a file out of the way; %FALSE: it could not, and the store keeps the file's row
 * @user_data: for @func
 * @error: where to store what went wrong: nothing was written, though @func may have been called
 *
 * For booru_trash_empty() alone. Calls @func for managed files of deleted posts while nobody else
 * can write, so that no post is undeleted at that moment. After the last of them, posts in the
 * trash that have no file are expunged.
 */
gboolean
booru_store_purge_trash (BooruStore *self,
                         gint64 *after,
                         guint limit,
                         BooruFileFunc func,
                         gpointer user_data,
                         GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->purge_trash (self, after, limit, func, user_data, error);
}

/**
 * booru_store_list_folders:
 * @error: where to store what went wrong
 *
 * Returns: (transfer full): of BooruFolder, present or not, also those no longer configured
 */
GPtrArray *
booru_store_list_folders (BooruStore *self, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_folders (self, error);
}

/**
 * booru_store_ensure_folder:
 * @path: absolute, raw bytes; slashes at its end do not count
 * @kind: what kind it is to be
 * @error: BOORU_ERROR_INVALID for a relative path; BOORU_ERROR_EXISTS if it is of the other kind
 *
 * Returns: (transfer full): the folder, new or known
 */
BooruFolder *
booru_store_ensure_folder (BooruStore *self, const char *path, BooruFolderKind kind, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->ensure_folder (self, path, kind, error);
}

/**
 * booru_store_set_folder_state:
 * @folder_id: a folder
 * @present: whether it is there now; the posts of one that is not stay as they are
 * @device: st_dev of its root
 * @error: BOORU_ERROR_NOT_FOUND
 *
 * Returns: %TRUE if it is written
 */
gboolean
booru_store_set_folder_state (BooruStore *self,
                              gint64 folder_id,
                              gboolean present,
                              guint64 device,
                              GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->set_folder_state (self, folder_id, present, device, error);
}

/**
 * booru_store_foreach_file:
 * @folder_id: a folder
 * @below: (nullable): only inside that directory
 * @after: (nullable): only paths that sort after this one
 * @func: called for each file, in the order of the paths' bytes; the file is valid for the call
 *   only; it may read from the store, but neither write to it nor walk it
 * @user_data: for @func
 * @error: where to store what went wrong
 *
 * A walk is one read: while it lasts, what others write cannot be tidied away. Cut a long one into
 * pieces by @after.
 *
 * Returns: %TRUE if all were visited or @func stopped it
 */
gboolean
booru_store_foreach_file (BooruStore *self,
                          gint64 folder_id,
                          const char *below,
                          const char *after,
                          BooruFileFunc func,
                          gpointer user_data,
                          GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->foreach_file (self, folder_id, below, after, func, user_data,
                                                     error);
}

/**
 * booru_store_find_file:
 * @folder_id: a folder
 * @path: below it, raw bytes
 * @error: BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the file
 */
BooruFile *
booru_store_find_file (BooruStore *self, gint64 folder_id, const char *path, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->find_file (self, folder_id, path, error);
}

/**
 * booru_store_find_file_by_inode:
 * @stat: what stat() says of a file whose name is not known
 * @error: BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the file that was the same when it was last seen: equal in device,
 *   inode, size and mtime. Where several are (hard links), the oldest of those with a post
 */
BooruFile *
booru_store_find_file_by_inode (BooruStore *self, const BooruFileStat *stat, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->find_file_by_inode (self, stat, error);
}

/**
 * booru_store_find_taken_file:
 * @name: path below the ingest folder, raw bytes
 * @error: BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the file that was there last by that name, as it is now. Only the
 *   newest %BOORU_TAKEN_FILES_KEPT are known
 */
BooruFile *
booru_store_find_taken_file (BooruStore *self, const char *name, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->find_taken_file (self, name, error);
}

/**
 * booru_store_apply_file_changes:
 * @changes: of BooruFileChange, applied in order; post_id and created are filled in
 * @error: BOORU_ERROR_NOT_FOUND for a folder, file or post that does not exist; BOORU_ERROR_INVALID
 *   for a path or md5 that cannot be; then nothing has changed
 *
 * All in one durable transaction. Which posts are missing is decided at its end, so that a file
 * that is removed by one change and added by another keeps its post. Posts in the trash stay there.
 *
 * An import is merged three-way. What it says for the first time is added. What it said before and
 * says no longer is taken away, if it was the import that had added it and no other file of the
 * post says it. A tag that somebody took away is not added again. A rating or source is set as long
 * as it is what the origin said before, or that of a new post, that is, none. A category is given
 * to new tags, and to general ones that nobody has moved. What changes a post is recorded as a
 * version, with the import's note.
 *
 * Returns: %TRUE if all of it is on the disk
 */
gboolean
booru_store_apply_file_changes (BooruStore *self, GPtrArray *changes, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->apply_file_changes (self, changes, error);
}

/**
 * booru_store_list_failures:
 * @filter: which, in which order
 * @error: where to store what went wrong
 *
 * How many there are in each folder, booru_store_list_folders() says.
 *
 * Returns: (transfer full): of BooruFile with failure and failed_at set
 */
GPtrArray *
booru_store_list_failures (BooruStore *self, const BooruFailureFilter *filter, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_failures (self, filter, error);
}
