/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-time.h"

/* Further than any zone is from UTC, changes of its clocks included. */
#define MAX_OFFSET (26 * 3600)

static GTimeZone *zone;

GTimeZone *
booru_time_get_zone (void)
{
  if (zone == NULL)
    zone = g_time_zone_new_local ();
  return zone;
}

void
booru_time_set_zone (const char *identifier)
{
  g_clear_pointer (&zone, g_time_zone_unref);
  if (identifier == NULL || *identifier == '\0')
    return;
  zone = g_time_zone_new_identifier (identifier);
  if (zone == NULL)
    g_warning ("Unknown time zone “%s”; the system's own is used. Time zones have names such as "
               "Europe/Berlin",
               identifier);
}

GDateTime *
booru_time_from_usec (gint64 time)
{
  g_autoptr (GDateTime) utc = NULL, local = NULL;
  gint64 seconds = time / G_USEC_PER_SEC, rest = time % G_USEC_PER_SEC;

  if (rest < 0)
    {
      rest += G_USEC_PER_SEC;
      seconds--;
    }
  utc = g_date_time_new_from_unix_utc (seconds);
  local = utc ? g_date_time_to_timezone (utc, booru_time_get_zone ()) : NULL;
  return local ? g_date_time_add (local, rest) : NULL;
}

gint
booru_time_get_offset (gint64 seconds)
{
  GTimeZone *self = booru_time_get_zone ();
  gint interval = g_time_zone_find_interval (self, G_TIME_TYPE_UNIVERSAL, seconds);

  return interval < 0 ? 0 : g_time_zone_get_offset (self, (guint)interval);
}

gint64
booru_time_find_wall (GDateTime *wall)
{
  g_return_val_if_fail (wall != NULL, 0);

  gint64 wanted = g_date_time_to_unix (wall);
  gint64 before = wanted - MAX_OFFSET, found = wanted + MAX_OFFSET;

  while (found - before > 1)
    {
      gint64 middle = before + (found - before) / 2;

      if (middle + booru_time_get_offset (middle) >= wanted)
        found = middle;
      else
        before = middle;
    }
  return found * G_USEC_PER_SEC + g_date_time_get_microsecond (wall);
}
