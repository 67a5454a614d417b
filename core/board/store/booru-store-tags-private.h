/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags: a cache by id, and what an edit does to them. */
#pragma once

#include "board/store/booru-store-private.h"

G_BEGIN_DECLS

/* Has the cache hold these tags (ids in any order) as they are in the view that the caller reads
 * from, by one statement for those that it did not hold. In a write, some are as they were before
 * it. */
gboolean booru_store_tags_load (BooruStore *store, const GArray *ids, GError **error);

/* Loads the tag if need be. BOORU_ERROR_CORRUPT if there is none: ids come from packed lists.
 * Transfer none, until the next load. */
const BooruTagRef *booru_store_tag_lookup (BooruStore *store, gint64 id, GError **error);

/* Within a write: how many posts more or fewer have each tag, applied once at the end. */
typedef struct
{
  GHashTable *deltas; /* gint64 id -> gint64 delta */
} BooruTagCounts;
BooruTagCounts *booru_tag_counts_new (void);
void booru_tag_counts_free (BooruTagCounts *self);
void booru_tag_counts_add (BooruTagCounts *self, const GArray *ids, gint delta);
gboolean booru_tag_counts_apply (BooruTagCounts *self, BooruStore *store, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruTagCounts, booru_tag_counts_free)

/* Within a write: the same table, of names with any values, with the names that aliases stand for.
 * Transfer full. */
GHashTable *booru_store_resolve_names (BooruStore *store, GHashTable *names, GError **error);

/* BOORU_ERROR_INVALID if one of @ids is deprecated, so that people do not add it. */
gboolean booru_store_check_deprecated (BooruStore *store, const GArray *ids, GError **error);

/* Within a write: the tags of normalised names, made where there are none; those of aliases are the
 * tags that they stand for. @names: name ->
 * GINT_TO_POINTER (category + 1), where 0 wants none. A tag that exists is moved to the category;
 * if @suggest, only from general, and only if nobody has moved it before. @ids: set to theirs,
 * ascending. */
gboolean booru_store_tags_ensure (BooruStore *store,
                                  GHashTable *names,
                                  gboolean suggest,
                                  gint64 now,
                                  GArray *ids,
                                  GError **error);

G_END_DECLS
