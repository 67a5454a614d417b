/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/sqlite/booru-query-compiler.h"

G_BEGIN_DECLS

/* Exact counts of queries, as long as nobody writes. */
typedef struct
{
  GHashTable *by_query; /* canonical text -> GINT64 */
  guint64 generation;
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
