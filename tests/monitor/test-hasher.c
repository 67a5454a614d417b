/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Searches by picture, with a decoder that does as it is told (faulty-decoder.c). */
#include "decoding/monitor-hasher.h"

#include "context-fixture.h"
#include "pool-fixture.h"

static BooruSpool *
hand_over (PoolFixture *fixture, const char *order)
{
  g_autoptr (GError) error = NULL;
  /* The monitor sniffs the format before it believes the decoder. */
  g_autofree char *contents = g_strconcat ("GIF89a", order, NULL);
  BooruSpool *spool = booru_spool_new (fixture->folder, &error);

  g_assert_no_error (error);
  g_assert_true (booru_spool_write (spool, contents, strlen (contents), &error));
  return spool;
}

/* The decoder ends at once, nothing is published, and the next search is answered. */
static void
test_cancel (PoolFixture *fixture, gconstpointer data)
{
  g_autoptr (TestContext) context = test_context_new ();
  g_autofree char *temporary = g_build_filename (fixture->folder, BOORU_DIR_TEMPORARY, NULL);
  g_autoptr (MonitorHasher) hasher = NULL;
  g_autoptr (BooruSpool) abandoned = NULL;
  g_autoptr (BooruSpool) good = NULL;

  g_mkdir (temporary, 0700);
  fixture->options.max = 1;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  hasher = monitor_hasher_new (BOORU_SERVICE_CONTEXT (context), fixture->folder);
  abandoned = hand_over (fixture, "hang with a child");
  good = hand_over (fixture, "nothing wrong");
  monitor_hasher_answer (hasher, fixture->pool, booru_spool_get_name (abandoned));
  monitor_hasher_answer (hasher, fixture->pool, booru_spool_get_name (good));
  while (!has_faulty_child ())
    g_main_context_iteration (NULL, FALSE);
  monitor_hasher_cancel (hasher, "of another monitor");
  monitor_hasher_cancel (hasher, booru_spool_get_name (abandoned));
  test_context_await (context, 1);
  test_assert_contains (context->published->pdata[0], booru_spool_get_name (good));
  g_assert_false (has_faulty_child ());
  monitor_hasher_cancel (hasher, booru_spool_get_name (abandoned));
}

/* A hasher that is freed cancels what is pending. */
static void
test_end (PoolFixture *fixture, gconstpointer data)
{
  g_autoptr (TestContext) context = test_context_new ();
  g_autofree char *temporary = g_build_filename (fixture->folder, BOORU_DIR_TEMPORARY, NULL);
  g_autoptr (MonitorHasher) hasher = NULL;
  g_autoptr (BooruSpool) first = NULL;
  g_autoptr (BooruSpool) second = NULL;

  g_mkdir (temporary, 0700);
  hasher = monitor_hasher_new (BOORU_SERVICE_CONTEXT (context), fixture->folder);
  first = hand_over (fixture, "hang with a child");
  second = hand_over (fixture, "hang with a child");
  monitor_hasher_answer (hasher, fixture->pool, booru_spool_get_name (first));
  monitor_hasher_answer (hasher, fixture->pool, booru_spool_get_name (second));
  g_clear_pointer (&hasher, monitor_hasher_free);
  g_assert_cmpuint (context->published->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pool_fixture_add_faulty_test ("/hasher/cancel", NULL, test_cancel);
  pool_fixture_add_faulty_test ("/hasher/end", NULL, test_end);
  return g_test_run ();
}
