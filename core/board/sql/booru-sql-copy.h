/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole tables, from one database to another, and what is in them. */
#pragma once

#include "board/sql/booru-sql.h"

G_BEGIN_DECLS

/* A table as both databases have it. @types: of its columns, as a format of booru_sql_query() has
 * them: x, d, s, B. @key: the columns that it is sorted by; the first is a number. */
typedef struct
{
  const char *name, *columns, *types, *key;
} BooruSqlTable;

/* Keys that are read at once: a result is held in memory where a driver cannot do otherwise. */
#define BOORU_SQL_WINDOW 10000

/* The greatest first key; -1: the table is empty. */
gboolean
booru_sql_read_last_key (BooruSql *self, const BooruSqlTable *table, gint64 *last, GError **error);

/* Told of each part: how many rows of a table are done. */
typedef void (*BooruSqlCopyFunc) (const char *table, gint64 n_rows, gpointer data);

/* Copies all rows into an empty table. @from: within a snapshot; @to: within a write. */
gboolean booru_sql_copy_table (BooruSql *from,
                               BooruSql *to,
                               const BooruSqlTable *table,
                               BooruSqlCopyFunc func,
                               gpointer data,
                               GError **error);

/* How many rows there are, and a checksum of all that is in them, the same for equal tables of any
 * database. Within a snapshot. @digest: transfer full. */
gboolean booru_sql_digest_table (BooruSql *self,
                                 const BooruSqlTable *table,
                                 gint64 *n_rows,
                                 char **digest,
                                 GError **error);

G_END_DECLS
