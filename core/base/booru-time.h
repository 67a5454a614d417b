/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one time zone of searches, pages and the API. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GTimeZone *booru_time_get_zone (void); /* transfer none: good until another one is set */
/* "Europe/Berlin"; "" or one that does not exist: the system's. */
void booru_time_set_zone (const char *identifier);

/* Since 1970, in the zone; transfer full; NULL: out of range. */
GDateTime *booru_time_from_usec (gint64 time);

/* Seconds that the zone is ahead of UTC at that time since 1970. */
gint booru_time_get_offset (gint64 seconds);

/**
 * booru_time_find_wall:
 * @wall: a date and time of day, as if it were UTC
 *
 * Returns: when the zone's clocks first showed @wall or more, in microseconds since 1970. Days that
 *   begin and end so follow each other without gap or overlap, however the clocks are changed.
 */
gint64 booru_time_find_wall (GDateTime *wall);

G_END_DECLS
