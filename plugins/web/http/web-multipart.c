/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-multipart.h"

#include <booru.h>
#include <libsoup/soup.h>
#include <string.h>

#define MAX_HEADERS (16 * 1024)
#define MAX_HEADER_LINES 32
#define MAX_PARTS 8192
#define MAX_PADDING 1024 /* blanks after a boundary, which nobody sends */

typedef enum
{
  STATE_PREAMBLE,
  STATE_BOUNDARY, /* one was found: what follows says whether it is the last */
  STATE_HEADERS,
  STATE_BODY,
  STATE_EPILOGUE,
} State;

struct _WebMultipart
{
  const WebMultipartFuncs *funcs;
  gpointer user_data;
  char *delimiter; /* "\r\n--boundary" */
  gsize delimiter_length;
  GByteArray *buffer;
  gsize at; /* what of buffer has been taken */
  State state;
  guint n_parts;
};

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "The request's body is not multipart/form-data as its Content-Type says: %s", what);
  return FALSE;
}

static char *
dup_boundary (const char *content_type)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  g_autoptr (GHashTable) params = NULL;
  char *boundary = NULL;

  soup_message_headers_append (headers, "Content-Type", content_type);
  if (soup_message_headers_get_content_type (headers, &params) && params)
    boundary = g_strdup (g_hash_table_lookup (params, "boundary"));
  soup_message_headers_unref (headers);
  return boundary;
}

WebMultipart *
web_multipart_new (const char *content_type,
                   const WebMultipartFuncs *funcs,
                   gpointer user_data,
                   GError **error)
{
  g_autofree char *boundary = dup_boundary (content_type);
  WebMultipart *self;

  /* RFC 2046, 5.1.1: 1 to 70 characters. */
  if (boundary == NULL || *boundary == '\0' || strlen (boundary) > 70)
    {
      fail (error, "it has no boundary");
      return NULL;
    }
  self = g_new0 (WebMultipart, 1);
  self->funcs = funcs;
  self->user_data = user_data;
  self->delimiter = g_strconcat ("\r\n--", boundary, NULL);
  self->delimiter_length = strlen (self->delimiter);
  self->buffer = g_byte_array_new ();
  /* The first boundary may stand at the very beginning: as if a line had ended before. */
  g_byte_array_append (self->buffer, (const guint8 *)"\r\n", 2);
  return self;
}

void
web_multipart_free (WebMultipart *self)
{
  g_byte_array_unref (self->buffer);
  g_free (self->delimiter);
  g_free (self);
}

static const char *
get_rest (WebMultipart *self, gsize *length)
{
  *length = self->buffer->len - self->at;
  return (const char *)self->buffer->data + self->at;
}

static gsize
find (WebMultipart *self, const char *what, gsize length)
{
  gsize rest_length;
  const char *rest = get_rest (self, &rest_length);
  const char *found = memmem (rest, rest_length, what, length);

  return found ? (gsize)(found - rest) : G_MAXSIZE;
}

/* Up to the next boundary, or as much of it as can be no part of one. */
static gboolean
take_content (WebMultipart *self, gboolean *more, GError **error)
{
  gsize end = find (self, self->delimiter, self->delimiter_length), length;
  const char *rest = get_rest (self, &length);
  gboolean found = end != G_MAXSIZE;

  if (!found)
    end = length >= self->delimiter_length ? length - self->delimiter_length + 1 : 0;
  *more = found;
  if (self->state == STATE_BODY && end > 0
      && !self->funcs->data (rest, end, self->user_data, error))
    return FALSE;
  self->at += end;
  if (!found)
    return TRUE;
  self->at += self->delimiter_length;
  if (self->state == STATE_BODY && !self->funcs->end (self->user_data, error))
    return FALSE;
  self->state = STATE_BOUNDARY;
  return TRUE;
}

static gboolean
take_boundary (WebMultipart *self, gboolean *more, GError **error)
{
  gsize end = find (self, "\r\n", 2), length;
  const char *rest = get_rest (self, &length);

  if (length >= 2 && memcmp (rest, "--", 2) == 0)
    {
      self->state = STATE_EPILOGUE;
      *more = TRUE;
      return TRUE;
    }
  *more = end != G_MAXSIZE;
  if ((*more ? end : length) > MAX_PADDING)
    return fail (error, "a boundary does not end its line");
  if (!*more)
    return TRUE;
  for (gsize i = 0; i < end; i++)
    if (rest[i] != ' ' && rest[i] != '\t')
      return fail (error, "something follows a boundary");
  /* The line's end stays: it is the empty line of a part without headers. */
  self->at += end;
  self->state = STATE_HEADERS;
  return TRUE;
}

static gboolean
check_part (WebMultipart *self, const char *text, gsize length, GError **error)
{
  const char *end = text + length;
  guint n_lines = 0;

  if (++self->n_parts > MAX_PARTS)
    return fail (error, "it has more than " G_STRINGIFY (MAX_PARTS) " parts");
  if (memchr (text, '\0', length))
    return fail (error, "a part's headers contain a NUL character");
  for (const char *at = text; (at = memchr (at, '\n', (gsize)(end - at))) != NULL; at++)
    if (++n_lines > MAX_HEADER_LINES)
      return fail (error, "a part has too many headers");
  return TRUE;
}

static gboolean
begin_part (WebMultipart *self, const char *text, gsize length, GError **error)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  g_autofree char *disposition = NULL;
  g_autoptr (GHashTable) params = NULL;
  const char *name = NULL, *file_name = NULL;
  gboolean begun;

  /* The line's end before the first header stands for the line that the function reads over. */
  if (soup_headers_parse (text, (int)length, headers)
      && soup_message_headers_get_content_disposition (headers, &disposition, &params) && params)
    {
      name = g_hash_table_lookup (params, "name");
      file_name = g_hash_table_lookup (params, "filename");
    }
  begun = name ? self->funcs->begin (name, file_name, self->user_data, error)
               : fail (error, "a part has no name");
  soup_message_headers_unref (headers);
  return begun;
}

static gboolean
take_headers (WebMultipart *self, gboolean *more, GError **error)
{
  gsize end = find (self, "\r\n\r\n", 4), length;
  const char *rest = get_rest (self, &length);

  *more = end != G_MAXSIZE;
  if ((*more ? end : length) > MAX_HEADERS)
    return fail (error, "a part's headers are too long");
  if (!*more)
    return TRUE;
  if (!check_part (self, rest, end + 2, error) || !begin_part (self, rest, end + 2, error))
    return FALSE;
  self->at += end + 4;
  self->state = STATE_BODY;
  return TRUE;
}

gboolean
web_multipart_feed (WebMultipart *self, const void *data, gsize size, GError **error)
{
  gboolean more = TRUE, good = TRUE;

  if (self->state == STATE_EPILOGUE)
    return TRUE;
  g_byte_array_append (self->buffer, data, (guint)size);
  while (good && more)
    switch (self->state)
      {
      case STATE_PREAMBLE:
      case STATE_BODY:
        good = take_content (self, &more, error);
        break;
      case STATE_BOUNDARY:
        good = take_boundary (self, &more, error);
        break;
      case STATE_HEADERS:
        good = take_headers (self, &more, error);
        break;
      case STATE_EPILOGUE:
      default:
        self->at = self->buffer->len;
        more = FALSE;
        break;
      }
  g_byte_array_remove_range (self->buffer, 0, (guint)self->at);
  self->at = 0;
  return good;
}

gboolean
web_multipart_finish (WebMultipart *self, GError **error)
{
  return self->state == STATE_EPILOGUE || fail (error, "it ends before its last boundary");
}
