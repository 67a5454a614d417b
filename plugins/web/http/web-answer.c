/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The answer to a request. */
#include <string.h>

#include "view/web-encoding.h"
#include "view/web-json.h"
#include "web-error.h"
#include "web-guard.h"
#include "web-request-private.h"

/* An answer is kept this long at most: searches may speak of time. µs. */
#define KEEP_TIME (5 * G_USEC_PER_SEC)
#define TIMELESS_KEEP_TIME (60 * G_USEC_PER_SEC)

static const BooruRoute *
get_route (WebRequest *self)
{
  return self->match.entry ? self->match.entry->route : NULL;
}

void
web_request_set_header (BooruRequest *request, const char *name, const char *value)
{
  WebRequest *self = (WebRequest *)request;

  g_return_if_fail (strpbrk (value, "\r\n") == NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message), name,
                                value);
}

WebShown *
web_request_get_shown (WebRequest *self)
{
  if (self->shown == NULL)
    self->shown = web_shown_new ();
  return self->shown;
}

GPtrArray *
web_request_search (WebRequest *self, BooruQuery *query, const BooruPage *page, GError **error)
{
  GPtrArray *posts = booru_store_search (web_worker_get_store (self->worker), query, page, error);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  WebShown *shown = web_request_get_shown (self);

  for (guint i = 0; posts && i < posts->len; i++)
    {
      gint64 id = ((const BooruPost *)posts->pdata[i])->id;

      g_array_append_val (ids, id);
      web_shown_add_post (shown, id);
    }
  web_shown_add_search (shown, query, page, ids);
  return posts;
}

GArray *
web_request_find_ids (WebRequest *self, BooruQuery *query, const BooruPage *page, GError **error)
{
  GArray *ids = booru_store_find_ids (web_worker_get_store (self->worker), query, page, error);

  if (ids)
    web_shown_add_search (web_request_get_shown (self), query, page, ids);
  return ids;
}

gint64
web_request_count (WebRequest *self, BooruQuery *query, gboolean *exact, GError **error)
{
  gint64 count = booru_store_count (web_worker_get_store (self->worker), query, exact, error);

  if (exact && !*exact)
    self->is_estimate = TRUE;
  else if (count >= 0)
    web_shown_add_count (web_request_get_shown (self), query, count);
  return count;
}

void
web_request_set_cacheable (WebRequest *self)
{
  self->keep_time = KEEP_TIME;
}

void
web_request_set_timeless (WebRequest *self)
{
  self->keep_time = TIMELESS_KEEP_TIME;
}

void
web_request_set_cacheable_search (WebRequest *self, const char *tags)
{
  g_autoptr (BooruQuery) query = booru_query_parse (tags);

  if (booru_query_is_personal (query) || (tags && strcasestr (tags, "random")))
    return;
  if (tags
      && (strcasestr (tags, "age:") || strcasestr (tags, "date:")
          || strcasestr (tags, "order:rank")))
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

/* A handler may have set headers of its own, such as a stricter policy. */
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
  if (web_settings_is_private (web_worker_get_settings (self->worker)))
    set_default (headers, WEB_HEADER_PRIVATE, WEB_VALUE_PRIVATE);
  if ((g_str_equal (method, "GET") || g_str_equal (method, "HEAD")
       || self->login->kind == WEB_LOGIN_KEY)
      && self->match.entry && web_guard_allows_other_sites (self->match.entry->route))
    set_default (headers, "Access-Control-Allow-Origin", "*");
}

/* What only those who are signed in may see is not for the caches of proxies. */
static void
keep_from_others (WebRequest *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  const char *control = soup_message_headers_get_one (headers, "Cache-Control");
  g_autofree char *private = NULL;

  if (self->login->account == NULL || control == NULL || !g_str_has_prefix (control, "public"))
    return;
  private = g_strconcat ("private", control + strlen ("public"), NULL);
  soup_message_headers_replace (headers, "Cache-Control", private);
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
  WebFormatHints url = { .param = web_request_get_format_hints (self)->param };

  return web_request_wants_json (self)
         && web_negotiate_format (self->incoming->lookup, &url) == WEB_FORMAT_ANY;
}

gboolean
web_request_begin_answer (WebRequest *self, guint status)
{
  g_return_val_if_fail (!self->answered, FALSE);

  self->answered = TRUE;
  web_metrics_count (web_worker_get_metrics (self->worker), get_route (self),
                     web_request_get_method (BOORU_REQUEST (self)), status, self->began);
  if (self->gone)
    return FALSE;

  /* The server library would cut any answer into ranges by itself. */
  soup_message_headers_remove (soup_server_message_get_request_headers (self->message), "Range");
  set_security_headers (self);
  if (!web_worker_get_settings (self->worker)->is_public)
    keep_from_others (self);
  if (web_worker_is_quiescing (self->worker) || is_last (self))
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

void
web_request_pause (WebRequest *self)
{
  self->paused = TRUE;
  soup_server_message_pause (self->message);
}

/* The head of an answer as it is kept: without status and date, up to the blank line. */
static GBytes *
make_kept_head (SoupMessageHeaders *headers, GBytes *body)
{
  GString *text = g_string_new (NULL);
  SoupMessageHeadersIter iter;
  const char *name, *value;

  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    if (g_ascii_strcasecmp (name, "Connection") != 0 && g_ascii_strcasecmp (name, "Date") != 0)
      g_string_append_printf (text, "%s: %s\r\n", name, value);
  g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                          g_bytes_get_size (body));
  return g_string_free_to_bytes (text);
}

/* For web-prefilter.c, which gives it again without coming here. */
static void
keep_answer (WebRequest *self, GBytes *body)
{
  g_autofree char *key
      = g_strconcat (self->incoming->cache_key,
                     self->is_personal ? self->login->own_tag : self->login->level_tag, NULL);
  g_autoptr (GBytes) head
      = make_kept_head (soup_server_message_get_response_headers (self->message), body);

  web_cache_insert (web_worker_get_cache (self->worker), key, self->state,
                    g_steal_pointer (&self->shown), g_get_monotonic_time () + self->keep_time,
                    get_route (self), head, body);
  booru_metric_inc (web_worker_get_metrics (self->worker)->cache_misses);
}

void
web_request_respond (BooruRequest *request, guint status, const char *content_type, GBytes *body)
{
  WebRequest *self = (WebRequest *)request;
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
      if (self->keep_time > 0 && !self->is_estimate && self->incoming->cache_key && status == 200
          && self->login == self->incoming->login)
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
  const WebSettings *settings = web_worker_get_settings (self->worker);
  g_autofree char *full = g_strconcat (*location == '/' ? settings->base_path : "", location, NULL);

  booru_request_set_header (BOORU_REQUEST (self), "Location", full);
  booru_request_respond (BOORU_REQUEST (self), status, NULL, NULL);
}

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
      body = web_worker_get_hooks (self->worker)->render_error (self, status, message);
      booru_request_respond (BOORU_REQUEST (self), status, "text/html; charset=utf-8", body);
    }
}

void
web_request_fail_invalid (WebRequest *self, const char *field, const char *message)
{
  WebJson json;

  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  web_json_member (&json, "errors");
  web_json_begin_object (&json);
  web_json_member (&json, field);
  web_json_begin_array (&json);
  web_json_string (&json, message);
  web_json_end_array (&json);
  web_json_end_object (&json);
  web_json_end_object (&json);
  web_request_respond_string (self, 422, "application/json; charset=utf-8",
                              web_json_finish (&json));
}

void
web_request_fail_write (WebRequest *self, const GError *error)
{
  if (booru_err_limit (error))
    web_request_fail_status (self, 503, web_error_get_class (503), error->message);
  else
    booru_request_fail (BOORU_REQUEST (self), error);
}

void
web_request_fail (BooruRequest *request, const GError *error)
{
  const char *error_class;
  guint status = web_error_get_status (error, &error_class);

  if (status >= 500 && status != 501 && status != 503)
    g_warning ("%s %s failed: %s", booru_request_get_method (request),
               booru_request_get_path (request), error->message);
  web_request_fail_status ((WebRequest *)request, status, error_class, error->message);
}

gboolean
web_request_check_params (WebRequest *self)
{
  web_request_ensure_params (self);
  /* A disk that is full: https://www.rfc-editor.org/rfc/rfc4918#section-11.5 */
  if (self->params_error && booru_err_limit (self->params_error))
    web_request_fail_status (self, 507, web_error_get_class (507), self->params_error->message);
  else if (self->params_error)
    booru_request_fail (BOORU_REQUEST (self), self->params_error);
  return self->params_error == NULL;
}

gboolean
web_request_require_id (WebRequest *self, gint64 *id)
{
  if (web_request_parse_id (self, id))
    return TRUE;
  web_request_fail_status (self, 404, web_error_get_class (404), "That record was not found.");
  return FALSE;
}

gboolean
web_request_check_search (WebRequest *self, const char *const *filters)
{
  g_autofree char *unknown = web_params_find_search (web_request_ensure_params (self), filters);
  g_autofree char *message = NULL;

  if (unknown == NULL)
    return TRUE;
  message = g_strdup_printf ("This list cannot be filtered by “%s”.", unknown);
  web_request_fail_status (self, 422, web_error_get_class (422), message);
  return FALSE;
}
