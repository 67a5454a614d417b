/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sending side of a connection. */
#include <errno.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "web-connection-private.h"

gssize
web_connection_would_block (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "The socket is not ready");
  return -1;
}

gssize
web_connection_socket_error (int errnum, GError **error)
{
  if (errnum == EAGAIN)
    return web_connection_would_block (error);
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errnum), "The connection failed: %s",
               g_strerror (errnum));
  return -1;
}

static void
note_sent (WebConnection *self, gsize n_bytes, gsize n_wanted)
{
  if (self->funcs)
    self->funcs->sent (n_bytes, self->funcs->user_data);
  web_connection_note_moved (self, &self->write_deadline, &self->write_moved, n_bytes,
                             n_bytes == n_wanted);
}

void
web_connection_send (WebConnection *self, const char *head, gsize head_length, GBytes *body)
{
  struct iovec parts[2] = { { (void *)head, head_length } };
  struct msghdr message = { .msg_iov = parts, .msg_iovlen = 1 };
  gsize total = head_length, done;
  gssize sent;

  if (body)
    {
      gsize size;

      parts[1].iov_base = (void *)g_bytes_get_data (body, &size);
      parts[1].iov_len = size;
      message.msg_iovlen = 2;
      total += size;
    }

  do
    sent = sendmsg (self->fd, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  if (sent < 0 && errno != EAGAIN)
    {
      self->state = STATE_DEAD;
      return;
    }

  done = (gsize)MAX (sent, 0);
  note_sent (self, done, total);
  if (done == total)
    return;
  if (body && done >= head_length)
    self->pending = g_bytes_new_from_bytes (body, done - head_length, total - done);
  else
    {
      GByteArray *rest = g_byte_array_sized_new ((guint)(total - done));

      g_byte_array_append (rest, (const guint8 *)head + done, (guint)(head_length - done));
      if (body)
        g_byte_array_append (rest, parts[1].iov_base, (guint)parts[1].iov_len);
      self->pending = g_byte_array_free_to_bytes (rest);
    }
  web_connection_await (self, &self->write_deadline, &self->write_moved);
}

gboolean
web_connection_flush (WebConnection *self)
{
  g_autoptr (GBytes) pending = g_steal_pointer (&self->pending);

  if (pending == NULL)
    return TRUE;
  web_connection_send (self, NULL, 0, pending);
  return self->pending == NULL;
}

/* For the output stream: never blocks. */
gssize
web_connection_write (WebConnection *self, const void *buffer, gsize count, GError **error)
{
  gssize sent;

  if (self->fd < 0 || self->state == STATE_DEAD)
    return web_connection_socket_error (EPIPE, error);
  do
    sent = send (self->fd, buffer, count, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  if (sent < 0)
    return web_connection_socket_error (errno, error);
  note_sent (self, (gsize)sent, count);
  return sent;
}

GSource *
web_connection_create_write_source (WebConnection *self)
{
  if (self->fd < 0)
    {
      GSource *source = g_idle_source_new ();

      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      return source;
    }
  web_connection_await (self, &self->write_deadline, &self->write_moved);
  return g_unix_fd_source_new (self->fd, G_IO_OUT);
}
