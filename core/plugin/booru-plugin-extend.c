/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-plugin-extend.h"

gboolean
booru_plugin_extend (GPtrArray *plugins,
                     BooruServiceContext *context,
                     const char *service,
                     GError **error)
{
  for (guint i = 0; i < plugins->len; i++)
    {
      BooruPluginInfo *info = plugins->pdata[i];

      if (!g_strv_contains (booru_plugin_info_get_extends (info), service))
        continue;
      booru_service_context_set_plugin (context, booru_plugin_info_get_name (info));
      if (!booru_plugin_info_extend (info, booru_service_context_get_extensions (context), service,
                                     error))
        return FALSE;
    }
  booru_service_context_set_plugin (context, NULL);
  return TRUE;
}
