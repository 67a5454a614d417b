/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-dispatch.h"

#include <string.h>

#include "web-connection.h"
#include "web-error.h"
#include "web-guard.h"
#include "web-request.h"

/* Forms without files need no more, whatever an upload may be. */
#define PLAIN_UPLOAD_LIMIT (256 * 1024)

static const WebRefusal foreign_host = {
  403,
  "User::PrivilegeError",
  "Unknown host name. If it's yours, add it to trusted-hosts.",
};
static const WebRefusal foreign_origin = {
  403,
  "ActionController::InvalidAuthenticityToken",
  "The request came from a page on another site.",
};
static const WebRefusal foreign_form = {
  403,
  "ActionController::InvalidAuthenticityToken",
  "Nothing was done: this needs the token of your session, in the header X-CSRF-Token or the field "
  "“token”. Programs use an API key instead.",
};
static const WebRefusal unknown_uploader = {
  401,
  "SessionLoader::AuthenticationFailure",
  "Sign in first; an API key for an upload belongs in the header Authorization or in the URL.",
};
static const WebRefusal half_login = {
  401,
  "SessionLoader::AuthenticationFailure",
  "login and api_key go together: give both or neither.",
};

static GQuark incoming_quark (void);
G_DEFINE_QUARK (web - dispatch - incoming, incoming)

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

static const WebRefusal files_away
    = { 503, "ActiveRecord::QueryCanceled",
        "The folder of originals is not accessible now. Nothing was stored; try again later" };

/* By the head alone. NULL: it may pass. */
static const WebRefusal *
find_refusal (WebWorker *worker, SoupServerMessage *message, const WebIncoming *incoming)
{
  const WebSettings *settings = web_worker_get_settings (worker);
  WebOrigin origin = get_origin (message);

  if (!web_guard_check_host (settings, origin.host))
    return &foreign_host;
  if (incoming->refusal)
    return incoming->refusal;
  /* A page elsewhere does not know an API key, as it does not the cookie that a browser sends. */
  return incoming->login->kind == WEB_LOGIN_KEY || web_guard_check_origin (settings, &origin)
             ? NULL
             : &foreign_origin;
}

/* By the parameters login and api_key, which may be in the body. FALSE: they are not valid. */
static gboolean
log_in_by_params (WebRequest *request)
{
  BooruRequest *base = BOORU_REQUEST (request);
  WebLogins *logins = web_worker_get_logins (web_request_get_worker (request));
  const char *name = booru_request_get_param (base, "login");
  const char *key = booru_request_get_param (base, "api_key");
  WebLogin *login;

  if (name == NULL || key == NULL
      || web_request_get_incoming (request)->login->kind == WEB_LOGIN_LOCAL)
    return TRUE;
  login = web_logins_find_key (logins, name, key);
  if (login)
    web_request_set_login (request, login);
  return login != NULL;
}

/* Somebody whom the proxy in front of us has asked who it is. NULL: the request does not come from
 * one that is trusted, or it names nobody. */
static const char *
find_proxied_name (WebWorker *worker, SoupServerMessage *message)
{
  const WebSettings *settings = web_worker_get_settings (worker);

  if (settings->user_header == NULL
      || !web_settings_is_trusted_proxy (settings,
                                         soup_server_message_get_remote_address (message)))
    return NULL;
  return soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                       settings->user_header);
}

static void
log_in_by_proxy (WebWorker *worker, SoupServerMessage *message, WebIncoming *incoming)
{
  const char *name = find_proxied_name (worker, message);
  g_autoptr (GError) error = NULL;
  WebLogin *login;

  if (name == NULL || *name == '\0' || incoming->login->kind == WEB_LOGIN_KEY)
    return;
  login = web_logins_find_proxied (web_worker_get_logins (worker), name, &error);
  if (login == NULL)
    {
      g_message ("The proxy's user was not let in: %s", error->message);
      return;
    }
  web_login_unref (incoming->login);
  incoming->login = login;
}

/* What the parameters may excuse. */
static const WebRefusal *
reconsider (WebRequest *request, const WebRefusal *refusal)
{
  if (refusal == NULL && has_half_a_login (request))
    return &half_login;
  if (!log_in_by_params (request))
    return &web_refusal_bad_login;
  return refusal == &foreign_origin && web_request_peek_login (request)->kind == WEB_LOGIN_KEY
             ? NULL
             : refusal;
}

/* Whether it was answered. */
static gboolean
refuse (WebRequest *request)
{
  const WebRefusal *refusal = web_request_get_incoming (request)->refusal;

  if (refusal == NULL && !web_request_check_params (request))
    return TRUE;
  if (refusal == NULL || refusal == &foreign_origin)
    refusal = reconsider (request, refusal);
  if (refusal)
    web_request_fail_status (request, refusal->status, refusal->error_class, refusal->message);
  return refusal != NULL;
}

/* The answer to a preflight request: a page of another site may read the API, with headers of its
 * own. Its writes are still refused because of their Origin. */
static void
allow_other_sites (BooruRequest *request, const WebMatch *match)
{
  if (match->entry == NULL || !web_guard_allows_other_sites (match->entry->route))
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

/* Chunked bodies are measured as they come (web-connection-read.c); here it is known exactly. */
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
begin_task (WebWorker *worker, SoupServerMessage *message)
{
  web_worker_set_task (worker, soup_server_message_get_method (message),
                       g_uri_get_path (soup_server_message_get_uri (message)));
}

static void
end_task (WebWorker *worker)
{
  web_worker_set_task (worker, NULL, NULL);
}

static void
on_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  WebIncoming *incoming = g_object_get_qdata (G_OBJECT (message), incoming_quark ());

  begin_task (user_data, message);
  web_body_feed (incoming->upload, chunk);
  end_task (user_data);
}

/* The body of an upload does not go through memory. */
static void
divert_body (WebWorker *worker, SoupServerMessage *message, WebIncoming *incoming)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (!is_multipart (headers)
      && soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
      && soup_message_headers_get_content_length (headers) <= PLAIN_UPLOAD_LIMIT)
    return;
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  if (!is_multipart (headers) || incoming->refusal)
    return;
  incoming->upload = web_body_new (web_worker_get_settings (worker)->files_dir,
                                   soup_message_headers_get_one (headers, "Content-Type"));
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_chunk), worker);
}

/* Nothing of what visitors send is written to the disk. */
static gboolean
may_upload (SoupServerMessage *message, const WebIncoming *incoming)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));

  return incoming->login->user->id != 0 || (query && strstr (query, "api_key="));
}

void
web_dispatch_head (WebWorker *worker, SoupServerMessage *message)
{
  WebConnection *connection = web_connection_of_message (message);
  WebIncoming *incoming = connection ? web_connection_steal_incoming (connection) : NULL;

  if (incoming == NULL)
    return; /* its connection has just been closed */
  g_object_set_qdata_full (G_OBJECT (message), incoming_quark (), incoming,
                           (GDestroyNotify)web_incoming_free);
  log_in_by_proxy (worker, message, incoming);
  incoming->refusal = find_refusal (worker, message, incoming);
  if (!incoming->takes_upload)
    return;
  if (incoming->refusal == NULL && !may_upload (message, incoming))
    incoming->refusal = &unknown_uploader;
  if (incoming->refusal == NULL && !web_worker_has_files (worker))
    incoming->refusal = &files_away;
  divert_body (worker, message, incoming);
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

static BooruAccess
get_access (const BooruRoute *route)
{
  if (route->access != BOORU_ACCESS_DEFAULT)
    return route->access;
  return g_str_equal (route->method, "GET") ? BOORU_ACCESS_VIEWER : BOORU_ACCESS_EDITOR;
}

static void
ask_login (WebRequest *request, guint status, const WebRefusal *refusal)
{
  if (web_request_wants_json (request))
    web_request_fail_status (request, status, refusal->error_class, refusal->message);
  else
    web_worker_get_hooks (web_request_get_worker (request))
        ->ask_login (request, status, refusal->message);
}

/* FALSE after refusing. */
static gboolean
check_access (WebRequest *request, const BooruRoute *route)
{
  static const WebRefusal unknown = {
    401,
    "SessionLoader::AuthenticationFailure",
    "Sign in first.",
  };
  const WebLogin *login = web_request_peek_login (request);

  /* Of a public board visitors see everything, but what is written is somebody's. */
  gboolean writes = !g_str_equal (route->method, "GET") && get_access (route) > BOORU_ACCESS_PUBLIC;

  if (login->user->access >= get_access (route) && web_login_permits (login, route->pattern)
      && (login->user->id != 0 || !writes))
    return TRUE;
  if (login->user->id == 0)
    ask_login (request, 401, &unknown);
  else
    web_request_fail_status (request, 403, web_error_get_class (403),
                             login->kind == WEB_LOGIN_KEY ? "Your API key is not for that."
                                                          : "Your account may not do that.");
  return FALSE;
}

static gboolean
is_read (WebRequest *request)
{
  const char *method = booru_request_get_method (BOORU_REQUEST (request));

  return g_str_equal (method, "GET") || g_str_equal (method, "HEAD");
}

/* A browser sends the cookie of a session along with whatever a page makes it send. Only pages of
 * ours know the session's token. FALSE after refusing. */
static gboolean
check_form (WebRequest *request)
{
  static const char *const fields[] = { "token", "authenticity_token" };
  BooruRequest *base = BOORU_REQUEST (request);
  const WebLogin *login = web_request_peek_login (request);
  const char *given = booru_request_get_header (base, "X-CSRF-Token");

  if (login->kind != WEB_LOGIN_SESSION || is_read (request))
    return TRUE;
  for (guint i = 0; given == NULL && i < G_N_ELEMENTS (fields); i++)
    given = booru_request_get_param (base, fields[i]);
  if (given && web_login_check_form_token (login, given))
    return TRUE;
  ask_login (request, 403, &foreign_form);
  return FALSE;
}

/* FALSE after refusing. */
static gboolean
check_rate (WebRequest *request)
{
  WebWorker *worker = web_request_get_worker (request);
  guint limit = web_worker_get_settings (worker)->write_rate, left;
  gint64 id = web_request_peek_login (request)->user->id;
  g_autofree char *who = NULL, *header = NULL;
  gboolean may;

  if (limit == 0 || is_read (request))
    return TRUE;
  who = id ? g_strdup_printf ("%" G_GINT64_FORMAT, id) : web_request_dup_address (request);
  may = web_rates_take (web_worker_get_rates (worker), who, limit, g_get_monotonic_time (), &left);
  header = g_strdup_printf ("{\"limit\":%u,\"remaining\":%u,\"period\":60}", limit, left);
  booru_request_set_header (BOORU_REQUEST (request), "X-Rate-Limit", header);
  if (may)
    return TRUE;
  booru_request_set_header (BOORU_REQUEST (request), "Retry-After", "5");
  web_request_fail_status (request, 429, web_error_get_class (429),
                           "You have written too much within a minute. Wait a little.");
  return FALSE;
}

static void
touch (WebRequest *request)
{
  WebLogin *login = web_request_peek_login (request);
  g_autofree char *address = login->id ? web_request_dup_address (request) : NULL;

  if (address)
    web_logins_touch (web_worker_get_logins (web_request_get_worker (request)), login, address);
}

static void
answer (WebRequest *request, SoupServerMessage *message)
{
  g_auto (WebMatch) match = { 0 };
  WebMatchResult result;

  web_request_set_method (request, get_override (request));
  result = web_negotiate_route (web_request_get_incoming (request)->lookup,
                                booru_request_get_method (BOORU_REQUEST (request)),
                                web_request_get_format_hints (request), &match);
  if (result != WEB_MATCH_FOUND)
    answer_unrouted (request, result, &match);
  else if (!g_str_equal (match.entry->route->method, "GET")
           && is_body_too_large (message, match.entry->route))
    web_request_fail_status (request, 413, web_error_get_class (413),
                             "The request body is too large.");
  else if (check_access (request, match.entry->route) && check_form (request)
           && check_rate (request))
    {
      touch (request);
      web_request_handle (request, &match);
    }
}

void
web_dispatch (WebWorker *worker, SoupServerMessage *message)
{
  WebIncoming *incoming = g_object_steal_qdata (G_OBJECT (message), incoming_quark ());
  g_autoptr (WebRequest) request = NULL;

  if (incoming == NULL)
    {
      soup_server_message_set_status (message, SOUP_STATUS_BAD_REQUEST, NULL);
      return;
    }
  request = web_request_new (worker, message, incoming);
  begin_task (worker, message);
  if (!refuse (request))
    answer (request, message);
  end_task (worker);

  if (!web_request_is_answered (request))
    web_request_pause (request);
}
