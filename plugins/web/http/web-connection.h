/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

#include "web-head.h"
#include "web-incoming.h"

G_BEGIN_DECLS

/**
 * WebConnection:
 *
 * A client's connection, as the stream that the server library reads from and writes to. It hands
 * over one request at a time, and looks at its head first: one that is malformed or too large is
 * refused here, one whose answer is at hand is answered here, at a fraction of the cost. It keeps
 * the deadlines that the library does not know of.
 */
#define WEB_TYPE_CONNECTION (web_connection_get_type ())
G_DECLARE_FINAL_TYPE (WebConnection, web_connection, WEB, CONNECTION, GIOStream)

/* What becomes of a request whose head was read. */
typedef struct _WebPrefilter WebPrefilter;
struct _WebPrefilter
{
  guint refuse;          /* not 0: with this status; the connection ends */
  const char *reason;    /* for @refuse: why, for the user */
  GString *head;         /* answered at once with this head … */
  GBytes *body;          /* … and this body; nullable */
  gconstpointer route;   /* with @head: the BooruRoute that would have answered */
  gsize body_limit;      /* bytes of body that may follow */
  WebIncoming *incoming; /* what was found out about a request that goes on */
};

typedef struct
{
  gpointer user_data;
  void (*prefilter) (WebConnection *connection,
                     const WebHead *head,
                     WebPrefilter *result,
                     gpointer user_data);
  void (*rearm) (gint64 deadline, gpointer user_data); /* a deadline was set: monotonic time, µs */
  void (*closed) (WebConnection *connection, gpointer user_data); /* the last call */
  void (*sent) (gsize n_bytes, gpointer user_data);

  /* A request, before its route was looked for. */
  void (*refused) (guint status, gpointer user_data);
} WebConnectionFuncs;

typedef struct
{
  gint64 header_timeout; /* µs for a whole head */
  gint64 idle_timeout;   /* µs between requests; also for a least part of a body or an answer */
  gboolean draining;     /* each answer is the last of its connection … */
  gint64 patience;       /* … and one of which no more is heard is closed, after this many µs */
} WebConnectionLimits;

/* funcs and limits outlive the connection, or web_connection_detach() is called. */
/* fd: transfer full, non-blocking. The limits are read anew each time. */
WebConnection *
web_connection_new (int fd, const WebConnectionFuncs *funcs, const WebConnectionLimits *limits);
void web_connection_detach (WebConnection *self);
gint64 web_connection_get_deadline (WebConnection *self); /* monotonic time, µs; 0: none */
void web_connection_abort (WebConnection *self);          /* both ways are shut at once */
void web_connection_expire (WebConnection *self);         /* its deadline has come */
/* limits->draining, or the patience, changed. A client that keeps its connection may be sending its
 * next request just now, and closing would lose it. So the next request is answered, saying that
 * the connection ends, and a connection is closed only when nothing has come for a while. */
void web_connection_drain (WebConnection *self);

/* The connection of a message, once web_connection_set_remote() gave it the message's address.
 * NULL: it is gone. */
void web_connection_set_remote (WebConnection *self, GSocketAddress *remote);
WebConnection *web_connection_of_message (SoupServerMessage *message);

/* Transfer full: what the prefilter found out about the request that the library has the head of.
 */
WebIncoming *web_connection_steal_incoming (WebConnection *self);

/* Transfer full, of g_unix_fd_source_new(); ready when the client has closed. NULL: so have we. */
GSource *web_connection_create_hangup_source (WebConnection *self);

/* Since when the client is waited for without its having sent or taken as much as is due: monotonic
 * time, µs; 0: it is not waited for, or has just been brisk. */
gint64 web_connection_get_waiting_since (WebConnection *self, gint64 now);

/* To another one: closed, unless the client that was waited for has just sent its next request. */
gboolean web_connection_give_way (WebConnection *self);

G_END_DECLS
