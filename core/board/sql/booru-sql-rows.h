/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many rows as one value of a statement: a JSON array of arrays. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  GString *json;
  guint n;
} BooruSqlRows;

void booru_sql_rows_init (BooruSqlRows *self);
void booru_sql_rows_clear (BooruSqlRows *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruSqlRows, booru_sql_rows_clear)

/* @format: of booru_sql_query(), as far as that makes sense here: x, i, k, c, s, and l, which is
 * packed and in hex. */
void booru_sql_rows_add (BooruSqlRows *self, const char *format, ...);

/* After the last row: all of them. Transfer none. */
const char *booru_sql_rows_end (BooruSqlRows *self);

G_END_DECLS
