/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-server.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web-connection.h"
#include "web-dispatch.h"
#include "web-error.h"
#include "web-prefilter.h"
#include "web-slots.h"

#define MAX_ACCEPTS_PER_WAKE 4
/* While all slots are taken a crowd in the backlog keeps others waiting: it is let in quickly, but
 * not those who still say nothing when so many more have come. */
#define MAX_ACCEPTS_WHEN_FULL 256
#define LOBBY_SIZE 64
#define PAUSE 100 /* ms without accepting, when there is no room and nobody gives way */
/* Bytes that wait in the kernel until a client takes some. Less than it would keep by itself: slow
 * clients cost memory there, and what they take is seen late. */
#define UNSENT_LIMIT 65536

struct _WebServer
{
  WebWorker *worker;
  const WebRouter *router; /* not owned */
  SoupServer *soup;
  int listener; /* the context's */
  int quiet_end;
  guint accept_source;
  guint resume_source;

  WebSlots *slots;
  int lobby[LOBBY_SIZE]; /* accepted, silent yet; a ring */
  guint n_lobby, lobby_next;
  WebConnectionFuncs funcs;
  WebConnectionLimits limits;

  WebServerDoneFunc done;
  gpointer done_data;
  guint done_source;
};

static gboolean on_acceptable (gint fd, GIOCondition condition, gpointer user_data);

static void
start_accepting (WebServer *self)
{
  if (self->accept_source == 0 && self->resume_source == 0 && self->done == NULL
      && !web_slots_is_full (self->slots))
    self->accept_source = g_unix_fd_add (self->listener, G_IO_IN, on_acceptable, self);
}

static gboolean
on_resume (gpointer user_data)
{
  WebServer *self = user_data;

  self->resume_source = 0;
  start_accepting (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_drained (gpointer user_data)
{
  WebServer *self = user_data;

  self->done_source = 0;
  self->done (self->done_data);
  return G_SOURCE_REMOVE;
}

static void
check_drained (WebServer *self)
{
  if (self->done && self->done_source == 0 && web_slots_count (self->slots) == 0)
    self->done_source = g_idle_add (on_drained, self);
}

static void
on_closed (WebConnection *connection, gpointer user_data)
{
  WebServer *self = user_data;

  if (!web_slots_remove (self->slots, connection))
    return;
  start_accepting (self);
  check_drained (self);
}

static gboolean
is_health (const WebSlice *target)
{
  return web_slice_equal (target, "/health") || web_slice_equal (target, "/health.json");
}

static void
on_head (WebConnection *connection, const WebHead *head, WebPrefilter *result, gpointer user_data)
{
  WebServer *self = user_data;
  gint64 began = g_get_monotonic_time ();

  if (web_slots_is_reserve (self->slots, connection) && !is_health (&head->target))
    {
      result->refuse = 503;
      result->reason = "All connections are taken. Try again in a moment.";
      return;
    }
  web_prefilter (self->worker, self->router, head, result);
  if (result->head) /* 200 to a GET */
    web_metrics_count (web_worker_get_metrics (self->worker), result->route, "GET", 200, began);
}

static void
on_sent (gsize n_bytes, gpointer user_data)
{
  WebServer *self = user_data;

  booru_metric_add (web_worker_get_metrics (self->worker)->sent, (double)n_bytes);
}

static void
on_refused (guint status, gpointer user_data)
{
  WebServer *self = user_data;

  web_metrics_count (web_worker_get_metrics (self->worker), NULL, "other", status,
                     g_get_monotonic_time ());
}

static void
on_rearm (gint64 deadline, gpointer user_data)
{
  WebServer *self = user_data;

  web_slots_rearm (self->slots, deadline);
}

/* A new socket's buffer takes it whole; if not, nothing is owed to a client like that. */
static void
turn_away (WebServer *self, int fd)
{
  g_autoptr (GBytes) refusal
      = web_error_make_refusal (503, "There are too many connections from this address.");
  gsize size;
  const void *data = g_bytes_get_data (refusal, &size);

  booru_metric_inc (web_worker_get_metrics (self->worker)->refused);
  if (send (fd, data, size, MSG_NOSIGNAL) < 0)
    g_debug ("A connection over the limit was closed");
  shutdown (fd, SHUT_WR);
  close (fd);
}

/* Whether a whole request has come already; a very large one counts by its first part. */
static gboolean
has_request (int fd)
{
  char start[4096];
  gssize got = recv (fd, start, sizeof start, MSG_PEEK);

  return got == sizeof start || (got > 0 && web_head_find_end (start, (gsize)got) > 0);
}

static void
take_connection (WebServer *self, int fd)
{
  g_autoptr (WebConnection) connection = NULL;
  g_autoptr (GSocketAddress) remote = NULL, local = NULL;
  g_autoptr (GError) error = NULL;
  struct sockaddr_storage native;
  socklen_t length = sizeof native;
  gboolean trusted;
  int on = 1, unsent = UNSENT_LIMIT;

  if (getpeername (fd, (struct sockaddr *)&native, &length) == 0)
    remote = g_socket_address_new_from_native (&native, length);
  length = sizeof native;
  if (getsockname (fd, (struct sockaddr *)&native, &length) == 0)
    local = g_socket_address_new_from_native (&native, length);
  if (remote == NULL || local == NULL)
    {
      close (fd); /* it has gone already */
      return;
    }

  trusted = web_settings_is_trusted_proxy (web_worker_get_settings (self->worker), remote);
  if (!trusted && !web_slots_make_room (self->slots, remote))
    {
      turn_away (self, fd);
      return;
    }

  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt (fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
  connection = web_connection_new (fd, &self->funcs, &self->limits);
  booru_metric_inc (web_worker_get_metrics (self->worker)->accepted);
  web_slots_add (self->slots, connection, remote, trusted);
  web_connection_set_remote (connection, remote);
  if (!soup_server_accept_iostream (self->soup, G_IO_STREAM (connection), local, remote, &error))
    g_warning ("Accepting a connection failed: %s", error->message);
}

static gboolean
pause_accepting (WebServer *self)
{
  self->accept_source = 0;
  self->resume_source = g_timeout_add (PAUSE, on_resume, self);
  return G_SOURCE_REMOVE;
}

/* The one who has waited there longest leaves it when there are too many. */
static void
wait_in_lobby (WebServer *self, int fd)
{
  int *place = &self->lobby[self->lobby_next];
  int other = *place;

  *place = fd;
  self->lobby_next = (self->lobby_next + 1) % LOBBY_SIZE;
  if (self->n_lobby < LOBBY_SIZE)
    self->n_lobby++;
  else if (has_request (other))
    take_connection (self, other);
  else
    {
      booru_metric_inc (web_worker_get_metrics (self->worker)->refused);
      close (other);
    }
}

static void
empty_lobby (WebServer *self)
{
  for (; self->n_lobby > 0; self->n_lobby--)
    take_connection (self,
                     self->lobby[(self->lobby_next + LOBBY_SIZE - self->n_lobby) % LOBBY_SIZE]);
}

static gboolean
on_acceptable (gint listener, GIOCondition condition, gpointer user_data)
{
  WebServer *self = user_data;

  guint n_accepts
      = web_slots_is_scarce (self->slots) ? MAX_ACCEPTS_WHEN_FULL : MAX_ACCEPTS_PER_WAKE;

  for (guint i = 0; i < n_accepts; i++)
    {
      int fd = -1;

      /* Others wait in the backlog, or for another worker. */
      if (web_slots_is_full (self->slots) && !web_slots_give_up_one (self->slots))
        return pause_accepting (self);
      fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd >= 0 && web_slots_is_scarce (self->slots) && !has_request (fd))
        wait_in_lobby (self, fd);
      else if (fd >= 0)
        take_connection (self, fd);
      else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
        {
          g_warning ("Cannot accept connections for a moment: %s", g_strerror (errno));
          return pause_accepting (self);
        }
      else if (errno != EINTR && errno != ECONNABORTED)
        {
          empty_lobby (self); /* EAGAIN: there is no crowd, or another worker was first */
          break;
        }
    }
  return G_SOURCE_CONTINUE;
}

/* The server library keeps connections alive only while it has a listener (soup-server.c,
 * request_finished()). So it gets one that nothing ever comes by: an end of a pair of sockets,
 * whose other end is ours. */
static gboolean
give_quiet_listener (WebServer *self, GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) local = NULL;
  int pair[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
    return booru_set_errno_error (error, errno, "Creating a socket pair for the web server");
  self->quiet_end = pair[0];
  socket = g_socket_new_from_fd (pair[1], &local);
  if (socket == NULL)
    close (pair[1]);
  if (socket && soup_server_listen_socket (self->soup, socket, 0, &local))
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED, "Setting up the web server: %s",
               local->message);
  return FALSE;
}

static void
on_head_read (SoupServer *soup,
              SoupServerMessage *message,
              const char *path,
              GHashTable *query,
              gpointer user_data)
{
  WebServer *self = user_data;

  web_dispatch_head (self->worker, message);
}

static void
on_request (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  WebServer *self = user_data;

  web_dispatch (self->worker, message);
}

WebServer *
web_server_new (WebWorker *worker, const WebRouter *router, GError **error)
{
  g_autoptr (WebServer) self = NULL;
  int listener = booru_service_context_get_listener (web_worker_get_context (worker));

  if (listener < 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                   "The web service was started without a listening socket");
      return NULL;
    }

  self = g_new0 (WebServer, 1);
  self->worker = worker;
  self->router = router;
  self->listener = listener;
  self->quiet_end = -1;
  self->slots = web_slots_new ();
  self->funcs = (WebConnectionFuncs){ self, on_head, on_rearm, on_closed, on_sent, on_refused };

  /* The listening socket is never the server library's: its watch blocks the loop when another
   * worker accepts first, and goes deaf on EAGAIN and EMFILE. */
  self->soup = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_add_early_handler (self->soup, NULL, on_head_read, self, NULL);
  soup_server_add_handler (self->soup, NULL, on_request, self, NULL);
  if (!give_quiet_listener (self, error))
    return NULL;
  web_server_configure (self);
  return g_steal_pointer (&self);
}

void
web_server_free (WebServer *self)
{
  g_clear_handle_id (&self->accept_source, g_source_remove);
  g_clear_handle_id (&self->resume_source, g_source_remove);
  g_clear_handle_id (&self->done_source, g_source_remove);
  empty_lobby (self);
  web_slots_detach (self->slots);
  soup_server_disconnect (self->soup);
  g_object_unref (self->soup);
  if (self->quiet_end >= 0)
    close (self->quiet_end);
  web_slots_free (self->slots);
  g_free (self);
}

void
web_server_configure (WebServer *self)
{
  const WebSettings *settings = web_worker_get_settings (self->worker);

  self->limits.header_timeout = settings->header_timeout * G_USEC_PER_SEC;
  self->limits.idle_timeout = settings->idle_timeout * G_USEC_PER_SEC;
  web_slots_set_limits (self->slots, settings->max_connections,
                        settings->max_connections_per_address);
  start_accepting (self);
}

guint
web_server_get_n_connections (WebServer *self)
{
  return web_slots_count (self->slots);
}

void
web_server_quiesce (WebServer *self, gint64 patience, WebServerDoneFunc done, gpointer user_data)
{
  self->done = done;
  self->done_data = user_data;
  self->limits.draining = TRUE;
  self->limits.patience = patience;
  g_clear_handle_id (&self->accept_source, g_source_remove);
  g_clear_handle_id (&self->resume_source, g_source_remove);
  empty_lobby (self);
  web_slots_drain (self->slots);
  check_drained (self);
}
