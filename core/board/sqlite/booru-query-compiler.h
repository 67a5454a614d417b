/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a parsed search to SQL. Values are bound, never pasted. */
#pragma once

#include "board/sqlite/booru-sqlite-db.h"

G_BEGIN_DECLS

/**
 * BooruSqliteSelection:
 *
 * The posts that a query finds, as the part of a SELECT from FROM on, how to sort them, and how to
 * count them. Good as long as the snapshot in which it was compiled.
 */
typedef struct
{
  gboolean empty;      /* nothing can be found: there is no SQL */
  char *from;          /* "FROM … WHERE …" with ? for each parameter */
  const char *id;      /* the expression of a post's id in it */
  const char *key;     /* the expression that the rows are sorted by as they come: the id, or … */
  gboolean is_negated; /* … the id negated */
  char *all; /* another @from with the same parameters, in which the id is "p.id": quicker where
              * each post has to be looked at; or NULL */
  gboolean sorts_all; /* @order and random orders go with @all, where there is one */
  char *order;        /* expressions for ORDER BY, which may hold parameters too */
  /* The first of them without its direction, never NULL in SQL; NULL: by the id alone. */
  char *sort;
  gboolean sorts_down, ids_down; /* the directions of @sort and of ids */
  GPtrArray *parameters;       /* GVariant of x, d, s, ay (md5 in hex) or ax (a blob), for @from */
  GPtrArray *order_parameters; /* likewise for @order */
  gboolean is_random;
  char *count;                 /* a whole SELECT of how many posts there are */
  GPtrArray *count_parameters; /* likewise for @count */
} BooruSqliteSelection;

BooruSqliteSelection *
booru_sqlite_compile (BooruSqliteDb *db, const BooruQuery *query, GError **error);
void booru_sqlite_selection_free (BooruSqliteSelection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruSqliteSelection, booru_sqlite_selection_free)

G_END_DECLS
