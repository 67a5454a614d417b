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
#include "web-judge.h"

#define MAX_ACCEPTS_PER_WAKE 4
#define DESCRIPTOR_PAUSE 100 /* ms without accepting, when there are no descriptors left */
#define TIMER_STEP (G_USEC_PER_SEC / 4)

struct _WebServer
{
  WebService *service;
  WebRouter *router; /* not owned */
  SoupServer *soup;
  int listener; /* the context's */
  int quiet_end;
  guint accept_source;
  guint resume_source;

  GHashTable *connections; /* WebConnection → its Client */
  GHashTable *clients;     /* address → Client */
  WebConnectionFuncs funcs;
  WebConnectionLimits limits;
  guint max_connections;
  guint max_per_client;

  GSource *timer; /* ready when the next deadline may have come */

  WebServerDoneFunc done;
  gpointer done_data;
  guint done_source;
};

/* All connections from one address. */
typedef struct
{
  char *address;
  guint n_connections;
} Client;

static GQuark connection_quark (void);
G_DEFINE_QUARK (web - server - connection, connection)

static gboolean on_acceptable (gint fd, GIOCondition condition, gpointer user_data);

static void
start_accepting (WebServer *self)
{
  if (self->accept_source == 0 && self->resume_source == 0 && self->done == NULL
      && g_hash_table_size (self->connections) < self->max_connections)
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

static void
client_free (gpointer data)
{
  Client *client = data;

  g_free (client->address);
  g_free (client);
}

/* An address; of IPv6 the network, which is what one subscriber has. */
static char *
dup_address (GSocketAddress *remote)
{
  GInetAddress *address;

  if (!G_IS_INET_SOCKET_ADDRESS (remote))
    return g_strdup ("local");
  address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote));
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
      && !g_inet_address_get_is_loopback (address))
    {
      const guint8 *bytes = g_inet_address_to_bytes (address);

      return g_strdup_printf ("%02x%02x:%02x%02x:%02x%02x:%02x%02x::/64", bytes[0], bytes[1],
                              bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
    }
  return g_inet_address_to_string (address);
}

static Client *
ensure_client (WebServer *self, GSocketAddress *remote)
{
  g_autofree char *address = dup_address (remote);
  Client *client = g_hash_table_lookup (self->clients, address);

  if (client == NULL)
    {
      client = g_new0 (Client, 1);
      client->address = g_steal_pointer (&address);
      g_hash_table_insert (self->clients, client->address, client);
    }
  return client;
}

/* A proxy that is trusted brings everybody's requests from one address. */
static gboolean
is_over_limit (WebServer *self, const Client *client, GSocketAddress *remote)
{
  return client->n_connections >= self->max_per_client
         && !web_settings_is_trusted_proxy (web_service_get_settings (self->service), remote);
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
  if (self->done && self->done_source == 0 && g_hash_table_size (self->connections) == 0)
    self->done_source = g_idle_add (on_drained, self);
}

static void
on_closed (WebConnection *connection, gpointer user_data)
{
  WebServer *self = user_data;
  Client *client = g_hash_table_lookup (self->connections, connection);

  if (client == NULL)
    return;
  g_hash_table_remove (self->connections, connection);
  if (--client->n_connections == 0)
    g_hash_table_remove (self->clients, client->address);
  start_accepting (self);
  check_drained (self);
}

static void
on_head (WebConnection *connection, const WebHead *head, WebVerdict *verdict, gpointer user_data)
{
  WebServer *self = user_data;
  gint64 began = g_get_monotonic_time ();

  web_judge (self->service, self->router, head, verdict);
  if (verdict->head) /* 200 to a GET */
    web_metrics_count (web_service_get_metrics (self->service), verdict->route, "GET", 200, began);
}

static void
on_sent (gsize n_bytes, gpointer user_data)
{
  WebServer *self = user_data;

  booru_metric_add (web_service_get_metrics (self->service)->sent, (double)n_bytes);
}

static void
on_refused (guint status, gpointer user_data)
{
  WebServer *self = user_data;

  web_metrics_count (web_service_get_metrics (self->service), NULL, "other", status,
                     g_get_monotonic_time ());
}

/* One timer for all, a quarter of a second apart at least: deadlines need not be kept to the
 * millisecond, and nothing wakes while nobody is connected. */
static void
on_rearm (gint64 deadline, gpointer user_data)
{
  WebServer *self = user_data;
  gint64 ready = g_source_get_ready_time (self->timer);

  if (ready < 0 || deadline < ready)
    g_source_set_ready_time (self->timer, MAX (deadline, g_get_monotonic_time () + TIMER_STEP));
}

static gboolean
on_timer (gpointer user_data)
{
  WebServer *self = user_data;
  gint64 now = g_get_monotonic_time (), next = 0;
  g_autoptr (GPtrArray) overdue = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      gint64 deadline = web_connection_get_deadline (key);

      if (deadline && deadline <= now)
        g_ptr_array_add (overdue, g_object_ref (key));
      else if (deadline && (next == 0 || deadline < next))
        next = deadline;
    }
  for (guint i = 0; i < overdue->len; i++)
    web_connection_expire (overdue->pdata[i]);

  g_source_set_ready_time (self->timer, next ? MAX (next, now + TIMER_STEP) : -1);
  return G_SOURCE_CONTINUE;
}

static gboolean
timer_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static void
take_connection (WebServer *self, int fd)
{
  g_autoptr (WebConnection) connection = NULL;
  g_autoptr (GSocketAddress) remote = NULL, local = NULL;
  g_autoptr (GError) error = NULL;
  struct sockaddr_storage native;
  socklen_t length = sizeof native;
  Client *client;
  int on = 1;

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

  client = ensure_client (self, remote);
  if (is_over_limit (self, client, remote))
    {
      g_autoptr (GBytes) refusal
          = web_connection_make_refusal (503, "Too many connections from this address.");
      gsize size;
      const void *data = g_bytes_get_data (refusal, &size);

      booru_metric_inc (web_service_get_metrics (self->service)->refused);
      /* A new socket's buffer takes it whole; if not, nothing is owed to a client like that. */
      if (send (fd, data, size, MSG_NOSIGNAL) < 0)
        g_debug ("A connection over the limit was closed");
      shutdown (fd, SHUT_WR);
      close (fd);
      return;
    }

  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  connection = web_connection_new (fd, &self->funcs, &self->limits);
  client->n_connections++;
  booru_metric_inc (web_service_get_metrics (self->service)->accepted);
  g_hash_table_insert (self->connections, connection, client);
  /* Messages lead to the address, and so to the connection. */
  g_object_set_qdata (G_OBJECT (remote), connection_quark (), connection);
  if (!soup_server_accept_iostream (self->soup, G_IO_STREAM (connection), local, remote, &error))
    g_warning ("A connection was not taken: %s", error->message);
}

static gboolean
on_acceptable (gint listener, GIOCondition condition, gpointer user_data)
{
  WebServer *self = user_data;

  for (guint i = 0; i < MAX_ACCEPTS_PER_WAKE; i++)
    {
      int fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

      if (fd >= 0)
        take_connection (self, fd);
      else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
        {
          g_warning ("Connections wait: %s", g_strerror (errno));
          self->accept_source = 0;
          self->resume_source = g_timeout_add (DESCRIPTOR_PAUSE, on_resume, self);
          return G_SOURCE_REMOVE;
        }
      else if (errno != EINTR && errno != ECONNABORTED)
        break; /* EAGAIN: another worker was first */

      if (g_hash_table_size (self->connections) >= self->max_connections)
        {
          self->accept_source = 0; /* the others wait in the backlog, or for another worker */
          return G_SOURCE_REMOVE;
        }
    }
  return G_SOURCE_CONTINUE;
}

static WebConnection *
get_connection (SoupServerMessage *message)
{
  GSocketAddress *remote = soup_server_message_get_remote_address (message);

  return remote ? g_object_get_qdata (G_OBJECT (remote), connection_quark ()) : NULL;
}

void
web_server_abort_message (SoupServerMessage *message)
{
  WebConnection *connection = get_connection (message);

  if (connection)
    web_connection_abort (connection);
}

GSource *
web_server_create_hangup_source (SoupServerMessage *message)
{
  WebConnection *connection = get_connection (message);

  return connection ? web_connection_create_hangup_source (connection) : NULL;
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
    return booru_set_errno_error (error, errno, "Making a pair of sockets for the web server");
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

  web_dispatch_head (self->service, self->router, message);
}

static void
on_request (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  WebServer *self = user_data;

  web_dispatch (self->service, self->router, message);
}

static GSourceFuncs timer_funcs = { NULL, NULL, timer_dispatch, NULL, NULL, NULL };

/**
 * web_server_new:
 * @service: the service, which outlives the server
 * @router: the routes, which outlive the server
 * @listener: a non-blocking listening socket, perhaps shared with other processes
 * @error: BOORU_ERROR_CONFIG
 *
 * Returns: (transfer full): a server that accepts connections from now on
 */
WebServer *
web_server_new (WebService *service, WebRouter *router, int listener, GError **error)
{
  g_autoptr (WebServer) self = NULL;

  if (listener < 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                   "The web service was started without a listening socket");
      return NULL;
    }

  self = g_new0 (WebServer, 1);
  self->service = service;
  self->router = router;
  self->listener = listener;
  self->quiet_end = -1;
  self->connections = g_hash_table_new (NULL, NULL);
  self->clients = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, client_free);
  self->funcs = (WebConnectionFuncs){ self, on_head, on_rearm, on_closed, on_sent, on_refused };
  self->timer = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_attach (self->timer, NULL);

  /* The listening socket is never the server library's: its watch blocks the loop when another
   * worker accepts first, and goes deaf on EAGAIN and EMFILE. */
  self->soup = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_add_early_handler (self->soup, NULL, on_head_read, self, NULL);
  soup_server_add_handler (self->soup, NULL, on_request, self, NULL);
  if (!give_quiet_listener (self, error))
    return NULL;
  web_server_configure (self, web_service_get_settings (service));
  return g_steal_pointer (&self);
}

void
web_server_free (WebServer *self)
{
  GHashTableIter iter;
  gpointer connection;

  g_clear_handle_id (&self->accept_source, g_source_remove);
  g_clear_handle_id (&self->resume_source, g_source_remove);
  g_clear_handle_id (&self->done_source, g_source_remove);
  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    web_connection_detach (connection);
  soup_server_disconnect (self->soup);
  g_object_unref (self->soup);
  if (self->quiet_end >= 0)
    close (self->quiet_end);
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_hash_table_unref (self->connections);
  g_hash_table_unref (self->clients);
  g_free (self);
}

/**
 * web_server_configure:
 * @self: the server
 * @settings: what holds from now on, for connections that exist as well
 */
void
web_server_configure (WebServer *self, const WebSettings *settings)
{
  self->limits.header_timeout = settings->header_timeout * G_USEC_PER_SEC;
  self->limits.idle_timeout = settings->idle_timeout * G_USEC_PER_SEC;
  self->max_connections = MAX (settings->max_connections, 1);
  self->max_per_client = MAX (settings->max_connections_per_address, 1);
  start_accepting (self);
}

guint
web_server_get_n_connections (WebServer *self)
{
  return g_hash_table_size (self->connections);
}

/**
 * web_server_quiesce:
 * @self: the server
 * @patience: how long a connection is kept on which nothing happens, in µs
 * @done: called when the last connection has gone
 * @user_data: for @done
 *
 * Takes no new connections. What is in flight is finished; who sends one more request on a
 * connection that exists gets an answer, and is told that it was the last one. May be called again
 * with less patience.
 */
void
web_server_quiesce (WebServer *self, gint64 patience, WebServerDoneFunc done, gpointer user_data)
{
  GHashTableIter iter;
  gpointer connection;

  self->done = done;
  self->done_data = user_data;
  self->limits.draining = TRUE;
  self->limits.patience = patience;
  g_clear_handle_id (&self->accept_source, g_source_remove);
  g_clear_handle_id (&self->resume_source, g_source_remove);
  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    web_connection_drain (connection);
  check_drained (self);
}
