/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-plugin-extend.h"

/**
 * booru_plugin_extend:
 * @plugins: loaded plugins (BooruPluginInfo)
 * @extensions: those of the process
 * @service: name of the service that the process runs
 * @error: return location
 *
 * Lets each of @plugins whose metadata names @service in Extends= add to it, in their order.
 *
 * Returns: %FALSE with @error, naming the plugin, as soon as one of them fails
 */
gboolean
booru_plugin_extend (GPtrArray *plugins,
                     BooruExtensions *extensions,
                     const char *service,
                     GError **error)
{
  for (guint i = 0; i < plugins->len; i++)
    {
      BooruPluginInfo *info = plugins->pdata[i];

      if (g_strv_contains (booru_plugin_info_get_extends (info), service)
          && !booru_plugin_info_extend (info, extensions, service, error))
        return FALSE;
    }
  return TRUE;
}
