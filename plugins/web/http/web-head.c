/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-head.h"

#include <string.h>

#include "view/web-encoding.h"

gboolean
web_slice_equal (const WebSlice *slice, const char *string)
{
  return strlen (string) == slice->length && memcmp (slice->data, string, slice->length) == 0;
}

static gboolean
slice_is (const WebSlice *slice, const char *lower)
{
  return strlen (lower) == slice->length
         && g_ascii_strncasecmp (slice->data, lower, slice->length) == 0;
}

gsize
web_head_find_end (const char *data, gsize length)
{
  const char *at = data, *end = data + length;

  while ((at = memchr (at, '\n', (gsize)(end - at))) != NULL)
    {
      at++;
      if (at < end && *at == '\n')
        return (gsize)(at + 1 - data);
      if (at + 1 < end && at[0] == '\r' && at[1] == '\n')
        return (gsize)(at + 2 - data);
    }
  return 0;
}

static gboolean
is_token_char (guchar c)
{
  return g_ascii_isalnum (c) || (c && strchr ("!#$%&'*+-.^_`|~", c) != NULL);
}

static gboolean
is_token (const char *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!is_token_char ((guchar)data[i]))
      return FALSE;
  return length > 0;
}

/* "/path?query", or "http://host/path?query" (RFC 9112, 3.2). */
static WebSlice
find_path (const WebSlice *target)
{
  const char *start = target->data, *end = target->data + target->length, *at;
  const char *authority = *start == '/' ? NULL : memmem (start, target->length, "://", 3);

  if (authority)
    {
      start = memchr (authority + 3, '/', (gsize)(end - authority - 3));
      if (start == NULL)
        return (WebSlice){ "/", 1 };
    }
  for (at = start; at < end && *at != '?' && *at != '#'; at++)
    ;
  return (WebSlice){ start, (gsize)(at - start) };
}

static guint
parse_request_line (const char *line, gsize length, WebHead *head)
{
  const char *end = line + length;
  const char *space = memchr (line, ' ', length);
  const char *second = space ? memchr (space + 1, ' ', (gsize)(end - space - 1)) : NULL;

  if (second == NULL || second == space + 1)
    return 400;
  head->method = (WebSlice){ line, (gsize)(space - line) };
  head->target = (WebSlice){ space + 1, (gsize)(second - space - 1) };
  if (!is_token (line, head->method.length))
    return 400;
  for (gsize i = 0; i < head->target.length; i++)
    if ((guchar)head->target.data[i] <= ' ' || head->target.data[i] == 0x7f)
      return 400;
  head->path = find_path (&head->target);

  if (end - second - 1 != 8 || memcmp (second + 1, "HTTP/", 5) != 0)
    return 400;
  if (memcmp (second + 1, "HTTP/1.1", 8) == 0)
    head->minor_version = 1;
  else if (memcmp (second + 1, "HTTP/1.0", 8) == 0)
    head->minor_version = 0;
  else
    return 505;
  return 0;
}

static guint
take_content_length (WebHead *head, const WebSlice *value)
{
  gint64 length = 0;

  if (head->content_length >= 0 || value->length == 0 || value->length > 18)
    return 400;
  for (gsize i = 0; i < value->length; i++)
    {
      if (!g_ascii_isdigit (value->data[i]))
        return 400;
      length = length * 10 + (value->data[i] - '0');
    }
  head->content_length = length;
  head->plain = FALSE;
  return 0;
}

/* Those that browsers and programs send along and that change nothing. */
static gboolean
is_harmless (const WebSlice *name)
{
  static const char *const harmless[] = {
    "user-agent", "accept-language", "referer", "dnt",     "priority", "upgrade-insecure-requests",
    "pragma",     "cache-control",   "origin",  "sec-gpc", "te",
  };

  if (name->length > 4 && g_ascii_strncasecmp (name->data, "sec-", 4) == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (harmless); i++)
    if (slice_is (name, harmless[i]))
      return TRUE;
  return FALSE;
}

static gboolean
has (const WebSlice *slice, const char *what)
{
  return memmem (slice->data, slice->length, what, strlen (what)) != NULL;
}

/* Of two, nobody could say which one counts. */
static guint
take_once (WebSlice *slice, const WebSlice *value)
{
  if (slice->data)
    return 400;
  *slice = *value;
  return 0;
}

static guint
take_header (WebHead *head, const WebSlice *name, const WebSlice *value)
{
  if (slice_is (name, "host"))
    return take_once (&head->host, value);
  else if (slice_is (name, "cookie"))
    return take_once (&head->cookie, value);
  else if (slice_is (name, "authorization"))
    return take_once (&head->authorization, value);
  else if (slice_is (name, "content-length"))
    return take_content_length (head, value);
  else if (slice_is (name, "transfer-encoding"))
    {
      if (head->chunked || head->minor_version == 0 || !slice_is (value, "chunked"))
        return 400;
      head->chunked = TRUE;
      head->plain = FALSE;
    }
  else if (slice_is (name, "connection"))
    head->plain = head->plain && slice_is (value, "keep-alive");
  else if (slice_is (name, "accept-encoding"))
    head->gzip |= web_encoding_accepts_gzip (value->data, value->length);
  else if (slice_is (name, "accept"))
    /* As browsers and programs without a wish send it (web-negotiate.c). */
    head->plain
        = head->plain
          && (has (value, "text/html") || (has (value, "*/*") && !has (value, "application/")));
  else if (!is_harmless (name))
    head->plain = FALSE;
  return 0;
}

static guint
parse_header_line (const char *line, gsize length, WebHead *head)
{
  const char *colon = memchr (line, ':', length);
  WebSlice name, value;

  /* A space before the colon, and a line that carries on the one before, are read differently by
   * different programs: the stuff that request smuggling is made of. */
  if (colon == NULL || !is_token (line, (gsize)(colon - line)))
    return 400;

  name = (WebSlice){ line, (gsize)(colon - line) };
  value = (WebSlice){ colon + 1, (gsize)(line + length - colon - 1) };
  while (value.length && (*value.data == ' ' || *value.data == '\t'))
    value.data++, value.length--;
  while (value.length
         && (value.data[value.length - 1] == ' ' || value.data[value.length - 1] == '\t'))
    value.length--;
  if (memchr (value.data, '\r', value.length))
    return 400;
  return take_header (head, &name, &value);
}

guint
web_head_parse (const char *data, gsize length, WebHead *head)
{
  const char *at = data, *end = data + length;
  gboolean first = TRUE;

  memset (head, 0, sizeof *head);
  head->content_length = -1;
  head->plain = TRUE;
  if (memchr (data, '\0', length))
    return 400;

  while (at < end)
    {
      const char *line_end = memchr (at, '\n', (gsize)(end - at));
      gsize line_length = (gsize)(line_end - at);
      guint status;

      if (line_length && at[line_length - 1] == '\r')
        line_length--;
      if (line_length == 0)
        break;
      status = first ? parse_request_line (at, line_length, head)
                     : parse_header_line (at, line_length, head);
      if (status)
        return status;
      first = FALSE;
      at = line_end + 1;
    }

  if (first || (head->chunked && head->content_length >= 0)
      || (head->minor_version == 1 && head->host.data == NULL))
    return 400;
  return 0;
}
