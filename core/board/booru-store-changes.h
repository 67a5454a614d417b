/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-change.h"
#include "board/booru-store.h"

G_BEGIN_DECLS

/**
 * booru_store_get_generation:
 * @self: a store
 *
 * Takes microseconds: a key for caches of what is derived from the store.
 *
 * Returns: a number that changes whenever anybody, in any process, writes
 */
guint64 booru_store_get_generation (BooruStore *self);

/**
 * booru_store_list_changes:
 * @self: a store
 * @kind: what is asked about
 * @generation: (inout): the board's, as this function set it the last time; 0: nothing is known yet
 * @ranges: (element-type BooruChangedRange): set to what was changed since, in the order of the
 *   changes
 * @all: (out): whether anything may have changed, because the log does not reach back to
 *   @generation
 * @error: return location
 *
 * What anybody, in any process, has changed: for whatever is derived from the store, whenever
 * booru_store_get_generation() returns another number.
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_list_changes (BooruStore *self,
                                   BooruChangeKind kind,
                                   guint64 *generation,
                                   GArray *ranges,
                                   gboolean *all,
                                   GError **error);

/**
 * booru_store_get_tag_count:
 * @self: a store
 * @id: a tag's number, as posts have it
 * @error: return location
 *
 * Takes microseconds for tags that were read before, and have not changed since.
 *
 * Returns: how many posts have the tag; -1 on error
 */
gint64 booru_store_get_tag_count (BooruStore *self, gint64 id, GError **error);

G_END_DECLS
