/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/query/booru-query-ast.h"
#include "board/sqlite/booru-query-compiler.h"

G_BEGIN_DECLS

/* booru-query-resolve.c: the same tree, over tokens of the search index (TAG) and conditions. */
/* Transfer full. */
BooruQueryNode *booru_query_resolve (BooruSqliteDb *db, const BooruQueryNode *node, GError **error);

/* booru-query-match.c: expressions of FTS5 for trees of tokens. */
typedef struct
{
  gboolean active_only; /* posts in the trash and missing ones are left out */
  gboolean has_hidden;  /* there are any */
} BooruQueryScope;
gboolean booru_query_is_indexed (const BooruQueryNode *node);

/* Of BooruQueryNode, all to hold, at least one. */
char *booru_query_get_match (GPtrArray *conjuncts, const BooruQueryScope *scope);

/* booru-query-condition.c: conditions on columns of posts, as "p". */
typedef struct
{
  GString *sql;
  GPtrArray *parameters;
  const char *id;         /* the expression of a post's id */
  const char *negated_id; /* what the rows are sorted by, if that is the id negated; or NULL */
} BooruQuerySql;
void booru_query_append_condition (BooruQuerySql *self, const BooruQueryNode *node);

/* "id:1,2" or "md5:…": few posts, found by a unique index. */
gboolean booru_query_is_list_of_posts (const BooruQueryNode *node);

/* Every number in them, a JSON array; transfer full. */
GVariant *booru_query_list_of_numbers (const GArray *ranges);

G_END_DECLS
