/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adds a route and a report to the web, checks settings, and by its name fails to extend, or tells
 * of more than a trial listens to. */
#include "fixture.h"

#include <string.h>

static void
handle (BooruRequest *request, gpointer user_data)
{
  booru_request_respond (request, 200, "text/plain", NULL);
}

static GVariant *
make (BooruServiceContext *context, GVariant *arguments, GError **error)
{
  return g_variant_new_string (FIXTURE_NAME);
}

static const BooruRoute route = { "GET", "/test/extends/:name", 0, handle };
static const BooruReport report = { "extended", make };

/* The port says what is to happen. */
static gboolean
check (BooruConfig *wanted, BooruConfig *current, GError **error)
{
  guint port = booru_config_get_uint (wanted, BOORU_CONFIG_PORT, 0);

  if (port == 1)
    fixture_crash ();
  if (port == 2 || port < booru_config_get_uint (current, BOORU_CONFIG_PORT, 0))
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_USAGE, "Port %u is too low", port);
  return port > 3 && (error == NULL || *error == NULL);
}

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  booru_plugin_context_set_settings_check (context, check);
  return TRUE;
}

static gboolean
extend (BooruExtensions *extensions, const char *service, GError **error)
{
  guint n_routes = strcmp (FIXTURE_NAME, "extends-too-much") == 0 ? 20000 : 1;

  if (strcmp (FIXTURE_NAME, "extends-not") == 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "no lamp in %s", service);
      return FALSE;
    }
  for (guint i = 0; i < n_routes; i++)
    booru_extensions_add_route (extensions, &route, NULL);
  booru_extensions_add_report (extensions, &report);
  return TRUE;
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, extend)
