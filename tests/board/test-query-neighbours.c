/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The posts next to one are those that stand next to it in the list, whatever its order. */
#include "query-library.h"

static GPtrArray *
search (Library *self, const BooruQuery *query, const BooruPage *page)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *posts = booru_store_search (self->board.store, query, page, &error);

  g_assert_no_error (error);
  return posts;
}

static void
require_neighbours (Library *self,
                    const BooruQuery *query,
                    GPtrArray *all,
                    guint i,
                    BooruPageKind kind,
                    guint seed)
{
  BooruPage page = { kind, ((BooruPost *)all->pdata[i])->id, 3, seed };
  g_autoptr (GPtrArray) found = search (self, query, &page);
  gint step = kind == BOORU_PAGE_FOLLOWING ? 1 : -1;
  guint n_beside = kind == BOORU_PAGE_FOLLOWING ? all->len - 1 - i : i;

  g_assert_cmpuint (found->len, ==, MIN (n_beside, 3));
  for (guint j = 0; j < found->len; j++)
    g_assert_cmpint (((BooruPost *)found->pdata[j])->id, ==,
                     ((BooruPost *)all->pdata[(gint)i + step * ((gint)j + 1)])->id);
}

static void
require_order (Library *self, const char *text, guint seed)
{
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  BooruPage whole = { BOORU_PAGE_NUMBER, 1, N_POSTS, seed };
  g_autoptr (GPtrArray) all = search (self, query, &whole);

  g_test_message ("%s", text);
  for (guint i = 0; i < all->len; i += i < 3 || i + 4 > all->len ? 1 : 17)
    {
      require_neighbours (self, query, all, i, BOORU_PAGE_PRECEDING, seed);
      require_neighbours (self, query, all, i, BOORU_PAGE_FOLLOWING, seed);
    }
}

static void
test_orders (Library *self, gconstpointer data)
{
  static const char *const scopes[] = { "", "tag0_(x)", "tag1 width:>500", "id:5..200", "-tag2" };

  for (BooruQueryOrder order = 0; order < BOORU_N_ORDERS; order++)
    for (gsize i = 0; i < G_N_ELEMENTS (scopes); i++)
      {
        g_autofree char *text
            = g_strdup_printf ("%s order:%s", scopes[i], booru_query_order_to_string (order));

        if (order != BOORU_ORDER_CUSTOM)
          require_order (self, text, order == BOORU_ORDER_RANDOM ? 7 : 0);
      }
  require_order (self, "id:9,3,200,50,51,7 status:any order:custom", 0);
  require_order (self, "similar:20,30", 0);
  require_order (self, "similar:20,30 order:score", 0);
}

/* A random order stays the same over its pages, and another seed is another order. */
static void
test_seeds (Library *self, gconstpointer data)
{
  static const char *const texts[]
      = { "order:random", "tag0_(x) order:random", "tag1 width:>500 order:random", "random:100" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (BooruQuery) query = booru_query_parse (texts[i]);
      BooruPage page = { BOORU_PAGE_NUMBER, 1, N_POSTS, 5 },
                other = { BOORU_PAGE_NUMBER, 1, N_POSTS, 6 };
      g_autoptr (GPtrArray) all = search (self, query, &page),
                            different = search (self, query, &other);
      guint n = 0, n_equal = 0;

      for (page.value = 1, page.limit = 20; page.value <= (all->len + 19) / 20; page.value++)
        {
          g_autoptr (GPtrArray) part = search (self, query, &page);

          for (guint j = 0; j < part->len; j++, n++)
            g_assert_cmpint (((BooruPost *)part->pdata[j])->id, ==,
                             ((BooruPost *)all->pdata[n])->id);
        }
      g_assert_cmpuint (n, ==, all->len);
      for (guint j = 0; j < MIN (all->len, different->len); j++)
        n_equal += ((BooruPost *)all->pdata[j])->id == ((BooruPost *)different->pdata[j])->id;
      g_assert_cmpuint (n_equal, <, all->len / 2);
    }
}

/* One that the search does not find has a place in its order, too. */
static void
test_outsider (Library *self, gconstpointer data)
{
  g_autoptr (BooruQuery) query = booru_query_parse ("-id:100 order:id"),
                         nothing = booru_query_parse ("no_such_tag order:score");
  BooruPage page = { BOORU_PAGE_FOLLOWING, 100, 1, 0 },
            none = { BOORU_PAGE_FOLLOWING, 999999, 1, 0 };
  g_autoptr (BooruQuery) by_score = booru_query_parse ("order:score");
  g_autoptr (GPtrArray) next = search (self, query, &page), empty = search (self, nothing, &page),
                        lost = search (self, by_score, &none);

  g_assert_cmpuint (next->len, ==, 1);
  g_assert_cmpint (((BooruPost *)next->pdata[0])->id, >, 100);
  g_assert_cmpuint (empty->len, ==, 0);
  g_assert_cmpuint (lost->len, ==, 0);
}

#define TEST(path, function)                                                                       \
  g_test_add (path, Library, NULL, query_library_set_up, function, query_library_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/query-neighbours/orders", test_orders);
  TEST ("/query-neighbours/seeds", test_seeds);
  TEST ("/query-neighbours/outsider", test_outsider);
  return g_test_run ();
}
