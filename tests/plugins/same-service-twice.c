/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Registers two services of one name. */
#include "fixture.h"

static gboolean
start (BooruServiceContext *context, GError **error)
{
  return TRUE;
}

static const BooruService service = {
  .name = "twice",
  .process_name = "booru-twice",
  .label = "Twice",
  .stop_timeout = 10,
  .start = start,
};

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  booru_plugin_context_add_service (context, &service);
  booru_plugin_context_add_service (context, &service);
  return TRUE;
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, NULL)
