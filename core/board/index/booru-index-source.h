/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the search index reads from the store: the index knows no database, the store no blocks. */
#pragma once

#include "board/booru-post.h"
#include "board/query/booru-query-ast.h"

G_BEGIN_DECLS

/* Ids from here on are refused: BOORU_ERROR_LIMIT. */
#define BOORU_INDEX_MAX_ID (G_GINT64_CONSTANT (1) << 32)

/* The numbers of a post that a search compares or sorts by. */
typedef enum
{
  BOORU_INDEX_SCORE,
  BOORU_INDEX_UPVOTES,
  BOORU_INDEX_DOWNVOTES, /* a count, not negative */
  BOORU_INDEX_FAVCOUNT,
  BOORU_INDEX_WIDTH,
  BOORU_INDEX_HEIGHT,
  BOORU_INDEX_FILESIZE,
  BOORU_INDEX_DURATION, /* booru_index_duration_to_value() */
  BOORU_INDEX_CREATED,  /* microseconds since 1970, as the next one */
  BOORU_INDEX_UPDATED,
  BOORU_INDEX_TAGCOUNT,
  BOORU_INDEX_GENTAGS,
  BOORU_INDEX_ARTTAGS,
  BOORU_INDEX_COPYTAGS,
  BOORU_INDEX_CHARTAGS,
  BOORU_INDEX_METATAGS,
  BOORU_INDEX_PIXIV, /* -1: it has none */
  BOORU_INDEX_CHILDREN,
  BOORU_INDEX_ACTIVE_CHILDREN,
  BOORU_INDEX_DELETED_CHILDREN,
  BOORU_INDEX_MD5, /* booru_index_md5_to_value() */
  BOORU_INDEX_N_COLUMNS,
} BooruIndexColumn;

/* What is true of a post or not, beside its tags. */
typedef enum
{
  BOORU_INDEX_HAS_SOURCE = 1 << 0,
  BOORU_INDEX_IS_INCOMPLETE = 1 << 1, /* is:incomplete */
} BooruIndexFacts;

/* All that the index knows of one post. */
typedef struct
{
  gint64 id;
  BooruPostStatus status;
  BooruRating rating;
  const char *ext;
  guint facts;       /* BooruIndexFacts */
  guint parent_mask; /* BOORU_STATUS_MASK of its parent; 0: it has none */
  guint child_mask;  /* the same of all its children */
  gint64 values[BOORU_INDEX_N_COLUMNS];
  const gint64 *tags; /* ids, ascending, each once */
  guint n_tags;
} BooruIndexRow;

/* Posts first…last, a single one or a bulk edit, that are new, changed or gone. Their facts about
 * relatives count too: a post whose status changes changes its parent and its children. */
typedef struct
{
  guint64 generation; /* that the change belongs to */
  gint64 first, last;
  gint64 tag; /* if not 0: the category of this one changed, and with it all posts that have it */
} BooruIndexChange;

/* A post that a leaf of the query finds. */
typedef struct
{
  gint64 id;
  gint64 rank; /* of similar: the distance; of ordpool: and its like the place, from 0 on; of
                * read_order() what is sorted by; otherwise 0 */
} BooruIndexHit;

typedef gboolean (*BooruIndexRowFunc) (const BooruIndexRow *row, gpointer data, GError **error);
typedef gboolean (*BooruIndexTagFunc) (const BooruTagRef *tag, gpointer data, GError **error);

/* All of these see one snapshot of the store between a call of the index and its return, or else
 * get_generation() never runs ahead of what the others see. They return FALSE with @error. */
typedef struct
{
  /* Rises with every write; never 0. */
  gboolean (*get_generation) (gpointer data, guint64 *generation, GError **error);

  /* What tells the store as it was at @generation from what it would be had it gone back to an
   * earlier state and on from there: by a copy that was put back, or without its last writes after
   * a loss of power. 0: nothing was written up to then, or it is too long ago to tell: then a file
   * is used as it is, since what is new in another history is not so old. */
  gboolean (*get_stamp) (gpointer data, guint64 generation, gint64 *stamp, GError **error);

  /* The smallest id of a post from @from on; -1: there is none. */
  gboolean (*find_next_id) (gpointer data, gint64 from, gint64 *id, GError **error);

  /* The posts of ids @first to @last, ascending. */
  gboolean (*read_rows) (gpointer data,
                         gint64 first,
                         gint64 last,
                         BooruIndexRowFunc func,
                         gpointer func_data,
                         GError **error);

  /* Appends the BooruIndexChange after generation @after, ascending by generation. If that is too
   * long ago to tell: one of all posts, of the present generation. */
  gboolean (*read_changes) (gpointer data, guint64 after, GArray *changes, GError **error);

  /* Tags that were made, renamed, moved to another category or are on more or fewer active posts
   * since generation @after; all tags: 0. */
  gboolean (*read_tags) (gpointer data,
                         guint64 after,
                         BooruIndexTagFunc func,
                         gpointer func_data,
                         GError **error);

  /* Appends the BooruIndexHit of a condition that BOORU_ANSWER_LEAF answers, ascending by id, each
   * once, posts in any state. Of parent: and source: only those with a post or a text are asked
   * for. node->presence is ANY, all posts that have any, or VALUES, never UNSET: none of them.
   * Ranges of counts begin at 1. */
  gboolean (*read_leaf) (gpointer data, const BooruQueryNode *node, GArray *hits, GError **error);

  /* Likewise of all posts that have what @order sorts by, which is one that
   * booru_query_order_is_of_store(), never an "_ASC". */
  gboolean (*read_order) (gpointer data, BooruQueryOrder order, GArray *hits, GError **error);

  /* Appends the names under which a tag is found, the first of which is its own: it, or what it
   * stands for as an alias, and aliases of that under which posts may still be tagged. Transfer
   * none, until the next call. NULL: there are no aliases. */
  gboolean (*list_names) (gpointer data, const char *name, GPtrArray *names, GError **error);
} BooruIndexSource;

/* @seconds: negative for none. */
gint64 booru_index_duration_to_value (double seconds);

/* @md5: its 16 bytes, of which the first eight decide. */
gint64 booru_index_md5_to_value (const guint8 *md5);

G_END_DECLS
