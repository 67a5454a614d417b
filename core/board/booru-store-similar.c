/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-store-similar.h"

GArray *
booru_store_find_similar (BooruStore *self,
                          const guint64 *hashes,
                          guint n_hashes,
                          guint max_distance,
                          guint limit,
                          GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && (hashes != NULL || n_hashes == 0), NULL);
  return BOORU_STORE_GET_IFACE (self)->find_similar (self, hashes, n_hashes, max_distance, limit,
                                                     error);
}

GArray *
booru_store_list_hashes (BooruStore *self, gint64 post_id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  return BOORU_STORE_GET_IFACE (self)->list_hashes (self, post_id, error);
}

GPtrArray *
booru_store_list_pairs (BooruStore *self, guint limit, guint page, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  return BOORU_STORE_GET_IFACE (self)->list_pairs (self, limit, page, error);
}

gint64
booru_store_count_pairs (BooruStore *self, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), -1);
  return BOORU_STORE_GET_IFACE (self)->count_pairs (self, error);
}

gboolean
booru_store_decide_pair (BooruStore *self, const BooruPairVerdict *verdict, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && verdict != NULL, FALSE);
  return BOORU_STORE_GET_IFACE (self)->decide_pair (self, verdict, error);
}

gboolean
booru_store_compare_posts (BooruStore *self,
                           guint max_distance,
                           gint64 duration,
                           gboolean *done,
                           GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && done != NULL, FALSE);
  return BOORU_STORE_GET_IFACE (self)->compare_posts (self, max_distance, duration, done, error);
}
