/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-extensions.h"

struct _BooruExtensions
{
  GObject parent_instance;
  GArray *routes;     /* BooruRouteEntry */
  GArray *reports;    /* ReportEntry */
  const char *plugin; /* that extends now; interned */
  char *folder;       /* its */
};

typedef struct
{
  const BooruReport *report;
  const char *plugin;
} ReportEntry;

G_DEFINE_FINAL_TYPE (BooruExtensions, booru_extensions, G_TYPE_OBJECT)

static void
booru_extensions_finalize (GObject *object)
{
  BooruExtensions *self = BOORU_EXTENSIONS (object);

  g_array_unref (self->routes);
  g_array_unref (self->reports);
  g_free (self->folder);
  G_OBJECT_CLASS (booru_extensions_parent_class)->finalize (object);
}

static void
booru_extensions_class_init (BooruExtensionsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = booru_extensions_finalize;
}

static void
booru_extensions_init (BooruExtensions *self)
{
  self->routes = g_array_new (FALSE, FALSE, sizeof (BooruRouteEntry));
  self->reports = g_array_new (FALSE, FALSE, sizeof (ReportEntry));
  self->plugin = "";
}

BooruExtensions *
booru_extensions_new (void)
{
  return g_object_new (BOORU_TYPE_EXTENSIONS, NULL);
}

void
booru_extensions_set_plugin (BooruExtensions *self, const char *name, const char *folder)
{
  g_return_if_fail (BOORU_IS_EXTENSIONS (self) && name != NULL);
  self->plugin = g_intern_string (name);
  g_free (self->folder);
  self->folder = g_strdup (folder);
}

const char *
booru_extensions_get_plugin (BooruExtensions *self)
{
  g_return_val_if_fail (BOORU_IS_EXTENSIONS (self), NULL);
  return self->plugin;
}

const char *
booru_extensions_get_folder (BooruExtensions *self)
{
  g_return_val_if_fail (BOORU_IS_EXTENSIONS (self), NULL);
  return self->folder;
}

void
booru_extensions_add_route (BooruExtensions *self, const BooruRoute *route, gpointer user_data)
{
  g_return_if_fail (BOORU_IS_EXTENSIONS (self) && route != NULL);

  BooruRouteEntry entry = { route, user_data, self->plugin };

  g_return_if_fail (route->method && route->pattern && route->handle);
  g_array_append_val (self->routes, entry);
}

const BooruRouteEntry *
booru_extensions_get_routes (BooruExtensions *self, gsize *n_routes)
{
  g_return_val_if_fail (BOORU_IS_EXTENSIONS (self) && n_routes != NULL, NULL);
  *n_routes = self->routes->len;
  return (const BooruRouteEntry *)self->routes->data;
}

void
booru_extensions_add_report (BooruExtensions *self, const BooruReport *report)
{
  g_return_if_fail (BOORU_IS_EXTENSIONS (self) && report != NULL);
  g_return_if_fail (report->name && report->make);

  ReportEntry entry = { report, self->plugin };

  g_array_append_val (self->reports, entry);
}

const BooruReport *
booru_extensions_find_report (BooruExtensions *self, const char *name, const char **plugin)
{
  g_return_val_if_fail (BOORU_IS_EXTENSIONS (self) && name != NULL, NULL);
  for (guint i = 0; i < self->reports->len; i++)
    {
      const ReportEntry *entry = &g_array_index (self->reports, ReportEntry, i);

      if (!g_str_equal (entry->report->name, name))
        continue;
      *plugin = entry->plugin;
      return entry->report;
    }
  return NULL;
}

GStrv
booru_extensions_list_reports (BooruExtensions *self)
{
  g_return_val_if_fail (BOORU_IS_EXTENSIONS (self), NULL);

  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < self->reports->len; i++)
    g_strv_builder_add (names, g_array_index (self->reports, ReportEntry, i).report->name);
  return g_strv_builder_end (names);
}
