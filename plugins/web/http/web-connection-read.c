/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The receiving side of a connection: heads are looked at before the library gets them, and bodies
 * measured. */
#include <booru.h>
#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>

#include "web-connection-private.h"
#include "web-error.h"

#define HEAD_LIMIT (64 * 1024)
#define MAX_ANSWERS_PER_WAKE 16
#define CHUNK_OVERHEAD 4096

static gssize
receive (WebConnection *self, void *buffer, gsize count, GError **error)
{
  gssize got;

  do
    got = recv (self->fd, buffer, count, 0);
  while (got < 0 && errno == EINTR);
  return got >= 0 ? got : web_connection_socket_error (errno, error);
}

static void
refuse (WebConnection *self, guint status, const char *reason)
{
  g_autoptr (GBytes) answer = web_error_make_refusal (status, reason);

  if (self->funcs)
    self->funcs->refused (status, self->funcs->user_data);
  web_connection_send (self, NULL, 0, answer);
  g_clear_pointer (&self->pending, g_bytes_unref);
  shutdown (self->fd, SHUT_WR);
  self->state = STATE_DEAD;
  self->linger = TRUE;
  self->head_deadline = self->read_deadline = self->write_deadline = 0;
}

static void
consume (WebConnection *self, gsize count)
{
  g_byte_array_remove_range (self->buffer, 0, (guint)count);
}

/* The request goes on to the library. */
static void
deliver (WebConnection *self, const WebHead *head, gsize length, const WebPrefilter *result)
{
  self->incoming = result->incoming;
  self->state = STATE_DELIVER;
  self->in_message = TRUE;
  self->head_left = length;
  self->chunked = head->chunked;
  web_chunks_init (&self->chunks);
  if (head->chunked)
    self->body_left = (gint64)(result->body_limit + result->body_limit / 4 + CHUNK_OVERHEAD);
  else
    self->body_left = MAX (head->content_length, 0);
}

/* A head has come whole. */
static void
take_head (WebConnection *self, gsize length)
{
  WebPrefilter result = { .reason = "The request is malformed." };
  WebHead head;

  result.refuse = web_head_parse ((const char *)self->buffer->data, length, &head);
  self->head_deadline = self->read_deadline = 0;
  self->is_first = FALSE;
  g_clear_pointer (&self->incoming, web_incoming_free);
  if (result.refuse == 0 && self->funcs == NULL)
    {
      self->state = STATE_DEAD;
      return;
    }
  if (result.refuse == 0)
    self->funcs->prefilter (self, &head, &result, self->funcs->user_data);

  if (result.refuse)
    refuse (self, result.refuse, result.reason);
  else if (result.head)
    {
      web_connection_send (self, result.head->str, result.head->len, result.body);
      consume (self, length);
      g_string_free (result.head, TRUE);
      g_clear_pointer (&result.body, g_bytes_unref);
    }
  else
    deliver (self, &head, length, &result);
}

/* Blank lines before a request are ignored (RFC 9112, 2.2). */
static void
skip_blank_lines (WebConnection *self)
{
  guint count = 0;

  while (count < self->buffer->len
         && (self->buffer->data[count] == '\r' || self->buffer->data[count] == '\n'))
    count++;
  if (count)
    consume (self, count);
}

/* Returns: -1 and an error, 0 at the end of the stream, 1 if it is worth looking again */
static gssize
read_head (WebConnection *self, GError **error)
{
  guint8 chunk[WEB_READ_SIZE];
  gsize length;
  gssize got;

  skip_blank_lines (self);
  length = web_head_find_end ((const char *)self->buffer->data, self->buffer->len);
  if (length)
    {
      take_head (self, length);
      return 1;
    }
  if (self->buffer->len >= HEAD_LIMIT)
    {
      refuse (self, 431, "The request's headers are too large.");
      return 0;
    }

  got = receive (self, chunk, sizeof chunk, error);
  if (got <= 0)
    return got;
  if (self->buffer->len == 0)
    self->read_deadline = 0;
  if (self->buffer->len == 0 && !self->is_first)
    web_connection_rearm (self, &self->head_deadline, self->limits->header_timeout);
  g_byte_array_append (self->buffer, chunk, (guint)got);
  return 1;
}

static gssize
take_buffered (WebConnection *self, void *buffer, gsize count)
{
  count = MIN (count, self->buffer->len);
  memcpy (buffer, self->buffer->data, count);
  consume (self, count);
  return (gssize)count;
}

/* A body that does not end as its head said: it is unclear what was meant, so nothing is done. */
static gssize
refuse_body (WebConnection *self, guint status, const char *reason, GError **error)
{
  refuse (self, status, reason);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, reason);
  return -1;
}

/* What follows a chunked body is kept for the next request. */
static gssize
check_chunks (WebConnection *self, char *data, gsize count, gboolean buffered, GError **error)
{
  gsize used, kept;
  WebChunksResult result = web_chunks_feed (&self->chunks, data, count, &used, &kept);

  if (result == WEB_CHUNKS_BAD)
    return refuse_body (self, 400, "The chunked request body is malformed.", error);
  if (buffered)
    consume (self, used);
  else
    g_byte_array_append (self->buffer, (const guint8 *)data + used, (guint)(count - used));
  self->body_left -= (gint64)used;
  if (result == WEB_CHUNKS_END)
    {
      self->chunked = FALSE;
      self->body_left = 0;
    }
  return kept > 0 ? (gssize)kept : web_connection_would_block (error);
}

static gssize
read_body (WebConnection *self, void *buffer, gsize count, GError **error)
{
  gboolean buffered = self->buffer->len > 0;
  gssize got;

  if (self->chunked && self->body_left == 0)
    return refuse_body (self, 413, "The request body is too large.", error);
  count = MIN (count, (gsize)self->body_left);
  got = buffered ? (gssize)MIN (count, self->buffer->len) : receive (self, buffer, count, error);
  if (got == 0)
    return refuse_body (self, 400, "The request body ended too early.", error);
  if (got < 0)
    return got;

  if (buffered)
    memcpy (buffer, self->buffer->data, (gsize)got);
  if (self->chunked)
    return check_chunks (self, buffer, (gsize)got, buffered, error);
  if (buffered)
    consume (self, (gsize)got);
  self->body_left -= got;
  return got;
}

/* The library (3.2 at least) forgets a connection that ends while it waits for another request: it
 * releases the message, but tells nobody, and the connection is never freed
 * (soup-server-message-io- http1.c: a message has no completion_cb before its first bytes). So it
 * gets some first bytes, of a request that fails at once and whose answer goes nowhere. */
static gssize
say_farewell (WebConnection *self, void *buffer, gsize count)
{
  self->state = STATE_DEAD;
  if (!self->has_delivered || self->in_message)
    return 0;
  count = MIN (count, self->farewell_left);
  memcpy (buffer, WEB_FAREWELL + strlen (WEB_FAREWELL) - self->farewell_left, count);
  self->farewell_left -= count;
  return (gssize)count;
}

/* Returns: -1 if the socket must be waited for, 0 at its end, else how much was read */
static gssize
read_request (WebConnection *self, void *buffer, gsize count, GError **error)
{
  for (guint n_heads = 0; self->state != STATE_DEAD;)
    {
      gssize got;

      if (!web_connection_flush (self))
        return self->state == STATE_DEAD ? 0 : web_connection_would_block (error);

      switch (self->state)
        {
        case STATE_DELIVER:
          got = take_buffered (self, buffer, MIN (count, self->head_left));
          self->head_left -= (gsize)got;
          if (self->head_left == 0)
            self->state = STATE_BODY;
          return got;

        case STATE_BODY:
          if (!web_connection_has_whole_body (self))
            {
              got = read_body (self, buffer, count, error);
              web_connection_note_moved (
                  self, &self->read_deadline, &self->read_moved, (gsize)MAX (got, 0),
                  self->state != STATE_BODY || web_connection_has_whole_body (self));
              return got;
            }
          self->state = STATE_HEAD;
          self->has_delivered = TRUE;
          self->in_message = FALSE;
          break;

        case STATE_HEAD:
          got = read_head (self, error);
          if (got <= 0)
            return got;
          if (self->state == STATE_HEAD && ++n_heads > 2 * MAX_ANSWERS_PER_WAKE)
            return web_connection_would_block (error);
          break;

        case STATE_DEAD:
        default:
          break;
        }
    }
  return 0;
}

/* For the input stream: never blocks. */
gssize
web_connection_read (WebConnection *self, void *buffer, gsize count, GError **error)
{
  g_autoptr (GError) local = NULL;
  gssize got = read_request (self, buffer, count, &local);

  if (got > 0)
    return got;
  if (got < 0
      && (self->in_message || !self->has_delivered
          || g_error_matches (local, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return -1;
    }
  return say_farewell (self, buffer, count);
}

/* Whether a read would find something without asking the socket. */
gboolean
web_connection_has_input (WebConnection *self)
{
  if (self->state == STATE_DEAD)
    return TRUE;
  if (self->pending)
    return FALSE;
  if (self->state == STATE_DELIVER)
    return TRUE;
  if (web_connection_awaits_head (self))
    return web_head_find_end ((const char *)self->buffer->data, self->buffer->len) > 0;
  return self->buffer->len > 0;
}

/* For the input stream: a source that is ready when a read may succeed. Asking for it says that
 * the client is being waited for. */
GSource *
web_connection_create_read_source (WebConnection *self)
{
  GSource *source;

  if (self->fd < 0 || web_connection_has_input (self))
    {
      source = g_idle_source_new ();
      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      return source;
    }

  if (self->head_deadline == 0)
    web_connection_await (self, &self->read_deadline, &self->read_moved);
  if (self->limits->draining)
    web_connection_drain (self);
  return g_unix_fd_source_new (self->fd, self->pending ? G_IO_OUT : G_IO_IN);
}
