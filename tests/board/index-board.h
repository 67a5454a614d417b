/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A board in memory that a search index reads from, and what a query finds in it by a plain reading
 * of its tree. */
#pragma once

#include "board/index/booru-index.h"

G_BEGIN_DECLS

#define INDEX_N_TAGS 48

typedef struct
{
  gint64 id, parent_id;
  BooruPostStatus status;
  char rating;
  const char *ext, *source;
  gboolean incomplete;
  guint8 md5[16];
  gint64 size, width, height, created_at, updated_at;
  double duration;                                            /* negative: none */
  gint64 pixiv;                                               /* -1: none */
  gint score, up_score, down_score, fav_count, tag_counts[6]; /* the last one: all */
  guint64 tags;                                               /* a bit each, from tag 1 on */
} IndexPost;

typedef struct
{
  gint64 id;
  char *name;
  BooruTagCategory category;
  gint64 count;    /* of active posts */
  guint64 changed; /* generation */
} IndexTag;

typedef struct
{
  GRand *random;
  GPtrArray *posts; /* IndexPost, ascending by id */
  IndexTag tags[INDEX_N_TAGS];
  guint64 generation, forgotten; /* changes up to the latter are not known any more */
  GArray *changes;               /* BooruIndexChange */
  guint64 forked;                /* the generation to which the board went back … */
  gint64 history;                /* … to become another one */
  gint64 now;
  guint n_rows_read; /* since somebody set it to 0 */
  gboolean fails;    /* everything is an error */
  guint delay;       /* of rows, seconds */
} IndexBoard;

extern const BooruIndexSource index_board_source;

IndexBoard *index_board_new (guint32 seed);
IndexBoard *index_board_make (guint32 seed); /* with posts in blocks 0, 1, 7 and the last one */
void index_board_free (IndexBoard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IndexBoard, index_board_free)

/* @n posts with ids from @first on, with gaps up to @gap. */
void index_board_add (IndexBoard *self, gint64 first, guint n, guint gap);

/* Anything that happens to a board: a few posts are edited, made, deleted, many are edited at once,
 * a tag is renamed. */
void index_board_edit (IndexBoard *self);

/* Logs that posts first…last changed, in a generation of its own. */
void index_board_log (IndexBoard *self, gint64 first, gint64 last);

/* What the store would know of a post: how many comments it has and when the last one came; 0:
 * none. */
gint64 index_board_get_comments (const IndexPost *post);
gint64 index_board_get_commented (const IndexPost *post);

/* Where it stands in the one pool, whose name is "pool"; -1: it is not in it. */
gint64 index_board_get_place (const IndexPost *post);

/* How many of its children are in one of the states of @mask. */
gint64 index_board_count_children (const IndexBoard *self, const IndexPost *post, guint mask);

IndexPost *index_board_find (const IndexBoard *self, gint64 id);
guint index_board_distance (const IndexPost *a, const IndexPost *b);

/* A random query of the whole language; transfer full. */
char *index_board_draw_query (IndexBoard *self);

/* What a query finds, in its order: of IndexPost; transfer container. Random orders: descending by
 * id. */
GPtrArray *index_board_list (IndexBoard *self, const BooruQuery *query);

G_END_DECLS
