/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "routes/web-routes.h"
#include "web-json.h"
#include "web-request.h"

static gboolean
is_impaired (GVariant *services)
{
  GVariantIter iter;
  const char *state;

  if (services == NULL)
    return FALSE;
  g_variant_iter_init (&iter, services);
  while (g_variant_iter_next (&iter, "{&s&s}", NULL, &state))
    if (g_str_equal (state, "failed") || g_str_equal (state, "degraded"))
      return TRUE;
  return FALSE;
}

static void
add_services (WebJson *json, GVariant *services)
{
  GVariantIter iter;
  const char *name, *state;

  if (services == NULL || !web_json_member (json, "services"))
    return;
  web_json_begin_object (json);
  g_variant_iter_init (&iter, services);
  while (g_variant_iter_next (&iter, "{&s&s}", &name, &state))
    web_json_member_string (json, name, state);
  web_json_end_object (json);
}

/* Ready means that the store answers, so it is asked. A service that is down degrades the whole:
 * without the monitor the board is there, but nothing new appears. */
static void
handle_health (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  WebService *service = web_request_get_service (request);
  g_autoptr (BooruQuery) query = booru_query_parse ("");
  g_autoptr (GError) error = NULL;
  gint64 n_posts = booru_store_count (web_service_get_store (service), query, &error);
  const char *status = "ready";
  WebJson json;

  /* A worker that others take over from is no sign of illness. */
  if (web_service_is_quiescing (service)
      && !booru_service_context_is_handover (web_service_get_context (service)))
    status = "stopping";
  else if (n_posts < 0)
    status = booru_err_busy (error) ? "degraded" : "failed";
  else if (is_impaired (web_service_get_services (service)))
    status = "degraded";

  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  web_json_member_string (&json, "status", status);
  if (n_posts >= 0)
    web_json_member_int (&json, "posts", n_posts);
  else
    web_json_member_null (&json, "posts");
  web_json_member_string (&json, "error", error ? error->message : NULL);
  add_services (&json, web_service_get_services (service));
  web_json_end_object (&json);

  booru_request_set_header (base, "Cache-Control", "no-store");
  web_request_respond_string (request, *status == 'r' || *status == 'd' ? 200 : 503,
                              "application/json; charset=utf-8", web_json_finish (&json));
}

static const BooruRoute health = { "GET", "/health", 0, handle_health };
static const BooruRoute health_json = { "GET", "/health.json", 0, handle_health };

void
web_routes_add_health (BooruExtensions *extensions)
{
  booru_extensions_add_route (extensions, &health, NULL);
  booru_extensions_add_route (extensions, &health_json, NULL);
}
