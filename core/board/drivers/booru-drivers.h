/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which driver a database gets: SQLite is built in, others are modules among the plugins. */
#pragma once

#include "board/booru-store.h"
#include "board/sql/booru-sql.h"

G_BEGIN_DECLS

/* Whether it is the SQLite database in the data folder: %NULL, "" or "sqlite:". */
gboolean booru_drivers_is_sqlite (const char *database);

/* Opens @database by the driver that its scheme names, "postgresql:…" or "postgres://…". Transfer
 * full. BOORU_ERROR_INVALID: no driver has that scheme; BOORU_ERROR_NOT_FOUND, BOORU_ERROR_CONFIG:
 * its module is missing or cannot be used; otherwise as booru_store_open(). */
BooruSql *booru_drivers_open (const char *data_dir,
                              const char *database,
                              BooruStoreOpenMode mode,
                              BooruStoreProgress progress,
                              gpointer data,
                              GError **error);

G_END_DECLS
