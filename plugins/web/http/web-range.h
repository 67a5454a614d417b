/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WEB_RANGE_WHOLE,         /* no range, or one that is to be ignored: malformed, several */
  WEB_RANGE_PART,          /* from start to end, both included */
  WEB_RANGE_UNSATISFIABLE, /* begins behind the end: 416 */
} WebRangeResult;

/* Reads "bytes=A-B", "bytes=A-" and "bytes=-N". Several ranges may be answered with the whole
 * (RFC 9110, 14.2), and are. header: NULL: absent. */
WebRangeResult web_range_parse (const char *header, gint64 size, gint64 *start, gint64 *end);

/* header: a list as in If-None-Match, or "*"; weak comparison. */
gboolean web_etag_matches (const char *header, const char *etag);

G_END_DECLS
