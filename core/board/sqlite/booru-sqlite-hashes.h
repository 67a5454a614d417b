/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Perceptual hashes, packed so that all of them can be looked at for each search: see schema/. A
 * hash of 0 is of a picture in which nothing is to be seen; it is like no other, not even its own.
 */
#pragma once

#include "board/booru-similar.h"
#include "board/sqlite/booru-sqlite-db.h"

G_BEGIN_DECLS

/* Of so many consecutive posts each block holds the hashes: as many as fit into a page of the
 * database beside its head, so that a block is one page. Part of the format. */
#define BOORU_SQLITE_BLOCK_LENGTH 500

/* Functions for SQL: pack_hash (slot, hash), an aggregate that makes a block; and
 * similar_distance (list, id), the distance of a post in a list of (id, distance) pairs, or NULL.
 */
gboolean booru_sqlite_hashes_add_functions (sqlite3 *handle);

/* Within a write: what is known of a post's looks now. @changed: whether that is something new. */
gboolean booru_sqlite_hashes_put (BooruSqliteDb *db,
                                  gint64 post_id,
                                  const BooruMedia *media,
                                  gboolean *changed,
                                  GError **error);

/* Appends the hashes of a post to @hashes (of guint64); none for one that is not there. */
gboolean
booru_sqlite_hashes_of_post (BooruSqliteDb *db, gint64 post_id, GArray *hashes, GError **error);

/* Posts of any status, nearest first, then newest first; at most @limit. transfer full, of
 * BooruSimilar. */
GArray *booru_sqlite_hashes_find (BooruSqliteDb *db,
                                  const guint64 *hashes,
                                  guint n_hashes,
                                  guint max_distance,
                                  guint limit,
                                  GError **error);
/* Likewise, but active ones only: see booru_store_find_similar(). */
GArray *booru_sqlite_hashes_find_active (BooruSqliteDb *db,
                                         const guint64 *hashes,
                                         guint n_hashes,
                                         guint max_distance,
                                         guint limit,
                                         GError **error);

/* A row of hashes: of consecutive posts, or all of one post. */
typedef struct
{
  gint64 key;
  gint64 first_id;
  gboolean is_one_post;
  const guint8 *packed; /* as long as the statement stays where it is */
  guint n;
} BooruSqliteHashRow;
BooruSqliteHashRow booru_sqlite_hashes_read_row (BooruSqliteStatement *statement);

/* booru-sqlite-nearest.c: collects the posts that are nearest to a picture. */
typedef struct
{
  GArray *wanted;     /* guint64 */
  GArray *found;      /* BooruSimilar; also some that turned out to be too far */
  guint n_at[64 + 1]; /* found at each distance */
  guint n;            /* not too far */
  guint max_distance; /* shrinks when there are enough that are nearer */
  guint limit;
} BooruSqliteNearest;

void booru_sqlite_nearest_init (BooruSqliteNearest *self,
                                const guint64 *hashes,
                                guint n_hashes,
                                guint max_distance,
                                guint limit);
void booru_sqlite_nearest_clear (BooruSqliteNearest *self);
void booru_sqlite_nearest_look (BooruSqliteNearest *self, const BooruSqliteHashRow *row);

/* Transfer full, of BooruSimilar, nearest first, then newest first. */
GArray *booru_sqlite_nearest_finish (BooruSqliteNearest *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruSqliteNearest, booru_sqlite_nearest_clear)

G_END_DECLS
