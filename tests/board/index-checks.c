/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a search index answers, against a plain reading of the board. */
#include "index-checks.h"

#include "base/booru-error.h"

static GArray *
search (BooruIndex *index, const BooruQuery *query, BooruPageKind kind, gint64 value, guint limit)
{
  g_autoptr (GError) error = NULL;
  BooruPage page = { kind, value, limit, 7 };
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  booru_index_search (index, query, &page, ids, &error);
  g_assert_no_error (error);
  return ids;
}

static gint64
get_id (const GPtrArray *posts, guint i)
{
  return ((const IndexPost *)posts->pdata[i])->id;
}

/* @n of the posts from @first on, in steps of 1 or -1. */
static void
require (GArray *ids, const GPtrArray *posts, guint first, gint step, guint n)
{
  g_assert_cmpuint (ids->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (g_array_index (ids, gint64, i), ==,
                     get_id (posts, first + (guint)((gint)i * step)));
}

static void
require_numbered (IndexBoard *board, BooruIndex *index, const BooruQuery *query, GPtrArray *posts)
{
  guint limit = (guint)g_rand_int_range (board->random, 1, 41);
  guint number = 1 + (guint)g_rand_int_range (board->random, 0, 2 + (gint)(posts->len / limit));
  guint first = MIN ((number - 1) * limit, posts->len);
  g_autoptr (GArray) ids = search (index, query, BOORU_PAGE_NUMBER, number, limit);

  require (ids, posts, first, 1, MIN (limit, posts->len - first));
}

static void
require_neighbours (IndexBoard *board, BooruIndex *index, const BooruQuery *query, GPtrArray *posts)
{
  guint at = (guint)g_rand_int_range (board->random, 0, (gint)posts->len);
  g_autoptr (GArray) before = search (index, query, BOORU_PAGE_PRECEDING, get_id (posts, at), 3);
  g_autoptr (GArray) after = search (index, query, BOORU_PAGE_FOLLOWING, get_id (posts, at), 3);

  require (before, posts, at - 1, -1, MIN (at, 3));
  require (after, posts, at + 1, 1, MIN (posts->len - 1 - at, 3));
}

static int
compare_ids_down (gconstpointer a, gconstpointer b)
{
  gint64 left = (*(IndexPost *const *)a)->id, right = (*(IndexPost *const *)b)->id;

  return (left < right) - (left > right);
}

/* Pages by id are in that order, whatever the query's is. Sorts @posts. */
static void
require_by_id (IndexBoard *board, BooruIndex *index, const BooruQuery *query, GPtrArray *posts)
{
  guint at = (guint)g_rand_int_range (board->random, 0, (gint)posts->len), n = MIN (at, 4);
  g_autoptr (GArray) before = NULL, after = NULL;

  g_ptr_array_sort (posts, compare_ids_down);
  before = search (index, query, BOORU_PAGE_BEFORE, get_id (posts, at), 4);
  after = search (index, query, BOORU_PAGE_AFTER, get_id (posts, at), 4);
  require (before, posts, at + 1, 1, MIN (posts->len - 1 - at, 4));
  require (after, posts, at - n, 1, n);
}

/* Each once, in the same order over all pages. */
static void
require_random (BooruIndex *index, const BooruQuery *query, GPtrArray *posts)
{
  g_autoptr (GArray) all = search (index, query, BOORU_PAGE_NUMBER, 1, posts->len + 10);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  guint third = posts->len / 3;

  g_assert_cmpuint (all->len, ==, posts->len);
  for (guint i = 0; i < posts->len; i++)
    g_hash_table_add (seen, &((IndexPost *)posts->pdata[i])->id);
  for (guint i = 0; i < all->len; i++)
    g_assert_true (g_hash_table_remove (seen, &g_array_index (all, gint64, i)));
  if (third > 0)
    {
      g_autoptr (GArray) second = search (index, query, BOORU_PAGE_NUMBER, 2, third);
      g_autoptr (GArray) next = search (index, query, BOORU_PAGE_FOLLOWING,
                                        g_array_index (all, gint64, third - 1), third);
      g_autoptr (GArray) before
          = search (index, query, BOORU_PAGE_PRECEDING, g_array_index (all, gint64, third), 1);

      g_assert_cmpmem (second->data, second->len * 8, &g_array_index (all, gint64, third),
                       third * 8);
      g_assert_cmpint (g_array_index (before, gint64, 0), ==,
                       g_array_index (all, gint64, third - 1));
      g_assert_cmpmem (next->data, next->len * 8, second->data, second->len * 8);
    }
}

void
index_require_query (IndexBoard *board, BooruIndex *index, const char *text)
{
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  g_autoptr (GPtrArray) posts = index_board_list (board, query);
  g_autoptr (GError) error = NULL;
  gint64 count = booru_index_count (index, query, NULL, &error);

  g_test_message ("%s", text);
  if (query->refused)
    {
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (count, ==, posts->len);
  if (query->order == BOORU_ORDER_RANDOM)
    require_random (index, query, posts);
  else
    require_numbered (board, index, query, posts);
  if (posts->len == 0)
    return;
  if (query->order != BOORU_ORDER_RANDOM)
    require_neighbours (board, index, query, posts);
  require_by_id (board, index, query, posts);
}

void
index_require_random_query (IndexBoard *board, BooruIndex *index)
{
  g_autofree char *text = index_board_draw_query (board);

  index_require_query (board, index, text);
}
