/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/booru-settings.h"
#include "host/settings/booru-host-options.h"
#include "plugin/booru-plugin-info.h"

G_BEGIN_DECLS

/* The names of the plugins to run, without their dependencies, by setting, environment and command
 * line. BOORU_ERROR_CONFIG for an option with a name that no plugin has, naming those that there
 * are; such a name in the settings is a warning. Transfer full. */
GStrv booru_plugin_choose (const BooruHostOptions *options,
                           BooruSettings *settings,
                           GPtrArray *available,
                           GError **error);

/* Of those in @plugins; NULL: none. */
BooruPluginInfo *booru_plugin_find (GPtrArray *plugins, const char *name);

G_END_DECLS
