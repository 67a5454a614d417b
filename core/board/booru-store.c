/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-store.h"

G_DEFINE_INTERFACE (BooruStore, booru_store, G_TYPE_OBJECT)

static void
booru_store_default_init (BooruStoreInterface *iface)
{
}

BooruPost *
booru_store_get_post (BooruStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  return BOORU_STORE_GET_IFACE (self)->get_post (self, id, error);
}

BooruPost *
booru_store_get_post_by_md5 (BooruStore *self, const char *md5, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && md5 != NULL, NULL);
  return BOORU_STORE_GET_IFACE (self)->get_post_by_md5 (self, md5, error);
}

GPtrArray *
booru_store_search (BooruStore *self,
                    const BooruQuery *query,
                    const BooruPage *page,
                    GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && query != NULL && page != NULL, NULL);

  gint cap = booru_query_get_cap (query);
  gint64 before = page->kind == BOORU_PAGE_NUMBER ? (page->value - 1) * page->limit : 0;
  GPtrArray *posts = BOORU_STORE_GET_IFACE (self)->search (self, query, page, error);

  if (posts && cap >= 0 && before + posts->len > cap)
    g_ptr_array_set_size (posts, (gint)MAX (cap - before, 0));
  return posts;
}

gint64
booru_store_count (BooruStore *self, const BooruQuery *query, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && query != NULL, -1);

  gint64 count = BOORU_STORE_GET_IFACE (self)->count (self, query, error);
  gint cap = booru_query_get_cap (query);

  return cap >= 0 ? MIN (count, cap) : count;
}

GPtrArray *
booru_store_list_tags (BooruStore *self, const BooruTagFilter *filter, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && filter != NULL, NULL);
  return BOORU_STORE_GET_IFACE (self)->list_tags (self, filter, error);
}

GPtrArray *
booru_store_list_post_files (BooruStore *self, gint64 post_id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  return BOORU_STORE_GET_IFACE (self)->list_post_files (self, post_id, error);
}

char *
booru_store_get_metadata (BooruStore *self, gint64 post_id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  return BOORU_STORE_GET_IFACE (self)->get_metadata (self, post_id, error);
}

void
booru_store_trim (BooruStore *self)
{
  g_return_if_fail (BOORU_IS_STORE (self));
  BOORU_STORE_GET_IFACE (self)->trim (self);
}

guint64
booru_store_get_generation (BooruStore *self)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), 0);
  return BOORU_STORE_GET_IFACE (self)->get_generation (self);
}

BooruPost *
booru_store_edit_post (BooruStore *self, gint64 id, const BooruPostEdit *edit, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && edit != NULL, NULL);
  return BOORU_STORE_GET_IFACE (self)->edit_post (self, id, edit, error);
}

gboolean
booru_store_delete_post (BooruStore *self, gint64 id, gint64 editor_id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), FALSE);
  return BOORU_STORE_GET_IFACE (self)->set_post_deleted (self, id, TRUE, editor_id, error);
}

gboolean
booru_store_undelete_post (BooruStore *self, gint64 id, gint64 editor_id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), FALSE);
  return BOORU_STORE_GET_IFACE (self)->set_post_deleted (self, id, FALSE, editor_id, error);
}

GPtrArray *
booru_store_list_versions (BooruStore *self, const BooruVersionFilter *filter, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && filter != NULL, NULL);
  return BOORU_STORE_GET_IFACE (self)->list_versions (self, filter, error);
}

BooruPost *
booru_store_revert_post (BooruStore *self,
                         gint64 id,
                         gint64 version_id,
                         gint64 editor_id,
                         GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  return BOORU_STORE_GET_IFACE (self)->revert_post (self, id, version_id, editor_id, error);
}

BooruPost *
booru_store_undo_version (BooruStore *self, gint64 version_id, gint64 editor_id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  return BOORU_STORE_GET_IFACE (self)->undo_version (self, version_id, editor_id, error);
}

gboolean
booru_store_measure_trash (BooruStore *self, BooruTrash *trash, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && trash != NULL, FALSE);
  return BOORU_STORE_GET_IFACE (self)->measure_trash (self, trash, error);
}

BooruFile *
booru_store_get_file (BooruStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  return BOORU_STORE_GET_IFACE (self)->get_file (self, id, error);
}

BooruUpload *
booru_store_get_upload (BooruStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  return BOORU_STORE_GET_IFACE (self)->get_upload (self, id, error);
}

GPtrArray *
booru_store_list_uploads (BooruStore *self, const BooruPage *page, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && page != NULL, NULL);
  return BOORU_STORE_GET_IFACE (self)->list_uploads (self, page, error);
}

BooruAsset *
booru_store_get_asset (BooruStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  return BOORU_STORE_GET_IFACE (self)->get_asset (self, id, error);
}

gboolean
booru_store_find_media_asset (BooruStore *self,
                              gint64 id,
                              BooruPost **post,
                              BooruAsset **asset,
                              GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && post != NULL && asset != NULL, FALSE);
  return BOORU_STORE_GET_IFACE (self)->find_media_asset (self, id, post, asset, error);
}

BooruUpload *
booru_store_create_upload (BooruStore *self,
                           const char *source,
                           GPtrArray *files,
                           const BooruPostEdit *wanted,
                           gint64 uploader_id,
                           GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && files != NULL, NULL);
  return BOORU_STORE_GET_IFACE (self)->create_upload (self, source, files, wanted, uploader_id,
                                                      error);
}

BooruAsset *
booru_store_want_post (BooruStore *self,
                       gint64 asset_id,
                       const BooruPostEdit *wanted,
                       GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && wanted != NULL, NULL);
  return BOORU_STORE_GET_IFACE (self)->want_post (self, asset_id, wanted, error);
}

GPtrArray *
booru_store_list_assets_to_do (BooruStore *self, guint limit, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  return BOORU_STORE_GET_IFACE (self)->list_assets_to_do (self, limit, error);
}

GPtrArray *
booru_store_list_assets_stale (BooruStore *self, gint64 since, guint limit, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  return BOORU_STORE_GET_IFACE (self)->list_assets_stale (self, since, limit, error);
}

GHashTable *
booru_store_list_spool_names (BooruStore *self, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  return BOORU_STORE_GET_IFACE (self)->list_spool_names (self, error);
}

gboolean
booru_store_is_content_known (BooruStore *self, const char *md5, gboolean *known, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && md5 != NULL && known != NULL, FALSE);
  return BOORU_STORE_GET_IFACE (self)->is_content_known (self, md5, known, error);
}

gboolean
booru_store_purge_trash (BooruStore *self,
                         gint64 *after,
                         guint limit,
                         BooruFileFunc func,
                         gpointer user_data,
                         GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && after != NULL && func != NULL, FALSE);
  return BOORU_STORE_GET_IFACE (self)->purge_trash (self, after, limit, func, user_data, error);
}

GPtrArray *
booru_store_list_folders (BooruStore *self, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  return BOORU_STORE_GET_IFACE (self)->list_folders (self, error);
}

BooruFolder *
booru_store_ensure_folder (BooruStore *self, const char *path, BooruFolderKind kind, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && path != NULL, NULL);
  return BOORU_STORE_GET_IFACE (self)->ensure_folder (self, path, kind, error);
}

gboolean
booru_store_set_folder_state (BooruStore *self,
                              gint64 folder_id,
                              gboolean present,
                              guint64 device,
                              GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), FALSE);
  return BOORU_STORE_GET_IFACE (self)->set_folder_state (self, folder_id, present, device, error);
}

gboolean
booru_store_foreach_file (BooruStore *self,
                          gint64 folder_id,
                          const char *below,
                          const char *after,
                          BooruFileFunc func,
                          gpointer user_data,
                          GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && func != NULL, FALSE);
  return BOORU_STORE_GET_IFACE (self)->foreach_file (self, folder_id, below, after, func, user_data,
                                                     error);
}

BooruFile *
booru_store_find_file (BooruStore *self, gint64 folder_id, const char *path, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && path != NULL, NULL);
  return BOORU_STORE_GET_IFACE (self)->find_file (self, folder_id, path, error);
}

BooruFile *
booru_store_find_file_by_inode (BooruStore *self, const BooruFileStat *stat, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && stat != NULL, NULL);
  return BOORU_STORE_GET_IFACE (self)->find_file_by_inode (self, stat, error);
}

BooruFile *
booru_store_find_taken_file (BooruStore *self, const char *name, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && name != NULL, NULL);
  return BOORU_STORE_GET_IFACE (self)->find_taken_file (self, name, error);
}

gboolean
booru_store_apply_file_changes (BooruStore *self, GPtrArray *changes, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && changes != NULL, FALSE);
  return BOORU_STORE_GET_IFACE (self)->apply_file_changes (self, changes, error);
}

GPtrArray *
booru_store_list_failures (BooruStore *self, const BooruFailureFilter *filter, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && filter != NULL, NULL);
  return BOORU_STORE_GET_IFACE (self)->list_failures (self, filter, error);
}
