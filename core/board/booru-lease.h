/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruLease:
 *
 * A role over a store, such as that of its one monitor, held by one process at a time and for a
 * while: who does not renew it in time loses it. Times are those of CLOCK_BOOTTIME, which nobody
 * can set and which goes on while the machine sleeps; together with the boot's id, since a reboot
 * ends every lease. All holders are on one machine, therefore (as SQLite's WAL demands anyway).
 */
typedef struct
{
  char *role;
  char *holder;      /* for people: host, boot and process; empty: nobody */
  gint64 token;      /* fencing token: grows whenever the role is taken */
  gint64 expires_at; /* CLOCK_BOOTTIME, microseconds; 0: it has expired, or was released */
} BooruLease;

void booru_lease_free (BooruLease *self);
gint64 booru_lease_get_time (void);         /* CLOCK_BOOTTIME, microseconds; from any thread */
const char *booru_lease_get_boot_id (void); /* differs after each boot; from any thread */
char *booru_lease_dup_holder (void);        /* what to call this process */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruLease, booru_lease_free)

G_END_DECLS
