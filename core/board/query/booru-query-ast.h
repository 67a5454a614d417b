/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree that a search is parsed into. Internal to the board: the parser makes it, the compiler of
 * a store reads it. */
#pragma once

#include "board/booru-query.h"

G_BEGIN_DECLS

typedef enum {
  BOORU_NODE_ALL,      /* every post */
  BOORU_NODE_NONE,     /* no post */
  BOORU_NODE_TAG,      /* text: the tag's name */
  BOORU_NODE_WILDCARD, /* text: a pattern with * */
  BOORU_NODE_METATAG,  /* metatag, and its value in ranges or words */
  BOORU_NODE_AND,      /* children */
  BOORU_NODE_OR,       /* children */
  BOORU_NODE_NOT,      /* one child */
  BOORU_NODE_OPTION,   /* one child, "~a"; only while parsing */
} BooruNodeKind;

typedef enum {
  BOORU_METATAG_ID,
  BOORU_METATAG_SCORE,
  BOORU_METATAG_FAVCOUNT,
  BOORU_METATAG_WIDTH,
  BOORU_METATAG_HEIGHT,
  BOORU_METATAG_MPIXELS,
  BOORU_METATAG_RATIO,
  BOORU_METATAG_FILESIZE,
  BOORU_METATAG_DURATION,
  BOORU_METATAG_TAGCOUNT,
  BOORU_METATAG_GENTAGS,
  BOORU_METATAG_ARTTAGS,
  BOORU_METATAG_COPYTAGS,
  BOORU_METATAG_CHARTAGS,
  BOORU_METATAG_METATAGS,
  BOORU_METATAG_MD5,
  BOORU_METATAG_RATING,   /* words: "g", "s", "q", "e" */
  BOORU_METATAG_STATUS,   /* words: "active", "deleted", "missing", "any" */
  BOORU_METATAG_FILETYPE, /* words: canonical extensions */
  /* These two say how to show a result, not what is in it; they never stand in the tree. */
  BOORU_METATAG_ORDER,
  BOORU_METATAG_LIMIT,
} BooruMetatag;

/* From min to max; an open end leaves the value itself out. -INFINITY and INFINITY: no bound. */
typedef struct
{
  double min, max;
  gboolean min_open, max_open;
} BooruRange;

typedef struct _BooruNode BooruNode;
struct _BooruNode
{
  BooruNodeKind kind;
  char *text;
  BooruMetatag metatag;
  GArray *ranges;    /* of BooruRange: any of them; NULL: see the next two */
  gboolean is_any;   /* "any": the post has a value */
  gboolean is_none;  /* "none": it has not */
  GPtrArray *words;  /* of char*: any of them */
  GPtrArray *children;
};

BooruNode *booru_node_new (BooruNodeKind kind);
BooruNode *booru_node_new_text (BooruNodeKind kind, const char *text);
BooruNode *booru_node_take_child (BooruNode *self, BooruNode *child); /* transfer full; returns self */
void booru_node_free (BooruNode *self);
void booru_node_append (const BooruNode *self, GString *out); /* as an s-expression */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruNode, booru_node_free)

/* Metatags: booru-query-metatag.c. */
gboolean booru_metatag_from_name (const char *name, gsize length, BooruMetatag *metatag);
const char *booru_metatag_get_name (BooruMetatag metatag);
BooruNode *booru_metatag_parse_value (BooruMetatag metatag, const char *value); /* NONE if it makes no sense */

typedef enum {
  BOORU_ORDER_ID,
  BOORU_ORDER_RANDOM,
  BOORU_ORDER_CUSTOM, /* as "id:3,1,2" names them */
  BOORU_ORDER_NONE,
  BOORU_ORDER_SCORE,
  BOORU_ORDER_FAVCOUNT,
  BOORU_ORDER_CREATED,
  BOORU_ORDER_CHANGED,
  BOORU_ORDER_MPIXELS,
  BOORU_ORDER_RATIO, /* portrait is ascending, landscape descending */
  BOORU_ORDER_FILESIZE,
  BOORU_ORDER_TAGCOUNT,
  BOORU_ORDER_DURATION,
  BOORU_ORDER_MD5,
} BooruOrderKind;

typedef struct
{
  BooruOrderKind kind;
  gboolean ascending;
} BooruOrder;

gboolean booru_order_from_name (const char *name, BooruOrder *order);

/* Parsing: booru-query-parser.c. The parser puts order and limit here as it meets them. */
typedef struct
{
  BooruOrder order;
  gint limit; /* -1: none */
  gboolean has_status;  /* "status:" stands somewhere: deleted and missing posts are not hidden */
  gboolean too_complex; /* the tree is NONE */
} BooruQueryTraits;

BooruNode *booru_query_parse_tree (const char *text, BooruQueryTraits *traits);

/* For compilers. */
const BooruNode *booru_query_get_tree (const BooruQuery *self);
const BooruQueryTraits *booru_query_get_traits (const BooruQuery *self);

G_END_DECLS
