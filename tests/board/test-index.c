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

/* The most that the language allows: terms, patterns, values, levels. */
static void
test_limits (void)
{
  g_autoptr (IndexBoard) board = index_board_make ((guint32)g_test_rand_int ());
  g_autoptr (BooruIndex) index = booru_index_new (NULL, "test", &index_board_source, board);
  const char *const joints[] = { " ", " or ", " -", " ~" };

  for (guint i = 0; i < G_N_ELEMENTS (joints); i++)
    {
      g_autoptr (GString) terms = g_string_new (NULL), patterns = g_string_new (NULL);
      g_autoptr (GString) ids = g_string_new ("id:1"), deep = g_string_new ("solo");

      for (guint j = 0; j < BOORU_QUERY_MAX_TERMS; j++)
        g_string_append_printf (terms, "%sscore:>%d", joints[i], (gint)j - 250);
      for (guint j = 0; j < 100; j++)
        g_string_append_printf (patterns, "%s*%c*%c*", joints[i], 'a' + (gint)j % 10,
                                'a' + (gint)j / 10);
      for (guint j = 2; j < 5000; j++)
        g_string_append_printf (ids, ",%u", j * 17);
      for (guint j = 0; j < 8; j++)
        {
          g_string_prepend (deep, "( hair ");
          g_string_append_printf (deep, "%scat )%s-dog", joints[i], joints[i]);
        }
      index_require_query (board, index, terms->str);
      index_require_query (board, index, patterns->str);
      index_require_query (board, index, ids->str);
      index_require_query (board, index, deep->str);
    }
}

static void
require_related (IndexBoard *board, BooruIndex *index, const char *text)
{
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  g_autoptr (GPtrArray) posts = index_board_list (board, query);
  gint64 together[INDEX_N_TAGS] = { 0 }, tags[INDEX_N_TAGS], counts[INDEX_N_TAGS], n_posts;
  g_autoptr (GPtrArray) related = NULL;
  double last = 1;

  g_test_message ("%s", text);
  for (guint i = 0; i < INDEX_N_TAGS; i++)
    {
      tags[i] = board->tags[i].id;
      for (guint j = 0; j < posts->len; j++)
        together[i] += (((const IndexPost *)posts->pdata[j])->tags >> i) & 1;
    }
  g_assert_true (booru_index_count_tags (index, query, tags, INDEX_N_TAGS, counts, &n_posts, NULL));
  g_assert_cmpint (n_posts, ==, posts->len);
  g_assert_cmpmem (counts, sizeof counts, together, sizeof together);

  related
      = booru_index_related_tags (index, query, -1, BOORU_INDEX_BY_FREQUENCY, 10, &n_posts, NULL);
  g_assert_cmpint (n_posts, ==, posts->len);
  for (guint i = 0; i < related->len; i++)
    {
      const BooruIndexRelated *one = related->pdata[i];

      g_assert_cmpint (one->n_together, ==, together[one->tag->id - 1]);
      g_assert_cmpfloat (one->frequency, <=, last);
      g_assert_true (one->cosine >= 0 && one->cosine <= 1 && one->jaccard <= one->cosine + 1e-9);
      g_assert_true (one->overlap >= one->cosine - 1e-9 && one->overlap <= 1);
      last = one->frequency;
    }
  /* The most frequent one is in any sample of that size. */
  for (guint i = 0; i < INDEX_N_TAGS && posts->len > 0; i++)
    g_assert_true (related->len > 0
                   && together[i] <= ((BooruIndexRelated *)related->pdata[0])->n_together);
}

static void
test_related (void)
{
  g_autoptr (IndexBoard) board = index_board_make ((guint32)g_test_rand_int ());
  g_autoptr (BooruIndex) index = booru_index_new (NULL, "test", &index_board_source, board);

  require_related (board, index, "");
  require_related (board, index, "no_such_tag");
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *text = index_board_draw_query (board);
      g_autoptr (BooruQuery) query = booru_query_parse (text);

      if (!query->refused)
        require_related (board, index, text);
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
  TEST ("/index/limits", test_limits);
  TEST ("/index/related", test_related);
  return g_test_run ();
}
