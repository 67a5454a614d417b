/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The search index against a plain reading of the same board, while that changes. */
#include "index-checks.h"

static guint
get_rounds (guint ordinary)
{
  return g_test_slow () ? ordinary * 100 : ordinary;
}

static void
test_queries (void)
{
  g_autoptr (IndexBoard) board = index_board_make ((guint32)g_test_rand_int ());
  g_autoptr (BooruIndex) index = booru_index_new (NULL, "test", &index_board_source, board);

  index_require_query (board, index, "");
  index_require_query (board, index, "order:id");
  for (guint i = get_rounds (600); i > 0; i--)
    index_require_random_query (board, index);
}

static void
test_edits (void)
{
  g_autoptr (IndexBoard) board = index_board_make ((guint32)g_test_rand_int ());
  g_autoptr (BooruIndex) index = booru_index_new (NULL, "test", &index_board_source, board);

  for (guint i = get_rounds (900); i > 0; i--)
    {
      for (gint n = g_rand_int_range (board->random, 0, 4); n > 0; n--)
        index_board_edit (board);
      index_require_random_query (board, index);
    }
}

/* What the log does not tell any more. */
static void
test_forgotten (void)
{
  g_autoptr (IndexBoard) board = index_board_make ((guint32)g_test_rand_int ());
  g_autoptr (BooruIndex) index = booru_index_new (NULL, "test", &index_board_source, board);

  for (guint i = 0; i < 20; i++)
    {
      index_require_random_query (board, index);
      for (guint j = 0; j < 30; j++)
        index_board_edit (board);
      board->forgotten = board->generation;
      g_array_set_size (board->changes, 0);
      index_require_random_query (board, index);
    }
}

/* Terms that many posts of a block have, and one that all have. */
static void
test_dense (void)
{
  g_autoptr (IndexBoard) board = index_board_new ((guint32)g_test_rand_int ());
  g_autoptr (BooruIndex) index = booru_index_new (NULL, "test", &index_board_source, board);

  index_board_add (board, 65536 - 5000, 14000, 2);
  for (guint i = get_rounds (60); i > 0; i--)
    {
      index_require_random_query (board, index);
      index_board_edit (board);
    }
}

#define TEST(name, function) g_test_add_func (name, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/index/queries", test_queries);
  TEST ("/index/edits", test_edits);
  TEST ("/index/forgotten", test_forgotten);
  TEST ("/index/dense", test_dense);
  return g_test_run ();
}
