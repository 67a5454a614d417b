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

/**
 * booru_store_check_history:
 * @self: a store
 * @history: (inout): as this function set it the last time; 0 at first
 * @same: (out): whether the generations that were known then still mean what they meant
 * @error: return location
 *
 * A server that crashes can lose its last writes, and give their generations to others. This is
 * found out when the connection is made anew. Whoever keeps something by its generation asks before
 * booru_store_list_changes(), and drops it, with the generation, where @same is %FALSE.
 *
 * Returns: %TRUE on success
 */
gboolean
booru_store_check_history (BooruStore *self, guint64 *history, gboolean *same, GError **error);

/**
 * BooruStoreChangesFunc:
 * @ranges: (element-type BooruChangedRange): what was changed, in the order of the changes
 * @all: whether anything may have changed, since the log does not reach back far enough
 * @user_data: as given
 *
 * Told of changes.
 */
typedef void (*BooruStoreChangesFunc) (const GArray *ranges, gboolean all, gpointer user_data);

/**
 * booru_store_watch_changes:
 * @self: a store
 * @func: (scope forever): told from the main loop, as long as @self lives
 * @user_data: for @func
 *
 * Has @func told of what is changed from now on, a moment after other processes, also those of
 * other machines, have written. Where the database cannot tell (SQLite's), nothing is ever told. To
 * be called once.
 */
void booru_store_watch_changes (BooruStore *self, BooruStoreChangesFunc func, gpointer user_data);

G_END_DECLS
