/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruLease:
 * @role: such as %BOORU_ROLE_MONITOR
 * @holder: for people: host, boot and process; empty: nobody
 * @token: fencing token: grows whenever the role is taken
 * @expires_at: CLOCK_BOOTTIME, microseconds; 0: expired or released
 *
 * A role over a store, such as being its one monitor, held by one process at a time: a holder that
 * does not renew the lease in time loses it. Times are those of CLOCK_BOOTTIME, which nobody can
 * set and which goes on while the machine sleeps. The boot id is stored too, since a reboot ends
 * every lease. All holders are therefore on one machine, as SQLite's WAL demands anyway.
 */
typedef struct
{
  char *role;
  char *holder;
  gint64 token;
  gint64 expires_at;
} BooruLease;

/**
 * booru_lease_free:
 * @self: (transfer full): a lease
 */
void booru_lease_free (BooruLease *self);

/**
 * booru_lease_get_time:
 *
 * From any thread.
 *
 * Returns: the time of CLOCK_BOOTTIME: microseconds since the machine booted, time asleep included
 */
gint64 booru_lease_get_time (void);

/**
 * booru_lease_get_boot_id:
 *
 * From any thread.
 *
 * Returns: (transfer none): the kernel's id of this boot, random(4)
 */
const char *booru_lease_get_boot_id (void);

/**
 * booru_lease_dup_holder:
 *
 * Returns: (transfer full): a name for this process: host name, boot and pid. For people to read;
 *   tokens tell holders apart
 */
char *booru_lease_dup_holder (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruLease, booru_lease_free)

G_END_DECLS
