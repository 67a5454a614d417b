/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "plugin/booru-plugin.h"

G_BEGIN_DECLS

/**
 * BooruPluginInfo:
 *
 * A plugin's metadata as its NAME.plugin file gives it, and, once loaded, its module.
 *
 *     [Plugin]
 *     Name=web
 *     Description=Serves the board over HTTP
 *     Module=libweb.so          (beside the .plugin file)
 *     ABI=1
 *     Depends=…;                (names of plugins; optional)
 *     Extends=…;                (names of services whose processes load the module too; optional)
 *     Essential=true            (the host stops if a service of it fails for good; optional)
 */
#define BOORU_TYPE_PLUGIN_INFO (booru_plugin_info_get_type ())
G_DECLARE_FINAL_TYPE (BooruPluginInfo, booru_plugin_info, BOORU, PLUGIN_INFO, GObject)

BooruPluginInfo *booru_plugin_info_new_from_file (const char *path, GError **error);

/* For metadata that cannot be used, as @fault says: a plugin that bears the name of its file, so
 * that it can be shown. NULL: that is no name for a plugin. */
BooruPluginInfo *booru_plugin_info_new_broken (const char *path, const char *fault);
const char *booru_plugin_info_get_fault (BooruPluginInfo *self); /* NULL: it can be used */

/* The file, which may have changed; on error everything stays as it was. What is loaded stays
 * so. */
gboolean booru_plugin_info_read_again (BooruPluginInfo *self, GError **error);
const char *booru_plugin_info_get_name (BooruPluginInfo *self);
const char *booru_plugin_info_get_description (BooruPluginInfo *self);
const char *booru_plugin_info_get_path (BooruPluginInfo *self); /* of the .plugin file */
const char *booru_plugin_info_get_module_path (BooruPluginInfo *self);
const char *const *booru_plugin_info_get_depends (BooruPluginInfo *self);
const char *const *booru_plugin_info_get_extends (BooruPluginInfo *self);
gboolean booru_plugin_info_is_essential (BooruPluginInfo *self);

/* What is odd about the metadata, but costs nothing: keys that nobody knows. */
const char *const *booru_plugin_info_get_warnings (BooruPluginInfo *self);

/* Loads the module (resident), checks symbol, ABI and name, calls activate(). Idempotent. */
gboolean booru_plugin_info_load (BooruPluginInfo *self, GError **error);

/* Calls extend() for @service. */
gboolean booru_plugin_info_extend (BooruPluginInfo *self,
                                   BooruExtensions *extensions,
                                   const char *service,
                                   GError **error);

/* NULL until loaded. */
const BooruPluginDescriptor *booru_plugin_info_get_descriptor (BooruPluginInfo *self);

/* NULL: it has none, or is not loaded. */
BooruSettingsCheck booru_plugin_info_get_settings_check (BooruPluginInfo *self);

/* For a host, which loads no module: the services that a trial found (BooruService). Those that are
 * known already stay. */
void booru_plugin_info_set_services (BooruPluginInfo *self, GPtrArray *services);

/* Whether it is worth asking the plugin about settings; yes, until a trial finds that it is not. */
void booru_plugin_info_set_checks_settings (BooruPluginInfo *self, gboolean checks_settings);
gboolean booru_plugin_info_checks_settings (BooruPluginInfo *self);
gboolean booru_plugin_info_knows_services (BooruPluginInfo *self);

/* Transfer none, of const BooruService, live as long as @self; empty until they are known. */
GPtrArray *booru_plugin_info_get_services (BooruPluginInfo *self);

/* All plugins found in the folders of the search path and in their immediate sub-folders; the first
 * of a name wins. A .plugin file that cannot be used, and a second one of a name in the same folder
 * of the path, is a warning, and a broken plugin unless its name is taken. */
/* Transfer full, of BooruPluginInfo. */
GPtrArray *booru_plugin_discover (const char *const *search_path);

/* What is wrong with files is added to @faults (char *, transfer full) rather than warned of. */
GPtrArray *booru_plugin_discover_all (const char *const *search_path, GPtrArray *faults);

/* The plugins named, with all that they depend on, dependencies first, otherwise in the order of
 * names. BOORU_ERROR_CONFIG naming the plugin and the missing or circular dependency. */
/* Transfer container. */
GPtrArray *booru_plugin_resolve (GPtrArray *available, const char *const *names, GError **error);

G_END_DECLS
