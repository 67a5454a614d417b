/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All blocks of a store, each with what changed since its image was made, as new as the store was
 * when they last caught up with it. A block is built when it is needed first. */
#pragma once

#include "booru-index-block.h"
#include "booru-index-overlay.h"

G_BEGIN_DECLS

typedef struct
{
  guint32 number;
  BooruIndexBlock *block;     /* NULL: to be built */
  BooruIndexOverlay *overlay; /* NULL: nothing changed since */
} BooruIndexSlot;

typedef struct _BooruIndexBlocks BooruIndexBlocks;

BooruIndexBlocks *
booru_index_blocks_new (const char *store_id, const BooruIndexSource *source, gpointer data);
void booru_index_blocks_free (BooruIndexBlocks *self);

gboolean booru_index_blocks_catch_up (BooruIndexBlocks *self, GError **error);
guint64 booru_index_blocks_get_generation (const BooruIndexBlocks *self);

/* By ascending ids. */
guint booru_index_blocks_get_n (const BooruIndexBlocks *self);
const BooruIndexSlot *booru_index_blocks_peek (const BooruIndexBlocks *self, guint i);

/* One of them with its block, which is built if need be, and with the columns of a mask. NULL: the
 * source failed. */
const BooruIndexSlot *
booru_index_blocks_get (BooruIndexBlocks *self, guint i, guint columns, GError **error);

/* The place of the block that an id belongs to; G_MAXUINT: there is none. */
guint booru_index_blocks_find (const BooruIndexBlocks *self, gint64 id);

G_END_DECLS
