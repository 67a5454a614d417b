/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "process/monitor-rate.h"

#define TICK (G_TIME_SPAN_SECOND / 2)

/* Goes on for @seconds at @files and @bytes a second. */
static void
go_on (MonitorRate *rate, double seconds, guint files, guint bytes)
{
  for (double passed = 0; passed < seconds; passed += 0.5)
    monitor_rate_note (rate, rate->at + TICK, rate->files + files / 2, rate->bytes + bytes / 2);
}

static void
require_near (double value, double expected)
{
  g_assert_cmpfloat_with_epsilon (value, expected, expected * 0.05 + 0.001);
}

static void
test_steady (void)
{
  MonitorRate rate = { 0 };

  g_assert_cmpfloat (monitor_rate_get_files (&rate), ==, 0);
  g_assert_cmpint (monitor_rate_estimate (&rate, 10), ==, -1);

  /* What was counted before the first look is not taken for speed. */
  monitor_rate_note (&rate, 1000, 700, 7000000);
  g_assert_cmpfloat (monitor_rate_get_files (&rate), ==, 0);
  go_on (&rate, 1, 20, 4000);
  require_near (monitor_rate_get_files (&rate), 20);
  require_near (monitor_rate_get_bytes (&rate), 4000);
  g_assert_cmpint (monitor_rate_estimate (&rate, 100), ==, -1);
  go_on (&rate, 2, 20, 4000);
  g_assert_cmpint (monitor_rate_estimate (&rate, 100), ==, 5);
  g_assert_cmpint (monitor_rate_estimate (&rate, 0), ==, 0);
}

static void
test_changes (void)
{
  MonitorRate rate = { 0 };

  monitor_rate_note (&rate, 1, 0, 0);
  go_on (&rate, 60, 1000, 0);
  go_on (&rate, 1, 10, 0);
  g_assert_cmpfloat (monitor_rate_get_files (&rate), >, 500);
  go_on (&rate, 60, 10, 0);
  require_near (monitor_rate_get_files (&rate), 10);

  /* Nothing moves: first it takes ever longer, then nobody knows. */
  go_on (&rate, 20, 0, 0);
  g_assert_cmpint (monitor_rate_estimate (&rate, 100), >, 60);
  go_on (&rate, 100000, 0, 0);
  g_assert_cmpint (monitor_rate_estimate (&rate, 100), ==, -1);
}

/* Neither two looks at one moment nor a count that falls may make nonsense of it. */
static void
test_odd_looks (void)
{
  MonitorRate rate = { 0 };

  monitor_rate_note (&rate, 1, 10, 10);
  monitor_rate_note (&rate, 1, 20, 20);
  g_assert_cmpfloat (monitor_rate_get_files (&rate), ==, 0);
  monitor_rate_note (&rate, 1 + TICK, 5, 5);
  g_assert_cmpfloat (monitor_rate_get_files (&rate), ==, 0);
  go_on (&rate, 3, 6, 0);
  g_assert_cmpfloat (monitor_rate_get_files (&rate), >, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor/rate/steady", test_steady);
  g_test_add_func ("/monitor/rate/changes", test_changes);
  g_test_add_func ("/monitor/rate/odd-looks", test_odd_looks);
  return g_test_run ();
}
