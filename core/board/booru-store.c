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
  return BOORU_STORE_GET_IFACE (self)->get_post (self, id, error);
}

BooruPost *
booru_store_get_post_by_md5 (BooruStore *self, const char *md5, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->get_post_by_md5 (self, md5, error);
}

GPtrArray *
booru_store_search (BooruStore *self,
                    const BooruQuery *query,
                    const BooruPage *page,
                    GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->search (self, query, page, error);
}

gint64
booru_store_count (BooruStore *self, const BooruQuery *query, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->count (self, query, error);
}

GPtrArray *
booru_store_list_tags (BooruStore *self, const BooruTagFilter *filter, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_tags (self, filter, error);
}

GPtrArray *
booru_store_list_post_files (BooruStore *self, gint64 post_id, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_post_files (self, post_id, error);
}

guint64
booru_store_get_generation (BooruStore *self)
{
  return BOORU_STORE_GET_IFACE (self)->get_generation (self);
}

BooruPost *
booru_store_edit_post (BooruStore *self, gint64 id, const BooruPostEdit *edit, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->edit_post (self, id, edit, error);
}

GPtrArray *
booru_store_list_folders (BooruStore *self, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_folders (self, error);
}

BooruFolder *
booru_store_ensure_folder (BooruStore *self, const char *path, BooruFolderKind kind, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->ensure_folder (self, path, kind, error);
}

gboolean
booru_store_set_folder_state (BooruStore *self,
                              gint64 folder_id,
                              gboolean present,
                              guint64 device,
                              GError **error)
{
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
  return BOORU_STORE_GET_IFACE (self)->foreach_file (self, folder_id, below, after, func, user_data,
                                                     error);
}

BooruFile *
booru_store_find_file (BooruStore *self, gint64 folder_id, const char *path, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->find_file (self, folder_id, path, error);
}

BooruFile *
booru_store_find_file_by_inode (BooruStore *self, const BooruFileStat *stat, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->find_file_by_inode (self, stat, error);
}

gboolean
booru_store_apply_file_changes (BooruStore *self, GPtrArray *changes, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->apply_file_changes (self, changes, error);
}

GPtrArray *
booru_store_list_failures (BooruStore *self, guint limit, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_failures (self, limit, error);
}
