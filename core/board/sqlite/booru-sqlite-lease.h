/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-lease.h"
#include "board/sqlite/booru-sqlite-db.h"

G_BEGIN_DECLS

BooruLease *booru_sqlite_lease_get (BooruSqliteDb *db, const char *role, GError **error);
BooruLease *booru_sqlite_lease_acquire (BooruSqliteDb *db,
                                        const char *role,
                                        const char *holder,
                                        gint64 length,
                                        GError **error);
gboolean booru_sqlite_lease_renew (BooruSqliteDb *db,
                                   const BooruLease *lease,
                                   gint64 length,
                                   gint64 *expires_at,
                                   GError **error);
gboolean booru_sqlite_lease_release (BooruSqliteDb *db, const BooruLease *lease, GError **error);

G_END_DECLS
