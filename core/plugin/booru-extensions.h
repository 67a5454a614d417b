/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/booru-route.h"

G_BEGIN_DECLS

struct _BooruServiceContext;

/**
 * BooruExtensions:
 *
 * What the plugins of a process add to its service. Plugins fill it in their extend(), before the
 * service starts; the service reads it. The board's own plugins use it too.
 */
#define BOORU_TYPE_EXTENSIONS (booru_extensions_get_type ())
G_DECLARE_FINAL_TYPE (BooruExtensions, booru_extensions, BOORU, EXTENSIONS, GObject)

/**
 * BooruRouteEntry:
 * @route: a route
 * @user_data: for its handler
 * @plugin: name of the plugin that added it
 *
 * A route that a plugin added.
 */
typedef struct
{
  const BooruRoute *route;
  gpointer user_data;
  const char *plugin;
} BooruRouteEntry;

/**
 * BooruReport:
 * @name: what administrators ask for it by
 * @make: makes the report at once, from arguments, an a{sv}; returns a GVariant, which may be
 *   floating (transfer full)
 *
 * An extension point of every service: something that administrators can ask for by its name, whole
 * or in pages (GetReport of org.booru.Host1). It passes through the host, so a page is small: a few
 * hundred rows. Constant data in a plugin's module.
 */
typedef struct
{
  const char *name;
  GVariant *(*make) (struct _BooruServiceContext *context, GVariant *arguments, GError **error);
} BooruReport;

/**
 * booru_extensions_new:
 *
 * Returns: (transfer full): an empty collection
 */
BooruExtensions *booru_extensions_new (void);

/**
 * booru_extensions_set_plugin:
 * @self: the process's extensions
 * @name: the plugin whose extend() is called next
 * @folder: (nullable): the folder of its .plugin file
 */
void booru_extensions_set_plugin (BooruExtensions *self, const char *name, const char *folder);

/**
 * booru_extensions_get_plugin:
 * @self: the process's extensions
 *
 * Returns: (transfer none): name of the plugin whose extend() is being called; valid for ever
 */
const char *booru_extensions_get_plugin (BooruExtensions *self);

/**
 * booru_extensions_get_folder:
 * @self: the process's extensions
 *
 * Returns: (transfer none) (nullable): the folder of the .plugin file of that plugin
 */
const char *booru_extensions_get_folder (BooruExtensions *self);

/**
 * booru_extensions_add_report:
 * @self: the process's extensions
 * @report: (transfer none): constant data in a resident module
 *
 * Adds a report. The first one of a name wins.
 */
void booru_extensions_add_report (BooruExtensions *self, const BooruReport *report);

/**
 * booru_extensions_find_report:
 * @self: the process's extensions
 * @name: of a report
 * @plugin: (out) (transfer none): the plugin that added it
 *
 * Returns: (transfer none) (nullable): the report with that name
 */
const BooruReport *
booru_extensions_find_report (BooruExtensions *self, const char *name, const char **plugin);

/**
 * booru_extensions_list_reports:
 * @self: the process's extensions
 *
 * Returns: (transfer full): the names of its reports
 */
GStrv booru_extensions_list_reports (BooruExtensions *self);

/**
 * booru_extensions_add_route:
 * @self: the process's extensions
 * @route: (transfer none): constant data in a resident module
 * @user_data: passed to the route's handler
 *
 * Adds a route to the web service. The first one of a method and pattern wins.
 */
void
booru_extensions_add_route (BooruExtensions *self, const BooruRoute *route, gpointer user_data);

/**
 * booru_extensions_get_routes:
 * @self: the process's extensions
 * @n_routes: (out): how many there are
 *
 * Returns: (transfer none) (array length=n_routes): the routes, in the order in which they were
 *   added
 */
const BooruRouteEntry *booru_extensions_get_routes (BooruExtensions *self, gsize *n_routes);

G_END_DECLS
