/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/booru-settings.h"
#include "host/settings/booru-host-options.h"
#include "booru-poison.h"
#include "plugin/booru-plugin-info.h"

G_BEGIN_DECLS

GStrv booru_host_plugins_choose (const BooruHostOptions *options,
                                 BooruSettings *settings,
                                 GPtrArray *available,
                                 GError **error);
GPtrArray *booru_host_plugins_load (const BooruHostOptions *options,
                                    GPtrArray *available,
                                    const char *const *names,
                                    BooruPoison *poison,
                                    GHashTable *known_faults,
                                    GError **error);
char *booru_host_plugins_list (GPtrArray *available, const char *const *names);

G_END_DECLS
