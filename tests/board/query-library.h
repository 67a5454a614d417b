/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A library of random posts, put into the database as the store would have, and what a query finds
 * in it by a plain reading of its tree. */
#pragma once

#include "board-fixture.h"
#include "board/query/booru-query-ast.h"

G_BEGIN_DECLS

#define N_POSTS 300
#define N_TAGS 24

typedef struct
{
  gint64 id;
  BooruPostStatus status;
  char rating;
  const char *ext, *source;
  char md5[33];
  gint64 size, width, height, created_at, updated_at, parent_id;
  guint64 phash;                                              /* 0: none */
  double duration;                                            /* negative: none */
  gint score, up_score, down_score, fav_count, tag_counts[6]; /* the last one: all */
  gint n_children[3];                                         /* all, active, in the trash */
  gboolean tags[N_TAGS];
} Row;

typedef struct
{
  BoardFixture board;
  Row rows[N_POSTS];
  char *tag_names[N_TAGS];
  gint uses[N_TAGS]; /* by active posts */
  GRand *random;
  gint64 now;
} Library;

void query_library_set_up (Library *self, gconstpointer data);
void query_library_tear_down (Library *self, gconstpointer data);
const Row *query_library_find (Library *self, gint64 id);

/* G_MAXUINT: not to be compared. */
guint query_library_distance (Library *self, const Row *row, gint64 id);

/* Ids, descending; transfer full. */
GArray *query_library_list (Library *self, const BooruQuery *query);

G_END_DECLS
