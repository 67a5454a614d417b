/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-page.h"

#include <string.h>

/* By ids. */

typedef struct
{
  gint64 first; /* id of the block */
  guint64 offset, limit;
  GArray *ids;
} Page;

static gboolean
is_full (const Page *self)
{
  return self->ids->len >= self->limit;
}

static gboolean
add_to_page (guint low, gpointer data)
{
  Page *self = data;
  gint64 id = self->first + low;

  if (self->offset > 0)
    self->offset--;
  else
    g_array_append_val (self->ids, id);
  return !is_full (self);
}

/* What is found in one block, without what lies outside of first…last. */
static void
add_block (Page *self,
           BooruIndexSet set,
           gboolean down,
           gint64 first,
           gint64 last,
           BooruIndexBuffer *buffer)
{
  guint count;

  set = booru_index_set_clip (set, (guint)(MAX (first, self->first) - self->first),
                              (guint)(MIN (last - self->first, BOORU_INDEX_BLOCK_SIZE - 1)),
                              buffer);
  if (self->offset > 0)
    {
      count = booru_index_set_count (set);
      if (count <= self->offset)
        {
          self->offset -= count;
          return;
        }
    }
  booru_index_set_walk (set, down, add_to_page, self);
}

gboolean
booru_index_page_by_id (BooruIndexRun *run,
                        gboolean down,
                        gint64 first,
                        gint64 last,
                        guint64 offset,
                        guint limit,
                        GArray *ids,
                        GError **error)
{
  guint n = booru_index_blocks_get_n (run->blocks);
  Page page = { 0, offset, ids->len + (guint64)limit, ids };
  BooruIndexBuffer buffer;

  for (guint i = 0; i < n && !is_full (&page); i++)
    {
      guint at = down ? n - 1 - i : i;
      BooruIndexFound found;

      page.first
          = (gint64)booru_index_blocks_peek (run->blocks, at)->number * BOORU_INDEX_BLOCK_SIZE;
      if (page.first > last || page.first + BOORU_INDEX_BLOCK_SIZE <= first)
        continue;
      if (!booru_index_run_find (run, at, &found, error))
        return FALSE;
      add_block (&page, booru_index_run_merge (run, &found), down, first, last, &buffer);
    }
  return TRUE;
}

/* In any order: the best so far are kept, and as many more, until those are cut off. */

#define SPARE 1000
#define PIECE 4096 /* ids */

typedef struct
{
  const BooruIndexOrder *order;
  const BooruIndexView *view;
  const BooruIndexRank *after;
  guint64 wanted;
  GArray *ranks;      /* BooruIndexRank */
  gboolean has_worst; /* more are wanted only if they precede … */
  BooruIndexRank worst;
} Best;

static int
compare_ranks (gconstpointer a, gconstpointer b)
{
  const BooruIndexRank *left = a, *right = b;

  return booru_index_rank_precedes (*left, *right) ? -1 : 1;
}

static void
cut (Best *self)
{
  g_array_sort (self->ranks, compare_ranks);
  if (self->ranks->len < self->wanted)
    return;
  g_array_set_size (self->ranks, (guint)self->wanted);
  self->worst = g_array_index (self->ranks, BooruIndexRank, self->ranks->len - 1);
  self->has_worst = TRUE;
}

static gboolean
add_to_best (guint low, gpointer data)
{
  Best *self = data;
  BooruIndexRank rank = booru_index_order_get_rank (self->order, self->view, low);

  if (self->has_worst && !booru_index_rank_precedes (rank, self->worst))
    return TRUE;
  if (self->after && !booru_index_rank_precedes (*self->after, rank))
    return TRUE;
  g_array_append_val (self->ranks, rank);
  if (self->ranks->len >= self->wanted * 2 + SPARE)
    cut (self);
  return TRUE;
}

/* The values of posts that can still get in. @later: posts that are as good as the worst cannot,
 * because their ids come later. FALSE: there are none. */
static gboolean
get_window (const Best *self, gboolean later, BooruQueryRange *window)
{
  gint64 best = self->after ? self->after->key : G_MAXINT64;
  gint64 worst = self->has_worst ? self->worst.key : G_MININT64;

  if (self->has_worst && later && worst++ == G_MAXINT64)
    return FALSE;
  window->low = self->order->down ? worst : ~best;
  window->high = self->order->down ? best : ~worst;
  return best >= worst;
}

static BooruIndexSet
filter_random (const Best *self,
               const BooruQueryRange *window,
               BooruIndexSet set,
               BooruIndexLevel *level)
{
  guint64 *bits = level->buffers[0].bits;

  if (set.kind == BOORU_INDEX_ARRAY)
    return set;
  memset (bits, 0, sizeof level->buffers[0]);
  booru_index_order_scan_random (self->order, self->view->number, window->low, window->high, bits);
  return booru_index_set_and (set, booru_index_set_of_bits (bits, BOORU_INDEX_UNCOUNTED),
                              &level->buffers[1]);
}

/* Leaves out what cannot get in, as far as that can be told quickly. */
static BooruIndexSet
leave_out (const Best *self, BooruIndexSet set, gboolean later, BooruIndexLevel *level)
{
  g_autoptr (GArray) ranges = NULL;
  BooruQueryRange window;
  guint value = self->order->value;

  if (!get_window (self, later, &window))
    return (BooruIndexSet){ 0 };
  if (window.low == G_MININT64 && window.high == G_MAXINT64)
    return set;
  if (self->order->sort == BOORU_INDEX_SORT_RANDOM)
    return filter_random (self, &window, set, level);
  if (self->order->sort != BOORU_INDEX_SORT_VALUE || value == BOORU_INDEX_HEAT)
    return set;
  if (value == BOORU_INDEX_SHAPE)
    {
      value = BOORU_INDEX_RATIO;
      window.low = booru_index_shape_to_ratio (window.low, TRUE);
      window.high = booru_index_shape_to_ratio (window.high, FALSE);
    }
  ranges = g_array_new (FALSE, FALSE, sizeof window);
  g_array_append_val (ranges, window);
  return booru_index_filter (self->view, value, ranges, set, level);
}

/* What is found in a block, in small pieces until there is a worst one, which tells what of the
 * rest can be left out. */
static void
add_found (Best *self, BooruIndexSet set, gboolean later, BooruIndexLevel *level)
{
  gboolean down = self->order->ids_down;
  guint from = 0;

  while (from < BOORU_INDEX_BLOCK_SIZE)
    {
      guint end = self->has_worst ? BOORU_INDEX_BLOCK_SIZE : from + PIECE;
      BooruIndexBuffer buffer;
      BooruIndexSet piece
          = booru_index_set_clip (set, down ? BOORU_INDEX_BLOCK_SIZE - end : from,
                                  down ? BOORU_INDEX_BLOCK_SIZE - 1 - from : end - 1, &buffer);

      booru_index_set_walk (leave_out (self, piece, later, level), down, add_to_best, self);
      if (self->ranks->len >= self->wanted + (self->has_worst ? self->wanted / 2 : 0))
        cut (self);
      from = end;
    }
}

gboolean
booru_index_page_sorted (BooruIndexRun *run,
                         const BooruIndexOrder *order,
                         const BooruIndexRank *after,
                         guint64 offset,
                         guint limit,
                         GArray *ids,
                         GError **error)
{
  g_autoptr (GArray) ranks = g_array_new (FALSE, FALSE, sizeof (BooruIndexRank));
  Best best = { order, NULL, after, offset + limit, ranks, FALSE, { 0, 0 } };
  guint n = booru_index_blocks_get_n (run->blocks);

  for (guint i = 0; i < n; i++)
    {
      BooruIndexFound found;

      if (!booru_index_run_find (run, order->ids_down ? n - 1 - i : i, &found, error))
        return FALSE;
      for (guint j = 0; j < found.n; j++)
        {
          best.view = &found.views[j];
          add_found (&best, found.sets[j], found.n == 1, run->spare);
        }
    }
  cut (&best);
  for (guint64 i = offset; i < MIN (ranks->len, offset + limit); i++)
    {
      gint64 id = booru_index_order_get_id (order, g_array_index (ranks, BooruIndexRank, i));

      g_array_append_val (ids, id);
    }
  return TRUE;
}
