/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a query is evaluated on: the posts of a block as its image has them, or those of its
 * overlay. */
#pragma once

#include "booru-index-block.h"
#include "booru-index-overlay.h"

G_BEGIN_DECLS

typedef struct
{
  guint32 number;
  const BooruIndexBlock *block; /* one of the two */
  const BooruIndexOverlay *overlay;
} BooruIndexView;

BooruIndexSet booru_index_view_find (const BooruIndexView *self, guint32 term);
BooruIndexSet booru_index_view_find_ext (const BooruIndexView *self, const char *ext);

/* A value (booru-index-values.h) of a post that there is. */
gint64 booru_index_view_get_value (const BooruIndexView *self, guint value, guint low);

G_END_DECLS
