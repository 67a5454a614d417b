/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which posts of a block a plan finds. */
#pragma once

#include "booru-index-plan.h"
#include "booru-index-view.h"

G_BEGIN_DECLS

/* Room for what is computed: one for each level of a tree (booru_index_plan_get_depth()). */
typedef struct
{
  BooruIndexBuffer buffers[2];
} BooruIndexLevel;

/* The result lies in the view, or in the first of @levels. */
BooruIndexSet booru_index_evaluate (const BooruIndexPlan *plan,
                                    const BooruIndexView *view,
                                    BooruIndexLevel *levels);

/* Those of @among whose value lies in @ranges, which are ascending and apart. The result lies in
 * @level, in the buffer that @among does not lie in, or is @among. */
BooruIndexSet booru_index_filter (const BooruIndexView *view,
                                  guint value,
                                  const GArray *ranges,
                                  BooruIndexSet among,
                                  BooruIndexLevel *level);

G_END_DECLS
