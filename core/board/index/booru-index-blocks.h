/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All blocks of a store, each with what changed since its image was made, as new as the store was
 * when they last caught up with it. A block is built when it is needed first. */
#pragma once

#include "booru-index-block.h"
#include "booru-index-folder.h"
#include "booru-index-overlay.h"

G_BEGIN_DECLS

typedef struct
{
  guint32 number;
  BooruIndexBlock *block;     /* NULL: to be built */
  BooruIndexOverlay *overlay; /* NULL: nothing changed since */
  guint64 seen;               /* generation of the file that was looked at last; 0: none */
  guint32 serial;             /* of that file */
} BooruIndexSlot;

typedef struct _BooruIndexBlocks BooruIndexBlocks;

BooruIndexBlocks *
booru_index_blocks_new (const char *store_id, const BooruIndexSource *source, gpointer data);

/* How long one call may build missing blocks: beyond, booru_index_blocks_get() is BOORU_ERROR_BUSY
 * until the next booru_index_blocks_catch_up(). Microseconds; without a limit at first. */
void booru_index_blocks_set_patience (BooruIndexBlocks *self, gint64 patience);
void booru_index_blocks_free (BooruIndexBlocks *self);

/* Uses the files of a folder whose manifest is new. They may be older than what is known already:
 * the next catch_up() starts from them. Files from after @generation, the store's, are left for
 * later: FALSE. */
gboolean booru_index_blocks_adopt (BooruIndexBlocks *self,
                                   const BooruIndexFolder *folder,
                                   guint64 generation);

/* Up to @generation, the store's. */
gboolean booru_index_blocks_catch_up (BooruIndexBlocks *self, guint64 generation, GError **error);
guint64 booru_index_blocks_get_generation (const BooruIndexBlocks *self);

/* By ascending ids. */
guint booru_index_blocks_get_n (const BooruIndexBlocks *self);
const BooruIndexSlot *booru_index_blocks_peek (const BooruIndexBlocks *self, guint i);

/* One of them with its block, which is built if need be, and with the columns of a mask. NULL: the
 * source failed. */
const BooruIndexSlot *
booru_index_blocks_get (BooruIndexBlocks *self, guint i, guint columns, GError **error);

/* The block that needs most to be written: one without a file that is of use, or with at least
 * @min_changes changed posts. G_MAXUINT: there is none. */
guint booru_index_blocks_find_unwritten (const BooruIndexBlocks *self, guint min_changes);

/* Writes the file of a block, and uses it from then on. */
gboolean booru_index_blocks_write (BooruIndexBlocks *self,
                                   guint i,
                                   const BooruIndexFolder *folder,
                                   GError **error);

/* Looks at the file of one block, another one each time; if it is gone or damaged, the block counts
 * as unwritten. */
void booru_index_blocks_verify_next (BooruIndexBlocks *self, const BooruIndexFolder *folder);

/* Appends a BooruIndexEntry for each block; returns the generation up to which the files know all
 * changes. */
guint64 booru_index_blocks_list_files (const BooruIndexBlocks *self, GArray *entries);

/* How many were built, and how many of them because their file was damaged. */
void booru_index_blocks_get_built (const BooruIndexBlocks *self, guint *n_built, guint *n_damaged);

/* The place of the block that an id belongs to; G_MAXUINT: there is none. */
guint booru_index_blocks_find (const BooruIndexBlocks *self, gint64 id);

G_END_DECLS
