/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/booru-trial.h"

G_BEGIN_DECLS

/* Finds out what a plugin brings, by a process of its own: it loads the module, activates the
 * plugin and has it extend the services that it extends. Whatever the module does meanwhile, be it
 * a crash, exit() or an endless loop, does not happen to the caller, who is not kept waiting
 * either. From the main thread; @callback comes from its thread-default context. */
void booru_probe_run_async (BooruPluginInfo *info,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/* Transfer full; what was found is also told to @info (booru_plugin_info_set_services()). On error,
 * which names plugin and module: BOORU_ERROR_FAILED if the plugin took its process down or hung,
 * BOORU_ERROR_CANCELLED, or BOORU_ERROR_CONFIG. */
BooruTrialReport *
booru_probe_run_finish (BooruPluginInfo *info, GAsyncResult *result, GError **error);

/* Asks the plugin, in a process of its own as above, whether its service could work with @wanted
 * (see BooruSettingsCheck). A plugin that checks nothing agrees. */
void booru_probe_check_settings_async (BooruPluginInfo *info,
                                       BooruConfig *wanted,
                                       BooruConfig *current,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);

/* FALSE with what the plugin says, or BOORU_ERROR_CANCELLED. One that cannot be asked, because it
 * crashes or its module is gone, is a warning: others can change their settings all the same. */
gboolean
booru_probe_check_settings_finish (BooruPluginInfo *info, GAsyncResult *result, GError **error);

/* Tries all @plugins (BooruPluginInfo) at once, and waits: transfer full, for each of them a GError
 * or NULL, as above. */
GPtrArray *booru_probe_plugins (GPtrArray *plugins);

G_END_DECLS
