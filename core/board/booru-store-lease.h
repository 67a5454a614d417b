/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A store's roles, each of which one process at a time may have. */
#pragma once

#include "board/booru-store.h"

G_BEGIN_DECLS

/**
 * booru_store_get_lease:
 * @self: a store
 * @role: such as %BOORU_ROLE_MONITOR
 * @error: %BOORU_ERROR_NOT_FOUND if nobody ever held it
 *
 * Only reads, so that waiting for a role disturbs nobody.
 *
 * Returns: (transfer full): the lease as it is now; it can be acquired if expires_at is 0
 */
BooruLease *booru_store_get_lease (BooruStore *self, const char *role, GError **error);

/**
 * booru_store_acquire_lease:
 * @self: a store
 * @role: such as %BOORU_ROLE_MONITOR
 * @holder: who wants it, for people: booru_lease_dup_holder()
 * @length: microseconds until it expires unless it is renewed
 * @error: %BOORU_ERROR_EXISTS naming its holder
 *
 * Returns: (transfer full): the lease, with a token greater than every earlier one of the role
 */
BooruLease *booru_store_acquire_lease (BooruStore *self,
                                       const char *role,
                                       const char *holder,
                                       gint64 length,
                                       GError **error);

/**
 * booru_store_renew_lease:
 * @self: a store
 * @lease: one that was acquired; its expires_at is updated
 * @length: microseconds from now
 * @error: %BOORU_ERROR_FENCED if it was lost; after any other error it still runs to its old end
 *
 * A lease that has expired, but that nobody has taken, can be renewed.
 *
 * Returns: %TRUE on success
 */
gboolean
booru_store_renew_lease (BooruStore *self, BooruLease *lease, gint64 length, GError **error);

/**
 * booru_store_release_lease:
 * @self: a store
 * @lease: one that was acquired
 * @error: %BOORU_ERROR_FENCED if it was lost before
 *
 * Gives the role up early. The fence refuses later writes by its holder.
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_release_lease (BooruStore *self, BooruLease *lease, GError **error);

/**
 * booru_store_set_fence:
 * @self: a store
 * @role: (nullable): of the lease; %NULL removes the fence
 * @token: of the lease
 *
 * From now on every write by @self checks, in its own transaction, that the lease was neither lost
 * nor released. Otherwise it writes nothing and fails with %BOORU_ERROR_FENCED. Other stores, even
 * of the same process, are not affected.
 */
void booru_store_set_fence (BooruStore *self, const char *role, gint64 token);

G_END_DECLS
