/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a request says. */
#include "web-error.h"
#include "web-form.h"
#include "web-guard.h"
#include "web-request-private.h"

static const char *
peek_header (WebRequest *self, const char *name)
{
  return soup_message_headers_get_list (soup_server_message_get_request_headers (self->message),
                                        name);
}

const char *
web_request_get_method (BooruRequest *request)
{
  WebRequest *self = (WebRequest *)request;

  return self->method ? self->method : soup_server_message_get_method (self->message);
}

const char *
web_request_get_path (BooruRequest *request)
{
  WebRequest *self = (WebRequest *)request;

  if (self->path == NULL)
    {
      const char *encoded = self->incoming->path;

      self->path = g_uri_unescape_string (encoded, NULL);
      if (self->path == NULL || !g_utf8_validate (self->path, -1, NULL))
        {
          g_free (self->path);
          self->path = g_strdup (encoded);
        }
    }
  return self->path;
}

const char *
web_request_get_capture (BooruRequest *request, const char *name)
{
  return web_match_get_capture (&((WebRequest *)request)->match, name);
}

WebParams *
web_request_ensure_params (WebRequest *self)
{
  if (self->params == NULL)
    self->params = web_form_read (self->message, booru_request_get_body (BOORU_REQUEST (self)),
                                  self->incoming->upload, &self->params_error);
  return self->params;
}

const char *
web_request_get_param (BooruRequest *request, const char *name)
{
  return web_params_get (web_request_ensure_params ((WebRequest *)request), name);
}

const char *
web_request_get_search (WebRequest *self, const char *name)
{
  g_autofree char *full = g_strdup_printf ("search[%s]", name);
  const char *value = web_params_get (web_request_ensure_params (self), full);

  return value ? value : web_params_get (web_request_ensure_params (self), name);
}

void
web_request_foreach_param (WebRequest *self, WebParamsFunc func, gpointer user_data)
{
  web_params_foreach (web_request_ensure_params (self), func, user_data);
}

void
web_request_foreach_in (WebRequest *self, const char *outer, WebParamsFunc func, gpointer data)
{
  web_params_foreach_in (web_request_ensure_params (self), outer, func, data);
}

void
web_request_foreach_search (WebRequest *self, WebParamsFunc func, gpointer data)
{
  web_request_foreach_in (self, "search", func, data);
}

gboolean
web_request_parse_id (WebRequest *self, gint64 *id)
{
  const char *text = web_match_get_capture (&self->match, "id");

  return text && g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, id, NULL);
}

gint64
web_request_get_int (WebRequest *self, const char *param, gint64 fallback)
{
  const char *text = web_params_get (web_request_ensure_params (self), param);
  gint64 value;

  if (text && g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &value, NULL))
    return value;
  return fallback;
}

gboolean
web_request_get_flag (WebRequest *self, const char *param)
{
  static const char *const yes[] = { "1", "true", "t", "yes", "y", "on", NULL };
  const char *text = web_params_get (web_request_ensure_params (self), param);

  return text && g_strv_contains (yes, text);
}

const char *
web_request_get_header (BooruRequest *request, const char *name)
{
  return peek_header ((WebRequest *)request, name);
}

GBytes *
web_request_get_body (BooruRequest *request)
{
  WebRequest *self = (WebRequest *)request;
  SoupMessageBody *body = soup_server_message_get_request_body (self->message);

  if (self->body == NULL && soup_message_body_get_accumulate (body))
    self->body = soup_message_body_flatten (body);
  else if (self->body == NULL)
    self->body = g_bytes_new (NULL, 0); /* it went to the spool */
  return self->body;
}

const BooruUser *
web_request_get_user (BooruRequest *request)
{
  WebRequest *self = (WebRequest *)request;

  self->is_personal = TRUE;
  return self->login->user;
}

WebLogin *
web_request_get_login (WebRequest *self)
{
  self->is_personal = TRUE;
  return self->login;
}

WebLogin *
web_request_peek_login (WebRequest *self)
{
  return self->login;
}

void
web_request_set_login (WebRequest *self, WebLogin *login)
{
  web_login_unref (self->login);
  self->login = login;
}

/* The nearest one in front that is not a proxy of ours: what those before it say is hearsay. */
static char *
find_forwarded (const WebSettings *settings, const char *addresses)
{
  g_auto (GStrv) each = g_strsplit (addresses, ",", -1);

  for (guint i = g_strv_length (each); i > 0; i--)
    {
      g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (g_strstrip (each[i - 1]));
      g_autoptr (GSocketAddress) address = inet ? g_inet_socket_address_new (inet, 0) : NULL;

      if (inet == NULL)
        return NULL;
      if (i == 1 || !web_settings_is_trusted_proxy (settings, address))
        return g_inet_address_to_string (inet);
    }
  return NULL;
}

char *
web_request_dup_address (WebRequest *self)
{
  const WebSettings *settings = web_worker_get_settings (self->worker);
  GSocketAddress *remote = soup_server_message_get_remote_address (self->message);
  const char *forwarded = peek_header (self, "X-Forwarded-For");
  char *address = NULL;

  if (forwarded && web_settings_is_trusted_proxy (settings, remote))
    address = find_forwarded (settings, forwarded);
  if (address == NULL && G_IS_INET_SOCKET_ADDRESS (remote))
    address = g_inet_address_to_string (
        g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote)));
  return address ? address : g_strdup ("");
}

gint64
web_request_get_user_id (WebRequest *self)
{
  self->is_personal = TRUE;
  return self->login->user->id;
}

const WebFormatHints *
web_request_get_format_hints (WebRequest *self)
{
  self->hints.param = web_params_get (web_request_ensure_params (self), "format");
  self->hints.accept = peek_header (self, "Accept");
  return &self->hints;
}

gboolean
web_request_wants_json (WebRequest *self)
{
  return web_negotiate_format (self->incoming->lookup, web_request_get_format_hints (self))
         == WEB_FORMAT_JSON;
}

const char *
web_request_get_base_url (WebRequest *self)
{
  const WebSettings *settings = web_worker_get_settings (self->worker);
  const char *scheme = "http", *host = NULL;
  g_autofree char *name = NULL;

  if (settings->base_url)
    return settings->base_url;
  if (self->base_url)
    return self->base_url;

  if (web_settings_is_trusted_proxy (settings,
                                     soup_server_message_get_remote_address (self->message)))
    {
      if (g_strcmp0 (peek_header (self, "X-Forwarded-Proto"), "https") == 0)
        scheme = "https";
      host = peek_header (self, "X-Forwarded-Host");
    }
  if (host == NULL)
    host = peek_header (self, "Host");

  name = web_guard_dup_hostname (host);
  self->base_url = name ? g_strdup_printf ("%s://%s", scheme, host) : g_strdup ("");
  return self->base_url;
}

gboolean
web_request_accepts_gzip (WebRequest *self)
{
  return self->incoming->accepts_gzip;
}
