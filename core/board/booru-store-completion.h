/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-query.h"
#include "board/booru-store.h"

G_BEGIN_DECLS

/**
 * BooruCompletionKind:
 * @BOORU_COMPLETION_TAG: the name begins so, or is what a pattern with * says
 * @BOORU_COMPLETION_WORD: words of the name begin so
 * @BOORU_COMPLETION_ALIAS: an alias of the tag begins so
 * @BOORU_COMPLETION_ABBREVIATION: the words of the name begin with these letters
 * @BOORU_COMPLETION_CORRECTION: the name is spelled nearly so
 *
 * Why a tag is offered.
 */
typedef enum
{
  BOORU_COMPLETION_TAG,
  BOORU_COMPLETION_WORD,
  BOORU_COMPLETION_ALIAS,
  BOORU_COMPLETION_ABBREVIATION,
  BOORU_COMPLETION_CORRECTION,
} BooruCompletionKind;

/**
 * BooruCompletion:
 * @kind: why it is offered
 * @tag: the tag
 * @antecedent: (nullable): what was found in its place: an alias, "/lh", the text as typed
 *
 * A tag for what somebody has begun to type.
 */
typedef struct
{
  BooruCompletionKind kind;
  BooruTagRef *tag;
  char *antecedent;
} BooruCompletion;

/**
 * booru_completion_free:
 * @self: (transfer full): a completion
 */
void booru_completion_free (BooruCompletion *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruCompletion, booru_completion_free)

/**
 * booru_store_complete_tags:
 * @self: a store
 * @text: the beginning of a tag, or of some words of it in any order; "/lh" for long_hair; or a
 *   pattern with *
 * @limit: how many at most
 * @error: return location
 *
 * Tags that no post has are not offered. If nothing begins like @text, those are that are spelled
 * nearly so.
 *
 * Returns: (transfer full) (element-type BooruCompletion): the most used first; of abbreviations
 * the shortest; %NULL on error
 */
GPtrArray *
booru_store_complete_tags (BooruStore *self, const char *text, guint limit, GError **error);

/**
 * booru_store_count_tags_within:
 * @self: a store
 * @query: a search
 * @tags: (element-type BooruTagRef): tags
 * @n_posts: (out) (optional): how many posts the search finds
 * @error: return location
 *
 * Returns: (transfer full) (element-type gint64): for each tag how many of the posts that @query
 *   finds have it; %NULL on error
 */
GArray *booru_store_count_tags_within (BooruStore *self,
                                       const BooruQuery *query,
                                       const GPtrArray *tags,
                                       gint64 *n_posts,
                                       GError **error);

/**
 * BooruRelatedOrder:
 * @BOORU_RELATED_BY_FREQUENCY: by the part of the posts that have it
 * @BOORU_RELATED_BY_COSINE: by the cosine similarity of both sets of posts
 * @BOORU_RELATED_BY_JACCARD: by their Jaccard index
 * @BOORU_RELATED_BY_OVERLAP: by their overlap coefficient
 *
 * What related tags are sorted by.
 */
typedef enum
{
  BOORU_RELATED_BY_FREQUENCY,
  BOORU_RELATED_BY_COSINE,
  BOORU_RELATED_BY_JACCARD,
  BOORU_RELATED_BY_OVERLAP,
} BooruRelatedOrder;

/**
 * BooruRelatedTag:
 * @tag: a tag
 * @n_together: how many of the posts have it
 * @cosine: from 0 to 1, as those that follow
 * @jaccard: likewise
 * @overlap: likewise
 * @frequency: the part of the posts that have it
 *
 * A tag that goes with a search.
 */
typedef struct
{
  BooruTagRef *tag;
  gint64 n_together;
  double cosine, jaccard, overlap, frequency;
} BooruRelatedTag;

/**
 * booru_related_tag_free:
 * @self: (transfer full): a related tag
 */
void booru_related_tag_free (BooruRelatedTag *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruRelatedTag, booru_related_tag_free)

/**
 * booru_store_list_related_tags:
 * @self: a store
 * @query: a search
 * @category: of the tags, or -1: of any category
 * @order: what to sort them by
 * @limit: how many at most
 * @n_posts: (out) (optional): how many posts the search finds
 * @error: return location
 *
 * The candidates come from a sample of the posts; their numbers are exact.
 *
 * Returns: (transfer full) (element-type BooruRelatedTag): the tags that go best with the search;
 *   %NULL on error
 */
GPtrArray *booru_store_list_related_tags (BooruStore *self,
                                          const BooruQuery *query,
                                          gint category,
                                          BooruRelatedOrder order,
                                          guint limit,
                                          gint64 *n_posts,
                                          GError **error);

G_END_DECLS
