/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-request.h"

#include <string.h>

#include "pages/web-pages.h"
#include "web-encoding.h"
#include "web-error.h"
#include "web-form.h"
#include "web-guard.h"
#include "web-keep.h"
#include "web-server.h"

/* An answer is kept this long at most: searches may speak of time. µs. */
#define KEEP_TIME (5 * G_USEC_PER_SEC)
#define TIMELESS_KEEP_TIME (60 * G_USEC_PER_SEC)

struct _WebRequest
{
  GObject parent_instance;

  WebService *service;
  SoupServerMessage *message;
  const char *method; /* instead of the message's; NULL */
  WebAsked asked;
  WebMatch match;
  char *path;
  char *base_url;
  WebParams *params;
  GBytes *body;
  GError *params_error; /* what was wrong with them */
  gboolean answered;
  gboolean paused;
  gboolean gone;             /* the client, and with it the message's machinery */
  GSource *hangup;           /* while the client is watched */
  GCancellable *cancellable; /* NULL: it never was */
  gboolean cacheable;
  gint64 keep_time;
  gint64 began;       /* monotonic time, µs */
  guint64 generation; /* the store's, when the request came */
};

static void web_request_interface_init (BooruRequestInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WebRequest,
                               web_request,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOORU_TYPE_REQUEST,
                                                      web_request_interface_init))

static void
unwatch_client (WebRequest *self)
{
  if (self->hangup)
    g_source_destroy (self->hangup);
  g_clear_pointer (&self->hangup, g_source_unref);
}

static void
web_request_dispose (GObject *object)
{
  WebRequest *self = WEB_REQUEST (object);

  unwatch_client (self);

  /* A handler that let go without an answer must not leave the client waiting. */
  if (self->message && !self->answered && !self->gone)
    web_request_fail_status (self, 500, "StandardError",
                             "The request was dropped without an answer");

  if (self->message)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
  G_OBJECT_CLASS (web_request_parent_class)->dispose (object);
}

static void
web_request_finalize (GObject *object)
{
  WebRequest *self = WEB_REQUEST (object);

  web_match_clear (&self->match);
  g_free (self->path);
  g_free (self->base_url);
  g_clear_pointer (&self->params, web_params_free);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_error (&self->params_error);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (web_request_parent_class)->finalize (object);
}

static void
web_request_class_init (WebRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = web_request_dispose;
  G_OBJECT_CLASS (klass)->finalize = web_request_finalize;
}

static void
web_request_init (WebRequest *self)
{
}

static void
on_gone (WebRequest *self)
{
  self->gone = TRUE;
  unwatch_client (self);
  if (!self->answered)
    g_cancellable_cancel (self->cancellable);
}

static gboolean
on_hangup (gint fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (WebRequest) self = g_object_ref (user_data);

  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

/* While an answer is awaited nobody reads from the connection, so that its end would not be seen. A
 * client that only shuts its sending side counts as gone, too: from here it looks the same. */
GCancellable *
web_request_watch_client (WebRequest *self)
{
  if (self->cancellable)
    return self->cancellable;
  self->cancellable = g_cancellable_new ();
  self->hangup = web_server_create_hangup_source (self->message);
  if (self->hangup == NULL || self->gone)
    {
      g_cancellable_cancel (self->cancellable);
      return self->cancellable;
    }
  g_source_set_callback (self->hangup, G_SOURCE_FUNC (on_hangup), self, NULL);
  g_source_attach (self->hangup, g_main_context_get_thread_default ());
  return self->cancellable;
}

static GQuark upload_quark (void);
G_DEFINE_QUARK (web - request - upload, upload)

void
web_request_set_upload (SoupServerMessage *message, WebBody *body)
{
  g_object_set_qdata_full (G_OBJECT (message), upload_quark (), body,
                           (GDestroyNotify)web_body_free);
}

WebBody *
web_request_find_upload (SoupServerMessage *message)
{
  return g_object_get_qdata (G_OBJECT (message), upload_quark ());
}

WebBody *
web_request_get_upload (WebRequest *self)
{
  return web_request_find_upload (self->message);
}

/**
 * web_request_new:
 * @service: the service
 * @message: the server library's message, its body read
 *
 * Returns: (transfer full): a request for the route's handler
 */
WebRequest *
web_request_new (WebService *service, SoupServerMessage *message)
{
  WebRequest *self = g_object_new (WEB_TYPE_REQUEST, NULL);

  self->service = service;
  self->message = g_object_ref (message);
  self->began = g_get_monotonic_time ();
  self->generation = booru_store_get_generation (web_service_get_store (service));
  g_signal_connect_swapped (message, "finished", G_CALLBACK (on_gone), self);
  g_signal_connect_swapped (message, "disconnected", G_CALLBACK (on_gone), self);
  return self;
}

void
web_request_handle (WebRequest *self, WebMatch *match)
{
  gpointer user_data = match->user_data;

  self->match = *match;
  memset (match, 0, sizeof *match);
  self->match.route->handle (BOORU_REQUEST (self), user_data);
}

void
web_request_set_method (WebRequest *self, const char *method)
{
  self->method = method;
}

WebService *
web_request_get_service (WebRequest *self)
{
  return self->service;
}

SoupServerMessage *
web_request_get_message (WebRequest *self)
{
  return self->message;
}

gboolean
web_request_is_answered (WebRequest *self)
{
  return self->answered;
}

static const char *
get_header (WebRequest *self, const char *name)
{
  return soup_message_headers_get_list (soup_server_message_get_request_headers (self->message),
                                        name);
}

static const char *
web_request_get_method (BooruRequest *request)
{
  WebRequest *self = WEB_REQUEST (request);

  return self->method ? self->method : soup_server_message_get_method (self->message);
}

/* Encoded. */
static const char *
get_raw_path (WebRequest *self)
{
  return web_settings_skip_base_path (web_service_get_settings (self->service),
                                      g_uri_get_path (soup_server_message_get_uri (self->message)));
}

static const char *
web_request_get_path (BooruRequest *request)
{
  WebRequest *self = WEB_REQUEST (request);

  if (self->path == NULL)
    {
      const char *encoded = get_raw_path (self);

      self->path = g_uri_unescape_string (encoded, NULL);
      if (self->path == NULL || !g_utf8_validate (self->path, -1, NULL))
        {
          g_free (self->path);
          self->path = g_strdup (encoded);
        }
    }
  return self->path;
}

static const char *
web_request_get_capture (BooruRequest *request, const char *name)
{
  return web_match_get_capture (&WEB_REQUEST (request)->match, name);
}

static WebParams *
ensure_params (WebRequest *self)
{
  if (self->params == NULL)
    self->params = web_form_read (self->message, booru_request_get_body (BOORU_REQUEST (self)),
                                  web_request_get_upload (self), &self->params_error);
  return self->params;
}

static const char *
web_request_get_param (BooruRequest *request, const char *name)
{
  return web_params_get (ensure_params (WEB_REQUEST (request)), name);
}

gboolean
web_request_check_params (WebRequest *self)
{
  ensure_params (self);
  /* A disk that is full: https://www.rfc-editor.org/rfc/rfc4918#section-11.5 */
  if (self->params_error && booru_err_limit (self->params_error))
    web_request_fail_status (self, 507, web_error_get_class (507), self->params_error->message);
  else if (self->params_error)
    booru_request_fail (BOORU_REQUEST (self), self->params_error);
  return self->params_error == NULL;
}

const char *
web_request_get_search (WebRequest *self, const char *name)
{
  g_autofree char *full = g_strdup_printf ("search[%s]", name);
  const char *value = web_params_get (ensure_params (self), full);

  return value ? value : web_params_get (ensure_params (self), name);
}

gboolean
web_request_check_search (WebRequest *self, const char *const *filters)
{
  g_autofree char *unknown = web_params_find_search (ensure_params (self), filters);
  g_autofree char *message = NULL;

  if (unknown == NULL)
    return TRUE;
  message = g_strdup_printf ("This list cannot be filtered by “%s”.", unknown);
  web_request_fail_status (self, 422, web_error_get_class (422), message);
  return FALSE;
}

gint64
web_request_get_int (WebRequest *self, const char *param, gint64 fallback)
{
  const char *text = web_params_get (ensure_params (self), param);
  gint64 value;

  if (text && g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &value, NULL))
    return value;
  return fallback;
}

gboolean
web_request_get_flag (WebRequest *self, const char *param)
{
  static const char *const yes[] = { "1", "true", "t", "yes", "y", "on", NULL };
  const char *text = web_params_get (ensure_params (self), param);

  return text && g_strv_contains (yes, text);
}

static const char *
web_request_get_header (BooruRequest *request, const char *name)
{
  return get_header (WEB_REQUEST (request), name);
}

static GBytes *
web_request_get_body (BooruRequest *request)
{
  WebRequest *self = WEB_REQUEST (request);
  SoupMessageBody *body = soup_server_message_get_request_body (self->message);

  if (self->body == NULL && soup_message_body_get_accumulate (body))
    self->body = soup_message_body_flatten (body);
  else if (self->body == NULL)
    self->body = g_bytes_new (NULL, 0); /* it went to the spool */
  return self->body;
}

const WebAsked *
web_request_get_asked (WebRequest *self)
{
  self->asked.format = web_params_get (ensure_params (self), "format");
  self->asked.accept = get_header (self, "Accept");
  return &self->asked;
}

gboolean
web_request_wants_json (WebRequest *self)
{
  return web_negotiate_format (get_raw_path (self), web_request_get_asked (self))
         == WEB_FORMAT_JSON;
}

/**
 * web_request_get_base_url:
 * @self: a request
 *
 * Returns: the URL under which the client reaches the board, without a trailing slash: as
 *   configured, as a trusted proxy says, or as the request's Host says
 */
const char *
web_request_get_base_url (WebRequest *self)
{
  const WebSettings *settings = web_service_get_settings (self->service);
  const char *scheme = "http", *host = NULL;
  g_autofree char *name = NULL;

  if (settings->base_url)
    return settings->base_url;
  if (self->base_url)
    return self->base_url;

  if (web_settings_is_trusted_proxy (settings,
                                     soup_server_message_get_remote_address (self->message)))
    {
      if (g_strcmp0 (get_header (self, "X-Forwarded-Proto"), "https") == 0)
        scheme = "https";
      host = get_header (self, "X-Forwarded-Host");
    }
  if (host == NULL)
    host = get_header (self, "Host");

  name = web_guard_dup_hostname (host);
  self->base_url = name ? g_strdup_printf ("%s://%s", scheme, host) : g_strdup ("");
  return self->base_url;
}

static void
web_request_set_header (BooruRequest *request, const char *name, const char *value)
{
  WebRequest *self = WEB_REQUEST (request);

  g_return_if_fail (strpbrk (value, "\r\n") == NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message), name,
                                value);
}

void
web_request_set_cacheable (WebRequest *self)
{
  self->cacheable = TRUE;
  self->keep_time = KEEP_TIME;
}

void
web_request_set_timeless (WebRequest *self)
{
  self->cacheable = TRUE;
  self->keep_time = TIMELESS_KEEP_TIME;
}

void
web_request_set_cacheable_search (WebRequest *self, const char *tags)
{
  if (tags && strcasestr (tags, "random"))
    return;
  if (tags && (strcasestr (tags, "age:") || strcasestr (tags, "date:")))
    web_request_set_cacheable (self);
  else
    web_request_set_timeless (self);
}

static void
set_default (SoupMessageHeaders *headers, const char *name, const char *value)
{
  if (soup_message_headers_get_one (headers, name) == NULL)
    soup_message_headers_append (headers, name, value);
}

/* A handler may have said something of its own before, such as a stricter policy. */
static void
set_security_headers (WebRequest *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  const char *method = web_request_get_method (BOORU_REQUEST (self));

  set_default (headers, "X-Content-Type-Options", "nosniff");
  set_default (headers, "Referrer-Policy", "same-origin");
  set_default (headers, "X-Frame-Options", "DENY");
  set_default (headers, "Content-Security-Policy",
               "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'self'; "
               "script-src 'self'; connect-src 'self'; font-src 'self'; manifest-src 'self'; "
               "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  if (web_settings_is_private (web_service_get_settings (self->service)))
    set_default (headers, WEB_HEADER_PRIVATE, WEB_VALUE_PRIVATE);
  if ((g_str_equal (method, "GET") || g_str_equal (method, "HEAD")) && self->match.route
      && web_guard_allows_other_sites (self->match.route))
    set_default (headers, "Access-Control-Allow-Origin", "*");
}

/* The client says that it asks nothing more, or cannot know that it may. */
static gboolean
is_last (WebRequest *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);

  return soup_message_headers_header_contains (headers, "Connection", "close")
         || (soup_server_message_get_http_version (self->message) == SOUP_HTTP_1_0
             && !soup_message_headers_header_contains (headers, "Connection", "keep-alive"));
}

/* The library takes an answer without a length for one that ends with the connection, and removes
 * the length of a 204 (soup-server-message-io-http1.c, write_headers()). */
static void
on_wrote_empty (SoupServerMessage *message)
{
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                     SOUP_ENCODING_NONE);
}

/* Whether the same URL asked for another way would have been another answer. */
static gboolean
is_by_accept (WebRequest *self)
{
  WebAsked url = { .format = web_request_get_asked (self)->format };

  return web_request_wants_json (self)
         && web_negotiate_format (get_raw_path (self), &url) == WEB_FORMAT_ANY;
}

/**
 * web_request_begin_answer:
 * @self: a request
 * @status: HTTP status
 *
 * Marks the request as answered and completes the head. The caller puts the body in place and calls
 * web_request_end_answer().
 *
 * Returns: whether there is still somebody to answer
 */
gboolean
web_request_begin_answer (WebRequest *self, guint status)
{
  g_return_val_if_fail (!self->answered, FALSE);

  self->answered = TRUE;
  web_metrics_count (web_service_get_metrics (self->service), self->match.route,
                     web_request_get_method (BOORU_REQUEST (self)), status, self->began);
  if (self->gone)
    return FALSE;

  /* The server library would cut any answer into ranges by itself. */
  soup_message_headers_remove (soup_server_message_get_request_headers (self->message), "Range");
  set_security_headers (self);
  if (web_service_is_quiescing (self->service) || is_last (self))
    soup_message_headers_replace (soup_server_message_get_response_headers (self->message),
                                  "Connection", "close");
  if (is_by_accept (self))
    soup_message_headers_append (soup_server_message_get_response_headers (self->message), "Vary",
                                 "Accept");
  if (status == 204)
    g_signal_connect (self->message, "wrote-headers", G_CALLBACK (on_wrote_empty), NULL);
  soup_server_message_set_status (self->message, status, NULL);
  return TRUE;
}

void
web_request_end_answer (WebRequest *self)
{
  if (self->paused && !self->gone)
    soup_server_message_unpause (self->message);
  self->paused = FALSE;
}

/**
 * web_request_pause:
 * @self: a request whose handler answers later
 *
 * For the server: waits for the answer.
 */
void
web_request_pause (WebRequest *self)
{
  self->paused = TRUE;
  soup_server_message_pause (self->message);
}

/* For web-judge.c, which gives it again without coming here. Only what such a request may look like
 * is kept: GET, with none of the headers that an answer could depend on. */
static void
keep_answer (WebRequest *self, GBytes *body)
{
  GUri *uri = soup_server_message_get_uri (self->message);
  const char *host = get_header (self, "Host"), *query = g_uri_get_query (uri);
  g_autofree char *key = NULL;
  g_autoptr (GBytes) head = NULL;

  if (host == NULL || soup_server_message_get_method (self->message) != SOUP_METHOD_GET
      || get_header (self, "Authorization") || get_header (self, "Cookie")
      || get_header (self, "X-Forwarded-Host") || get_header (self, "X-Forwarded-Proto")
      || is_by_accept (self))
    return;

  head = web_keep_make_head (soup_server_message_get_response_headers (self->message), body);
  key = g_strdup_printf ("%s%c%s%s%s", host, WEB_CACHE_SEPARATOR (web_request_accepts_gzip (self)),
                         g_uri_get_path (uri), query ? "?" : "", query ? query : "");
  web_cache_insert (web_service_get_cache (self->service), key, self->generation,
                    g_get_monotonic_time () + self->keep_time, self->match.route, head, body);
  booru_metric_inc (web_service_get_metrics (self->service)->cache_misses);
}

gboolean
web_request_accepts_gzip (WebRequest *self)
{
  const char *accepted = get_header (self, "Accept-Encoding");

  return accepted && web_encoding_accepts_gzip (accepted, strlen (accepted));
}

static void
web_request_respond (BooruRequest *request, guint status, const char *content_type, GBytes *body)
{
  WebRequest *self = WEB_REQUEST (request);
  SoupMessageHeaders *headers;

  if (!web_request_begin_answer (self, status))
    return;

  headers = soup_server_message_get_response_headers (self->message);
  if (content_type)
    soup_message_headers_replace (headers, "Content-Type", content_type);
  if (body && g_bytes_get_size (body) > 0)
    {
      g_autoptr (GBytes) sent = web_encoding_apply (booru_request_get_path (request), headers,
                                                    web_request_accepts_gzip (self), body);

      soup_message_body_append_bytes (soup_server_message_get_response_body (self->message), sent);
      if (self->cacheable && status == 200)
        keep_answer (self, sent);
    }
  web_request_end_answer (self);
}

void
web_request_respond_string (WebRequest *self, guint status, const char *content_type, GString *body)
{
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (body);

  booru_request_respond (BOORU_REQUEST (self), status, content_type, bytes);
}

void
web_request_redirect (WebRequest *self, guint status, const char *location)
{
  const WebSettings *settings = web_service_get_settings (self->service);
  g_autofree char *full = g_strconcat (*location == '/' ? settings->base_path : "", location, NULL);

  booru_request_set_header (BOORU_REQUEST (self), "Location", full);
  booru_request_respond (BOORU_REQUEST (self), status, NULL, NULL);
}

/**
 * web_request_fail_status:
 * @self: a request
 * @status: HTTP status
 * @error_class: Danbooru's name of the error
 * @message: what went wrong, for the user
 *
 * Answers with an error, as JSON or as a page.
 */
void
web_request_fail_status (WebRequest *self,
                         guint status,
                         const char *error_class,
                         const char *message)
{
  g_autoptr (GBytes) body = NULL;

  if (self->answered)
    return;
  if (status == 503)
    booru_request_set_header (BOORU_REQUEST (self), "Retry-After", "1");
  booru_request_set_header (BOORU_REQUEST (self), "Cache-Control", "no-store");

  if (web_request_wants_json (self))
    {
      body = web_error_to_json (error_class, message);
      booru_request_respond (BOORU_REQUEST (self), status, "application/json; charset=utf-8", body);
    }
  else
    {
      body = web_pages_render_error (self, status, message);
      booru_request_respond (BOORU_REQUEST (self), status, "text/html; charset=utf-8", body);
    }
}

void
web_request_fail_write (WebRequest *self, const GError *error)
{
  if (booru_err_limit (error))
    web_request_fail_status (self, 503, web_error_get_class (503), error->message);
  else
    booru_request_fail (BOORU_REQUEST (self), error);
}

static void
web_request_fail (BooruRequest *request, const GError *error)
{
  const char *error_class;
  guint status = web_error_get_status (error, &error_class);

  if (status >= 500 && status != 501 && status != 503)
    g_warning ("%s %s failed: %s", booru_request_get_method (request),
               booru_request_get_path (request), error->message);
  web_request_fail_status (WEB_REQUEST (request), status, error_class, error->message);
}

static void
web_request_interface_init (BooruRequestInterface *iface)
{
  iface->get_method = web_request_get_method;
  iface->get_path = web_request_get_path;
  iface->get_capture = web_request_get_capture;
  iface->get_param = web_request_get_param;
  iface->get_header = web_request_get_header;
  iface->get_body = web_request_get_body;
  iface->set_header = web_request_set_header;
  iface->respond = web_request_respond;
  iface->fail = web_request_fail;
}
