/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-service.h"

#include "api/web-routes.h"
#include "http/web-router.h"
#include "http/web-server.h"
#include "pages/web-pages.h"
#include "pages/web-plugin-pages.h"

/* How long a client that keeps its connection has for one more request, when others take over. */
#define PATIENCE (3 * G_USEC_PER_SEC / 2)

typedef struct
{
  WebWorker *worker;
  WebRouter *router;
  WebServer *server;
} WebService;

static void
web_service_free (WebService *self)
{
  BooruServiceContext *context = web_worker_get_context (self->worker);

  g_signal_handlers_disconnect_by_data (context, self);
  booru_metrics_remove_collector (booru_service_context_get_metrics (context), self);
  g_clear_pointer (&self->server, web_server_free);
  g_clear_pointer (&self->worker, web_worker_free);
  g_clear_pointer (&self->router, web_router_free);
  g_free (self);
}

static void
on_configure (WebService *self)
{
  web_worker_configure (self->worker);
  web_server_configure (self->server);
}

static void
on_drained (gpointer user_data)
{
  WebService *self = user_data;

  booru_service_context_stopped (web_worker_get_context (self->worker));
}

/* Also upon "hurry". */
static void
on_quiesce (WebService *self)
{
  gboolean handover = booru_service_context_is_handover (web_worker_get_context (self->worker));

  web_worker_set_quiescing (self->worker);
  web_server_quiesce (self->server, handover ? PATIENCE : 0, on_drained, self);
}

/* The board's own routes come first. One of another plugin that is not served costs only itself. */
static WebRouter *
make_router (BooruExtensions *extensions)
{
  WebRouter *router = web_router_new ();
  gsize n_routes;
  const BooruRouteEntry *entries = booru_extensions_get_routes (extensions, &n_routes);

  for (gsize i = 0; i < n_routes; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!web_router_add (router, &entries[i], &error))
        g_warning ("%s", error->message);
    }
  web_plugin_pages_fill_menu (extensions, router);
  return router;
}

static void
collect (BooruMetrics *metrics, gpointer user_data)
{
  WebService *self = user_data;
  WebMetrics *own = web_worker_get_metrics (self->worker);

  booru_metric_set (own->connections, web_server_get_n_connections (self->server));
  booru_metric_set (own->cache_size,
                    (double)web_cache_get_size (web_worker_get_cache (self->worker)));
}

static const WebHooks hooks
    = { web_pages_render_error, web_pages_ask_login, web_files_answer_thumbnail };

static gboolean
start (BooruServiceContext *context, GError **error)
{
  BooruExtensions *extensions = booru_service_context_get_extensions (context);
  g_autoptr (WebWorker) worker = web_worker_new (context, &hooks, error);
  g_autoptr (WebRouter) router = NULL;
  g_autoptr (WebServer) server = NULL;
  WebService *self;

  if (worker == NULL || !web_pages_start (extensions, web_worker_get_settings (worker)->dev, error))
    return FALSE;
  router = make_router (extensions);
  server = web_server_new (worker, router, error);
  if (server == NULL)
    return FALSE;
  self = g_new (WebService, 1);
  *self = (WebService){ g_steal_pointer (&worker), g_steal_pointer (&router),
                        g_steal_pointer (&server) };
  booru_metrics_add_collector (booru_service_context_get_metrics (context), collect, self);
  g_signal_connect_swapped (context, "configure", G_CALLBACK (on_configure), self);
  g_signal_connect_swapped (context, "quiesce", G_CALLBACK (on_quiesce), self);
  g_signal_connect_swapped (context, "hurry", G_CALLBACK (on_quiesce), self);
  booru_service_context_set_data (context, self, (GDestroyNotify)web_service_free);
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
