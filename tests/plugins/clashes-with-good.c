/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Registers a service of the name that the plugin "good" has for its own. */
#include "fixture.h"

static gboolean
start (BooruServiceContext *context, GError **error)
{
  booru_service_context_ready (context);
  return TRUE;
}

static const BooruService service = {
  .name = "good",
  .process_name = "booru-clash",
  .label = "Clash",
  .stop_timeout = 10,
  .start = start,
};

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  booru_plugin_context_add_service (context, &service);
  return TRUE;
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, NULL)
