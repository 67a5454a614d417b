/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that could not be read, and are to be tried again. */
#include <glib/gstdio.h>

#include "library-fixture.h"

static guint
count_failures (Fixture *f)
{
  BooruFailureFilter all = BOORU_FAILURE_FILTER_INIT;
  g_autoptr (GPtrArray) failures = booru_store_list_failures (f->store, &all, NULL);

  return failures->len;
}

/* What failed is left alone until it changes, or an administrator wants it to be tried again. */
static void
test_retry (Fixture *f, gconstpointer data)
{
  g_autofree char *one = path_in (f->a, "sub/one.bmp");
  g_autofree char *sub = path_in (f->a, "sub");

  g_assert_cmpint (g_mkdir (sub, 0755), ==, 0);
  fixture_start (f);
  fixture_limit_pixels (f, 1);
  write_picture (sub, "one.bmp", 1);
  write_picture (sub, "two.bmp", 2);
  write_picture (f->a, "three.bmp", 3);
  write_picture (f->b, "four.bmp", 4);
  write_file (f->b, "five.jpg", "no picture", -1);
  eventually (f, count_failures (f) == 5);
  fixture_wait_idle (f);

  fixture_limit_pixels (f, 1000000);
  monitor_library_reconcile (f->library);
  fixture_wait_idle (f);
  g_assert_cmpuint (count_failures (f), ==, 5);

  monitor_library_retry (f->library, one);
  eventually (f, post_at (f, f->a, "sub/one.bmp") != 0);
  fixture_wait_idle (f);
  g_assert_cmpuint (count_failures (f), ==, 4);
  monitor_library_retry (f->library, sub);
  eventually (f, post_at (f, f->a, "sub/two.bmp") != 0);
  fixture_wait_idle (f);
  g_assert_cmpuint (count_failures (f), ==, 3);
  monitor_library_retry (f->library, f->root);
  fixture_wait_idle (f);
  g_assert_cmpuint (count_failures (f), ==, 3);
  monitor_library_retry (f->library, "");
  eventually (f, count_failures (f) == 1);
  fixture_wait_idle (f);
  g_assert_cmpint (post_at (f, f->b, "four.bmp"), !=, 0);
  g_assert_cmpuint (count_failures (f), ==, 1);
}

/* More than are queued at once, and all of them fail again. */
static void
test_retry_many (Fixture *f, gconstpointer data)
{
  const guint n = 700;
  gint64 before;
  BooruFailureFilter oldest = { .limit = 1, .offset = n - 1, .after = -1 };

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);

      write_file (f->a, name, "", 0);
    }
  fixture_start (f);
  before = g_get_real_time ();
  monitor_library_retry (f->library, "");
  g_assert_false (monitor_library_is_idle (f->library));
  fixture_wait_idle (f);
  {
    g_autoptr (GPtrArray) failures = booru_store_list_failures (f->store, &oldest, NULL);

    g_assert_cmpuint (failures->len, ==, 1);
    g_assert_cmpint (((BooruFile *)failures->pdata[0])->failed_at, >=, before);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/retry/some", test_retry);
  fixture_add ("/monitor/retry/many", test_retry_many);
  return g_test_run ();
}
