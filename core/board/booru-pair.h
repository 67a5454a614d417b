/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pairs of posts that look alike, for somebody to decide about. */
#pragma once

#include "board/booru-post.h"

G_BEGIN_DECLS

/* What was decided. Of a pair about which nothing was, it says nothing. */
typedef enum
{
  BOORU_PAIR_OPEN,
  BOORU_PAIR_KEPT,    /* both are wanted as they are: the pair is never shown again */
  BOORU_PAIR_VARIANT, /* one is the other's parent */
} BooruPairDecision;

typedef enum
{
  BOORU_PAIR_KEEP,   /* both, as they are */
  BOORU_PAIR_PARENT, /* post_id becomes the parent of other_id */
  BOORU_PAIR_MERGE,  /* post_id has the tags of other_id, too; the pair stays open */
  BOORU_PAIR_TRASH,  /* other_id goes to the trash */
  BOORU_PAIR_REOPEN, /* what was decided is taken back, but for tags and the trash */
} BooruPairAction;

/**
 * BooruPairVerdict:
 *
 * What somebody decides about a pair.
 */
typedef struct
{
  gint64 post_id, other_id; /* in any order, but for what @action makes of them */
  BooruPairAction action;
  gboolean merge_tags; /* TRASH: post_id gets the tags of other_id before */
  gint64 editor_id;
} BooruPairVerdict;

/**
 * BooruPair:
 *
 * Two posts that look alike.
 */
typedef struct
{
  BooruPost *post, *other; /* @post is the older one */
  guint distance;          /* bits of their nearest hashes that differ */
} BooruPair;

void booru_pair_free (BooruPair *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruPair, booru_pair_free)

G_END_DECLS
