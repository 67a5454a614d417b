/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The store's roles, of which one process at a time may have each. */
#include "board/booru-store.h"

/**
 * booru_store_get_lease:
 * @role: such as BOORU_ROLE_MONITOR
 * @error: BOORU_ERROR_NOT_FOUND if nobody ever held it
 *
 * Only reads, so that waiting for a role disturbs nobody.
 *
 * Returns: (transfer full): the lease as it is now; it can be acquired if expires_at is 0
 */
BooruLease *
booru_store_get_lease (BooruStore *self, const char *role, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->get_lease (self, role, error);
}

/**
 * booru_store_acquire_lease:
 * @role: such as BOORU_ROLE_MONITOR
 * @holder: who wants it, for people: booru_lease_dup_holder()
 * @length: microseconds for which it holds unless it is renewed
 * @error: BOORU_ERROR_EXISTS naming who has it
 *
 * Returns: (transfer full): the lease, with a token greater than every earlier one of the role
 */
BooruLease *
booru_store_acquire_lease (BooruStore *self,
                           const char *role,
                           const char *holder,
                           gint64 length,
                           GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->acquire_lease (self, role, holder, length, error);
}

/**
 * booru_store_renew_lease:
 * @lease: one that was acquired; its expires_at is set anew
 * @length: microseconds from now
 * @error: BOORU_ERROR_FENCED if it was lost; with any other error it still runs to its old end
 *
 * A lease that has expired, but that nobody took meanwhile, can be renewed.
 */
gboolean
booru_store_renew_lease (BooruStore *self, BooruLease *lease, gint64 length, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->renew_lease (self, lease, length, error);
}

/**
 * booru_store_release_lease:
 * @lease: one that was acquired
 * @error: BOORU_ERROR_FENCED if it was lost before
 *
 * Gives the role back before its time. What its holder writes later is refused by the fence.
 */
gboolean
booru_store_release_lease (BooruStore *self, BooruLease *lease, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->release_lease (self, lease, error);
}

/**
 * booru_store_set_fence:
 * @role: (nullable): of the lease; %NULL takes the fence away
 * @token: of the lease
 *
 * From now on every write by @self checks in its own transaction that the lease was neither lost
 * nor released. Otherwise it writes nothing and fails with BOORU_ERROR_FENCED. Other stores, those
 * of other processes included, are not concerned.
 */
void
booru_store_set_fence (BooruStore *self, const char *role, gint64 token)
{
  BOORU_STORE_GET_IFACE (self)->set_fence (self, role, token);
}
