/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/drivers/booru-board-state.h"

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "board/booru-lease.h"
#include "board/booru-store-lease.h"
#include "board/store/booru-store-private.h"

gboolean
booru_board_read_state (BooruSql *sql, BooruBoardState *state, char **moved_to, GError **error)
{
  g_autoptr (BooruSqlStatement) row = booru_sql_query (sql, error, "get-board-state", "");
  BooruSqlStep step = booru_sql_step (row, error);

  if (step == BOORU_SQL_DONE)
    return booru_sql_fail_corrupt (sql, "the board's own row is gone", error);
  if (step != BOORU_SQL_ROW)
    return FALSE;
  *state = (BooruBoardState)booru_sql_get_number (row, 0);
  if (moved_to != NULL)
    *moved_to = g_strdup (booru_sql_get_text (row, 1));
  return TRUE;
}

gboolean
booru_board_check_usable (BooruSql *sql, GError **error)
{
  g_autofree char *moved_to = NULL;
  BooruBoardState state;

  if (!booru_board_read_state (sql, &state, &moved_to, error))
    return FALSE;
  if (state == BOORU_BOARD_MOVED)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                 "The board was moved to “%s”. Give that as the setting “database” (empty for "
                 "“sqlite:”), or bring the board back with “booructl migrate”",
                 moved_to != NULL ? moved_to : "another database");
  else if (state == BOORU_BOARD_UNFINISHED)
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                         "The database was not filled to its end: “booructl migrate” was "
                         "interrupted. Run that again; the database that it moves is as it was");
  return state == BOORU_BOARD_USABLE;
}

gboolean
booru_board_check_unused (BooruSql *sql, GError **error)
{
  g_autoptr (BooruStore) store = booru_store_new (g_object_ref (sql), NULL);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (BooruLease) lease = booru_store_get_lease (store, BOORU_ROLE_MONITOR, &local_error);

  if (lease == NULL && !booru_err_notfound (local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (lease == NULL || lease->expires_at == 0)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY,
               "The monitor of %s works with the database. Stop all hosts that use it first",
               lease->holder);
  return FALSE;
}
