/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 n_posts, n_files, n_rows; /* of all tables */
  char *aside;                     /* where a database lies that was in the way; NULL: none was */
} BooruMigration;
void booru_migration_clear (BooruMigration *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruMigration, booru_migration_clear)

/* Moves a board from one database to another: copies each table, reads both sides back and compares
 * them row by row, and only then makes the target usable, and marks the source as moved. No host
 * may run on the data folder, nor a monitor of another machine on either database.
 *
 * @from, @to: as booru_store_open(); "" or "sqlite:": the database in the data folder. @to has to
 * be new, or to have been moved from before, or filled only in part.
 * @error: BOORU_ERROR_BUSY: somebody uses one of them; BOORU_ERROR_EXISTS: there is a board in @to;
 * BOORU_ERROR_CORRUPT: what was read back differs. The source is as it was then. */
gboolean booru_migrate (const char *data_dir,
                        const char *from,
                        const char *to,
                        BooruStoreProgress progress,
                        gpointer user_data,
                        BooruMigration *migration,
                        GError **error);

G_END_DECLS
