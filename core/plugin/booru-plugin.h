/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/booru-extensions.h"
#include "plugin/booru-service.h"

G_BEGIN_DECLS

/* Raised whenever a structure in these headers changes its layout or meaning. */
#define BOORU_PLUGIN_ABI 1

/* The one symbol that a module exports. */
#define BOORU_PLUGIN_SYMBOL booru_plugin
#define BOORU_PLUGIN_SYMBOL_NAME "booru_plugin"

/**
 * BooruPluginContext:
 *
 * Where a plugin's activate() registers what it brings. Lives for the call only.
 */
typedef struct _BooruPluginContext BooruPluginContext;

void booru_plugin_context_add_service (BooruPluginContext *self, const BooruService *service);

/**
 * BooruPluginDescriptor:
 *
 * What a module exports: `const BooruPluginDescriptor booru_plugin = { … };` by
 * BOORU_PLUGIN_DEFINE(). @abi is the first member for ever.
 */
typedef struct
{
  guint32 abi;
  const char *name; /* equals the name of the .plugin file */

  /* In the host and again in each child: register services. Must be quick and start nothing. */
  gboolean (*activate) (BooruPluginContext *context, GError **error);

  /* In each process of a service that the metadata's Extends= names, before the service's
   * start(): add routes and the like. NULL: nothing to add. */
  gboolean (*extend) (BooruExtensions *extensions, const char *service, GError **error);
} BooruPluginDescriptor;

#define BOORU_PLUGIN_DEFINE(plugin_name, activate_func, extend_func)                               \
  G_MODULE_EXPORT extern const BooruPluginDescriptor BOORU_PLUGIN_SYMBOL;                          \
  const BooruPluginDescriptor BOORU_PLUGIN_SYMBOL                                                  \
      = { BOORU_PLUGIN_ABI, plugin_name, activate_func, extend_func };

G_END_DECLS
