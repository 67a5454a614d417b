/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-dispatch.h"

#include <string.h>

#include "web-error.h"
#include "web-guard.h"
#include "web-negotiate.h"

/* Forms without files need no more, whatever an upload may be. */
#define PLAIN_UPLOAD_LIMIT (256 * 1024)

static WebOrigin
get_origin (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  return (WebOrigin){
    .method = soup_server_message_get_method (message),
    .host = soup_message_headers_get_one (headers, "Host"),
    .origin = soup_message_headers_get_one (headers, "Origin"),
    .sec_fetch_site = soup_message_headers_get_one (headers, "Sec-Fetch-Site"),
    .referer = soup_message_headers_get_one (headers, "Referer"),
  };
}

static gboolean
is_multipart (SoupMessageHeaders *headers)
{
  const char *type = soup_message_headers_get_one (headers, "Content-Type");

  return type && g_ascii_strncasecmp (type, "multipart/form-data", 19) == 0;
}

static gboolean
has_half_a_login (WebRequest *request)
{
  BooruRequest *base = BOORU_REQUEST (request);

  return web_request_wants_json (request)
         && !booru_request_get_param (base, "login") != !booru_request_get_param (base, "api_key");
}

/* The first thing done with a request whose head has been read. TRUE: it was answered. */
static gboolean
refuse (WebService *service, SoupServerMessage *message, WebRequest *request)
{
  const WebSettings *settings = web_service_get_settings (service);
  WebOrigin origin = get_origin (message);

  if (!web_guard_check_host (settings, origin.host))
    {
      web_request_fail_status (request, 403, "User::PrivilegeError",
                               "Unknown host name. If it's yours, add it to trusted-hosts.");
      return TRUE;
    }
  if (!web_guard_check_origin (settings, &origin))
    {
      web_request_fail_status (request, 403, "ActionController::InvalidAuthenticityToken",
                               "The request came from a page on another site.");
      return TRUE;
    }
  if (!web_request_check_params (request))
    return TRUE;
  if (has_half_a_login (request))
    {
      web_request_fail_status (request, 401, "SessionLoader::AuthenticationFailure",
                               "login and api_key go together: give both or neither.");
      return TRUE;
    }
  return FALSE;
}

/* What a browser asks before a page of another site may read the API with headers of its own. Such
 * a page's writes are refused all the same, by their Origin. */
static void
allow_other_sites (BooruRequest *request, const WebMatch *match)
{
  if (match->route == NULL || !web_guard_allows_other_sites (match->route))
    return;
  booru_request_set_header (request, "Access-Control-Allow-Origin", "*");
  booru_request_set_header (request, "Access-Control-Allow-Methods", match->allow);
  booru_request_set_header (request, "Access-Control-Allow-Headers",
                            "Authorization, Content-Type, X-HTTP-Method-Override");
  booru_request_set_header (request, "Access-Control-Max-Age", "86400");
}

static void
answer_wrong_method (WebRequest *request, const WebMatch *match)
{
  BooruRequest *base = BOORU_REQUEST (request);

  booru_request_set_header (base, "Allow", match->allow);
  if (g_str_equal (booru_request_get_method (base), "OPTIONS"))
    {
      allow_other_sites (base, match);
      booru_request_respond (base, 204, NULL, NULL);
    }
  else
    web_request_fail_status (request, 405, web_error_get_class (405), "Method not allowed.");
}

static void
answer_unrouted (WebRequest *request, WebMatchResult result, const WebMatch *match)
{
  if (result == WEB_MATCH_BAD_PATH)
    web_request_fail_status (request, 400, web_error_get_class (400),
                             "The path is not properly encoded.");
  else if (result == WEB_MATCH_NOT_FOUND)
    web_request_fail_status (request, 404, "ActionController::RoutingError", "Page not found.");
  else if (result == WEB_MATCH_WRONG_FORMAT)
    web_request_fail_status (request, 406, web_error_get_class (406),
                             "This is not available in that format. Ask for JSON (.json).");
  else
    answer_wrong_method (request, match);
}

/* Chunked bodies are measured as they come (web-connection.c); here it is known exactly. */
static gboolean
is_body_too_large (SoupServerMessage *message, const BooruRoute *route)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (route->body_limit == WEB_BODY_UPLOAD)
    return !is_multipart (headers)
           && soup_message_headers_get_content_length (headers) > PLAIN_UPLOAD_LIMIT;
  return (gsize)soup_server_message_get_request_body (message)->length > route->body_limit;
}

static void
begin_task (WebService *service, SoupServerMessage *message)
{
  web_service_set_task (service, soup_server_message_get_method (message),
                        g_uri_get_path (soup_server_message_get_uri (message)));
}

static void
end_task (WebService *service)
{
  web_service_set_task (service, NULL, NULL);
}

static void
on_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  WebService *service = user_data;

  begin_task (service, message);
  web_body_feed (web_request_find_upload (message), chunk);
  end_task (service);
}

static const char *
get_path (WebService *service, SoupServerMessage *message)
{
  return web_settings_skip_base_path (web_service_get_settings (service),
                                      g_uri_get_path (soup_server_message_get_uri (message)));
}

/**
 * web_dispatch_head:
 * @service: the service
 * @router: its routes
 * @message: a request of which the head has come, and the body has not
 *
 * The body of an upload goes to disk, unless the request is refused anyway: then it is read over.
 */
void
web_dispatch_head (WebService *service, WebRouter *router, SoupServerMessage *message)
{
  const WebSettings *settings = web_service_get_settings (service);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  WebOrigin origin = get_origin (message);
  WebBody *body;

  if (web_negotiate_body_limit (router, origin.method, get_path (service, message), 0)
      != WEB_BODY_UPLOAD)
    return;
  if (!is_multipart (headers)
      && soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
      && soup_message_headers_get_content_length (headers) <= PLAIN_UPLOAD_LIMIT)
    return;
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  if (!is_multipart (headers) || !web_guard_check_host (settings, origin.host)
      || !web_guard_check_origin (settings, &origin))
    return;
  body = web_body_new (settings->data_dir, soup_message_headers_get_one (headers, "Content-Type"));
  web_request_set_upload (message, body);
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_chunk), service);
}

/* A form in a browser can only GET and POST, and so can some clients. */
static const char *
get_override (WebRequest *request)
{
  BooruRequest *base = BOORU_REQUEST (request);
  const char *method = booru_request_get_param (base, "_method");

  if (!g_str_equal (booru_request_get_method (base), "POST"))
    return NULL;
  if (method == NULL)
    method = booru_request_get_header (base, "X-HTTP-Method-Override");
  for (guint i = 0; method && web_override_methods[i]; i++)
    if (g_ascii_strcasecmp (method, web_override_methods[i]) == 0)
      return web_override_methods[i];
  return NULL;
}

static void
answer (WebService *service, WebRouter *router, SoupServerMessage *message, WebRequest *request)
{
  g_auto (WebMatch) match = { 0 };
  WebMatchResult result;

  web_request_set_method (request, get_override (request));
  result
      = web_negotiate_route (router, booru_request_get_method (BOORU_REQUEST (request)),
                             get_path (service, message), web_request_get_asked (request), &match);
  if (result != WEB_MATCH_FOUND)
    answer_unrouted (request, result, &match);
  else if (!g_str_equal (match.route->method, "GET") && is_body_too_large (message, match.route))
    web_request_fail_status (request, 413, web_error_get_class (413),
                             "The request body is too large.");
  else
    web_request_handle (request, &match);
}

/**
 * web_dispatch:
 * @service: the service
 * @router: its routes
 * @message: a request that has come whole
 *
 * Has the request answered: at once, or later by the handler of its route.
 */
void
web_dispatch (WebService *service, WebRouter *router, SoupServerMessage *message)
{
  g_autoptr (WebRequest) request = web_request_new (service, message);

  begin_task (service, message);
  if (!refuse (service, message, request))
    answer (service, router, message, request);
  end_task (service);

  if (!web_request_is_answered (request))
    web_request_pause (request);
}
