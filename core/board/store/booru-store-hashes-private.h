/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Perceptual hashes, packed so that all of them can be looked at for each search: see schema/. A
 * hash of 0 is of a picture in which nothing is to be seen; it is like no other, not even its own.
 */
#pragma once

#include "board/booru-store-similar.h"
#include "board/store/booru-store-private.h"

G_BEGIN_DECLS

/* Of so many consecutive posts each block holds the hashes: as many as fit into a page of the
 * database beside its head, so that a block is one page. Part of the format. */
#define BOORU_STORE_BLOCK_LENGTH 500

/* Within a write: what is known of a post's looks now. @changed: whether that is something new. */
gboolean booru_store_hashes_put (BooruStore *store,
                                 gint64 post_id,
                                 gboolean is_new,
                                 const BooruMedia *media,
                                 gboolean *changed,
                                 GError **error);

/* Posts of any status, nearest first, then newest first; at most @limit. transfer full, of
 * BooruSimilar. */
GArray *booru_store_hashes_find (BooruStore *store,
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
} BooruHashRow;
BooruHashRow booru_store_hashes_read_row (BooruSqlStatement *row);

/* booru-store-nearest.c: collects the posts that are nearest to a picture. */
typedef struct
{
  GArray *wanted;     /* guint64 */
  GArray *found;      /* BooruSimilar; also some that turned out to be too far */
  guint n_at[64 + 1]; /* found at each distance */
  guint n;            /* not too far */
  guint max_distance; /* shrinks when there are enough that are nearer */
  guint limit;
} BooruNearest;

void booru_nearest_init (BooruNearest *self,
                         const guint64 *hashes,
                         guint n_hashes,
                         guint max_distance,
                         guint limit);
void booru_nearest_clear (BooruNearest *self);
void booru_nearest_look (BooruNearest *self, const BooruHashRow *row);

/* Transfer full, of BooruSimilar, nearest first, then newest first. */
GArray *booru_nearest_finish (BooruNearest *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruNearest, booru_nearest_clear)

G_END_DECLS
