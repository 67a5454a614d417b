/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruQuery:
 *
 * A parsed search: the tree of conditions, the order, a limit. Pure data; immutable and
 * reference-counted. The language is Danbooru's. What cannot be parsed is a query that finds
 * nothing, never an error; its faults say why.
 */
typedef struct _BooruQuery BooruQuery;

/* What is wrong at a place of a search. */
typedef struct
{
  gsize start, length; /* bytes of the text */
  gboolean refused;    /* the whole search fails: BOORU_ERROR_LIMIT */
  char *message;       /* a sentence */
} BooruQueryFault;

/* A tag that stands in a search, negated or not. */
typedef struct
{
  gsize start, length; /* bytes of the text */
  char *name;          /* normalised */
} BooruQueryTag;

BooruQuery *booru_query_parse (const char *text);
BooruQuery *booru_query_parse_random (const char *text); /* in a random order */
BooruQuery *booru_query_ref (BooruQuery *self);
void booru_query_unref (BooruQuery *self);
const char *booru_query_get_text (const BooruQuery *self); /* as given */
/* Canonical form: equal for queries that mean the same as far as spelling goes; key for caches. */
char *booru_query_to_string (const BooruQuery *self);
gint booru_query_get_limit (const BooruQuery *self); /* of "limit:"; -1: none */
gint booru_query_get_cap (const BooruQuery *self);   /* of "random:"; -1: none */
/* Of an order by ids: 1 ascending, -1 descending; 0: another order. */
gint booru_query_get_direction (const BooruQuery *self);
gboolean booru_query_is_random (const BooruQuery *self);          /* its order is */
const GPtrArray *booru_query_get_faults (const BooruQuery *self); /* BooruQueryFault */
/* One spelled nearly as @name; NULL: none. */
const char *booru_query_suggest_metatag (const char *name);

/* BooruQueryTag, in the order of the text. */
const GPtrArray *booru_query_get_tags (const BooruQuery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruQuery, booru_query_unref)

/**
 * BooruPage:
 *
 * Which part of a result is wanted, as Danbooru's page= and limit= say it.
 */
typedef enum
{
  BOORU_PAGE_NUMBER, /* the page-th page, from 1 */
  BOORU_PAGE_BEFORE, /* id < id, newest first; overrides the query's order */
  BOORU_PAGE_AFTER,  /* the nearest with id > id, returned newest first; overrides the order */
  /* The nearest before the post of that id, in the query's order, nearest first. */
  BOORU_PAGE_PRECEDING,
  BOORU_PAGE_FOLLOWING, /* the nearest after it */
} BooruPageKind;

typedef struct
{
  BooruPageKind kind;
  gint64 value; /* page number or post id */
  guint limit;
  guint seed; /* of a random order, which it makes the same each time; 0: another one each time */
} BooruPage;

#define BOORU_PAGE_MAX_NUMBER 1000

/* Parses "3", "b1234", "a1234"; BOORU_ERROR_LIMIT over BOORU_PAGE_MAX_NUMBER (HTTP 410),
 * BOORU_ERROR_INVALID. NULL and "0" are page 1. */
gboolean booru_page_parse (const char *text, guint limit, BooruPage *page, GError **error);

G_END_DECLS
