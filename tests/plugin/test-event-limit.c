/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-names.h"
#include "ipc/booru-event-limit.h"

#define SECOND G_USEC_PER_SEC

static gboolean
passes (BooruEventLimit *limit, const char *topic, GVariant *payload, gint64 now)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (payload);

  return booru_event_limit_check (limit, topic, sunk, now) == NULL;
}

static GVariant *
make_text (gsize size)
{
  return g_variant_new_take_string (g_strnfill (size - 1, 'x'));
}

static void
test_kinds (void)
{
  static const char *const wrong_topics[] = { "", "Posts", "a b", "a\n", "ä" };
  BooruEventLimit limit = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (wrong_topics); i++)
    g_assert_false (passes (&limit, wrong_topics[i], make_text (1), SECOND));
  g_assert_true (passes (&limit, "a-plugin-s-own", make_text (1), SECOND));
  g_assert_true (passes (&limit, "large", make_text (BOORU_EVENT_MAX_SIZE), SECOND));
  g_assert_false (passes (&limit, "large", make_text (BOORU_EVENT_MAX_SIZE + 1), SECOND));
  g_assert_false (passes (&limit, BOORU_EVENT_POSTS_CHANGED, make_text (1), SECOND));
  g_assert_true (passes (&limit, BOORU_EVENT_POSTS_CHANGED, g_variant_new ("ax", NULL), SECOND));
  g_assert_cmpuint (limit.dropped, ==, G_N_ELEMENTS (wrong_topics) + 2);
}

static guint
count_passing (BooruEventLimit *limit, gsize size, gint64 now)
{
  guint n = 0;

  for (guint i = 0; i < 5000; i++)
    n += passes (limit, "flood", make_text (size), now);
  return n;
}

/* Many at once may pass, and then as many as a second restores; large ones count for more. */
static void
test_rate (void)
{
  BooruEventLimit limit = { 0 };

  g_assert_cmpuint (count_passing (&limit, 1, SECOND), ==, 1999);
  g_assert_cmpuint (count_passing (&limit, 1, SECOND), ==, 0);
  g_assert_cmpuint (count_passing (&limit, 1, 2 * SECOND), ==, 1000);
  g_assert_cmpuint (count_passing (&limit, 1, 60 * SECOND), ==, 1999);
  g_assert_cmpuint (count_passing (&limit, BOORU_EVENT_MAX_SIZE, 120 * SECOND), ==, 2000 / 17);
}

static void
test_warnings (void)
{
  BooruEventLimit limit = { 0 };

  g_assert_true (booru_event_limit_should_warn (&limit, SECOND));
  g_assert_false (booru_event_limit_should_warn (&limit, 2 * SECOND));
  g_assert_false (booru_event_limit_should_warn (&limit, 60 * SECOND));
  g_assert_true (booru_event_limit_should_warn (&limit, 61 * SECOND));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event-limit/kinds", test_kinds);
  g_test_add_func ("/event-limit/rate", test_rate);
  g_test_add_func ("/event-limit/warnings", test_warnings);
  return g_test_run ();
}
