/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-server.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "web-guard.h"

#define MAX_ACCEPTS_PER_WAKE 4
#define DESCRIPTOR_PAUSE 100 /* ms without accepting, when there are no descriptors left */

struct _WebServer
{
  WebService *service;
  WebRouter *router; /* not owned */
  SoupServer *soup;
  int listener; /* the context's */
  guint accept_source;
  guint resume_source;
};

static gboolean on_acceptable (gint fd, GIOCondition condition, gpointer user_data);

static void
start_accepting (WebServer *self)
{
  if (self->accept_source == 0)
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
take_connection (WebServer *self, int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GSocketAddress) local = NULL, remote = NULL;
  int on = 1;

  if (socket == NULL)
    {
      close (fd);
      return;
    }
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  connection = g_socket_connection_factory_create_connection (socket);
  local = g_socket_get_local_address (socket, NULL);
  remote = g_socket_get_remote_address (socket, NULL);
  if (local && remote
      && !soup_server_accept_iostream (self->soup, G_IO_STREAM (connection), local, remote, &error))
    g_debug ("A connection was not taken: %s", error->message);
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
    }
  return G_SOURCE_CONTINUE;
}

/* The first thing done with a request whose head has been read. TRUE: it was answered. */
static gboolean
refuse (WebServer *self, SoupServerMessage *message, WebRequest *request)
{
  const WebSettings *settings = web_service_get_settings (self->service);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  WebOrigin origin = {
    .method = soup_server_message_get_method (message),
    .host = soup_message_headers_get_one (headers, "Host"),
    .origin = soup_message_headers_get_one (headers, "Origin"),
    .sec_fetch_site = soup_message_headers_get_one (headers, "Sec-Fetch-Site"),
    .referer = soup_message_headers_get_one (headers, "Referer"),
  };

  if (!web_guard_check_host (settings, origin.host))
    {
      web_request_fail_status (request, 403, "User::PrivilegeError",
                               "This server does not answer to that name. Add it to the setting "
                               "trusted-hosts if it is yours.");
      return TRUE;
    }
  if (!web_guard_check_origin (settings, &origin))
    {
      web_request_fail_status (request, 403, "ActionController::InvalidAuthenticityToken",
                               "The request came from a page of another site.");
      return TRUE;
    }
  return FALSE;
}

static void
answer_unrouted (WebRequest *request, WebMatchResult result, const char *allow)
{
  BooruRequest *base = BOORU_REQUEST (request);

  if (result == WEB_MATCH_BAD_PATH)
    web_request_fail_status (request, 400, "ActionController::BadRequest",
                             "The path is not properly encoded.");
  else if (result == WEB_MATCH_NOT_FOUND)
    web_request_fail_status (request, 404, "ActionController::RoutingError",
                             "That page was not found.");
  else
    {
      booru_request_set_header (base, "Allow", allow);
      if (g_str_equal (booru_request_get_method (base), "OPTIONS"))
        booru_request_respond (base, 204, NULL, NULL);
      else
        web_request_fail_status (request, 405, "ActionController::MethodNotAllowed",
                                 "That address does not take this method.");
    }
}

static void
on_request (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  WebServer *self = user_data;
  g_auto (WebMatch) match = { 0 };
  g_autoptr (WebRequest) request = NULL;
  g_autofree char *allow = NULL;
  const BooruRoute *route;
  gpointer route_data;
  WebMatchResult result;

  result = web_router_match (self->router, soup_server_message_get_method (message),
                             g_uri_get_path (soup_server_message_get_uri (message)), &match);
  route = match.route;
  route_data = match.user_data;
  allow = g_steal_pointer (&match.allow);
  request = web_request_new (self->service, message, &match);

  if (refuse (self, message, request))
    return;
  if (result != WEB_MATCH_FOUND)
    answer_unrouted (request, result, allow);
  else
    route->handle (BOORU_REQUEST (request), route_data);

  if (!web_request_is_answered (request))
    web_request_pause (request);
}

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
  WebServer *self;

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
  self->soup = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_add_handler (self->soup, NULL, on_request, self, NULL);
  start_accepting (self);
  return self;
}

void
web_server_free (WebServer *self)
{
  g_clear_handle_id (&self->accept_source, g_source_remove);
  g_clear_handle_id (&self->resume_source, g_source_remove);
  soup_server_disconnect (self->soup);
  g_object_unref (self->soup);
  g_free (self);
}

void
web_server_configure (WebServer *self, const WebSettings *settings)
{
}

void
web_server_quiesce (WebServer *self, WebServerDoneFunc done, gpointer user_data)
{
  g_clear_handle_id (&self->accept_source, g_source_remove);
  g_clear_handle_id (&self->resume_source, g_source_remove);
  done (user_data);
}
