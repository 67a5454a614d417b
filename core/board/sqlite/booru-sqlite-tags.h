/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags: the packed lists in posts and versions, a cache by id, lists, and what an edit does to
 * them. */
#pragma once

#include "board/sqlite/booru-sqlite-db.h"

G_BEGIN_DECLS

/* Lists of tag ids (GArray of gint64, ascending, none twice) as posts.tags keeps them. */
GArray *booru_sqlite_tag_ids_new (void);
void booru_sqlite_tag_ids_sort (GArray *ids); /* and drops what is there twice */
gboolean booru_sqlite_tag_ids_contain (const GArray *ids, gint64 id);
GBytes *booru_sqlite_tag_ids_pack (const GArray *ids);

/* FALSE: not a packed list. */
gboolean booru_sqlite_tag_ids_unpack (const void *data, gsize length, GArray *ids);

BooruSqliteTagCache *booru_sqlite_tag_cache_new (void);
void booru_sqlite_tag_cache_free (BooruSqliteTagCache *self);

/* As it was at db->generation, which the caller has brought up to date. BOORU_ERROR_CORRUPT if
 * there is no such tag: ids come from packed lists. Transfer none, until the next call. */
const BooruTagRef *booru_sqlite_tag_lookup (BooruSqliteDb *db, gint64 id, GError **error);

GPtrArray *booru_sqlite_tags_list (BooruSqliteDb *db, const BooruTagFilter *filter, GError **error);

/* Within a write: how many posts more or fewer have each tag, applied once at the end. */
typedef struct
{
  GHashTable *deltas; /* gint64 id -> gint64 delta */
} BooruSqliteTagCounts;
BooruSqliteTagCounts *booru_sqlite_tag_counts_new (void);
void booru_sqlite_tag_counts_free (BooruSqliteTagCounts *self);
void booru_sqlite_tag_counts_add (BooruSqliteTagCounts *self, const GArray *ids, gint delta);
gboolean
booru_sqlite_tag_counts_apply (BooruSqliteTagCounts *self, BooruSqliteDb *db, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruSqliteTagCounts, booru_sqlite_tag_counts_free)

/* Within a write: the tag of that normalised name, made if there is none. category: -1 or what it
 * is to be, also of a tag that exists; then the counts of the posts that have it follow. */
gboolean booru_sqlite_tag_ensure (BooruSqliteDb *db,
                                  const char *name,
                                  gint category,
                                  gint64 now,
                                  gint64 *id,
                                  GError **error);
/* As above, but as a suggestion: of tags that exist, only a general one that nobody has moved gets
 * the category. */
gboolean booru_sqlite_tag_suggest (BooruSqliteDb *db,
                                   const char *name,
                                   gint category,
                                   gint64 now,
                                   gint64 *id,
                                   GError **error);

/* *id 0: there is none. */
gboolean booru_sqlite_tag_find (BooruSqliteDb *db, const char *name, gint64 *id, GError **error);

G_END_DECLS
