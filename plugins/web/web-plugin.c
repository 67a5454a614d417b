/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gmodule.h>

#include "pages/web-pages.h"
#include "api/web-routes.h"
#include "web-service.h"
#include "http/web-settings.h"

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  booru_plugin_context_add_service (context, &web_service);
  booru_plugin_context_set_settings_check (context, web_settings_check);
  return TRUE;
}

static gboolean
extend (BooruExtensions *extensions, const char *service, GError **error)
{
  web_routes_add_autocomplete (extensions);
  web_routes_add_duplicates (extensions);
  web_routes_add_events (extensions);
  web_routes_add_explore (extensions);
  web_routes_add_files (extensions);
  web_routes_add_health (extensions);
  web_routes_add_iqdb (extensions);
  web_routes_add_legacy (extensions);
  web_routes_add_openapi (extensions);
  web_routes_add_pools (extensions);
  web_routes_add_people (extensions);
  web_routes_add_post_records (extensions);
  web_routes_add_tag_records (extensions);
  web_routes_add_nothing (extensions);
  web_routes_add_jobs (extensions);
  web_routes_add_posts (extensions);
  web_routes_add_related (extensions);
  web_routes_add_users (extensions);
  web_routes_add_relations (extensions);
  web_routes_add_tag_edit (extensions);
  web_routes_add_tags (extensions);
  web_routes_add_uploads (extensions);
  web_routes_add_versions (extensions);
  return web_pages_add_routes (extensions, error);
}

BOORU_PLUGIN_DEFINE ("web", activate, extend)
