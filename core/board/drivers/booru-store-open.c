/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-names.h"
#include "board/drivers/booru-board-state.h"
#include "board/drivers/booru-drivers.h"
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
  g_autoptr (BooruSql) sql = NULL;

  g_return_val_if_fail (data_dir != NULL, NULL);

  sql = booru_drivers_open (data_dir, database, mode, progress, user_data, error);
  if (sql == NULL || !booru_board_check_usable (sql, error))
    return NULL;
  index_folder = g_build_filename (data_dir, BOORU_DIR_INDEX, NULL);
  return booru_store_new (g_steal_pointer (&sql), index_folder);
}
