/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Of a connection, for the files that make it up, and between it and its two streams. */
#pragma once

#include "web-chunks.h"
#include "web-connection.h"

G_BEGIN_DECLS

#define WEB_READ_SIZE 4096

/* Not a request; see say_farewell(). */
#define WEB_FAREWELL "FAREWELL\r\n\r\n"

typedef enum
{
  STATE_HEAD,    /* a request is awaited, or came in part */
  STATE_DELIVER, /* its head is being handed over */
  STATE_BODY,    /* so is its body; then it is being answered */
  STATE_DEAD,
} WebConnectionState;

struct _WebConnection
{
  GIOStream parent_instance;

  int fd;
  const WebConnectionFuncs *funcs; /* NULL: detached */
  const WebConnectionLimits *limits;
  GInputStream *input;
  GOutputStream *output;

  WebConnectionState state;
  WebIncoming *incoming; /* of the head that is handed over; NULL: taken away */
  GByteArray *buffer;    /* read from the socket, not handed over yet */
  gsize head_left;
  gint64 body_left; /* bytes; for chunked bodies those that are still allowed */
  gboolean chunked;
  WebChunks chunks;
  gboolean has_delivered; /* a request has been handed over whole before */
  gboolean in_message;    /* the library has a request's head, and reads on in it */
  gsize farewell_left;
  gboolean linger; /* a refusal was sent: let the client read it */

  GBytes *pending; /* the rest of an answer that the socket did not take */
  gboolean is_first;
  gint64 head_deadline;
  gint64 read_deadline;
  gint64 write_deadline;
  gsize read_moved; /* bytes since that deadline was set */
  gsize write_moved;
};

/* Sets a deadline from now on. */
void web_connection_rearm (WebConnection *self, gint64 *deadline, gint64 timeout);
/* The client is waited for; progress so far does not put the deadline off. */
void web_connection_await (WebConnection *self, gint64 *deadline, gsize *moved);
/* finished: all that was asked for has moved. Otherwise the deadline is met once there was enough.
 */
void web_connection_note_moved (WebConnection *self,
                                gint64 *deadline,
                                gsize *moved,
                                gsize count,
                                gboolean finished);
gboolean web_connection_has_whole_body (WebConnection *self);
gboolean web_connection_awaits_head (WebConnection *self);
gssize web_connection_would_block (GError **error);              /* -1 */
gssize web_connection_socket_error (int errnum, GError **error); /* -1 */
/* What it can; the rest waits in pending. */
void web_connection_send (WebConnection *self, const char *head, gsize head_length, GBytes *body);
gboolean web_connection_flush (WebConnection *self); /* whether nothing is pending any more */

GInputStream *web_input_new (WebConnection *connection); /* does not own it */
GOutputStream *web_output_new (WebConnection *connection);
void web_streams_detach (GInputStream *input, GOutputStream *output);

gssize web_connection_read (WebConnection *self, void *buffer, gsize count, GError **error);
gssize web_connection_write (WebConnection *self, const void *buffer, gsize count, GError **error);
gboolean web_connection_has_input (WebConnection *self);
GSource *web_connection_create_read_source (WebConnection *self);
GSource *web_connection_create_write_source (WebConnection *self);

G_END_DECLS
