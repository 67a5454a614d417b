/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the search index asks of records: posts by pool, favourite, comment, and so on. */
#pragma once

#include "board/index/booru-index-source.h"
#include "board/store/booru-store-private.h"

G_BEGIN_DECLS

/* As the functions of BooruIndexSource; nothing is appended for what no record answers. */
gboolean booru_store_read_record_leaf (BooruStore *store,
                                       const BooruQueryNode *node,
                                       GArray *hits,
                                       GError **error);
gboolean booru_store_read_record_order (BooruStore *store,
                                        BooruQueryOrder order,
                                        GArray *hits,
                                        GError **error);

/* Takes over the ids, and ranks where there is a second column, that a statement returns. */
gboolean booru_store_collect_hits (BooruSqlStatement *rows, GArray *hits, GError **error);

/* booru-store-leaves-lists.c: pool:, favgroup: and their orders; search:. */
gboolean booru_store_read_list_leaf (BooruStore *store,
                                     const BooruQueryNode *node,
                                     GArray *hits,
                                     GError **error);

G_END_DECLS
