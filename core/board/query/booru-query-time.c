/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dates and durations in searches. */
#include "board/query/booru-query-ast.h"

#include <string.h>

#include "base/booru-time.h"

/* How far from 1970 dates may lie. GDateTime ends at the year 9999. */
#define FIRST_YEAR 1
#define LAST_YEAR 9998

static gint64
to_usec (GDateTime *time)
{
  return g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
}

/* Up to @max digits at *@p. */
static gboolean
read_number (const char **p, guint max, gint *number)
{
  const char *start = *p;

  for (*number = 0; g_ascii_isdigit (**p) && (guint)(*p - start) < max; (*p)++)
    *number = *number * 10 + (**p - '0');
  return *p > start;
}

static gboolean
accept (const char **p, const char *any_of)
{
  if (**p == '\0' || strchr (any_of, **p) == NULL)
    return FALSE;
  (*p)++;
  return TRUE;
}

/* "T12:34:56.789Z", "_12:34", with an offset: the rest of a date, in which a moment is meant. */
static gboolean
parse_time_of_day (GDateTime *day, const char *p, gint64 *moment)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *date = g_date_time_format (day, "%m-%d"), *iso = NULL;

  /* ISO 8601 wants seconds. */
  iso = g_strdup_printf ("%04d-%sT%.5s%s%s", g_date_time_get_year (day), date, p,
                         p[0] && strlen (p) >= 6 && p[5] == ':' ? "" : ":00",
                         strlen (p) > 5 ? p + 5 : "");
  time = g_date_time_new_from_iso8601 (iso, booru_time_get_zone ());
  if (time == NULL)
    return FALSE;
  *moment = to_usec (time);
  return TRUE;
}

/* "31-1-2024", "31.1.2024" at *@p. */
static gboolean
read_day_first (const char **p, gint date[3])
{
  return read_number (p, 2, &date[2]) && accept (p, "-.") && read_number (p, 2, &date[1])
         && accept (p, "-.") && read_number (p, 4, &date[0]);
}

/* Year, month and day at *@p, of which month or day may be missing. Returns how many there are. */
static guint
read_date (const char **p, gint date[3])
{
  const char *start = *p;

  if (!read_number (p, 4, &date[0]))
    return 0;
  if (*p - start <= 2)
    {
      *p = start;
      return read_day_first (p, date) ? 3 : 0;
    }
  if (*p - start != 4)
    return 0;
  for (guint n = 1; n < 3; n++)
    {
      if (!accept (p, "-/."))
        return n;
      if (!read_number (p, 2, &date[n]))
        return 0;
    }
  return 3;
}

/**
 * booru_query_parse_date:
 * @string: "2024", "2024-01", "2024-01-31", "31.1.2024", "2024-01-31T12:34", with seconds and a
 * zone
 * @start: (out): its first microsecond, since 1970
 * @end: (out): its last one: of the year, month or day, in the board's time zone; a moment is its
 *   own end
 *
 * Returns: whether @string is a date
 */
gboolean
booru_query_parse_date (const char *string, gint64 *start, gint64 *end)
{
  g_autoptr (GDateTime) first = NULL, next = NULL;
  gint date[3] = { 0, 1, 1 };
  const char *p = string;
  guint precision = read_date (&p, date);

  if (precision == 0 || date[0] < FIRST_YEAR || date[0] > LAST_YEAR)
    return FALSE;
  /* As if it were UTC: days are counted first, and looked up in the zone then. */
  first = g_date_time_new_utc (date[0], date[1], date[2], 0, 0, 0);
  if (first == NULL)
    return FALSE;
  if (precision == 3 && accept (&p, "Tt_ "))
    {
      if (!parse_time_of_day (first, p, start))
        return FALSE;
      *end = *start;
      return TRUE;
    }
  if (*p != '\0')
    return FALSE;
  next = g_date_time_add_full (first, precision == 1, precision == 2, precision == 3, 0, 0, 0);
  *start = booru_time_find_wall (first);
  *end = booru_time_find_wall (next) - 1;
  return TRUE;
}

/* The first and last microsecond of the day that @time (microseconds since 1970) is in, in the
 * board's time zone. */
gint64
booru_query_get_day (gint64 time, gint64 *end)
{
  g_autoptr (GDateTime) moment = booru_time_from_usec (
      CLAMP (time, -62000000000 * G_USEC_PER_SEC, 250000000000 * G_USEC_PER_SEC));
  g_autoptr (GDateTime) first
      = g_date_time_new_utc (g_date_time_get_year (moment), g_date_time_get_month (moment),
                             g_date_time_get_day_of_month (moment), 0, 0, 0);
  g_autoptr (GDateTime) next = g_date_time_add_days (first, 1);

  *end = booru_time_find_wall (next) - 1;
  return booru_time_find_wall (first);
}

/* "1:30", "1:02:03.5" */
static gboolean
parse_timecode (const char *string, double *seconds)
{
  g_auto (GStrv) parts = g_strsplit (string, ":", 4);
  guint n = g_strv_length (parts);

  *seconds = 0;
  if (n > 3)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const char *allowed = i + 1 < n ? "0123456789" : "0123456789.";
      char *end;

      if (parts[i][0] == '\0' || strspn (parts[i], allowed) != strlen (parts[i]))
        return FALSE;
      *seconds = *seconds * 60 + g_ascii_strtod (parts[i], &end);
      if (*end != '\0')
        return FALSE;
    }
  return TRUE;
}

/* Sets how many seconds the unit of @length bytes is, and its place among the units. Each may be
 * shortened. */
static gboolean
find_unit (const char *unit, gsize length, double *seconds, guint *place)
{
  static const struct
  {
    const char *name, *other;
    double seconds;
  } units[] = {
    { "seconds", "s", 1 },
    { "minutes", "m", 60 },
    { "hours", "hr", 3600 },
    { "days", "d", 86400 },
    { "weeks", "wk", 604800 },
    { "months", "mo", 365.25 * 86400 / 12 },
    { "years", "yr", 365.25 * 86400 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if ((strlen (units[i].other) == length
         && g_ascii_strncasecmp (units[i].other, unit, length) == 0)
        || (strlen (units[i].name) >= length
            && g_ascii_strncasecmp (units[i].name, unit, length) == 0))
      {
        *place = i;
        *seconds = units[i].seconds;
        return TRUE;
      }
  return FALSE;
}

/**
 * booru_query_parse_duration:
 * @string: "1m30s", "2 weeks", "1:30", "90"
 * @seconds: (out): how long that is
 *
 * Returns: whether @string is a duration; its units have to descend
 */
gboolean
booru_query_parse_duration (const char *string, double *seconds)
{
  const char *p = string;
  guint last = G_MAXUINT;

  if (strchr (string, ':'))
    return parse_timecode (string, seconds);

  *seconds = 0;
  for (guint n = 0; *p || n == 0; n++)
    {
      g_autofree char *number = NULL;
      gsize length = strspn (p, "0123456789.");
      guint place;
      double unit, count;
      char *end;

      number = g_strndup (p, length);
      count = g_ascii_strtod (number, &end);
      if (length == 0 || *end != '\0' || end == number)
        return FALSE;
      p += length;
      p += strspn (p, " ");
      for (length = 0; g_ascii_isalpha (p[length]); length++)
        ;
      /* No unit at all: seconds, for which "" is short. */
      if (!find_unit (p, length, &unit, &place) || place >= last)
        return FALSE;
      last = place;
      *seconds += count * unit;
      p += length;
      p += strspn (p, " ");
    }
  return TRUE;
}
