/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * booru_time_get_zone:
 *
 * Returns: (transfer none): the time zone of searches, pages and the API; valid until another is
 *   set
 */
GTimeZone *booru_time_get_zone (void);

/**
 * booru_time_set_zone:
 * @identifier: (nullable): "Europe/Berlin"; the system's zone if empty or unknown
 */
void booru_time_set_zone (const char *identifier);

/**
 * booru_time_from_usec:
 * @time: microseconds since 1970
 *
 * Returns: (transfer full) (nullable): @time in the zone; %NULL if out of range
 */
GDateTime *booru_time_from_usec (gint64 time);

/**
 * booru_time_get_offset:
 * @seconds: since 1970
 *
 * Returns: how many seconds the zone is ahead of UTC at that time
 */
gint booru_time_get_offset (gint64 seconds);

/**
 * booru_time_find_wall:
 * @wall: a date and time of day, as if it were UTC
 *
 * Days that begin and end at these times follow each other without gap or overlap, however the
 * clocks are changed.
 *
 * Returns: when the zone's clocks first showed @wall or later, in microseconds since 1970
 */
gint64 booru_time_find_wall (GDateTime *wall);

G_END_DECLS
