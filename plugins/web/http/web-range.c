/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-range.h"

#include <string.h>

/* Reads digits; what is larger than any file stays that. FALSE: there are none. */
static gboolean
read_number (const char **at, gint64 *value)
{
  const char *start = *at;

  *value = 0;
  for (; g_ascii_isdigit (**at); (*at)++)
    *value = *value > G_MAXINT64 / 10 - 1 ? G_MAXINT64 : *value * 10 + (**at - '0');
  return *at > start;
}

/* Reads "A-B", "A-" and "-N" to the end. */
static gboolean
read_range (const char *at, gboolean *has_start, gint64 *start, gboolean *has_end, gint64 *end)
{
  at += strspn (at, " ");
  *has_start = read_number (&at, start);
  if (*at++ != '-')
    return FALSE;
  *has_end = read_number (&at, end);
  at += strspn (at, " ");
  return *at == '\0' && (*has_start || *has_end) && !(*has_start && *has_end && *end < *start);
}

WebRangeResult
web_range_parse (const char *header, gint64 size, gint64 *start, gint64 *end)
{
  gboolean has_start, has_end;
  gint64 first, last;

  *start = 0;
  *end = size - 1;
  if (header == NULL || g_ascii_strncasecmp (header, "bytes=", 6) != 0
      || !read_range (header + 6, &has_start, &first, &has_end, &last))
    return WEB_RANGE_WHOLE;

  if (!has_start)
    {
      if (last == 0 || size == 0)
        return WEB_RANGE_UNSATISFIABLE;
      *start = size - MIN (last, size);
      return WEB_RANGE_PART;
    }
  if (first >= size)
    return WEB_RANGE_UNSATISFIABLE;
  *start = first;
  if (has_end)
    *end = MIN (last, size - 1);
  return WEB_RANGE_PART;
}

gboolean
web_etag_matches (const char *header, const char *etag)
{
  const char *at = header;
  gsize length = strlen (etag);

  while (at && *at)
    {
      at += strspn (at, " \t,");
      if (*at == '*')
        return TRUE;
      if (strncmp (at, "W/", 2) == 0)
        at += 2;
      if (strncmp (at, etag, length) == 0 && strchr (" \t,", at[length]) != NULL)
        return TRUE;
      at += strcspn (at, ",");
    }
  return FALSE;
}
