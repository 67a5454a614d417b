/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "view/web-count.h"

static void
require_text (gint64 count, const char *text, gint64 rounded)
{
  g_autofree char *got = web_count_to_text (count), *again = web_count_to_text (rounded);

  g_assert_cmpstr (got, ==, text);
  g_assert_cmpstr (again, ==, text);
  g_assert_cmpint (web_count_round (count), ==, rounded);
}

static void
test_texts (void)
{
  require_text (0, "0", 0);
  require_text (999, "999", 999);
  require_text (1000, "1.0k", 1000);
  require_text (9999, "9.9k", 9900);
  require_text (10999, "10k", 10000);
  require_text (999999, "999k", 999000);
  require_text (1000000, "1.0M", 1000000);
  require_text (9999999, "9.9M", 9900000);
  require_text (12345678, "12M", 12000000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/count/texts", test_texts);
  return g_test_run ();
}
