/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/store/booru-store-leaves-private.h"

gboolean
booru_store_collect_hits (BooruSqlStatement *rows, GArray *hits, GError **error)
{
  g_autoptr (BooruSqlStatement) ended = rows;
  BooruSqlStep step;

  while ((step = booru_sql_step (ended, error)) == BOORU_SQL_ROW)
    {
      BooruIndexHit hit = { booru_sql_get_number (ended, 0), booru_sql_get_number (ended, 1) };

      g_array_append_val (hits, hit);
    }
  return step == BOORU_SQL_DONE;
}
