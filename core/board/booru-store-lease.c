/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-store-lease.h"

BooruLease *
booru_store_get_lease (BooruStore *self, const char *role, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && role != NULL, NULL);
  return BOORU_STORE_GET_IFACE (self)->get_lease (self, role, error);
}

BooruLease *
booru_store_acquire_lease (BooruStore *self,
                           const char *role,
                           const char *holder,
                           gint64 length,
                           GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && role != NULL && holder != NULL && length > 0,
                        NULL);
  return BOORU_STORE_GET_IFACE (self)->acquire_lease (self, role, holder, length, error);
}

gboolean
booru_store_renew_lease (BooruStore *self, BooruLease *lease, gint64 length, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && lease != NULL && length > 0, FALSE);
  return BOORU_STORE_GET_IFACE (self)->renew_lease (self, lease, length, error);
}

gboolean
booru_store_release_lease (BooruStore *self, BooruLease *lease, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && lease != NULL, FALSE);
  return BOORU_STORE_GET_IFACE (self)->release_lease (self, lease, error);
}

void
booru_store_set_fence (BooruStore *self, const char *role, gint64 token)
{
  g_return_if_fail (BOORU_IS_STORE (self));
  BOORU_STORE_GET_IFACE (self)->set_fence (self, role, token);
}
