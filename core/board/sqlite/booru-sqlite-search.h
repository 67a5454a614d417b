/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/sqlite/booru-query-compiler.h"

G_BEGIN_DECLS

/* Exact counts of queries, as long as nobody writes, and the last query that was compiled: its page
 * and its count are asked for one after the other. */
typedef struct
{
  GHashTable *by_query; /* canonical text -> GINT64 */
  guint64 generation;
  BooruQuery *query; /* NULL: none */
  BooruSqliteSelection *selection;
  guint64 selected; /* the generation that it was compiled in */
} BooruSqliteCountCache;

void booru_sqlite_count_cache_init (BooruSqliteCountCache *self);
void booru_sqlite_count_cache_clear (BooruSqliteCountCache *self);

gboolean booru_sqlite_search_add_functions (sqlite3 *handle);

GPtrArray *booru_sqlite_search (BooruSqliteDb *db,
                                BooruSqliteCountCache *cache,
                                const BooruQuery *query,
                                const BooruPage *page,
                                GError **error);
gint64 booru_sqlite_count (BooruSqliteDb *db,
                           BooruSqliteCountCache *cache,
                           const BooruQuery *query,
                           GError **error);

G_END_DECLS
