/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/booru-plugin-info.h"

G_BEGIN_DECLS

/* Lets each of the loaded @plugins (BooruPluginInfo) whose metadata names @service in Extends= add
 * to it, in their order, and charges it with what it breaks meanwhile. FALSE with @error, which
 * names the plugin, as soon as one of them fails. */
gboolean booru_plugin_extend (GPtrArray *plugins,
                              BooruServiceContext *context,
                              const char *service,
                              GError **error);

G_END_DECLS
