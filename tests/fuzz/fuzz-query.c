/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Searches, tags and pages out of any bytes: nothing crashes, and the canonical text of a query is
 * its own canonical text. */
#include <booru.h>

#include <string.h>

#include "fuzz-main.h"

/* A lone backslash has no spelling inside quotes, a pattern like "*)" none inside a group: there
 * the canonical text is only a key. */
static gboolean
is_spelled (const char *canonical)
{
  return strchr (canonical, '\\') == NULL
         && (strchr (canonical, '*') == NULL || strchr (canonical, ')') == NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  g_autofree char *canonical = booru_query_to_string (query);
  g_autofree char *tag = booru_tag_normalize (text, NULL);
  BooruPage page;

  g_assert_true (g_utf8_validate (canonical, -1, NULL));
  if (is_spelled (canonical))
    {
      g_autoptr (BooruQuery) again = booru_query_parse (canonical);
      g_autofree char *same = booru_query_to_string (again);

      g_assert_cmpstr (same, ==, canonical);
      g_assert_cmpint (booru_query_get_limit (again), ==,
                       strcmp (canonical, ")") == 0 ? -1 : booru_query_get_limit (query));
    }
  if (tag)
    {
      g_autofree char *normal = booru_tag_normalize (tag, NULL);

      g_assert_cmpstr (normal, ==, tag);
    }
  if (booru_page_parse (text, 20, &page, NULL))
    g_assert_true (page.value >= 0
                   && (page.kind != BOORU_PAGE_NUMBER || page.value <= BOORU_PAGE_MAX_NUMBER));
  return 0;
}
