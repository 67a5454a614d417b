/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The search index of a store: what it reads from the database. */
#pragma once

#include "board/index/booru-index.h"
#include "board/store/booru-store-private.h"

G_BEGIN_DECLS

/* What the store keeps for its index. */
struct _BooruStoreIndex
{
  BooruIndex *index;
  GByteArray *categories;    /* of tags, by id */
  guint64 categories_are_of; /* a generation of the board */
  gint64 pruned;             /* when the log of changes was, monotonic time; 0: not yet */
};

/* The store's, made at its first use. Not within a write. */
BooruIndex *booru_store_get_index (BooruStore *store, GError **error);

G_END_DECLS
