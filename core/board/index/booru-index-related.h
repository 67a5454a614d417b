/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags of what a query finds. */
#pragma once

#include "booru-index-run.h"
#include "booru-index.h"

G_BEGIN_DECLS

/* How many of the posts have each of some tags, by their ids, and how many there are. */
gboolean booru_index_run_count_tags (BooruIndexRun *run,
                                     const gint64 *tags,
                                     guint n_tags,
                                     gint64 *counts,
                                     gint64 *n_posts,
                                     GError **error);

/* As booru_index_related_tags(). */
GPtrArray *booru_index_run_relate (BooruIndexRun *run,
                                   const BooruIndexNames *names,
                                   const BooruIndexSource *source,
                                   gpointer source_data,
                                   gint category,
                                   BooruIndexRelation order,
                                   guint limit,
                                   gint64 *n_posts,
                                   GError **error);

G_END_DECLS
