/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How large and how deep searches may be, and pages. */
#include <booru.h>

#include <string.h>

#include "board/query/booru-query-ast.h"

#define NOTHING ")"

static void
require_nothing (const char *text, gboolean too_complex)
{
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  g_autofree char *canonical = booru_query_to_string (query);

  g_assert_cmpstr (canonical, ==, NOTHING);
  g_assert_cmpint (query->refused, ==, too_complex);
}

static char *
repeat (const char *text, guint n)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (out, text);
  return g_string_free (out, FALSE);
}

static void
test_too_complex (void)
{
  static const char *const pieces[] = { "(", "-(", "~(", "a ", "-a or ", "a (b or ", "score:>1 " };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autofree char *text = repeat (pieces[i], 1000000 / strlen (pieces[i]));

      require_nothing (text, TRUE);
    }
}

/* Within the limits, whatever the size of the text. */
static void
test_large (void)
{
  g_autofree char *spaces = repeat (" ", 1000000), *letters = repeat ("a", 1000000);
  g_autofree char *closed = repeat (")", 1000000), *stars = repeat ("*", 1000000);
  g_autofree char *groups = g_strconcat ("((((((((((", "a", "))))))))))", NULL);
  g_autoptr (GString) ids = g_string_new ("id:1");
  g_autoptr (BooruQuery) query = NULL, nested = booru_query_parse (groups);
  g_autofree char *canonical = booru_query_to_string (nested);

  g_assert_cmpstr (canonical, ==, "a");
  require_nothing (closed, FALSE);
  require_nothing (letters, FALSE);
  {
    g_autoptr (BooruQuery) all = booru_query_parse (spaces), any = booru_query_parse (stars);
    g_autofree char *first = booru_query_to_string (all);

    g_assert_cmpstr (first, ==, "");
    g_assert_cmpint (any->root->type, ==, BOORU_QUERY_NONE);
  }

  for (guint i = 1; i < 200; i++)
    g_string_append_printf (ids, ",%u", i * 7);
  query = booru_query_parse (ids->str);
  g_assert_cmpint (query->root->type, ==, BOORU_QUERY_CONDITION);
  g_assert_cmpuint (query->root->ranges->len, ==, 200);
  for (guint i = 0; i < BOORU_QUERY_MAX_VALUES; i++)
    g_string_append (ids, ",5");
  require_nothing (ids->str, TRUE);
}

static void
test_depth (void)
{
  /* Each pair is two levels. */
  g_autofree char *fits_open = repeat ("a (b or ", BOORU_QUERY_MAX_DEPTH / 2 - 1);
  g_autofree char *fits_close = repeat (")", BOORU_QUERY_MAX_DEPTH / 2 - 1);
  g_autofree char *fits = g_strconcat (fits_open, "c d", fits_close, NULL);
  g_autofree char *deep_open = repeat ("a (b or ", BOORU_QUERY_MAX_DEPTH / 2 + 1);
  g_autofree char *deep_close = repeat (")", BOORU_QUERY_MAX_DEPTH / 2 + 1);
  g_autofree char *deep = g_strconcat (deep_open, "c", deep_close, NULL);
  g_autoptr (BooruQuery) query = booru_query_parse (fits);

  g_assert_false (query->refused);
  g_assert_cmpuint (booru_query_node_get_depth (query->root), ==, BOORU_QUERY_MAX_DEPTH);
  require_nothing (deep, TRUE);
}

static void
require_page (const char *text, BooruPageKind kind, gint64 value)
{
  g_autoptr (GError) error = NULL;
  BooruPage page;

  g_assert_true (booru_page_parse (text, 20, &page, &error));
  g_assert_no_error (error);
  g_assert_cmpint (page.kind, ==, kind);
  g_assert_cmpint (page.value, ==, value);
  g_assert_cmpuint (page.limit, ==, 20);
}

static void
refuse_page (const char *text, gint code)
{
  g_autoptr (GError) error = NULL;
  BooruPage page;

  g_assert_false (booru_page_parse (text, 20, &page, &error));
  g_assert_error (error, BOORU_ERROR, code);
}

static void
test_page (void)
{
  require_page (NULL, BOORU_PAGE_NUMBER, 1);
  require_page ("", BOORU_PAGE_NUMBER, 1);
  require_page ("0", BOORU_PAGE_NUMBER, 1);
  require_page ("1", BOORU_PAGE_NUMBER, 1);
  require_page ("1000", BOORU_PAGE_NUMBER, 1000);
  require_page ("b1234", BOORU_PAGE_BEFORE, 1234);
  require_page ("A7", BOORU_PAGE_AFTER, 7);
  refuse_page ("1001", BOORU_ERROR_LIMIT);
  refuse_page ("99999999999999999999999", BOORU_ERROR_LIMIT);
  refuse_page ("b", BOORU_ERROR_INVALID);
  refuse_page ("bx", BOORU_ERROR_INVALID);
  refuse_page ("-1", BOORU_ERROR_INVALID);
  refuse_page ("1 ", BOORU_ERROR_INVALID);
  refuse_page ("c5", BOORU_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/too-complex", test_too_complex);
  g_test_add_func ("/query/large", test_large);
  g_test_add_func ("/query/depth", test_depth);
  g_test_add_func ("/query/page", test_page);
  return g_test_run ();
}
