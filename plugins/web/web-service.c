/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-service.h"

#include "http/web-router.h"
#include "http/web-server.h"

/* Of answers that can be given again. */
#define CACHE_SIZE (8 * 1024 * 1024)
/* How long a client that keeps its connection has for one more request, when others take over. */
#define PATIENCE (3 * G_USEC_PER_SEC / 2)

struct _WebService
{
  BooruServiceContext *context; /* not owned: it owns the service */
  WebSettings *settings;
  BooruStore *store;
  WebRouter *router;
  WebServer *server;
  WebCache *cache;
  WebMetrics *metrics;
  GVariant *services; /* a{ss}: how the host says they are; NULL: not heard yet */
  gboolean quiescing;
};

static void
web_service_free (WebService *self)
{
  g_signal_handlers_disconnect_by_data (self->context, self);
  booru_metrics_remove_collector (booru_service_context_get_metrics (self->context), self);
  g_clear_pointer (&self->services, g_variant_unref);
  g_clear_pointer (&self->server, web_server_free);
  g_clear_pointer (&self->cache, web_cache_free);
  g_clear_pointer (&self->metrics, web_metrics_free);
  g_clear_pointer (&self->router, web_router_free);
  g_clear_object (&self->store);
  g_clear_pointer (&self->settings, web_settings_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebService, web_service_free)

BooruStore *
web_service_get_store (WebService *self)
{
  return self->store;
}

const WebSettings *
web_service_get_settings (WebService *self)
{
  return self->settings;
}

BooruServiceContext *
web_service_get_context (WebService *self)
{
  return self->context;
}

WebCache *
web_service_get_cache (WebService *self)
{
  return self->cache;
}

WebMetrics *
web_service_get_metrics (WebService *self)
{
  return self->metrics;
}

/**
 * web_service_get_services:
 * @self: the service
 *
 * Returns: (transfer none) (nullable): the states of all services of the program, an a{ss} as of
 *   BOORU_EVENT_SERVICES
 */
GVariant *
web_service_get_services (WebService *self)
{
  return self->services;
}

gboolean
web_service_is_quiescing (WebService *self)
{
  return self->quiescing;
}

void
web_service_set_task (WebService *self, const char *method, const char *path)
{
  char task[256];

  if (method)
    g_snprintf (task, sizeof task, "%s %s", method, path);
  booru_service_context_set_task (self->context, method ? task : NULL);
}

/**
 * web_service_posts_changed:
 * @self: the service
 * @ids: ids of the posts
 * @n_ids: how many
 *
 * Tells the other processes that posts changed.
 */
void
web_service_posts_changed (WebService *self, const gint64 *ids, gsize n_ids)
{
  g_autoptr (GVariant) payload = g_variant_ref_sink (
      g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, ids, n_ids, sizeof *ids));

  booru_service_context_publish (self->context, BOORU_EVENT_POSTS_CHANGED, payload);
}

static void
on_configure (WebService *self)
{
  WebSettings *settings = web_settings_new (booru_service_context_get_config (self->context));

  web_settings_free (self->settings);
  self->settings = settings;
  booru_time_set_zone (settings->time_zone);
  web_cache_clear (self->cache);
  web_server_configure (self->server, settings);
}

static void
on_services (WebService *self, const char *topic, GVariant *states)
{
  g_clear_pointer (&self->services, g_variant_unref);
  if (g_variant_is_of_type (states, G_VARIANT_TYPE ("a{ss}")))
    self->services = g_variant_ref (states);
}

static void
on_drained (gpointer user_data)
{
  WebService *self = user_data;

  booru_service_context_stopped (self->context);
}

/* Also upon "hurry". */
static void
on_quiesce (WebService *self)
{
  gint64 patience = booru_service_context_is_handover (self->context) ? PATIENCE : 0;

  self->quiescing = TRUE;
  web_server_quiesce (self->server, patience, on_drained, self);
}

static gboolean
add_routes (WebService *self, GError **error)
{
  gsize n_routes;
  const BooruRouteEntry *entries = booru_extensions_get_routes (
      booru_service_context_get_extensions (self->context), &n_routes);

  self->router = web_router_new ();
  for (gsize i = 0; i < n_routes; i++)
    if (!web_router_add (self->router, entries[i].route, entries[i].user_data, error))
      return FALSE;
  return TRUE;
}

static void
collect (BooruMetrics *metrics, gpointer user_data)
{
  WebService *self = user_data;

  booru_metric_set (self->metrics->connections, web_server_get_n_connections (self->server));
  booru_metric_set (self->metrics->cache_size, (double)web_cache_get_size (self->cache));
}

/* An older database is migrated first, which may take long. */
static void
on_opening (const char *what, guint seconds, gpointer context)
{
  booru_service_context_starting (context, seconds, what);
}

static void
on_trouble (const GError *error, gpointer context)
{
  booru_service_context_set_trouble (context, error ? error->message : NULL);
}

static gboolean
start (BooruServiceContext *context, GError **error)
{
  BooruMetrics *metrics = booru_service_context_get_metrics (context);
  g_autoptr (WebService) self = g_new0 (WebService, 1);

  self->context = context;
  self->cache = web_cache_new (CACHE_SIZE);
  self->metrics = web_metrics_new (context);
  self->settings = web_settings_new (booru_service_context_get_config (context));
  booru_time_set_zone (self->settings->time_zone);
  if (self->settings->data_dir == NULL)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                   "The web service was started without a data folder");
      return FALSE;
    }
  if (!add_routes (self, error))
    return FALSE;

  /* What a process that crashed left, which this one may have taken the place of. */
  booru_spool_clean (self->settings->data_dir);
  self->store = booru_sqlite_store_open_with_progress (self->settings->data_dir, BOORU_STORE_CREATE,
                                                       on_opening, context, error);
  if (self->store == NULL)
    return FALSE;
  booru_sqlite_store_set_metrics (BOORU_SQLITE_STORE (self->store), metrics);
  booru_sqlite_store_watch_trouble (BOORU_SQLITE_STORE (self->store), on_trouble, context);
  booru_trash_recover (self->store, self->settings->data_dir);
  self->server
      = web_server_new (self, self->router, booru_service_context_get_listener (context), error);
  if (self->server == NULL)
    return FALSE;
  booru_metrics_add_collector (metrics, collect, self);

  g_signal_connect_swapped (context, "configure", G_CALLBACK (on_configure), self);
  g_signal_connect_swapped (context, "quiesce", G_CALLBACK (on_quiesce), self);
  g_signal_connect_swapped (context, "hurry", G_CALLBACK (on_quiesce), self);
  g_signal_connect_swapped (context, "event::" BOORU_EVENT_SERVICES, G_CALLBACK (on_services),
                            self);
  booru_service_context_set_data (context, g_steal_pointer (&self),
                                  (GDestroyNotify)web_service_free);
  booru_service_context_ready (context);
  return TRUE;
}

const BooruService web_service = {
  .name = BOORU_PLUGIN_WEB,
  .process_name = "booru-web",
  .label = "Web",
  .instances = BOORU_SERVICE_WORKERS,
  .listener = TRUE,
  .stop_timeout = 30,
  .start = start,
};
