/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The log of changes, for whoever derives something from the store: caches, the search index. */
#pragma once

#include "board/store/booru-store-private.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 generation; /* of the board, at which it was changed */
  gint64 first, last; /* ids, both included */
} BooruChangedRange;

/* What has changed since *@generation, the board's as this function set it last time; 0: nothing is
 * known yet. Sets it to that of the view that is read; in a write, to that before it. @ranges (of
 * BooruChangedRange): set to what was changed since, in the order of the changes; @all: the log
 * does not tell, and anything may have. */
gboolean booru_store_read_changes (BooruStore *self,
                                   BooruChangeKind kind,
                                   guint64 *generation,
                                   GArray *ranges,
                                   gboolean *all,
                                   GError **error);

/* Forgets what changed more than a week ago. */
gboolean booru_store_prune_changes (BooruStore *self, GError **error);

G_END_DECLS
