/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A conjunction starts with what is known to be few and ends with what takes long to find out. Each
 * step leaves its result in one of the two buffers of its level, so that the next one can read it
 * and write into the other. */
#include "booru-index-evaluate.h"

#include <string.h>

/* Up to so many ranges of a column are looked for one by one … */
#define MAX_SCANS 4
/* … and up to so many posts. */
#define MAX_SINGLE 512

static BooruIndexSet
get_all (const BooruIndexView *view)
{
  return booru_index_view_find (view, BOORU_INDEX_TERM_POST);
}

/* The buffer of a level in which @set does not lie. */
static BooruIndexBuffer *
get_free_buffer (BooruIndexLevel *level, BooruIndexSet set)
{
  return (gconstpointer)set.bits == (gconstpointer)&level->buffers[0] ? &level->buffers[1]
                                                                      : &level->buffers[0];
}

/* Ids. */

/* Numbers that come ascending: an array first, bits when they become many. */
typedef struct
{
  BooruIndexBuffer *buffer;
  guint n;
  gboolean is_bits;
} Collector;

static void
collect (Collector *self, guint first, guint last)
{
  if (!self->is_bits && self->n + (last - first + 1) > BOORU_INDEX_MAX_ARRAY)
    {
      BooruIndexBuffer bits = { { 0 } };

      booru_index_bits_add_set (bits.bits, booru_index_set_of_array (self->buffer->array, self->n));
      *self->buffer = bits;
      self->is_bits = TRUE;
    }
  if (self->is_bits)
    {
      booru_index_bits_add_range (self->buffer->bits, first, last);
      return;
    }
  for (guint low = first; low <= last; low++)
    self->buffer->array[self->n++] = (guint16)low;
}

static BooruIndexSet
get_collected (const Collector *self)
{
  return self->is_bits ? booru_index_set_of_bits (self->buffer->bits, BOORU_INDEX_UNCOUNTED)
                       : booru_index_set_of_array (self->buffer->array, self->n);
}

/* The first of @ranges that does not end before @id. */
static guint
find_range (const GArray *ranges, gint64 id)
{
  guint from = 0, end = ranges->len;

  while (from < end)
    {
      guint middle = (from + end) / 2;

      if (g_array_index (ranges, BooruQueryRange, middle).high < id)
        from = middle + 1;
      else
        end = middle;
    }
  return from;
}

static BooruIndexSet
evaluate_ids (const BooruIndexPlan *plan, const BooruIndexView *view, BooruIndexLevel *level)
{
  gint64 first = (gint64)view->number * BOORU_INDEX_BLOCK_SIZE;
  gint64 last = first + BOORU_INDEX_BLOCK_SIZE - 1;
  Collector found = { &level->buffers[0], 0, FALSE };

  for (guint i = find_range (plan->ranges, first); i < plan->ranges->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (plan->ranges, BooruQueryRange, i);

      if (range->low > last)
        break;
      if (range->low <= first && range->high >= last)
        return get_all (view);
      collect (&found, (guint)(MAX (range->low, first) - first),
               (guint)(MIN (range->high, last) - first));
    }
  return booru_index_set_and (get_collected (&found), get_all (view), &level->buffers[1]);
}

static BooruIndexSet
evaluate_hits (const BooruIndexPlan *plan, const BooruIndexView *view, BooruIndexLevel *level)
{
  const BooruIndexHit *hits = (const BooruIndexHit *)(gpointer)plan->hits->data;
  gint64 first = (gint64)view->number * BOORU_INDEX_BLOCK_SIZE;
  Collector found = { &level->buffers[0], 0, FALSE };
  guint from = 0, end = plan->hits->len;

  while (from < end)
    {
      guint middle = (from + end) / 2;

      if (hits[middle].id < first)
        from = middle + 1;
      else
        end = middle;
    }
  for (guint i = from; i < plan->hits->len && hits[i].id < first + BOORU_INDEX_BLOCK_SIZE; i++)
    collect (&found, (guint)(hits[i].id - first), (guint)(hits[i].id - first));
  return booru_index_set_and (get_collected (&found), get_all (view), &level->buffers[1]);
}

/* Ranges of values. */

static gboolean
lies_in (const GArray *ranges, gint64 value)
{
  guint place = find_range (ranges, value);

  return place < ranges->len && g_array_index (ranges, BooruQueryRange, place).low <= value;
}

typedef struct
{
  const BooruIndexView *view;
  guint value;
  const GArray *ranges;
  Collector found;
} Filter;

static gboolean
filter_one (guint low, gpointer data)
{
  Filter *self = data;

  if (lies_in (self->ranges, booru_index_view_get_value (self->view, self->value, low)))
    collect (&self->found, low, low);
  return TRUE;
}

/* The ranges from @first up to @end have a part between the extremes of a column, but leave some of
 * them out. */
static BooruIndexSet
scan_column (const BooruIndexNumbers *numbers,
             const GArray *ranges,
             guint first,
             guint end,
             BooruIndexSet among,
             BooruIndexBuffer *out)
{
  BooruIndexBuffer bits = { { 0 } };

  for (guint i = first; i < end; i++)
    booru_index_numbers_scan (numbers, g_array_index (ranges, BooruQueryRange, i).low,
                              g_array_index (ranges, BooruQueryRange, i).high, bits.bits);
  if (among.kind != BOORU_INDEX_FULL)
    return booru_index_set_and (among, booru_index_set_of_bits (bits.bits, BOORU_INDEX_UNCOUNTED),
                                out);
  *out = bits;
  return booru_index_set_of_bits (out->bits, BOORU_INDEX_UNCOUNTED);
}

/* What the block's extremes tell, nobody has to look for. */
BooruIndexSet
booru_index_filter (const BooruIndexView *view,
                    guint value,
                    const GArray *ranges,
                    BooruIndexSet among,
                    BooruIndexLevel *level)
{
  BooruIndexBuffer *out = get_free_buffer (level, among);
  Filter filter = { view, value, ranges, { out, 0, FALSE } };

  if (!view->overlay && value < BOORU_INDEX_N_STORED)
    {
      const BooruIndexNumbers *numbers = booru_index_block_get_column (view->block, value);
      guint first = find_range (ranges, numbers->min), end = find_range (ranges, numbers->max);
      const BooruQueryRange *range = &g_array_index (ranges, BooruQueryRange, first);

      if (first < ranges->len && range->low <= numbers->min && range->high >= numbers->max)
        return among;
      if (end < ranges->len && g_array_index (ranges, BooruQueryRange, end).low <= numbers->max)
        end++;
      if (first == end)
        return (BooruIndexSet){ 0 };
      if (among.n > MAX_SINGLE && end - first <= MAX_SCANS)
        return scan_column (numbers, ranges, first, end, among, out);
    }
  booru_index_set_walk (among, FALSE, filter_one, &filter);
  return get_collected (&filter.found);
}

/* Lists. */

static BooruIndexSet
evaluate_or (const BooruIndexPlan *plan, const BooruIndexView *view, BooruIndexLevel *levels)
{
  guint64 *bits = levels->buffers[0].bits;
  gboolean any = FALSE;

  for (guint i = 0; i < plan->children->len; i++)
    {
      BooruIndexSet set = booru_index_evaluate (plan->children->pdata[i], view, levels + 1);

      if (set.kind == BOORU_INDEX_FULL)
        return set;
      if (set.n == 0)
        continue;
      if (!any)
        memset (bits, 0, sizeof levels->buffers[0]);
      any = TRUE;
      booru_index_bits_add_set (bits, set);
    }
  return any ? booru_index_set_of_bits (bits, BOORU_INDEX_UNCOUNTED) : (BooruIndexSet){ 0 };
}

/* The order in which a conjunction goes through its children. */
typedef enum
{
  STEP_TERM, /* known at once: the fewest first */
  STEP_LIST,
  STEP_NOT,
  STEP_RANGE,
  N_STEPS,
} Step;

static Step
get_step (const BooruIndexPlan *plan)
{
  switch (plan->type)
    {
    case BOORU_INDEX_PLAN_TERM:
    case BOORU_INDEX_PLAN_EXT:
      return STEP_TERM;
    case BOORU_INDEX_PLAN_NOT:
      return STEP_NOT;
    case BOORU_INDEX_PLAN_RANGE:
      return STEP_RANGE;
    default:
      return STEP_LIST;
    }
}

static int
compare_sets (gconstpointer a, gconstpointer b)
{
  const BooruIndexSet *left = a, *right = b;

  return (left->n > right->n) - (left->n < right->n);
}

/* The posts that have all terms of a conjunction; all posts, if there are none. */
static BooruIndexSet
intersect_terms (const BooruIndexPlan *plan, const BooruIndexView *view, BooruIndexLevel *levels)
{
  BooruIndexSet sets[BOORU_QUERY_MAX_TERMS], found;
  guint n = 0;

  for (guint i = 0; i < plan->children->len && n < G_N_ELEMENTS (sets); i++)
    if (get_step (plan->children->pdata[i]) == STEP_TERM)
      {
        sets[n] = booru_index_evaluate (plan->children->pdata[i], view, levels + 1);
        if (sets[n].n == 0)
          return sets[n];
        n++;
      }
  if (n == 0)
    return get_all (view);
  if (n > 1)
    qsort (sets, n, sizeof sets[0], compare_sets);
  found = sets[0];
  for (guint i = 1; i < n && found.n > 0; i++)
    found = booru_index_set_and (found, sets[i], get_free_buffer (levels, found));
  return found;
}

static BooruIndexSet
take_step (const BooruIndexPlan *plan,
           const BooruIndexView *view,
           BooruIndexSet found,
           BooruIndexLevel *levels)
{
  BooruIndexBuffer *out = get_free_buffer (levels, found);

  switch (get_step (plan))
    {
    case STEP_LIST:
      return booru_index_set_and (found, booru_index_evaluate (plan, view, levels + 1), out);
    case STEP_NOT:
      return booru_index_set_without (
          found, booru_index_evaluate (plan->children->pdata[0], view, levels + 1), out);
    case STEP_RANGE:
      return booru_index_filter (view, plan->value, plan->ranges, found, levels);
    default:
      return found;
    }
}

static BooruIndexSet
evaluate_and (const BooruIndexPlan *plan, const BooruIndexView *view, BooruIndexLevel *levels)
{
  BooruIndexSet found = intersect_terms (plan, view, levels);

  for (Step step = STEP_LIST; step < N_STEPS; step++)
    for (guint i = 0; i < plan->children->len && found.n > 0; i++)
      if (get_step (plan->children->pdata[i]) == step)
        found = take_step (plan->children->pdata[i], view, found, levels);
  return found;
}

BooruIndexSet
booru_index_evaluate (const BooruIndexPlan *plan,
                      const BooruIndexView *view,
                      BooruIndexLevel *levels)
{
  switch (plan->type)
    {
    case BOORU_INDEX_PLAN_ALL:
      return get_all (view);
    case BOORU_INDEX_PLAN_TERM:
      return booru_index_view_find (view, plan->term);
    case BOORU_INDEX_PLAN_EXT:
      return booru_index_view_find_ext (view, plan->ext);
    case BOORU_INDEX_PLAN_IDS:
      return evaluate_ids (plan, view, levels);
    case BOORU_INDEX_PLAN_HITS:
      return evaluate_hits (plan, view, levels);
    case BOORU_INDEX_PLAN_RANGE:
      return booru_index_filter (view, plan->value, plan->ranges, get_all (view), levels);
    case BOORU_INDEX_PLAN_NOT:
      return booru_index_set_without (
          get_all (view), booru_index_evaluate (plan->children->pdata[0], view, levels + 1),
          &levels->buffers[0]);
    case BOORU_INDEX_PLAN_AND:
      return evaluate_and (plan, view, levels);
    case BOORU_INDEX_PLAN_OR:
      return evaluate_or (plan, view, levels);
    case BOORU_INDEX_PLAN_NONE:
    default:
      return (BooruIndexSet){ 0 };
    }
}
