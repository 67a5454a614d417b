/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dates and durations in searches. */
#include "board/query/booru-query-ast.h"

#include <string.h>

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
parse_time_of_day (const char *date, const char *p, gint64 *moment)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *iso = NULL;

  /* ISO 8601 wants seconds. */
  iso = g_strdup_printf ("%sT%.5s%s%s", date, p,
                         p[0] && strlen (p) >= 6 && p[5] == ':' ? "" : ":00",
                         strlen (p) > 5 ? p + 5 : "");
  time = g_date_time_new_from_iso8601 (iso, zone);
  if (time == NULL)
    return FALSE;
  *moment = to_usec (time);
  return TRUE;
}

/**
 * booru_query_parse_date:
 * @string: "2024", "2024-01", "2024-01-31", "2024-01-31T12:34", with seconds and a zone
 * @start: (out): its first microsecond, since 1970
 * @end: (out): its last one: of the year, month or day, in local time; a moment is its own end
 *
 * Returns: whether @string is a date
 */
gboolean
booru_query_parse_date (const char *string, gint64 *start, gint64 *end)
{
  g_autoptr (GDateTime) first = NULL, next = NULL;
  gint year, month = 1, day = 1;
  guint precision = 1;
  const char *p = string;

  if (!read_number (&p, 4, &year) || p - string != 4 || year < FIRST_YEAR || year > LAST_YEAR)
    return FALSE;
  if (accept (&p, "-/"))
    precision = read_number (&p, 2, &month) ? 2 : 0;
  if (precision == 2 && accept (&p, "-/"))
    precision = read_number (&p, 2, &day) ? 3 : 0;
  if (precision == 0)
    return FALSE;

  first = g_date_time_new_local (year, month, day, 0, 0, 0);
  if (first == NULL)
    return FALSE;
  *start = to_usec (first);
  if (precision == 3 && accept (&p, "Tt_ "))
    {
      g_autofree char *date = g_strdup_printf ("%04d-%02d-%02d", year, month, day);

      if (!parse_time_of_day (date, p, start))
        return FALSE;
      *end = *start;
      return TRUE;
    }
  if (*p != '\0')
    return FALSE;
  next = g_date_time_add_full (first, precision == 1, precision == 2, precision == 3, 0, 0, 0);
  *end = to_usec (next) - 1;
  return TRUE;
}

/* The first and last microsecond of the local day that @time (microseconds since 1970) is in. */
gint64
booru_query_get_day (gint64 time, gint64 *end)
{
  g_autoptr (GDateTime) moment
      = g_date_time_new_from_unix_local (CLAMP (time / G_USEC_PER_SEC, -62000000000, 250000000000));
  g_autoptr (GDateTime) first
      = g_date_time_new_local (g_date_time_get_year (moment), g_date_time_get_month (moment),
                               g_date_time_get_day_of_month (moment), 0, 0, 0);
  g_autoptr (GDateTime) next = g_date_time_add_days (first, 1);

  *end = to_usec (next) - 1;
  return to_usec (first);
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
