/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/sqlite/booru-sqlite-db.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 n_rows; /* that were taken over */
  guint64 n_gaps; /* places at which nothing can be read */
} BooruSqliteSalvage;

/**
 * booru_sqlite_salvage:
 * @from: a database, damaged or not, of this or an older version
 * @to: one of this version
 * @left_out: (nullable): tables that are not taken
 * @salvage: (inout): to count in
 * @error: if @to cannot be written; that @from cannot be read is no error
 *
 * Takes over each row of each table that can be read and that @to does not have. What is made of
 * other rows (the search index, counts) is not taken. Within a write to @to, which checks no
 * references meanwhile.
 */
gboolean booru_sqlite_salvage (BooruSqliteDb *from,
                               BooruSqliteDb *to,
                               const char *const *left_out,
                               BooruSqliteSalvage *salvage,
                               GError **error);

G_END_DECLS
