/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/booru-extensions.h"
#include "plugin/booru-service.h"

G_BEGIN_DECLS

/**
 * BOORU_PLUGIN_ABI:
 *
 * Raised whenever a structure in these headers changes its layout or meaning.
 */
#define BOORU_PLUGIN_ABI 1

/**
 * BOORU_PLUGIN_SYMBOL:
 *
 * The one symbol that a module exports.
 */
#define BOORU_PLUGIN_SYMBOL booru_plugin

/**
 * BOORU_PLUGIN_SYMBOL_NAME:
 *
 * The name of %BOORU_PLUGIN_SYMBOL.
 */
#define BOORU_PLUGIN_SYMBOL_NAME "booru_plugin"

/**
 * BooruPluginContext:
 *
 * Where a plugin's activate() registers what it provides. Valid during the call only.
 */
typedef struct _BooruPluginContext BooruPluginContext;

/**
 * booru_plugin_context_add_service:
 * @self: the context that activate() was given
 * @service: (transfer none): constant data in the plugin's module
 *
 * Registers a service.
 */
void booru_plugin_context_add_service (BooruPluginContext *self, const BooruService *service);

/**
 * BooruSettingsCheck:
 * @wanted: the configuration as the plugin's service would get it
 * @current: the one that it has; when it starts, the one without the options of this run
 * @error: what is wrong with @wanted, and what to do
 *
 * Checks settings before they are stored, and when the program starts. What differs between @wanted
 * and @current is what somebody wants to change. It runs in a process of its own, in which nothing
 * of the plugin but activate() and extend() ran before, and which ends right after: it may read
 * files, but starts nothing, changes nothing and answers within seconds.
 *
 * Returns: whether the service could work with @wanted
 */
typedef gboolean (*BooruSettingsCheck) (BooruConfig *wanted, BooruConfig *current, GError **error);

/**
 * booru_plugin_context_set_settings_check:
 * @self: the context that activate() was given
 * @check: (scope forever): has a say in changes of the host's settings and of the plugin's own
 */
void booru_plugin_context_set_settings_check (BooruPluginContext *self, BooruSettingsCheck check);

/**
 * BooruPluginDescriptor:
 * @abi: %BOORU_PLUGIN_ABI; remains the first member for ever
 * @name: equals the name of the .plugin file
 * @activate: registers services, in a trial and again in each child. Must be quick and start
 *   nothing
 * @extend: adds routes and the like, in each process of a service that the metadata's Extends=
 *   names, before the service's start(). %NULL: nothing to add
 *
 * What a module exports, by means of BOORU_PLUGIN_DEFINE().
 */
typedef struct
{
  guint32 abi;
  const char *name;
  gboolean (*activate) (BooruPluginContext *context, GError **error);
  gboolean (*extend) (BooruExtensions *extensions, const char *service, GError **error);
} BooruPluginDescriptor;

/**
 * BOORU_PLUGIN_DEFINE:
 * @plugin_name: name of the .plugin file
 * @activate_func: the descriptor's activate()
 * @extend_func: the descriptor's extend(), or %NULL
 *
 * Defines the #BooruPluginDescriptor of a module.
 */
#define BOORU_PLUGIN_DEFINE(plugin_name, activate_func, extend_func)                               \
  G_MODULE_EXPORT extern const BooruPluginDescriptor BOORU_PLUGIN_SYMBOL;                          \
  const BooruPluginDescriptor BOORU_PLUGIN_SYMBOL                                                  \
      = { BOORU_PLUGIN_ABI, plugin_name, activate_func, extend_func };

G_END_DECLS
