/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The posts of one block that changed since its image was made: they are left out there and looked
 * for here. */
#pragma once

#include "booru-index-set.h"
#include "booru-index-terms.h"

G_BEGIN_DECLS

/* An overlay with so many posts is full: the block should be built anew. */
#define BOORU_INDEX_MAX_OVERLAY BOORU_INDEX_MAX_ARRAY

typedef struct _BooruIndexOverlay BooruIndexOverlay;

BooruIndexOverlay *booru_index_overlay_new (void);
void booru_index_overlay_free (BooruIndexOverlay *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruIndexOverlay, booru_index_overlay_free)

/* The state of a post that was read at generation @read, because of a change of generation @change;
 * or that there is no such post. Not into one that is full. */
gboolean booru_index_overlay_put (BooruIndexOverlay *self,
                                  const BooruIndexRow *row,
                                  guint64 change,
                                  guint64 read,
                                  GError **error);
void
booru_index_overlay_put_gone (BooruIndexOverlay *self, guint low, guint64 change, guint64 read);

/* The generation at which a post was read; 0: it is not here. */
guint64 booru_index_overlay_get_read (const BooruIndexOverlay *self, guint low);

/* The first change of those that are here. */
guint64 booru_index_overlay_get_first_change (const BooruIndexOverlay *self);

/* All posts that are here, gone ones too. */
BooruIndexSet booru_index_overlay_get_changed (const BooruIndexOverlay *self);

/* As of a block (booru-index-block.h). */
BooruIndexSet booru_index_overlay_find (const BooruIndexOverlay *self, guint32 term);
const GPtrArray *booru_index_overlay_get_exts (const BooruIndexOverlay *self);

/* The numbers of a post that is here; NULL: it is not, or it is gone. */
const gint64 *booru_index_overlay_get_values (const BooruIndexOverlay *self, guint low);

G_END_DECLS
