/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What posts are sorted by. */
#pragma once

#include "booru-index-view.h"

G_BEGIN_DECLS

typedef enum
{
  BOORU_INDEX_SORT_ID,
  BOORU_INDEX_SORT_VALUE, /* booru-index-values.h */
  BOORU_INDEX_SORT_RANK,  /* as a list of ids says */
  BOORU_INDEX_SORT_RANDOM,
} BooruIndexSort;

typedef struct
{
  BooruIndexSort sort;
  gboolean down, ids_down; /* the latter among equals */
  guint value;
  GArray *ranks;       /* BooruIndexHit, ascending by id */
  gint64 missing_rank; /* of posts that are not among them */
  guint seed;
} BooruIndexOrder;

/* @hits: what booru_index_plan_new() gave, or NULL. @seed: of a random order; 0: any. */
void
booru_index_order_init (BooruIndexOrder *self, const BooruQuery *query, GArray *hits, guint seed);
void booru_index_order_clear (BooruIndexOrder *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruIndexOrder, booru_index_order_clear)

/* The columns that it looks at, as a mask. */
guint booru_index_order_get_columns (const BooruIndexOrder *self);

/* Where a post stands; the greatest come first, whatever the direction. */
typedef struct
{
  gint64 key;
  guint32 id_key;
} BooruIndexRank;

BooruIndexRank
booru_index_order_get_rank (const BooruIndexOrder *self, const BooruIndexView *view, guint low);
guint32 booru_index_order_get_id (const BooruIndexOrder *self, BooruIndexRank rank);

/* Adds the posts of a block, and ids that are none, whose key in a random order lies in low…high,
 * before the direction counts. */
void booru_index_order_scan_random (const BooruIndexOrder *self,
                                    guint32 number,
                                    gint64 low,
                                    gint64 high,
                                    guint64 *bits);

static inline gboolean
booru_index_rank_precedes (BooruIndexRank a, BooruIndexRank b)
{
  return a.key != b.key ? a.key > b.key : a.id_key > b.id_key;
}

G_END_DECLS
