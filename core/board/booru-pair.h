/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pairs of posts that look alike, for somebody to decide about. */
#pragma once

#include "board/booru-post.h"

G_BEGIN_DECLS

/**
 * BooruPairDecision:
 * @BOORU_PAIR_OPEN: nothing was decided
 * @BOORU_PAIR_KEPT: both are wanted as they are: the pair is never shown again
 * @BOORU_PAIR_VARIANT: one is the other's parent
 *
 * What was decided about a pair.
 */
typedef enum
{
  BOORU_PAIR_OPEN,
  BOORU_PAIR_KEPT,
  BOORU_PAIR_VARIANT,
} BooruPairDecision;

/**
 * BooruPairAction:
 * @BOORU_PAIR_KEEP: keep both, as they are
 * @BOORU_PAIR_PARENT: post_id becomes the parent of other_id
 * @BOORU_PAIR_MERGE: post_id gets the tags of other_id, too; the pair stays open
 * @BOORU_PAIR_TRASH: other_id goes to the trash
 * @BOORU_PAIR_REOPEN: take the decision back, except for tags and the trash
 *
 * What to do about a pair.
 */
typedef enum
{
  BOORU_PAIR_KEEP,
  BOORU_PAIR_PARENT,
  BOORU_PAIR_MERGE,
  BOORU_PAIR_TRASH,
  BOORU_PAIR_REOPEN,
} BooruPairAction;

/**
 * BooruPairVerdict:
 * @post_id: one post
 * @other_id: the other; their order matters only where @action gives them roles
 * @action: what to do
 * @merge_tags: for TRASH: post_id gets the tags of other_id first
 * @editor_id: who decides
 *
 * A decision about a pair.
 */
typedef struct
{
  gint64 post_id, other_id;
  BooruPairAction action;
  gboolean merge_tags;
  gint64 editor_id;
} BooruPairVerdict;

/**
 * BooruPair:
 * @post: the older post
 * @other: the newer post
 * @distance: how many bits of their nearest hashes differ
 *
 * Two posts that look alike.
 */
typedef struct
{
  BooruPost *post, *other;
  guint distance;
} BooruPair;

/**
 * booru_pair_free:
 * @self: (transfer full): a pair
 */
void booru_pair_free (BooruPair *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruPair, booru_pair_free)

G_END_DECLS
