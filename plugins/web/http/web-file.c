/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "view/web-content.h"
#include "web-connection.h"
#include "web-range.h"

/* Read and sent at a time; a download holds one or two of these. */
#define CHUNK_SIZE (128 * 1024)

void
web_file_format_time (gint64 seconds, char *buffer, gsize size)
{
  static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
  static const char months[][4]
      = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  time_t time = (time_t)seconds;
  struct tm tm;

  gmtime_r (&time, &tm);
  g_snprintf (buffer, size, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[tm.tm_wday], tm.tm_mday,
              months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

typedef void (*HeaderFunc) (const char *name, const char *value, gpointer user_data);

/* The one place that says which headers a file has. */
static void
foreach_header (const WebFile *file, HeaderFunc func, gpointer user_data)
{
  g_autofree char *disposition = NULL;
  char buffer[80];

  func ("Content-Type", file->content_type, user_data);
  if (file->encoding)
    func ("Content-Encoding", file->encoding, user_data);
  g_snprintf (buffer, sizeof buffer, "\"%s\"", file->tag);
  func ("ETag", buffer, user_data);
  web_file_format_time (file->mtime, buffer, sizeof buffer);
  func ("Last-Modified", buffer, user_data);
  func ("Accept-Ranges", "bytes", user_data);
  func ("Cache-Control", "public, max-age=31536000, immutable", user_data);
  func ("X-Content-Type-Options", "nosniff", user_data);
  func ("Referrer-Policy", "same-origin", user_data);
  /* A picture opened by itself is a document: its scripts must not act for the board. */
  func ("Content-Security-Policy",
        file->active ? "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
                     : "default-src 'none'; img-src 'self'; media-src 'self'; style-src "
                       "'unsafe-inline'; sandbox",
        user_data);
  if (file->file_name)
    {
      disposition = web_content_make_disposition (file->file_name);
      func ("Content-Disposition", disposition, user_data);
    }
}

static void
append_header (const char *name, const char *value, gpointer user_data)
{
  g_string_append_printf (user_data, "%s: %s\r\n", name, value);
}

void
web_file_append_headers (const WebFile *file, GString *out)
{
  foreach_header (file, append_header, out);
}

static void
set_header (const char *name, const char *value, gpointer user_data)
{
  booru_request_set_header (user_data, name, value);
}

/* A file on its way to a client. */
typedef struct
{
  SoupServerMessage *message; /* which owns this */
  int fd;
  gint64 offset;
  gint64 left;
} Stream;

static void
stream_free (gpointer data)
{
  Stream *stream = data;

  close (stream->fd);
  g_free (stream);
}

/* NULL: the file cannot be read, or has become shorter. */
static GBytes *
read_chunk (int fd, gint64 offset, gsize size)
{
  guint8 *data = g_malloc (size);
  gsize done = 0;

  while (done < size)
    {
      gssize got = pread (fd, data + done, size - done, offset + (gint64)done);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        {
          g_free (data);
          return NULL;
        }
      done += (gsize)got;
    }
  return g_bytes_new_take (data, size);
}

static void
send_next (Stream *stream)
{
  g_autoptr (GBytes) chunk = NULL;
  gsize size = (gsize)MIN (stream->left, CHUNK_SIZE);

  if (size == 0)
    return;
  chunk = read_chunk (stream->fd, stream->offset, size);
  if (chunk == NULL)
    {
      WebConnection *connection = web_connection_of_message (stream->message);

      /* The length was promised: only cutting the connection says that it was not kept. */
      if (connection)
        web_connection_abort (connection);
      stream->left = 0;
      return;
    }
  stream->offset += (gint64)size;
  stream->left -= (gint64)size;
  if (stream->left > 0)
    posix_fadvise (stream->fd, stream->offset, CHUNK_SIZE, POSIX_FADV_WILLNEED);
  soup_message_body_append_bytes (soup_server_message_get_response_body (stream->message), chunk);
}

static void
send_body (WebRequest *request, int fd, gint64 start, gint64 length)
{
  SoupServerMessage *message = web_request_get_message (request);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  Stream *stream;

  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CONTENT_LENGTH);
  soup_message_headers_set_content_length (headers, length);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);

  stream = g_new0 (Stream, 1);
  stream->message = message;
  stream->fd = fd;
  stream->offset = start;
  stream->left = length;
  g_object_set_data_full (G_OBJECT (message), "web-stream", stream, stream_free);
  if (soup_server_message_get_method (message) == SOUP_METHOD_HEAD)
    return;
  g_signal_connect_swapped (message, "wrote-chunk", G_CALLBACK (send_next), stream);
  send_next (stream);
}

static gboolean
is_unchanged (WebRequest *request, const char *etag, gint64 mtime)
{
  BooruRequest *base = BOORU_REQUEST (request);
  const char *none_match = booru_request_get_header (base, "If-None-Match");
  const char *since = booru_request_get_header (base, "If-Modified-Since");
  g_autoptr (GDateTime) date = NULL;

  if (none_match)
    return web_etag_matches (none_match, etag);
  if (since == NULL)
    return FALSE;
  date = soup_date_time_new_from_http_string (since);
  return date && g_date_time_to_unix (date) >= mtime;
}

/* If-Range: a part only if the client's other parts are of this very content. */
static const char *
get_range (WebRequest *request, const char *etag, const char *last_modified)
{
  const char *if_range = booru_request_get_header (BOORU_REQUEST (request), "If-Range");

  if (if_range && !g_str_equal (if_range, etag) && !g_str_equal (if_range, last_modified))
    return NULL;
  return booru_request_get_header (BOORU_REQUEST (request), "Range");
}

void
web_request_respond_file (WebRequest *request, const WebFile *file)
{
  g_autofree char *etag = g_strdup_printf ("\"%s\"", file->tag);
  g_autofree char *content_range = NULL;
  char last_modified[40];
  gint64 start, end;
  WebRangeResult part;

  web_file_format_time (file->mtime, last_modified, sizeof last_modified);
  part = web_range_parse (get_range (request, etag, last_modified), file->size, &start, &end);
  foreach_header (file, set_header, request);

  if (is_unchanged (request, etag, file->mtime))
    {
      close (file->fd);
      booru_request_respond (BOORU_REQUEST (request), 304, NULL, NULL);
      return;
    }
  if (part == WEB_RANGE_UNSATISFIABLE)
    {
      close (file->fd);
      content_range = g_strdup_printf ("bytes */%" G_GINT64_FORMAT, file->size);
      booru_request_set_header (BOORU_REQUEST (request), "Content-Range", content_range);
      booru_request_respond (BOORU_REQUEST (request), 416, NULL, NULL);
      return;
    }
  if (part == WEB_RANGE_PART)
    {
      content_range
          = g_strdup_printf ("bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                             start, end, file->size);
      booru_request_set_header (BOORU_REQUEST (request), "Content-Range", content_range);
    }

  if (!web_request_begin_answer (request, part == WEB_RANGE_PART ? 206 : 200))
    {
      close (file->fd);
      return;
    }
  send_body (request, file->fd, start, end - start + 1);
  web_request_end_answer (request);
}
