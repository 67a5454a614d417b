/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The two sides of a WebConnection, for the server library: it reads and writes without blocking
 * only, through the pollable interfaces. */
#include <poll.h>

#include "web-connection-private.h"

#define WEB_TYPE_INPUT (web_input_get_type ())
G_DECLARE_FINAL_TYPE (WebInput, web_input, WEB, INPUT, GInputStream)
#define WEB_TYPE_OUTPUT (web_output_get_type ())
G_DECLARE_FINAL_TYPE (WebOutput, web_output, WEB, OUTPUT, GOutputStream)

struct _WebInput
{
  GInputStream parent_instance;
  WebConnection *connection; /* NULL: it is gone */
};

struct _WebOutput
{
  GOutputStream parent_instance;
  WebConnection *connection;
};

static void web_input_pollable_init (GPollableInputStreamInterface *iface);
static void web_output_pollable_init (GPollableOutputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WebInput,
                               web_input,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      web_input_pollable_init))
G_DEFINE_FINAL_TYPE_WITH_CODE (WebOutput,
                               web_output,
                               G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM,
                                                      web_output_pollable_init))

static gboolean
poll_fd (WebConnection *connection, short events)
{
  struct pollfd fd = { .fd = connection ? connection->fd : -1, .events = events };

  return fd.fd < 0 || poll (&fd, 1, 0) > 0;
}

static GSource *
wrap_source (gpointer stream, GSource *child, GCancellable *cancellable)
{
  GSource *source = g_pollable_source_new_full (stream, child, cancellable);

  g_source_unref (child);
  return source;
}

static GSource *
create_ready_source (void)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  return source;
}

static gssize
web_input_read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
  WebInput *self = WEB_INPUT (stream);

  return self->connection ? web_connection_read (self->connection, buffer, count, error) : 0;
}

static gssize
web_input_read (GInputStream *stream,
                void *buffer,
                gsize count,
                GCancellable *cancellable,
                GError **error)
{
  return web_input_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer, count, error);
}

static gboolean
web_input_is_readable (GPollableInputStream *stream)
{
  WebInput *self = WEB_INPUT (stream);

  return self->connection == NULL || web_connection_has_input (self->connection)
         || poll_fd (self->connection, POLLIN);
}

static GSource *
web_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  WebInput *self = WEB_INPUT (stream);

  return wrap_source (stream,
                      self->connection ? web_connection_create_read_source (self->connection)
                                       : create_ready_source (),
                      cancellable);
}

static void
web_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = web_input_is_readable;
  iface->create_source = web_input_create_source;
  iface->read_nonblocking = web_input_read_nonblocking;
}

static void
web_input_class_init (WebInputClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = web_input_read;
}

static void
web_input_init (WebInput *self)
{
}

static gssize
web_output_write_nonblocking (GPollableOutputStream *stream,
                              const void *buffer,
                              gsize count,
                              GError **error)
{
  WebOutput *self = WEB_OUTPUT (stream);

  if (self->connection == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection is closed");
      return -1;
    }
  return web_connection_write (self->connection, buffer, count, error);
}

static gssize
web_output_write (GOutputStream *stream,
                  const void *buffer,
                  gsize count,
                  GCancellable *cancellable,
                  GError **error)
{
  return web_output_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (stream), buffer, count, error);
}

static gboolean
web_output_is_writable (GPollableOutputStream *stream)
{
  return poll_fd (WEB_OUTPUT (stream)->connection, POLLOUT);
}

static GSource *
web_output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  WebOutput *self = WEB_OUTPUT (stream);

  return wrap_source (stream,
                      self->connection ? web_connection_create_write_source (self->connection)
                                       : create_ready_source (),
                      cancellable);
}

static void
web_output_pollable_init (GPollableOutputStreamInterface *iface)
{
  iface->is_writable = web_output_is_writable;
  iface->create_source = web_output_create_source;
  iface->write_nonblocking = web_output_write_nonblocking;
}

static void
web_output_class_init (WebOutputClass *klass)
{
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = web_output_write;
}

static void
web_output_init (WebOutput *self)
{
}

GInputStream *
web_input_new (WebConnection *connection)
{
  WebInput *self = g_object_new (WEB_TYPE_INPUT, NULL);

  self->connection = connection;
  return G_INPUT_STREAM (self);
}

GOutputStream *
web_output_new (WebConnection *connection)
{
  WebOutput *self = g_object_new (WEB_TYPE_OUTPUT, NULL);

  self->connection = connection;
  return G_OUTPUT_STREAM (self);
}

void
web_streams_detach (GInputStream *input, GOutputStream *output)
{
  WEB_INPUT (input)->connection = NULL;
  WEB_OUTPUT (output)->connection = NULL;
}
