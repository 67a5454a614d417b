/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pages of what a query finds. They append gint64 to @ids; FALSE: the source failed. */
#pragma once

#include "booru-index-order.h"
#include "booru-index-run.h"

G_BEGIN_DECLS

/* By ids, which lie in first…last. */
gboolean booru_index_page_by_id (BooruIndexRun *run,
                                 gboolean down,
                                 gint64 first,
                                 gint64 last,
                                 guint64 offset,
                                 guint limit,
                                 GArray *ids,
                                 GError **error);

/* In any order. @after: only what stands behind a place, the nearest first; or NULL. */
gboolean booru_index_page_sorted (BooruIndexRun *run,
                                  const BooruIndexOrder *order,
                                  const BooruIndexRank *after,
                                  guint64 offset,
                                  guint limit,
                                  GArray *ids,
                                  GError **error);

G_END_DECLS
