/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gmodule.h>

#include "service/monitor-check.h"
#include "service/monitor-service.h"

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  booru_plugin_context_add_service (context, &monitor_service);
  booru_plugin_context_set_settings_check (context, monitor_check_settings);
  return TRUE;
}

BOORU_PLUGIN_DEFINE ("monitor", activate, NULL)
