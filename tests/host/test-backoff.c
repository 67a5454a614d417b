/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/supervise/booru-backoff.h"

#define SECOND G_USEC_PER_SEC

static void
test_delays_double (void)
{
  static const gint64 expected[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300 };
  BooruBackoff backoff = { 0 };
  gint64 now = SECOND;

  /* Far enough apart not to be given up. */
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      gint64 delay = 0;

      now += 20 * SECOND;
      g_assert_true (booru_backoff_fail (&backoff, now, 0.5, &delay));
      g_assert_cmpint (delay, ==, expected[i] * SECOND / 10);
    }
}

static void
test_jitter_stays_in_bounds (void)
{
  for (guint n = 1; n <= 40; n++)
    {
      gint64 low = 0, high = 0;
      BooruBackoff first = { .n_failures = n - 1 };
      BooruBackoff second = { .n_failures = n - 1 };

      /* The failures before were long ago. */
      g_assert_true (booru_backoff_fail (&first, 1000 * SECOND, 0, &low));
      g_assert_true (booru_backoff_fail (&second, 1000 * SECOND, 0.999999, &high));
      g_assert_cmpint (low, >, 0);
      g_assert_cmpint (low, <, high + (n > 9));
      g_assert_cmpint (high, <=, BOORU_BACKOFF_LAST_DELAY);
      g_assert_cmpint (high, <=, low * 3 / 2 + 1);
    }
}

/* What the system had none of is waited for, however often, and counts as no failure. */
static void
test_waiting (void)
{
  static const gint64 expected[] = { 1, 2, 4, 8, 16, 32, 50, 50, 50 };
  BooruBackoff backoff = { 0 };
  gint64 delay;

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (booru_backoff_wait (&backoff, 0.5), ==, expected[i] * SECOND / 10);
  g_assert_true (booru_backoff_fail (&backoff, SECOND, 0.5, &delay));
  g_assert_cmpint (delay, ==, SECOND / 10);
  booru_backoff_up (&backoff, 2 * SECOND);
  g_assert_cmpint (booru_backoff_wait (&backoff, 0.5), ==, SECOND / 10);
}

static void
test_five_failures_in_a_minute (void)
{
  BooruBackoff backoff = { 0 };
  gint64 delay;

  for (guint i = 0; i < 4; i++)
    g_assert_true (booru_backoff_fail (&backoff, SECOND + i * 15 * SECOND, 0, &delay));
  g_assert_false (booru_backoff_fail (&backoff, SECOND + 60 * SECOND, 0, &delay));

  booru_backoff_reset (&backoff);
  for (guint i = 0; i < 4; i++)
    g_assert_true (booru_backoff_fail (&backoff, SECOND + i * 15 * SECOND, 0, &delay));
  g_assert_true (booru_backoff_fail (&backoff, SECOND + 60 * SECOND + 1, 0, &delay));
  /* The window moves on: the five newest count. */
  g_assert_false (booru_backoff_fail (&backoff, SECOND + 62 * SECOND, 0, &delay));
}

static void
test_for_ever (void)
{
  BooruBackoff backoff = { .for_ever = TRUE };
  gint64 delay;

  for (guint i = 0; i < 4; i++)
    g_assert_true (booru_backoff_fail (&backoff, SECOND, 0.5, &delay));
  g_assert_false (booru_backoff_is_failing (&backoff));
  for (guint i = 0; i < 100; i++)
    g_assert_true (booru_backoff_fail (&backoff, SECOND, 0.5, &delay));
  g_assert_true (booru_backoff_is_failing (&backoff));
  g_assert_cmpint (delay, ==, 60 * SECOND);

  booru_backoff_reset (&backoff);
  g_assert_false (booru_backoff_is_failing (&backoff));
  for (guint i = 0; i < 6; i++)
    g_assert_true (booru_backoff_fail (&backoff, SECOND, 0.5, &delay));
}

static void
test_a_minute_up_makes_up (void)
{
  BooruBackoff backoff = { 0 };
  gint64 delay;
  gint64 now = SECOND;

  for (guint i = 0; i < 4; i++)
    g_assert_true (booru_backoff_fail (&backoff, now += SECOND, 0.5, &delay));
  booru_backoff_up (&backoff, now);
  g_assert_true (booru_backoff_fail (&backoff, now += 60 * SECOND, 0.5, &delay));
  g_assert_cmpint (delay, ==, BOORU_BACKOFF_FIRST_DELAY);

  /* A little less does not, nor does a time that a later failure ended. */
  booru_backoff_up (&backoff, now);
  g_assert_true (booru_backoff_fail (&backoff, now += 59 * SECOND, 0.5, &delay));
  g_assert_cmpint (delay, ==, 2 * BOORU_BACKOFF_FIRST_DELAY);
  g_assert_true (booru_backoff_fail (&backoff, now += 59 * SECOND, 0.5, &delay));
  g_assert_cmpint (delay, ==, 4 * BOORU_BACKOFF_FIRST_DELAY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/backoff/for-ever", test_for_ever);
  g_test_add_func ("/backoff/delays-double", test_delays_double);
  g_test_add_func ("/backoff/jitter-stays-in-bounds", test_jitter_stays_in_bounds);
  g_test_add_func ("/backoff/waiting", test_waiting);
  g_test_add_func ("/backoff/five-failures-in-a-minute", test_five_failures_in_a_minute);
  g_test_add_func ("/backoff/a-minute-up-makes-up", test_a_minute_up_makes_up);
  return g_test_run ();
}
