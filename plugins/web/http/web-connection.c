/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-connection.h"

#include <glib-unix.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "web-connection-private.h"
#include "web-linger.h"

G_DEFINE_FINAL_TYPE (WebConnection, web_connection, G_TYPE_IO_STREAM)

static GQuark remote_quark (void);
G_DEFINE_QUARK (web - connection - remote, remote)

static GInputStream *
web_connection_get_input_stream (GIOStream *stream)
{
  return WEB_CONNECTION (stream)->input;
}

static GOutputStream *
web_connection_get_output_stream (GIOStream *stream)
{
  return WEB_CONNECTION (stream)->output;
}

static gboolean
web_connection_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  WebConnection *self = WEB_CONNECTION (stream);

  if (self->fd < 0)
    return TRUE;
  if (self->linger)
    web_linger (self->fd);
  else
    close (self->fd);
  self->fd = -1;
  self->state = STATE_DEAD;
  if (self->funcs)
    self->funcs->closed (self, self->funcs->user_data);
  return TRUE;
}

static void
web_connection_dispose (GObject *object)
{
  WebConnection *self = WEB_CONNECTION (object);

  /* The parent closes the stream. */
  G_OBJECT_CLASS (web_connection_parent_class)->dispose (object);
  if (self->input)
    web_streams_detach (self->input, self->output);
  g_clear_object (&self->input);
  g_clear_object (&self->output);
}

static void
web_connection_finalize (GObject *object)
{
  WebConnection *self = WEB_CONNECTION (object);

  g_byte_array_unref (self->buffer);
  g_clear_pointer (&self->pending, g_bytes_unref);
  g_clear_pointer (&self->incoming, web_incoming_free);
  G_OBJECT_CLASS (web_connection_parent_class)->finalize (object);
}

static void
web_connection_class_init (WebConnectionClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = web_connection_dispose;
  G_OBJECT_CLASS (klass)->finalize = web_connection_finalize;
  stream_class->get_input_stream = web_connection_get_input_stream;
  stream_class->get_output_stream = web_connection_get_output_stream;
  stream_class->close_fn = web_connection_close;
}

static void
web_connection_init (WebConnection *self)
{
  self->buffer = g_byte_array_sized_new (WEB_READ_SIZE);
  self->is_first = TRUE;
  self->farewell_left = strlen (WEB_FAREWELL);
}

WebConnection *
web_connection_new (int fd, const WebConnectionFuncs *funcs, const WebConnectionLimits *limits)
{
  WebConnection *self = g_object_new (WEB_TYPE_CONNECTION, NULL);

  self->fd = fd;
  self->funcs = funcs;
  self->limits = limits;
  self->input = web_input_new (self);
  self->output = web_output_new (self);
  web_connection_rearm (self, &self->head_deadline, limits->header_timeout);
  return self;
}

void
web_connection_detach (WebConnection *self)
{
  self->funcs = NULL;
}

GSource *
web_connection_create_hangup_source (WebConnection *self)
{
  /* GIOCondition has no name for it; poll() reports the others in any case. */
  return self->fd >= 0 ? g_unix_fd_source_new (self->fd, (GIOCondition)POLLRDHUP) : NULL;
}

void
web_connection_set_remote (WebConnection *self, GSocketAddress *remote)
{
  g_object_set_qdata (G_OBJECT (remote), remote_quark (), self);
}

WebConnection *
web_connection_of_message (SoupServerMessage *message)
{
  GSocketAddress *remote = soup_server_message_get_remote_address (message);

  return remote ? g_object_get_qdata (G_OBJECT (remote), remote_quark ()) : NULL;
}

WebIncoming *
web_connection_steal_incoming (WebConnection *self)
{
  return g_steal_pointer (&self->incoming);
}
