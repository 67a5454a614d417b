/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Days of the time zone, where the clocks are changed, too. */
#include "base/booru-time.h"

/* Rules as in TZ, so that they are the same on every system. */
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
#define SAO_PAULO "<-03>3<-02>,M10.3.0/0,M2.3.0/0"
#define HAVANA "CST5CDT,M3.2.0/0,M11.1.0/1"

static gint64
find_day (gint year, gint month, gint day)
{
  g_autoptr (GDateTime) wall = g_date_time_new_utc (year, month, day, 0, 0, 0);

  return booru_time_find_wall (wall) / G_USEC_PER_SEC;
}

static void
test_days (void)
{
  static const struct
  {
    const char *zone;
    gint year, month, day;
    gint64 start; /* seconds since 1970 */
    gint hours;
  } days[] = {
    { "UTC", 2024, 3, 31, 1711843200, 24 },
    { BERLIN, 2024, 1, 31, 1706655600, 24 },
    { BERLIN, 2024, 3, 31, 1711839600, 23 },
    { BERLIN, 2024, 4, 1, 1711922400, 24 },
    { BERLIN, 2024, 10, 27, 1729980000, 25 },
    /* There is no midnight. */
    { SAO_PAULO, 2017, 10, 15, 1508036400, 23 },
    { SAO_PAULO, 2017, 10, 16, 1508119200, 24 },
    /* The day before is an hour longer at its end. */
    { SAO_PAULO, 2018, 2, 17, 1518832800, 25 },
    { SAO_PAULO, 2018, 2, 18, 1518922800, 24 },
    /* Midnight comes twice. */
    { HAVANA, 2024, 11, 3, 1730606400, 25 },
    { HAVANA, 2024, 3, 10, 1710046800, 23 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (days); i++)
    {
      g_autoptr (GDateTime) date
          = g_date_time_new_utc (days[i].year, days[i].month, days[i].day, 0, 0, 0);
      g_autoptr (GDateTime) next = g_date_time_add_days (date, 1);

      booru_time_set_zone (days[i].zone);
      g_assert_cmpint (find_day (days[i].year, days[i].month, days[i].day), ==, days[i].start);
      g_assert_cmpint (booru_time_find_wall (next) / G_USEC_PER_SEC - days[i].start, ==,
                       days[i].hours * 3600);
    }
  booru_time_set_zone (NULL);
}

/* A time is shown in the day that it is found in. */
static void
test_shown (void)
{
  static const char *const zones[] = { BERLIN, SAO_PAULO, HAVANA };

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      gint64 from, time;

      booru_time_set_zone (zones[i]);
      from = find_day (2018, 1, 1);
      for (time = from; time < from + 366 * 86400; time += 1799)
        {
          g_autoptr (GDateTime) shown = booru_time_from_usec (time * G_USEC_PER_SEC);
          gint64 start = find_day (g_date_time_get_year (shown), g_date_time_get_month (shown),
                                   g_date_time_get_day_of_month (shown));

          g_assert_cmpint (start, <=, time);
          g_assert_cmpint (time - start, <, 25 * 3600);
        }
    }
  booru_time_set_zone (NULL);
}

static void
test_unknown (void)
{
  g_test_expect_message ("booru", G_LOG_LEVEL_WARNING, "Unknown time zone*Mars/Olympus*");
  booru_time_set_zone ("Mars/Olympus");
  g_test_assert_expected_messages ();
  g_assert_nonnull (booru_time_get_zone ());
  booru_time_set_zone (NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/time/days", test_days);
  g_test_add_func ("/base/time/shown", test_shown);
  g_test_add_func ("/base/time/unknown", test_unknown);
  return g_test_run ();
}
