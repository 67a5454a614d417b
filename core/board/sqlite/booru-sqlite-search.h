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

/* Parts of a search: booru-sqlite-pages.c and booru-sqlite-neighbours.c. */
/* Returns the index behind them. */
int booru_sqlite_bind_parameters (BooruSqliteStatement *statement,
                                  int index,
                                  const GPtrArray *parameters);
gboolean booru_sqlite_collect_ids (BooruSqliteDb *db,
                                   BooruSqliteStatement *statement,
                                   GArray *ids,
                                   GError **error);
void booru_sqlite_reverse_ids (GArray *ids);
gboolean booru_sqlite_find_page (BooruSqliteDb *db,
                                 BooruSqliteSelection *selection,
                                 const BooruPage *page,
                                 GArray *ids,
                                 GError **error);
char *booru_sqlite_dup_sort (const BooruSqliteSelection *selection, guint seed);
gboolean booru_sqlite_find_neighbours (BooruSqliteDb *db,
                                       BooruSqliteSelection *selection,
                                       const BooruPage *page,
                                       GArray *ids,
                                       GError **error);
gboolean booru_sqlite_pages_add_functions (sqlite3 *handle);

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
