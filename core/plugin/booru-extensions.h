/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/booru-route.h"

G_BEGIN_DECLS

struct _BooruServiceContext;

/**
 * BooruExtensions:
 *
 * What the plugins of a process add to its service. Plugins fill it in their extend(), before the
 * service starts; the service reads it. The board's own plugins use the same way.
 */
#define BOORU_TYPE_EXTENSIONS (booru_extensions_get_type ())
G_DECLARE_FINAL_TYPE (BooruExtensions, booru_extensions, BOORU, EXTENSIONS, GObject)

typedef struct
{
  const BooruRoute *route;
  gpointer user_data;
  const char *plugin; /* that added it */
} BooruRouteEntry;

/**
 * BooruReport:
 *
 * An extension point of every service: something that administrators can ask for by its name, whole
 * or in pages (GetReport of org.booru.Host1). It passes through the host, so a page is small: a few
 * hundred rows. Constant data in a plugin's module.
 */
typedef struct
{
  const char *name;

  /* Transfer full, may be floating; arguments: a{sv}; at once. */
  GVariant *(*make) (struct _BooruServiceContext *context, GVariant *arguments, GError **error);
} BooruReport;

BooruExtensions *booru_extensions_new (void);

/* Whose extend() is called next, and the folder of its .plugin file. */
void booru_extensions_set_plugin (BooruExtensions *self, const char *name, const char *folder);
const char *booru_extensions_get_plugin (BooruExtensions *self); /* kept for ever */
const char *booru_extensions_get_folder (BooruExtensions *self);
void booru_extensions_add_report (BooruExtensions *self, const BooruReport *report);

/* NULL: none of that name. */
const BooruReport *booru_extensions_find_report (BooruExtensions *self, const char *name);
GStrv booru_extensions_list_reports (BooruExtensions *self); /* names; transfer full */
void
booru_extensions_add_route (BooruExtensions *self, const BooruRoute *route, gpointer user_data);

/* Transfer none, in order of registration. */
const BooruRouteEntry *booru_extensions_get_routes (BooruExtensions *self, gsize *n_routes);

G_END_DECLS
