/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-range.h"

#include <string.h>

/* Reads digits. FALSE: there are none, or too many. */
static gboolean
read_number (const char **at, gint64 *value)
{
  const char *start = *at;

  *value = 0;
  while (g_ascii_isdigit (**at))
    {
      if (*at - start >= 18)
        return FALSE;
      *value = *value * 10 + (**at - '0');
      (*at)++;
    }
  return *at > start;
}

/**
 * web_range_parse:
 * @header: (nullable): value of a header Range
 * @size: the file's size
 * @start: (out): first byte
 * @end: (out): last byte
 *
 * Reads "bytes=A-B", "bytes=A-" and "bytes=-N". Several ranges may be answered with the whole
 * (RFC 9110, 14.2), and are.
 *
 * Returns: what is to be sent
 */
WebRangeResult
web_range_parse (const char *header, gint64 size, gint64 *start, gint64 *end)
{
  const char *at;
  gboolean has_start, has_end;

  *start = 0;
  *end = size - 1;
  if (header == NULL || g_ascii_strncasecmp (header, "bytes=", 6) != 0)
    return WEB_RANGE_WHOLE;

  at = header + 6;
  while (*at == ' ')
    at++;
  has_start = read_number (&at, start);
  if (*at++ != '-')
    return WEB_RANGE_WHOLE;
  has_end = read_number (&at, end);
  while (*at == ' ')
    at++;
  if (*at != '\0' || (!has_start && !has_end) || (has_start && has_end && *end < *start))
    {
      *start = 0;
      *end = size - 1;
      return WEB_RANGE_WHOLE;
    }

  if (!has_start)
    {
      if (*end == 0 || size == 0)
        return WEB_RANGE_UNSATISFIABLE;
      *start = size - MIN (*end, size);
      *end = size - 1;
      return WEB_RANGE_PART;
    }
  if (*start >= size)
    return WEB_RANGE_UNSATISFIABLE;
  *end = has_end ? MIN (*end, size - 1) : size - 1;
  return WEB_RANGE_PART;
}

/**
 * web_etag_matches:
 * @header: (nullable): value of a header If-None-Match or the like
 * @etag: a tag with its quotes
 *
 * Returns: whether the list names it
 */
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
