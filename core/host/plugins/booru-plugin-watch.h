/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/booru-plugin-info.h"

G_BEGIN_DECLS

/**
 * BooruPluginWatch:
 *
 * Notices when modules and metadata of plugins change.
 *
 * Signals:
 *  - "changed" (): something happened to the files, and they have been quiet since
 */
#define BOORU_TYPE_PLUGIN_WATCH (booru_plugin_watch_get_type ())
G_DECLARE_FINAL_TYPE (BooruPluginWatch, booru_plugin_watch, BOORU, PLUGIN_WATCH, GObject)

BooruPluginWatch *booru_plugin_watch_new (void);

/* The plugins (BooruPluginInfo) to watch from now on, as their files are now. */
void booru_plugin_watch_set_plugins (BooruPluginWatch *self, GPtrArray *plugins);

/* Those whose files are not what they were when this was last called; transfer full. */
GPtrArray *booru_plugin_watch_take_changed (BooruPluginWatch *self);

G_END_DECLS
