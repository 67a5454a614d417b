/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Routes whose handlers crash, or never return. */
#include "fixture.h"

static void
handle_crash (BooruRequest *request, gpointer user_data)
{
  fixture_crash ();
}

static void
handle_hang (BooruRequest *request, gpointer user_data)
{
  for (;;)
    pause ();
}

static const BooruRoute routes[] = {
  { "GET", "/test/crash/:name", 0, handle_crash },
  { "POST", "/test/hang", 64, handle_hang },
};

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  return TRUE;
}

static gboolean
extend (BooruExtensions *extensions, const char *service, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i], NULL);
  return TRUE;
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, extend)
