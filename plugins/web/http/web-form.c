/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-form.h"

#include <string.h>

static gboolean
take_fields (WebParams *params, WebBody *body, GError **error)
{
  const GError *wrong = web_body_get_error (body);

  if (wrong)
    g_propagate_error (error, g_error_copy (wrong));
  else
    web_params_take_all (params, web_body_steal_fields (body));
  return wrong == NULL;
}

static gboolean
add_body (WebParams *params, const char *type, GBytes *body, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (body, &size);

  if (size == 0 || type == NULL)
    return TRUE;
  if (g_ascii_strncasecmp (type, "application/x-www-form-urlencoded", 33) == 0)
    return web_params_add_form (params, data, size, error);
  if (g_ascii_strncasecmp (type, "application/json", 16) == 0)
    return web_params_add_json (params, body, error);
  if (g_ascii_strncasecmp (type, "multipart/form-data", 19) == 0)
    {
      g_autoptr (WebBody) form = web_body_new (NULL, type);

      web_body_feed (form, body);
      return take_fields (params, form, error);
    }
  return TRUE;
}

WebParams *
web_form_read (SoupServerMessage *message, GBytes *body, WebBody *upload, GError **error)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  const char *type = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "Content-Type");
  WebParams *params = web_params_new ();

  if (web_params_add_form (params, query, query ? strlen (query) : 0, error)
      && (upload == NULL || take_fields (params, upload, error)))
    add_body (params, type, body, error);
  return params;
}
