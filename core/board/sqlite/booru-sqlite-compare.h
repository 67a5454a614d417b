/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing new posts with all others, a little at a time. */
#pragma once

#include "board/booru-pair.h"
#include "board/sqlite/booru-sqlite-hashes.h"

G_BEGIN_DECLS

/* A batch of posts, and how far it has got. Nothing of it is lost with the process: posts stay
 * noted as not compared until their pairs are stored. */
typedef struct
{
  GArray *posts;      /* Candidate; NULL: no batch */
  gint64 next_block;  /* G_MAXINT64: all blocks were looked at … */
  gint64 next_frames; /* … and then all posts with frames, up to this one */
} BooruSqliteComparison;

void booru_sqlite_comparison_clear (BooruSqliteComparison *self);

/* See booru_store_compare_posts(). */
gboolean booru_sqlite_compare (BooruSqliteDb *db,
                               BooruSqliteComparison *self,
                               guint max_distance,
                               gint64 duration,
                               gboolean *done,
                               GError **error);

/* Within a write: the hashes of a post are new. */
gboolean booru_sqlite_compare_later (BooruSqliteDb *db, gint64 post_id, GError **error);

/* booru-sqlite-pairs.c */
GPtrArray *booru_sqlite_pairs_list (BooruSqliteDb *db, guint limit, guint page, GError **error);
gint64 booru_sqlite_pairs_count (BooruSqliteDb *db, GError **error);
gboolean
booru_sqlite_pair_decide (BooruSqliteDb *db, const BooruPairVerdict *verdict, GError **error);

G_END_DECLS
