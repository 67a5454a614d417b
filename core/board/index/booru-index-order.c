/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-order.h"

#include "booru-index-clones.h"

typedef struct
{
  guint value;
  gboolean down, ids_up;
} Column;

/* The last column: where ids go up while the value goes down, or the other way round. */
static gboolean
find_column (BooruQueryOrder order, Column *column)
{
  static const struct
  {
    BooruQueryOrder order;
    Column column;
  } columns[] = {
    { BOORU_ORDER_SCORE, { BOORU_INDEX_SCORE, TRUE } },
    { BOORU_ORDER_SCORE_ASC, { BOORU_INDEX_SCORE, FALSE, TRUE } },
    { BOORU_ORDER_UPVOTES, { BOORU_INDEX_UPVOTES, TRUE } },
    { BOORU_ORDER_UPVOTES_ASC, { BOORU_INDEX_UPVOTES, FALSE, TRUE } },
    { BOORU_ORDER_DOWNVOTES, { BOORU_INDEX_DOWNVOTES, TRUE } },
    { BOORU_ORDER_DOWNVOTES_ASC, { BOORU_INDEX_DOWNVOTES, FALSE, TRUE } },
    { BOORU_ORDER_FAVCOUNT, { BOORU_INDEX_FAVCOUNT, TRUE } },
    { BOORU_ORDER_FAVCOUNT_ASC, { BOORU_INDEX_FAVCOUNT, FALSE, TRUE } },
    { BOORU_ORDER_CHANGE, { BOORU_INDEX_UPDATED, TRUE } },
    { BOORU_ORDER_CHANGE_ASC, { BOORU_INDEX_UPDATED, FALSE, TRUE } },
    { BOORU_ORDER_MPIXELS, { BOORU_INDEX_MPIXELS, TRUE } },
    { BOORU_ORDER_MPIXELS_ASC, { BOORU_INDEX_MPIXELS, FALSE, TRUE } },
    { BOORU_ORDER_PORTRAIT, { BOORU_INDEX_SHAPE, FALSE } },
    { BOORU_ORDER_LANDSCAPE, { BOORU_INDEX_SHAPE, TRUE } },
    { BOORU_ORDER_FILESIZE, { BOORU_INDEX_FILESIZE, TRUE } },
    { BOORU_ORDER_FILESIZE_ASC, { BOORU_INDEX_FILESIZE, FALSE, TRUE } },
    { BOORU_ORDER_TAGCOUNT, { BOORU_INDEX_TAGCOUNT, TRUE } },
    { BOORU_ORDER_TAGCOUNT_ASC, { BOORU_INDEX_TAGCOUNT, FALSE, TRUE } },
    { BOORU_ORDER_GENTAGS, { BOORU_INDEX_GENTAGS, TRUE } },
    { BOORU_ORDER_GENTAGS_ASC, { BOORU_INDEX_GENTAGS, FALSE, TRUE } },
    { BOORU_ORDER_ARTTAGS, { BOORU_INDEX_ARTTAGS, TRUE } },
    { BOORU_ORDER_ARTTAGS_ASC, { BOORU_INDEX_ARTTAGS, FALSE, TRUE } },
    { BOORU_ORDER_COPYTAGS, { BOORU_INDEX_COPYTAGS, TRUE } },
    { BOORU_ORDER_COPYTAGS_ASC, { BOORU_INDEX_COPYTAGS, FALSE, TRUE } },
    { BOORU_ORDER_CHARTAGS, { BOORU_INDEX_CHARTAGS, TRUE } },
    { BOORU_ORDER_CHARTAGS_ASC, { BOORU_INDEX_CHARTAGS, FALSE, TRUE } },
    { BOORU_ORDER_METATAGS, { BOORU_INDEX_METATAGS, TRUE } },
    { BOORU_ORDER_METATAGS_ASC, { BOORU_INDEX_METATAGS, FALSE, TRUE } },
    { BOORU_ORDER_DURATION, { BOORU_INDEX_DURATION, TRUE } },
    { BOORU_ORDER_DURATION_ASC, { BOORU_INDEX_DURATION_UP, FALSE, TRUE } },
    { BOORU_ORDER_CHILD_COUNT, { BOORU_INDEX_CHILDREN, TRUE } },
    { BOORU_ORDER_CHILD_COUNT_ASC, { BOORU_INDEX_CHILDREN, FALSE, TRUE } },
    { BOORU_ORDER_ACTIVE_CHILD_COUNT, { BOORU_INDEX_ACTIVE_CHILDREN, TRUE } },
    { BOORU_ORDER_ACTIVE_CHILD_COUNT_ASC, { BOORU_INDEX_ACTIVE_CHILDREN, FALSE, TRUE } },
    { BOORU_ORDER_DELETED_CHILD_COUNT, { BOORU_INDEX_DELETED_CHILDREN, TRUE } },
    { BOORU_ORDER_DELETED_CHILD_COUNT_ASC, { BOORU_INDEX_DELETED_CHILDREN, FALSE, TRUE } },
    { BOORU_ORDER_RANK, { BOORU_INDEX_HEAT, TRUE } },
    { BOORU_ORDER_MD5, { BOORU_INDEX_MD5, TRUE } },
    { BOORU_ORDER_MD5_ASC, { BOORU_INDEX_MD5, FALSE, TRUE } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    if (columns[i].order == order)
      {
        *column = columns[i].column;
        return TRUE;
      }
  return FALSE;
}

static int
compare_hits (gconstpointer a, gconstpointer b)
{
  const BooruIndexHit *left = a, *right = b;

  if (left->id != right->id)
    return left->id < right->id ? -1 : 1;
  return (left->rank > right->rank) - (left->rank < right->rank);
}

/* The places of ids in the list of a query. */
static GArray *
list_places (const BooruQueryNode *ids)
{
  GArray *places = g_array_sized_new (FALSE, FALSE, sizeof (BooruIndexHit), ids->ranges->len);

  for (guint i = 0; i < ids->ranges->len; i++)
    {
      BooruIndexHit place = { g_array_index (ids->ranges, BooruQueryRange, i).low, i };

      g_array_append_val (places, place);
    }
  g_array_sort (places, compare_hits);
  return places;
}

/* By what the store has. Of counts, a post that is not among them has 0; of times it comes last, or
 * first where Danbooru has it so. */
static void
init_of_store (BooruIndexOrder *self, BooruQueryOrder order, GArray *hits)
{
  gboolean down = (order - BOORU_ORDER_COMMENT) % 2 == 0;

  self->sort = BOORU_INDEX_SORT_RANK;
  self->ranks = g_array_ref (hits);
  self->down = self->ids_down = down;
  if (order >= BOORU_ORDER_COMMENT_COUNT)
    self->missing_rank = 0;
  else
    self->missing_rank = order == BOORU_ORDER_COMMENT_ASC ? G_MAXINT64 : G_MININT64;
}

void
booru_index_order_init (BooruIndexOrder *self, const BooruQuery *query, GArray *hits, guint seed)
{
  Column column;

  *self = (BooruIndexOrder){ .sort = BOORU_INDEX_SORT_ID, .ids_down = TRUE };
  if (find_column (query->order, &column))
    {
      self->sort = BOORU_INDEX_SORT_VALUE;
      self->value = column.value;
      self->down = column.down;
      self->ids_down = !column.ids_up;
      return;
    }
  if (booru_query_order_is_of_store (query->order))
    {
      init_of_store (self, query->order, hits);
      return;
    }
  switch (query->order)
    {
    case BOORU_ORDER_ID:
    case BOORU_ORDER_CREATED_AT_ASC:
      self->ids_down = FALSE; /* ids are given in the order in which posts come to be */
      break;
    case BOORU_ORDER_RANDOM:
      self->sort = BOORU_INDEX_SORT_RANDOM;
      self->seed = seed ? seed : g_random_int ();
      break;
    case BOORU_ORDER_CUSTOM:
      self->sort = BOORU_INDEX_SORT_RANK;
      self->ranks = list_places (booru_query_node_find_ids (query->root));
      self->missing_rank = -1;
      break;
    case BOORU_ORDER_SIMILAR:
      if (hits == NULL)
        break;
      self->sort = BOORU_INDEX_SORT_RANK;
      self->ranks = g_array_ref (hits);
      self->missing_rank = G_MAXINT64;
      break;
    default:
      break;
    }
}

void
booru_index_order_clear (BooruIndexOrder *self)
{
  g_clear_pointer (&self->ranks, g_array_unref);
}

guint
booru_index_order_get_columns (const BooruIndexOrder *self)
{
  return self->sort == BOORU_INDEX_SORT_VALUE ? booru_index_value_get_columns (self->value) : 0;
}

/* Of the first one, if an id is listed twice. */
static gint64
find_rank (const BooruIndexOrder *self, gint64 id)
{
  const BooruIndexHit *ranks = (const BooruIndexHit *)(gpointer)self->ranks->data;
  guint from = 0, end = self->ranks->len;

  while (from < end)
    {
      guint middle = (from + end) / 2;

      if (ranks[middle].id < id)
        from = middle + 1;
      else
        end = middle;
    }
  return from < self->ranks->len && ranks[from].id == id ? ranks[from].rank : self->missing_rank;
}

/* lowbias32, https://nullprogram.com/blog/2018/07/31/ */
static inline guint32
mix (guint32 x)
{
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}

static inline guint32
shuffle (guint32 salt, guint32 seed, guint32 id)
{
  return mix (mix (id ^ salt) + seed);
}

BOORU_INDEX_CLONES static void
scan_shuffled (guint32 first, guint32 salt, guint32 seed, guint32 from, guint32 span, guint64 *bits)
{
  guint8 flags[64];

  for (guint32 i = 0; i < BOORU_INDEX_N_WORDS; i++)
    {
      for (guint32 j = 0; j < 64; j++)
        flags[j] = shuffle (salt, seed, first + i * 64 + j) - from <= span;
      bits[i] |= booru_index_gather_flags (flags);
    }
}

void
booru_index_order_scan_random (const BooruIndexOrder *self,
                               guint32 number,
                               gint64 low,
                               gint64 high,
                               guint64 *bits)
{
  low = MAX (low, 0);
  high = MIN (high, G_MAXUINT32);
  if (low <= high)
    scan_shuffled (number * BOORU_INDEX_BLOCK_SIZE, mix (self->seed), self->seed, (guint32)low,
                   (guint32)(high - low), bits);
}

BooruIndexRank
booru_index_order_get_rank (const BooruIndexOrder *self, const BooruIndexView *view, guint low)
{
  guint32 id = view->number * BOORU_INDEX_BLOCK_SIZE + low;
  gint64 key = 0;

  switch (self->sort)
    {
    case BOORU_INDEX_SORT_VALUE:
      key = booru_index_view_get_value (view, self->value, low);
      break;
    case BOORU_INDEX_SORT_RANK:
      key = find_rank (self, id);
      break;
    case BOORU_INDEX_SORT_RANDOM:
      key = shuffle (mix (self->seed), self->seed, id);
      break;
    case BOORU_INDEX_SORT_ID:
    default:
      break;
    }
  /* The complement, as not every number can be negated. */
  return (BooruIndexRank){ self->down ? key : ~key, self->ids_down ? id : ~id };
}

guint32
booru_index_order_get_id (const BooruIndexOrder *self, BooruIndexRank rank)
{
  return self->ids_down ? rank.id_key : ~rank.id_key;
}
