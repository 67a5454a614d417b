/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One query, evaluated block by block. */
#pragma once

#include "booru-index-blocks.h"
#include "booru-index-evaluate.h"

G_BEGIN_DECLS

typedef struct
{
  BooruIndexBlocks *blocks;
  const BooruIndexPlan *plan;
  guint columns;           /* mask of those that are needed */
  BooruIndexLevel *levels; /* as many as the plan is deep */
  BooruIndexLevel *spare;  /* for the caller */
  BooruIndexBuffer *base, *merged;
} BooruIndexRun;

/* What is found in one block: among the posts of its image that did not change since, and among
 * those that did. Good until the next one. */
typedef struct
{
  guint n; /* 1, if none did */
  BooruIndexView views[2];
  BooruIndexSet sets[2];
} BooruIndexFound;

/* @columns: a mask of what the caller needs of each post beside. */
void booru_index_run_init (BooruIndexRun *self,
                           BooruIndexBlocks *blocks,
                           const BooruIndexPlan *plan,
                           guint columns);
void booru_index_run_clear (BooruIndexRun *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruIndexRun, booru_index_run_clear)

/* In the @i-th block. FALSE: the source failed. */
gboolean
booru_index_run_find (BooruIndexRun *self, guint i, BooruIndexFound *found, GError **error);

/* Both sets as one. */
BooruIndexSet booru_index_run_merge (BooruIndexRun *self, const BooruIndexFound *found);

guint booru_index_found_count (const BooruIndexFound *self);

G_END_DECLS
