/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-plan.h"

#include "base/booru-error.h"
#include "booru-index-terms.h"
#include "booru-index-values.h"

/* Danbooru's limit. */
#define MAX_WILDCARD_TAGS 100

typedef struct
{
  const BooruIndexNames *names;
  const BooruIndexSource *source;
  gpointer source_data;
  const BooruQueryNode *ranked; /* the leaf that sorts, or NULL */
  GArray *hits;                 /* of it, or of an order of the store */
} Planner;

static BooruIndexPlan *
new_plan (BooruIndexPlanType type)
{
  BooruIndexPlan *self = g_new0 (BooruIndexPlan, 1);

  self->type = type;
  return self;
}

void
booru_index_plan_free (BooruIndexPlan *self)
{
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_clear_pointer (&self->ranges, g_array_unref);
  g_clear_pointer (&self->hits, g_array_unref);
  g_free (self->ext);
  g_free (self);
}

static GPtrArray *
new_children (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)booru_index_plan_free);
}

static BooruIndexPlan *
new_term (guint32 term)
{
  BooruIndexPlan *self = new_plan (BOORU_INDEX_PLAN_TERM);

  self->term = term;
  return self;
}

static BooruIndexPlan *
new_not (BooruIndexPlan *child)
{
  BooruIndexPlan *self;

  if (child->type == BOORU_INDEX_PLAN_NONE || child->type == BOORU_INDEX_PLAN_ALL)
    {
      child->type
          = child->type == BOORU_INDEX_PLAN_NONE ? BOORU_INDEX_PLAN_ALL : BOORU_INDEX_PLAN_NONE;
      return child;
    }
  self = new_plan (BOORU_INDEX_PLAN_NOT);
  self->children = new_children ();
  g_ptr_array_add (self->children, child);
  return self;
}

/* AND or OR; a child that decides alone does, one that decides nothing goes. */
static BooruIndexPlan *
new_list (BooruIndexPlanType type, GPtrArray *children)
{
  gboolean is_and = type == BOORU_INDEX_PLAN_AND;
  BooruIndexPlanType decides = is_and ? BOORU_INDEX_PLAN_NONE : BOORU_INDEX_PLAN_ALL;
  BooruIndexPlanType neutral = is_and ? BOORU_INDEX_PLAN_ALL : BOORU_INDEX_PLAN_NONE;
  BooruIndexPlan *self;

  for (guint i = children->len; i-- > 0;)
    {
      const BooruIndexPlan *child = children->pdata[i];

      if (child->type == decides)
        {
          g_ptr_array_unref (children);
          return new_plan (decides);
        }
      if (child->type == neutral)
        g_ptr_array_remove_index (children, i);
    }
  if (children->len > 1)
    {
      self = new_plan (type);
      self->children = children;
      return self;
    }
  self = children->len == 1 ? g_ptr_array_steal_index (children, 0) : new_plan (neutral);
  g_ptr_array_unref (children);
  return self;
}

static BooruIndexPlan *
new_tag (const BooruTagRef *tag)
{
  return tag->id > 0 && tag->id <= BOORU_INDEX_MAX_TAG
             ? new_term (BOORU_INDEX_TERM_TAG + (guint32)tag->id)
             : new_plan (BOORU_INDEX_PLAN_NONE);
}

static BooruIndexPlan *
plan_name (Planner *self, const char *name)
{
  g_autoptr (BooruTagRef) tag = booru_index_names_find (self->names, name);

  /* "/lh" is no tag, but stands for long_hair. */
  if (tag == NULL && name[0] == '/')
    tag = booru_index_names_find_abbreviation (self->names, name + 1);
  return tag ? new_tag (tag) : new_plan (BOORU_INDEX_PLAN_NONE);
}

static BooruIndexPlan *
plan_tag (Planner *self, const char *name, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;
  GPtrArray *children;

  if (self->source->list_names == NULL)
    return plan_name (self, name);
  names = g_ptr_array_new ();
  if (!self->source->list_names (self->source_data, name, names, error))
    return NULL;
  children = new_children ();
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (children, plan_name (self, names->pdata[i]));
  return new_list (BOORU_INDEX_PLAN_OR, children);
}

static int
compare_plans (gconstpointer a, gconstpointer b)
{
  guint32 left = (*(BooruIndexPlan *const *)a)->term, right = (*(BooruIndexPlan *const *)b)->term;

  return (left > right) - (left < right);
}

static BooruIndexPlan *
plan_wildcard (Planner *self, const char *pattern)
{
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_tag_ref_free);
  GPtrArray *children = new_children ();

  booru_index_names_match (self->names, pattern, MAX_WILDCARD_TAGS, tags);
  for (guint i = 0; i < tags->len; i++)
    g_ptr_array_add (children, new_tag (tags->pdata[i]));
  /* In the order in which a block has them. */
  g_ptr_array_sort (children, compare_plans);
  return new_list (BOORU_INDEX_PLAN_OR, children);
}

/* Any of the four terms from @first on that are in @mask. */
static BooruIndexPlan *
plan_mask (guint32 first, guint mask)
{
  GPtrArray *children = new_children ();

  for (guint i = 0; i < 4; i++)
    if ((mask >> i) & 1)
      g_ptr_array_add (children, new_term (first + i));
  return new_list (BOORU_INDEX_PLAN_OR, children);
}

/* Likewise of terms of which each post has one: rather none of the others, if those are fewer posts
 * or terms. */
static BooruIndexPlan *
plan_choice (guint32 first, guint mask, gboolean first_is_most)
{
  gboolean invert = __builtin_popcount (mask & 0xf) > 2 || (first_is_most && (mask & 1));

  return invert ? new_not (plan_mask (first, ~mask)) : plan_mask (first, mask);
}

/* Of @presence, ANY or UNSET. */
static BooruIndexPlan *
plan_presence (guint32 term, BooruQueryPresence presence)
{
  BooruIndexPlan *plan = new_term (term);

  return presence == BOORU_QUERY_UNSET ? new_not (plan) : plan;
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const BooruQueryRange *left = a, *right = b;

  return (left->low > right->low) - (left->low < right->low);
}

/* Sorted and joined. Takes @ranges over. */
static BooruIndexPlan *
new_ranges (BooruIndexPlanType type, guint value, GArray *ranges)
{
  BooruIndexPlan *self = new_plan (type);
  BooruQueryRange *all = (BooruQueryRange *)(gpointer)ranges->data;
  guint n = 0;

  g_array_sort (ranges, compare_ranges);
  for (guint i = 0; i < ranges->len; i++)
    if (all[i].low > all[i].high)
      continue;
    else if (n > 0 && (all[n - 1].high == G_MAXINT64 || all[i].low <= all[n - 1].high + 1))
      all[n - 1].high = MAX (all[n - 1].high, all[i].high);
    else
      all[n++] = all[i];
  g_array_set_size (ranges, n);
  self->value = value;
  self->ranges = ranges;
  if (n == 0)
    self->type = BOORU_INDEX_PLAN_NONE;
  else if (all[0].low == G_MININT64 && all[0].high == G_MAXINT64)
    self->type = BOORU_INDEX_PLAN_ALL;
  return self;
}

/* Ages become times: the older the lower. */
static GArray *
ages_to_times (const GArray *ages)
{
  GArray *times = g_array_sized_new (FALSE, FALSE, sizeof (BooruQueryRange), ages->len);
  gint64 now = g_get_real_time ();

  for (guint i = 0; i < ages->len; i++)
    {
      const BooruQueryRange *age = &g_array_index (ages, BooruQueryRange, i);
      BooruQueryRange time = { .low = age->high == G_MAXINT64 ? G_MININT64 : now - age->high,
                               .high = age->low == G_MININT64 ? G_MAXINT64 : now - age->low };

      if (age->low == age->high)
        time.low = booru_query_get_day (time.low, &time.high);
      g_array_append_val (times, time);
    }
  return times;
}

/* Of a value that is negative where there is none. */
static BooruIndexPlan *
plan_lacking (const BooruQueryNode *node, guint value)
{
  BooruQueryRange all = { 0, G_MAXINT64 };
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (BooruQueryRange));
  BooruIndexPlan *plan;

  for (guint i = 0; node->presence == BOORU_QUERY_VALUES && i < node->ranges->len; i++)
    {
      BooruQueryRange range = g_array_index (node->ranges, BooruQueryRange, i);

      range.low = MAX (range.low, 0);
      g_array_append_val (ranges, range);
    }
  if (node->presence != BOORU_QUERY_VALUES)
    g_array_append_val (ranges, all);
  plan = new_ranges (BOORU_INDEX_PLAN_RANGE, value, ranges);
  return node->presence == BOORU_QUERY_UNSET ? new_not (plan) : plan;
}

static BooruIndexPlan *
plan_range (const BooruQueryNode *node)
{
  static const guint values[] = {
    [BOORU_METATAG_SCORE] = BOORU_INDEX_SCORE,
    [BOORU_METATAG_UPVOTES] = BOORU_INDEX_UPVOTES,
    [BOORU_METATAG_DOWNVOTES] = BOORU_INDEX_DOWNVOTES,
    [BOORU_METATAG_FAVCOUNT] = BOORU_INDEX_FAVCOUNT,
    [BOORU_METATAG_WIDTH] = BOORU_INDEX_WIDTH,
    [BOORU_METATAG_HEIGHT] = BOORU_INDEX_HEIGHT,
    [BOORU_METATAG_MPIXELS] = BOORU_INDEX_MPIXELS,
    [BOORU_METATAG_RATIO] = BOORU_INDEX_RATIO,
    [BOORU_METATAG_FILESIZE] = BOORU_INDEX_FILESIZE,
    [BOORU_METATAG_DATE] = BOORU_INDEX_CREATED,
    [BOORU_METATAG_AGE] = BOORU_INDEX_CREATED,
    [BOORU_METATAG_TAGCOUNT] = BOORU_INDEX_TAGCOUNT,
    [BOORU_METATAG_GENTAGS] = BOORU_INDEX_GENTAGS,
    [BOORU_METATAG_ARTTAGS] = BOORU_INDEX_ARTTAGS,
    [BOORU_METATAG_COPYTAGS] = BOORU_INDEX_COPYTAGS,
    [BOORU_METATAG_CHARTAGS] = BOORU_INDEX_CHARTAGS,
    [BOORU_METATAG_METATAGS] = BOORU_INDEX_METATAGS,
    [BOORU_METATAG_CHILD_COUNT] = BOORU_INDEX_CHILDREN,
    [BOORU_METATAG_ACTIVE_CHILD_COUNT] = BOORU_INDEX_ACTIVE_CHILDREN,
    [BOORU_METATAG_DELETED_CHILD_COUNT] = BOORU_INDEX_DELETED_CHILDREN,
  };

  g_return_val_if_fail (node->metatag < G_N_ELEMENTS (values) && node->ranges,
                        new_plan (BOORU_INDEX_PLAN_NONE));
  return new_ranges (BOORU_INDEX_PLAN_RANGE, values[node->metatag],
                     node->metatag == BOORU_METATAG_AGE ? ages_to_times (node->ranges)
                                                        : g_array_copy (node->ranges));
}

static BooruIndexPlan *
plan_filetype (const BooruQueryNode *node)
{
  GPtrArray *children = new_children ();

  for (guint i = 0; i < node->words->len; i++)
    {
      BooruIndexPlan *child = new_plan (BOORU_INDEX_PLAN_EXT);

      child->ext = g_strdup (node->words->pdata[i]);
      g_ptr_array_add (children, child);
    }
  return new_list (BOORU_INDEX_PLAN_OR, children);
}

static BooruIndexPlan *
plan_leaf (Planner *self, const BooruQueryNode *node, GError **error)
{
  g_autoptr (BooruIndexPlan) plan = new_plan (BOORU_INDEX_PLAN_HITS);

  plan->hits = g_array_new (FALSE, FALSE, sizeof (BooruIndexHit));
  if (!self->source->read_leaf (self->source_data, node, plan->hits, error))
    return NULL;
  if (node == self->ranked)
    self->hits = g_array_ref (plan->hits);
  if (plan->hits->len == 0)
    plan->type = BOORU_INDEX_PLAN_NONE;
  return g_steal_pointer (&plan);
}

static BooruIndexPlan *
plan_condition (Planner *self, const BooruQueryNode *node, GError **error)
{
  switch (node->metatag)
    {
    case BOORU_METATAG_ID:
      return new_ranges (BOORU_INDEX_PLAN_IDS, 0, g_array_copy (node->ranges));
    case BOORU_METATAG_RATING:
      return plan_choice (BOORU_INDEX_TERM_RATING, node->mask, FALSE);
    case BOORU_METATAG_STATUS:
      return plan_choice (BOORU_INDEX_TERM_STATUS, node->mask, TRUE);
    case BOORU_METATAG_FILETYPE:
      return plan_filetype (node);
    case BOORU_METATAG_IS:
      return new_term (BOORU_INDEX_TERM_FACT
                       + (guint32)g_bit_nth_lsf (BOORU_INDEX_IS_INCOMPLETE, -1));
    case BOORU_METATAG_DURATION:
      return plan_lacking (node, BOORU_INDEX_DURATION);
    case BOORU_METATAG_PIXIV:
      return plan_lacking (node, BOORU_INDEX_PIXIV);
    case BOORU_METATAG_UNALIASED:
      return plan_name (self, node->words->pdata[0]);
    case BOORU_METATAG_SOURCE:
      if (node->presence == BOORU_QUERY_VALUES)
        return plan_leaf (self, node, error);
      return plan_presence (BOORU_INDEX_TERM_FACT
                                + (guint32)g_bit_nth_lsf (BOORU_INDEX_HAS_SOURCE, -1),
                            node->presence);
    case BOORU_METATAG_PARENT:
      if (node->presence == BOORU_QUERY_VALUES && node->ranges)
        return plan_leaf (self, node, error);
      if (node->presence == BOORU_QUERY_VALUES)
        return plan_mask (BOORU_INDEX_TERM_PARENT_STATUS, node->mask);
      return plan_presence (BOORU_INDEX_TERM_PARENT, node->presence);
    case BOORU_METATAG_CHILD:
      if (node->presence == BOORU_QUERY_VALUES)
        return plan_mask (BOORU_INDEX_TERM_CHILD_STATUS, node->mask);
      return plan_presence (BOORU_INDEX_TERM_CHILD, node->presence);
    default:
      if (booru_metatag_get_answer (node->metatag) == BOORU_ANSWER_LEAF)
        return plan_leaf (self, node, error);
      return plan_range (node);
    }
}

static BooruIndexPlan *
plan_node (Planner *self, const BooruQueryNode *node, GError **error)
{
  g_autoptr (GPtrArray) children = NULL;

  switch (node->type)
    {
    case BOORU_QUERY_ALL:
      return new_plan (BOORU_INDEX_PLAN_ALL);
    case BOORU_QUERY_NONE:
      return new_plan (BOORU_INDEX_PLAN_NONE);
    case BOORU_QUERY_TAG:
      return plan_tag (self, node->text, error);
    case BOORU_QUERY_WILDCARD:
      return plan_wildcard (self, node->text);
    case BOORU_QUERY_CONDITION:
      return plan_condition (self, node, error);
    default:
      break;
    }

  children = new_children ();
  for (guint i = 0; i < node->children->len; i++)
    {
      BooruIndexPlan *child = plan_node (self, node->children->pdata[i], error);

      if (child == NULL)
        return NULL;
      g_ptr_array_add (children, child);
    }
  if (node->type == BOORU_QUERY_NOT)
    return new_not (g_ptr_array_steal_index (children, 0));
  return new_list (node->type == BOORU_QUERY_AND ? BOORU_INDEX_PLAN_AND : BOORU_INDEX_PLAN_OR,
                   g_steal_pointer (&children));
}

/* Only those that are in @other, too. */
static BooruIndexPlan *
restrict_to (BooruIndexPlan *plan, BooruIndexPlan *other)
{
  GPtrArray *children;

  if (plan->type == BOORU_INDEX_PLAN_AND)
    {
      children = g_steal_pointer (&plan->children);
      booru_index_plan_free (plan);
    }
  else
    {
      children = new_children ();
      g_ptr_array_add (children, plan);
    }
  g_ptr_array_add (children, other);
  return new_list (BOORU_INDEX_PLAN_AND, children);
}

/* Hidden posts are few: they are taken away, instead of looking for the others. */
static BooruIndexPlan *
hide (BooruIndexPlan *plan)
{
  return restrict_to (plan, new_not (new_term (BOORU_INDEX_TERM_HIDDEN)));
}

static BooruIndexPlan *
new_least (guint value, gint64 least)
{
  BooruQueryRange range = { least, G_MAXINT64 };
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof range);

  g_array_append_val (ranges, range);
  return new_ranges (BOORU_INDEX_PLAN_RANGE, value, ranges);
}

/* What an order has to do with what is found. */
static BooruIndexPlan *
plan_order (Planner *self, BooruQueryOrder order, BooruIndexPlan *found, GError **error)
{
  g_autoptr (BooruIndexPlan) plan = found;

  if (order == BOORU_ORDER_RANK)
    {
      plan = restrict_to (g_steal_pointer (&plan), new_least (BOORU_INDEX_SCORE, 1));
      return restrict_to (
          g_steal_pointer (&plan),
          new_least (BOORU_INDEX_CREATED, g_get_real_time () - 2 * G_TIME_SPAN_DAY));
    }
  if (!booru_query_order_is_of_store (order))
    return g_steal_pointer (&plan);

  self->hits = g_array_new (FALSE, FALSE, sizeof (BooruIndexHit));
  if (!self->source->read_order (self->source_data, order - (order - BOORU_ORDER_COMMENT) % 2,
                                 self->hits, error))
    return NULL;
  if (order == BOORU_ORDER_ARTCOMM || order == BOORU_ORDER_ARTCOMM_ASC)
    {
      BooruIndexPlan *hits
          = new_plan (self->hits->len ? BOORU_INDEX_PLAN_HITS : BOORU_INDEX_PLAN_NONE);

      hits->hits = g_array_ref (self->hits);
      return restrict_to (g_steal_pointer (&plan), hits);
    }
  return g_steal_pointer (&plan);
}

static void
refuse (const BooruQuery *query, GError **error)
{
  for (guint i = 0; i < query->faults->len; i++)
    {
      const BooruQueryFault *fault = query->faults->pdata[i];

      if (!fault->refused)
        continue;
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_LIMIT, fault->message);
      return;
    }
}

BooruIndexPlan *
booru_index_plan_new (const BooruQuery *query,
                      const BooruIndexNames *names,
                      const BooruIndexSource *source,
                      gpointer source_data,
                      GArray **hits,
                      GError **error)
{
  Planner self = { names, source, source_data, NULL, NULL };
  BooruIndexPlan *plan;

  *hits = NULL;
  if (query->refused)
    {
      refuse (query, error);
      return NULL;
    }
  if (query->order == BOORU_ORDER_SIMILAR)
    self.ranked = booru_query_node_find_ranking (query->root);
  plan = plan_node (&self, query->root, error);
  if (plan != NULL)
    plan = plan_order (&self, query->order, plan, error);
  if (plan == NULL)
    {
      g_clear_pointer (&self.hits, g_array_unref);
      return NULL;
    }
  *hits = self.hits;
  return query->active_only ? hide (plan) : plan;
}

BooruIndexPlan *
booru_index_plan_new_tags (const gint64 *tags, guint n_tags)
{
  GPtrArray *children = new_children ();

  for (guint i = 0; i < n_tags; i++)
    if (tags[i] > 0 && tags[i] <= BOORU_INDEX_MAX_TAG)
      g_ptr_array_add (children, new_term (BOORU_INDEX_TERM_TAG + (guint32)tags[i]));
  g_ptr_array_sort (children, compare_plans);
  return new_list (BOORU_INDEX_PLAN_OR, children);
}

gboolean
booru_index_query_has_names (const BooruQueryNode *node)
{
  if (node->type == BOORU_QUERY_TAG || node->type == BOORU_QUERY_WILDCARD
      || (node->type == BOORU_QUERY_CONDITION && node->metatag == BOORU_METATAG_UNALIASED))
    return TRUE;
  for (guint i = 0; node->children && i < node->children->len; i++)
    if (booru_index_query_has_names (node->children->pdata[i]))
      return TRUE;
  return FALSE;
}

guint
booru_index_plan_get_columns (const BooruIndexPlan *self)
{
  guint columns
      = self->type == BOORU_INDEX_PLAN_RANGE ? booru_index_value_get_columns (self->value) : 0;

  for (guint i = 0; self->children && i < self->children->len; i++)
    columns |= booru_index_plan_get_columns (self->children->pdata[i]);
  return columns;
}

guint
booru_index_plan_get_depth (const BooruIndexPlan *self)
{
  guint depth = 0;

  for (guint i = 0; self->children && i < self->children->len; i++)
    depth = MAX (depth, booru_index_plan_get_depth (self->children->pdata[i]));
  return depth + 1;
}
