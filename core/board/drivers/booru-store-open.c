/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which driver a store gets. */
#include "base/booru-error.h"
#include "base/booru-names.h"
#include "board/sqlite/booru-sqlite-db.h"
#include "board/store/booru-store-private.h"

BooruStore *
booru_store_open (const char *data_dir,
                  const char *database,
                  BooruStoreOpenMode mode,
                  BooruStoreProgress progress,
                  gpointer user_data,
                  GError **error)
{
  g_autofree char *index_folder = NULL;
  BooruSqliteDb *db;

  g_return_val_if_fail (data_dir != NULL, NULL);
  if (database != NULL && *database != '\0')
    {
      g_set_error (
          error, BOORU_ERROR, BOORU_ERROR_INVALID,
          "“%s” is no database that this program knows. Leave the setting “database” empty "
          "for the SQLite database in the data folder",
          database);
      return NULL;
    }
  db = booru_sqlite_db_open (data_dir, mode, progress, user_data, error);
  if (db == NULL)
    return NULL;
  index_folder = g_build_filename (data_dir, BOORU_DIR_INDEX, NULL);
  return booru_store_new (BOORU_SQL (db), index_folder);
}
