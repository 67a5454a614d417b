/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruTagCategory:
 * @BOORU_TAG_GENERAL: general
 * @BOORU_TAG_ARTIST: artist
 * @BOORU_TAG_COPYRIGHT: copyright
 * @BOORU_TAG_CHARACTER: character
 * @BOORU_TAG_META: meta
 *
 * The categories of tags, numbered as Danbooru numbers them: clients rely on it.
 */
typedef enum
{
  BOORU_TAG_GENERAL = 0,
  BOORU_TAG_ARTIST = 1,
  BOORU_TAG_COPYRIGHT = 3,
  BOORU_TAG_CHARACTER = 4,
  BOORU_TAG_META = 5,
} BooruTagCategory;

/**
 * BOORU_N_TAG_CATEGORIES:
 *
 * The number of categories.
 */
#define BOORU_N_TAG_CATEGORIES 5

/**
 * booru_tag_categories:
 *
 * All categories in the order in which a page shows them: artist, copyright, character, general,
 * meta.
 */
extern const BooruTagCategory booru_tag_categories[BOORU_N_TAG_CATEGORIES];

/**
 * booru_tag_category_to_string:
 * @category: a category
 *
 * Returns: (transfer none): its name in lower case, as the API and "category:tag" spell it
 */
const char *booru_tag_category_to_string (BooruTagCategory category);

/**
 * booru_tag_category_from_string:
 * @string: a category's name, short name ("char", "copy", "art", "gen") or number, in any case, as
 *   Danbooru takes them
 * @category: (out): the category
 *
 * Returns: whether @string names one
 */
gboolean booru_tag_category_from_string (const char *string, BooruTagCategory *category);

/**
 * booru_tag_normalize:
 * @name: a tag as typed
 * @error: %BOORU_ERROR_INVALID with the reason if it cannot be a tag
 *
 * Returns: (transfer full): the tag in Unicode NFC and lower case, with runs of white space and
 *   underscores as one underscore, and none at the ends
 */
char *booru_tag_normalize (const char *name, GError **error);

/**
 * booru_tag_get_distance:
 * @name: a name in UTF-8
 * @other: another one
 * @max: the greatest distance of interest
 *
 * The optimal string alignment distance:
 * https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance
 *
 * Returns: how many characters have to be inserted, deleted, replaced or swapped with their
 *   neighbour to turn @name into @other; some number above @max if that is more, or a name is long
 */
guint booru_tag_get_distance (const char *name, const char *other, guint max);

/**
 * BooruTagRef:
 * @id: the tag's number
 * @name: its name
 * @category: its category
 * @post_count: how many posts have it
 *
 * A tag of a post.
 */
typedef struct
{
  gint64 id;
  char *name;
  BooruTagCategory category;
  gint64 post_count;
} BooruTagRef;

/**
 * booru_tag_ref_new:
 * @id: the tag's number
 * @name: its name
 * @category: its category
 * @post_count: how many posts have it
 *
 * Returns: (transfer full): a tag as posts hold it
 */
BooruTagRef *
booru_tag_ref_new (gint64 id, const char *name, BooruTagCategory category, gint64 post_count);

/**
 * booru_tag_ref_free:
 * @self: (transfer full): a tag
 */
void booru_tag_ref_free (BooruTagRef *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruTagRef, booru_tag_ref_free)

/**
 * BooruTag:
 * @id: its number
 * @name: its name
 * @category: its category
 * @post_count: how many posts have it
 * @created_at: microseconds since 1970, UTC
 * @updated_at: microseconds since 1970, UTC
 * @is_deprecated: whether it should not be used any more
 *
 * A tag by itself.
 */
typedef struct
{
  gint64 id;
  char *name;
  BooruTagCategory category;
  gint64 post_count;
  gint64 created_at, updated_at;
  gboolean is_deprecated;
} BooruTag;

/**
 * booru_tag_free:
 * @self: (transfer full): a tag
 */
void booru_tag_free (BooruTag *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruTag, booru_tag_free)

/**
 * BooruTagOrder:
 * @BOORU_TAG_ORDER_NEWEST: by descending id: the default of tags.json
 * @BOORU_TAG_ORDER_NAME: by name
 * @BOORU_TAG_ORDER_DATE: by the time of the last change
 * @BOORU_TAG_ORDER_COUNT: by the number of posts
 *
 * An order of tags.
 */
typedef enum
{
  BOORU_TAG_ORDER_NEWEST,
  BOORU_TAG_ORDER_NAME,
  BOORU_TAG_ORDER_DATE,
  BOORU_TAG_ORDER_COUNT,
} BooruTagOrder;

/**
 * BooruTagFilter:
 * @names: exactly these
 * @name_matches: a pattern with *
 * @category: -1 for any
 * @hide_empty: leave out tags without posts
 * @order: their order
 * @limit: how many at most
 * @page: from 1
 * @before_id: page=bID
 * @after_id: page=aID
 *
 * Which tags booru_store_list_tags() returns. A member that is 0 or %NULL does not filter.
 */
typedef struct
{
  const char *const *names;
  const char *name_matches;
  gint category;
  gboolean hide_empty;
  BooruTagOrder order;
  guint limit;
  guint page;
  gint64 before_id;
  gint64 after_id;
} BooruTagFilter;

/**
 * BOORU_TAG_FILTER_INIT:
 *
 * The initial value of a #BooruTagFilter: the newest 20 tags.
 */
#define BOORU_TAG_FILTER_INIT                                                                      \
  {                                                                                                \
    .category = -1, .limit = 20, .page = 1                                                         \
  }

G_END_DECLS
