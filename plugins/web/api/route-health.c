/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For monitoring. The host knows all processes and is asked; if it does not answer in time, this
 * worker says what it knows itself. */
#include "web-routes.h"

#include <string.h>

#include "view/web-json.h"
#include "http/web-request.h"

/* What this worker sees with its own eyes. */
typedef struct
{
  gint64 n_posts; /* -1: the store does not say */
  GError *error;  /* then: why */
} StoreCheck;

static void
store_check_clear (StoreCheck *self)
{
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StoreCheck, store_check_clear)

/* Ready means that the store answers, so it is asked. */
static void
check_store (WebWorker *worker, StoreCheck *check)
{
  g_autoptr (BooruQuery) query = booru_query_parse ("");
  gboolean exact;

  check->n_posts = booru_store_count (web_worker_get_store (worker), query, &exact, &check->error);
}

static gboolean
is_impaired (GVariant *services)
{
  GVariantIter iter;
  const char *state;

  if (services == NULL)
    return FALSE;
  g_variant_iter_init (&iter, services);
  while (g_variant_iter_next (&iter, "{&s&s}", NULL, &state))
    if (g_str_equal (state, "failed") || g_str_equal (state, "failing")
        || g_str_equal (state, "degraded"))
      return TRUE;
  return FALSE;
}

/* States only, as the host last published them. */
static void
add_known_services (WebJson *json, GVariant *services)
{
  GVariantIter iter;
  const char *name, *state;

  if (services == NULL || !web_json_member (json, "services"))
    return;
  web_json_begin_object (json);
  g_variant_iter_init (&iter, services);
  while (g_variant_iter_next (&iter, "{&s&s}", &name, &state))
    {
      web_json_member (json, name);
      web_json_begin_object (json);
      web_json_member_string (json, "state", state);
      web_json_end_object (json);
    }
  web_json_end_object (json);
}

static void
add_value (WebJson *json, const char *name, GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    web_json_member_string (json, name, g_variant_get_string (value, NULL));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    web_json_member_boolean (json, name, g_variant_get_boolean (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    web_json_member_int (json, name, g_variant_get_uint32 (value));
}

/* Names of services are those of plugins' code, plain ASCII. */
static void
add_services (WebJson *json, GVariant *health)
{
  g_autoptr (GVariant) services
      = g_variant_lookup_value (health, "services", G_VARIANT_TYPE_VARDICT);
  GVariantIter iter, members;
  GVariant *boxed, *value;
  const char *name, *member;

  if (services == NULL || !web_json_member (json, "services"))
    return;
  web_json_begin_object (json);
  g_variant_iter_init (&iter, services);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &boxed))
    {
      web_json_member (json, name);
      web_json_begin_object (json);
      if (g_variant_is_of_type (boxed, G_VARIANT_TYPE_VARDICT))
        {
          g_variant_iter_init (&members, boxed);
          while (g_variant_iter_next (&members, "{&sv}", &member, &value))
            {
              add_value (json, member, value);
              g_variant_unref (value);
            }
        }
      web_json_end_object (json);
      g_variant_unref (boxed);
    }
  web_json_end_object (json);
}

static const char *
get_status (WebWorker *worker, const StoreCheck *check, GVariant *health)
{
  const char *state = "ready";

  /* A worker that is being replaced is healthy. */
  if (web_worker_is_quiescing (worker)
      && !booru_service_context_is_handover (web_worker_get_context (worker)))
    return "stopping";
  if (check->n_posts < 0)
    return booru_err_busy (check->error) ? "degraded" : "failed";
  if (health)
    g_variant_lookup (health, "state", "&s", &state);
  else if (is_impaired (web_worker_get_services (worker)))
    state = "degraded";
  return state;
}

/* @health: the host's answer, or NULL, then @why says why there is none. */
static void
answer_health (WebRequest *request, GVariant *health, const GError *why)
{
  WebWorker *worker = web_request_get_worker (request);
  g_auto (StoreCheck) check = { 0 };
  const char *status, *reason = NULL;
  gboolean mute = why && !g_error_matches (why, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED);
  guint64 uptime = 0;
  WebJson json;

  check_store (worker, &check);
  status = get_status (worker, &check, health);
  if (mute && g_str_equal (status, "ready"))
    status = "degraded";
  if (health)
    g_variant_lookup (health, "reason", "&s", &reason);
  else if (mute)
    reason = why->message;

  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  web_json_member_string (&json, "status", status);
  web_json_member_string (&json, "reason", check.error ? check.error->message : reason);
  if (check.n_posts >= 0)
    web_json_member_int (&json, "posts", check.n_posts);
  else
    web_json_member_null (&json, "posts");
  web_json_member_string (&json, "error", check.error ? check.error->message : NULL);
  if (health && g_variant_lookup (health, "uptime", "t", &uptime))
    web_json_member_int (&json, "uptime", (gint64)uptime);
  if (health)
    add_services (&json, health);
  else
    add_known_services (&json, web_worker_get_services (worker));
  web_json_end_object (&json);

  web_request_respond_string (
      request, g_str_equal (status, "ready") || g_str_equal (status, "degraded") ? 200 : 503,
      "application/json; charset=utf-8", web_json_finish (&json));
}

static void
on_health (GObject *context, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WebRequest) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) health
      = booru_service_context_ask_host_finish (BOORU_SERVICE_CONTEXT (context), result, &error);

  answer_health (request, health, error);
}

static void
handle_health (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);

  booru_request_set_header (base, "Cache-Control", "no-store");
  booru_service_context_ask_host_async (web_worker_get_context (web_request_get_worker (request)),
                                        BOORU_HOST_HEALTH, on_health, g_object_ref (request));
}

/* Without the host: what this process says of itself. */
static GBytes *
describe_self (BooruServiceContext *context)
{
  BooruMetricsText *text = booru_metrics_text_new ();
  g_autoptr (GVariant) metrics
      = g_variant_ref_sink (booru_metrics_to_variant (booru_service_context_get_metrics (context)));
  char *page;

  booru_metrics_text_add (text, NULL, metrics);
  page = booru_metrics_text_finish (text);
  return g_bytes_new_take (page, strlen (page));
}

static void
on_metrics (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BooruServiceContext *context = BOORU_SERVICE_CONTEXT (source);
  g_autoptr (WebRequest) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = booru_service_context_ask_host_finish (context, result, &error);
  g_autoptr (GBytes) page = NULL;

  if (answer)
    page = g_bytes_new (g_variant_get_string (answer, NULL),
                        strlen (g_variant_get_string (answer, NULL)));
  else
    page = describe_self (context);
  booru_request_respond (BOORU_REQUEST (request), 200, BOORU_METRICS_CONTENT_TYPE, page);
}

static void
handle_metrics (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);

  booru_request_set_header (base, "Cache-Control", "no-store");
  booru_service_context_ask_host_async (web_worker_get_context (web_request_get_worker (request)),
                                        BOORU_HOST_METRICS, on_metrics, g_object_ref (request));
}

static const BooruRoute health = { "GET", "/health", 0, handle_health, BOORU_ACCESS_PUBLIC };
static const BooruRoute health_json
    = { "GET", "/health.json", 0, handle_health, BOORU_ACCESS_PUBLIC };
static const BooruRoute metrics = { "GET", "/metrics", 0, handle_metrics };

void
web_routes_add_health (BooruExtensions *extensions)
{
  booru_extensions_add_route (extensions, &health, NULL);
  booru_extensions_add_route (extensions, &health_json, NULL);
  booru_extensions_add_route (extensions, &metrics, NULL);
}
