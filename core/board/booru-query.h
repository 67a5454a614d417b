/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruQuery:
 *
 * A parsed search: the tree of conditions, the order, a limit. Pure data, immutable and
 * reference-counted. The language is Danbooru's. A text that cannot be parsed gives a query that
 * finds nothing, never an error; the query's faults say why.
 */
typedef struct _BooruQuery BooruQuery;

/**
 * BooruQueryFault:
 * @start: where it is, in bytes of the text
 * @length: in bytes
 * @refused: the whole search fails: %BOORU_ERROR_LIMIT
 * @message: a sentence
 *
 * What is wrong at one place of a search.
 */
typedef struct
{
  gsize start, length;
  gboolean refused;
  char *message;
} BooruQueryFault;

/**
 * BooruQueryTag:
 * @start: where it is, in bytes of the text
 * @length: in bytes
 * @name: normalised
 *
 * A tag in a search, negated or not.
 */
typedef struct
{
  gsize start, length;
  char *name;
} BooruQueryTag;

/**
 * booru_query_parse:
 * @text: (nullable): a search as typed; an empty one finds everything
 *
 * Parses a search in Danbooru's language. Posts in the trash and missing ones are hidden unless
 * status: (or is:active, is:deleted, is:missing) occurs anywhere in @text, or it asks for certain
 * posts by their ids or md5s.
 *
 * Returns: (transfer full): the query; one that finds nothing if @text cannot be parsed
 */
BooruQuery *booru_query_parse (const char *text);

/**
 * booru_query_parse_for:
 * @text: (nullable): a search as typed
 * @asker: the user who searches; 0: nobody that is known
 *
 * Returns: (transfer full): as booru_query_parse(), and what depends on the user, such as "search:"
 *   or somebody's private favourites, is what @asker may see
 */
BooruQuery *booru_query_parse_for (const char *text, gint64 asker);

/**
 * booru_query_parse_random:
 * @text: (nullable): a search as typed
 * @asker: as of booru_query_parse_for()
 *
 * Returns: (transfer full): as booru_query_parse_for(), but in a random order, whatever @text says
 */
BooruQuery *booru_query_parse_random (const char *text, gint64 asker);

/**
 * booru_query_ref:
 * @self: a query
 *
 * Returns: (transfer full): @self
 */
BooruQuery *booru_query_ref (BooruQuery *self);

/**
 * booru_query_unref:
 * @self: (transfer full): a query
 */
void booru_query_unref (BooruQuery *self);

/**
 * booru_query_get_text:
 * @self: a query
 *
 * Returns: (transfer none): the text as given
 */
const char *booru_query_get_text (const BooruQuery *self);

/**
 * booru_query_to_string:
 * @self: a query
 *
 * Queries that differ only in spelling, in the order of their terms or in needless parentheses have
 * the same canonical form: a key for caches.
 *
 * Returns: (transfer full): a text that parses to an equal query, except for the few things that
 *   the language cannot spell (a pattern like "*)" in a group, a backslash together with a quote);
 *   ")" for a query that finds nothing
 */
char *booru_query_to_string (const BooruQuery *self);

/**
 * booru_query_get_limit:
 * @self: a query
 *
 * Returns: the value of "limit:"; -1 if there is none
 */
gint booru_query_get_limit (const BooruQuery *self);

/**
 * booru_query_get_cap:
 * @self: a query
 *
 * Returns: the value of "random:"; -1 if there is none
 */
gint booru_query_get_cap (const BooruQuery *self);

/**
 * booru_query_get_direction:
 * @self: a query
 *
 * Returns: 1 if it is ordered by ascending ids, -1 if by descending ids, 0 otherwise
 */
gint booru_query_get_direction (const BooruQuery *self);

/**
 * booru_query_is_personal:
 * @self: a query
 *
 * Returns: whether what it finds depends on who asks: then its canonical form is no key for what
 *   others are shown, too
 */
gboolean booru_query_is_personal (const BooruQuery *self);

/**
 * booru_query_is_random:
 * @self: a query
 *
 * Returns: whether its order is random
 */
gboolean booru_query_is_random (const BooruQuery *self);

/**
 * booru_query_get_faults:
 * @self: a query
 *
 * Returns: (transfer none) (element-type BooruQueryFault): what is wrong with it
 */
const GPtrArray *booru_query_get_faults (const BooruQuery *self);

/**
 * booru_query_suggest_metatag:
 * @name: what stands before a colon and is not a metatag
 *
 * Returns: (transfer none) (nullable): the metatag with the most similar spelling, if one is close
 */
const char *booru_query_suggest_metatag (const char *name);

/**
 * booru_query_is_metatag:
 * @name: what stands before a colon, in any case
 *
 * Returns: whether it is a metatag, even one that this board has nothing of
 */
gboolean booru_query_is_metatag (const char *name);

/**
 * booru_query_complete_metatag:
 * @beginning: of the name of a metatag, in any case
 *
 * Returns: (transfer container) (element-type utf8): the names that begin so and find something on
 *   this board, sorted
 */
GPtrArray *booru_query_complete_metatag (const char *beginning);

/**
 * booru_query_complete_value:
 * @metatag: the name of a metatag
 * @beginning: of a value, in any case
 *
 * Returns: (transfer container) (element-type utf8): those of the few values that it takes that
 * begin so, sorted; none if it takes any text, or numbers
 */
GPtrArray *booru_query_complete_value (const char *metatag, const char *beginning);

/**
 * booru_query_get_tags:
 * @self: a query
 *
 * Returns: (transfer none) (element-type BooruQueryTag): its tags, in the order of the text
 */
const GPtrArray *booru_query_get_tags (const BooruQuery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruQuery, booru_query_unref)

/**
 * BooruPageKind:
 * @BOORU_PAGE_NUMBER: the value-th page, from 1
 * @BOORU_PAGE_BEFORE: ids below the value, newest first; overrides the query's order
 * @BOORU_PAGE_AFTER: the nearest ids above the value, newest first; overrides the query's order
 * @BOORU_PAGE_PRECEDING: the nearest before the post with that id, in the query's order, nearest
 *   first
 * @BOORU_PAGE_FOLLOWING: the nearest after that post, likewise
 *
 * How a page is chosen.
 */
typedef enum
{
  BOORU_PAGE_NUMBER,
  BOORU_PAGE_BEFORE,
  BOORU_PAGE_AFTER,
  BOORU_PAGE_PRECEDING,
  BOORU_PAGE_FOLLOWING,
} BooruPageKind;

/**
 * BooruPage:
 * @kind: how the page is chosen
 * @value: page number or post id
 * @limit: how many a page has
 * @seed: makes a random order repeatable; 0: another order each time
 *
 * Which part of a result is wanted, as Danbooru's page= and limit= say it.
 */
typedef struct
{
  BooruPageKind kind;
  gint64 value;
  guint limit;
  guint seed;
} BooruPage;

/**
 * BOORU_PAGE_MAX_NUMBER:
 *
 * The last page that can be asked for by its number.
 */
#define BOORU_PAGE_MAX_NUMBER 1000

/**
 * booru_page_parse:
 * @text: (nullable): the value of page=; %NULL and "0" are page 1
 * @limit: how many posts a page has
 * @page: (out caller-allocates): the page
 * @error: %BOORU_ERROR_LIMIT over %BOORU_PAGE_MAX_NUMBER (HTTP 410), %BOORU_ERROR_INVALID
 *
 * Returns: whether @text is a page: a number, or "b" or "a" and the id of a post
 */
gboolean booru_page_parse (const char *text, guint limit, BooruPage *page, GError **error);

G_END_DECLS
