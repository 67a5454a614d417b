/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The store's operations on what looks alike. */
#include "board/booru-store.h"

/**
 * booru_store_find_similar:
 * @hashes: perceptual hashes of one picture, or of the frames of what moves; those that are 0 are
 *   passed over
 * @n_hashes: how many
 * @max_distance: in how many of the 64 bits a post's hash may differ from the nearest of @hashes
 * @limit: at most so many
 * @error: where to store what went wrong; that nothing is found is no error
 *
 * Exact: looks at the hashes of all posts, some milliseconds for a million of them. A post of what
 * moves is as near as its nearest frame.
 *
 * Returns: (transfer full): of BooruSimilar, active posts only, nearest first, then newest first
 */
GArray *
booru_store_find_similar (BooruStore *self,
                          const guint64 *hashes,
                          guint n_hashes,
                          guint max_distance,
                          guint limit,
                          GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->find_similar (self, hashes, n_hashes, max_distance, limit,
                                                     error);
}

/**
 * booru_store_list_hashes:
 * @post_id: a post's number
 * @error: where to store what went wrong
 *
 * Returns: (transfer full): of guint64: what booru_store_find_similar() knows of the post's looks;
 *   empty if that is nothing, or there is no such post
 */
GArray *
booru_store_list_hashes (BooruStore *self, gint64 post_id, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_hashes (self, post_id, error);
}

/**
 * booru_store_list_pairs:
 * @limit: at most so many
 * @page: from 1
 * @error: where to store what went wrong
 *
 * Returns: (transfer full): of BooruPair: active posts that look alike, nearest first, about which
 *   nothing was decided, and which are not parent and child or children of one parent already
 */
GPtrArray *
booru_store_list_pairs (BooruStore *self, guint limit, guint page, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->list_pairs (self, limit, page, error);
}

/**
 * booru_store_count_pairs:
 * @error: where to store what went wrong
 *
 * Returns: how many pairs booru_store_list_pairs() has on all its pages; -1 on error
 */
gint64
booru_store_count_pairs (BooruStore *self, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->count_pairs (self, error);
}

/**
 * booru_store_decide_pair:
 * @verdict: what somebody decided
 * @error: BOORU_ERROR_NOT_FOUND if the two are no pair that looks alike; BOORU_ERROR_INVALID if one
 *   would have too many tags; then nothing has changed
 *
 * Carries it out in one transaction. What it does to posts is recorded as versions of them, as if
 * somebody had edited or deleted them.
 */
gboolean
booru_store_decide_pair (BooruStore *self, const BooruPairVerdict *verdict, GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->decide_pair (self, verdict, error);
}

/**
 * booru_store_compare_posts:
 * @max_distance: how far apart two posts may be to make a pair; with another one than the last
 * time, pairs that are too far apart go, or all posts are compared again
 * @duration: for how many microseconds, about
 * @done: (out): whether no post waits to be compared any more
 * @error: where to store what went wrong; the same can be tried again
 *
 * Compares posts that came, or whose content was decoded anew, with all others, and stores the
 * pairs that look alike. Goes on with each call where the last one stopped; what was begun and is
 * not stored is begun again by the next process. What was decided about a pair is never changed.
 */
gboolean
booru_store_compare_posts (BooruStore *self,
                           guint max_distance,
                           gint64 duration,
                           gboolean *done,
                           GError **error)
{
  return BOORU_STORE_GET_IFACE (self)->compare_posts (self, max_distance, duration, done, error);
}
