/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/query/booru-query-ast.h"
#include "board/sqlite/booru-query-compiler.h"

G_BEGIN_DECLS

BooruNode *booru_query_resolve (BooruSqliteDb *db, const BooruNode *node, GError **error);

/* Conditions on columns of posts, as "p": booru-query-condition.c. */
void booru_query_append_condition (const BooruNode *node, GString *sql, GPtrArray *parameters);
gboolean booru_query_is_list_of_posts (const BooruNode *node); /* "id:1,2" or "md5:…": few posts, found by a unique index */
GVariant *booru_query_list_of_ids (const BooruNode *node);     /* of such an id: node, a JSON array; transfer full */

G_END_DECLS
