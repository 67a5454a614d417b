/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a query asks of the index: its tree with names and leaves looked up. */
#pragma once

#include "booru-index-names.h"

G_BEGIN_DECLS

typedef enum
{
  BOORU_INDEX_PLAN_NONE,
  BOORU_INDEX_PLAN_ALL,
  BOORU_INDEX_PLAN_TERM,
  BOORU_INDEX_PLAN_EXT,
  BOORU_INDEX_PLAN_IDS,   /* ranges of ids */
  BOORU_INDEX_PLAN_HITS,  /* from a leaf of the source */
  BOORU_INDEX_PLAN_RANGE, /* ranges of a value */
  BOORU_INDEX_PLAN_NOT,
  BOORU_INDEX_PLAN_AND,
  BOORU_INDEX_PLAN_OR,
} BooruIndexPlanType;

typedef struct
{
  BooruIndexPlanType type;
  GPtrArray *children; /* NOT: one; AND, OR: of this type */
  guint32 term;
  char *ext;
  guint value;    /* RANGE: booru-index-view.h */
  GArray *ranges; /* IDS, RANGE: BooruQueryRange, ascending and apart */
  GArray *hits;   /* BooruIndexHit, ascending by id */
} BooruIndexPlan;

/* Transfer full; NULL: the source failed, or the query is refused. @hits: (out) (transfer full):
 * what the order sorts by, if a condition or the store has it; NULL otherwise. @names: may be NULL
 * if there are none in the query (booru_index_query_has_names()). */
BooruIndexPlan *booru_index_plan_new (const BooruQuery *query,
                                      const BooruIndexNames *names,
                                      const BooruIndexSource *source,
                                      gpointer source_data,
                                      GArray **hits,
                                      GError **error);
/* Any of these tags (ids). */
BooruIndexPlan *booru_index_plan_new_tags (const gint64 *tags, guint n_tags);
void booru_index_plan_free (BooruIndexPlan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruIndexPlan, booru_index_plan_free)

gboolean booru_index_query_has_names (const BooruQueryNode *node);

/* The columns that are needed, as a mask; how many levels the tree has. */
guint booru_index_plan_get_columns (const BooruIndexPlan *self);
guint booru_index_plan_get_depth (const BooruIndexPlan *self);

G_END_DECLS
