/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pairs of posts that look alike, for somebody to decide about. */
#pragma once

#include "board/booru-post.h"

G_BEGIN_DECLS

/* What was decided. Of a pair about which nothing was, it says nothing. */
typedef enum {
  BOORU_PAIR_OPEN,
  BOORU_PAIR_KEPT,    /* both are wanted as they are: the pair is never shown again */
  BOORU_PAIR_VARIANT, /* one is the other's parent */
} BooruPairDecision;

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
