/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/booru-plugin-info.h"

G_BEGIN_DECLS

gboolean booru_plugin_extend (GPtrArray *plugins,
                              BooruExtensions *extensions,
                              const char *service,
                              GError **error);

G_END_DECLS
