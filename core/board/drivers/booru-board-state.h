/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a database is to be used: one may have been moved from, or filled only in part. */
#pragma once

#include "board/sql/booru-sql.h"

G_BEGIN_DECLS

/* The numbers are stored. */
typedef enum
{
  BOORU_BOARD_USABLE,
  BOORU_BOARD_UNFINISHED, /* it was to be filled from another */
  BOORU_BOARD_MOVED,      /* another took its place */
} BooruBoardState;

/* @moved_to: (out) (optional): transfer full; NULL: to nowhere. */
gboolean
booru_board_read_state (BooruSql *sql, BooruBoardState *state, char **moved_to, GError **error);

/* BOORU_ERROR_CONFIG: it is not, with what to do. */
gboolean booru_board_check_usable (BooruSql *sql, GError **error);

/* BOORU_ERROR_BUSY: a monitor works with it, here or on another machine. */
gboolean booru_board_check_unused (BooruSql *sql, GError **error);

G_END_DECLS
