/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A store's operations on posts that look alike. */
#pragma once

#include "board/booru-store.h"

G_BEGIN_DECLS

/**
 * booru_store_find_similar:
 * @self: a store
 * @hashes: (array length=n_hashes): perceptual hashes of a picture, or of the frames of a moving
 *   one; zeros are skipped
 * @n_hashes: how many
 * @max_distance: how many of the 64 bits of a post's hash may differ from the nearest of @hashes
 * @limit: how many posts at most
 * @error: return location; finding nothing is not an error
 *
 * Looks at the hashes of all posts, a few milliseconds for a million of them. The distance
 * of a moving picture is that of its nearest frame.
 *
 * Returns: (transfer full) (element-type BooruSimilar): active posts, nearest first, then newest
 *   first
 */
GArray *booru_store_find_similar (BooruStore *self,
                                  const guint64 *hashes,
                                  guint n_hashes,
                                  guint max_distance,
                                  guint limit,
                                  GError **error);

/**
 * booru_store_list_hashes:
 * @self: a store
 * @post_id: a post's number
 * @error: return location
 *
 * Returns: (transfer full) (element-type guint64): the hashes that booru_store_find_similar() has
 *   of the post; empty if there are none, or there is no such post
 */
GArray *booru_store_list_hashes (BooruStore *self, gint64 post_id, GError **error);

/**
 * booru_store_list_pairs:
 * @self: a store
 * @limit: how many at most
 * @page: from 1
 * @error: return location
 *
 * Lists active posts that look alike and are undecided, unless one is the parent of the other or
 * they have the same parent.
 *
 * Returns: (transfer full) (element-type BooruPair): the pairs, nearest first
 */
GPtrArray *booru_store_list_pairs (BooruStore *self, guint limit, guint page, GError **error);

/**
 * booru_store_count_pairs:
 * @self: a store
 * @error: return location
 *
 * Returns: how many pairs booru_store_list_pairs() has on all its pages; -1 on error
 */
gint64 booru_store_count_pairs (BooruStore *self, GError **error);

/**
 * booru_store_decide_pair:
 * @self: a store
 * @verdict: the decision
 * @error: %BOORU_ERROR_NOT_FOUND if the two posts are not a pair; %BOORU_ERROR_INVALID if one would
 *   have too many tags. Then nothing has changed
 *
 * Carries the decision out in one transaction. Its changes to posts are recorded as versions, as if
 * somebody had edited or deleted the posts.
 *
 * Returns: %TRUE on success
 */
gboolean
booru_store_decide_pair (BooruStore *self, const BooruPairVerdict *verdict, GError **error);

/**
 * booru_store_compare_posts:
 * @self: a store
 * @max_distance: how far apart two posts of a pair may be; if it differs from last time, pairs too
 *   far apart are dropped, or all posts are compared again
 * @duration: for about how many microseconds
 * @done: (out): whether no post waits for it any more
 * @error: return location; the same can be tried again
 *
 * Compares new posts, and those whose content was decoded anew, with all others, and stores the
 * pairs that look alike. Each call continues where the last one stopped; the next process repeats
 * what was begun and not stored. Decisions about pairs are never changed.
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_compare_posts (BooruStore *self,
                                    guint max_distance,
                                    gint64 duration,
                                    gboolean *done,
                                    GError **error);

G_END_DECLS
