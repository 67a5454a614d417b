/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-skin.h"

#include "web-resources.h"

/* One for the process, as the resources that it is made of. */
static struct
{
  GHashTable *templates; /* language → WebTemplates */
  WebAssets *assets;
  GHashTable *plugins;         /* name → WebAssets */
  BooruExtensions *extensions; /* not owned; NULL: of no plugin */
  const char *source;          /* where templates and assets are read anew; NULL: of the module */
} loaded;

/* Of the source tree, or of the module. */
static GFile *
find_folder (const char *source, const char *name)
{
  g_autofree char *uri = g_strconcat ("resource:///org/booru/web/", name, NULL);

  web_resources_get_resource (); /* or the linker leaves them out */
  return source ? g_file_new_build_filename (source, "plugins", "web", name, NULL)
                : g_file_new_for_uri (uri);
}

static GFile *
open_location (const char *location)
{
  return g_str_has_prefix (location, "resource://") ? g_file_new_for_uri (location)
                                                    : g_file_new_for_path (location);
}

static gboolean
load_templates (WebTemplates *templates, const BooruWebPageFiles *files, GError **error)
{
  g_autofree char *prefix = g_strconcat (files->plugin, "/", NULL);
  g_autoptr (GFile) folder = files->templates ? open_location (files->templates) : NULL;

  return folder == NULL || web_templates_add_folder (templates, folder, prefix, error);
}

static gboolean
load_assets (GHashTable *plugins, const BooruWebPageFiles *files, GError **error)
{
  g_autoptr (GFile) folder = files->assets ? open_location (files->assets) : NULL;
  WebAssets *assets = folder ? web_assets_new (folder, files->plugin, error) : NULL;

  if (assets)
    g_hash_table_replace (plugins, (gpointer)files->plugin, assets);
  return folder == NULL || assets != NULL;
}

static void
warn (const BooruWebPageFiles *files, const GError *error)
{
  g_warning ("The pages of the plugin “%s” are broken: %s", files->plugin, error->message);
}

static GArray *
list_plugin_files (BooruExtensions *extensions)
{
  return extensions ? booru_extensions_get_web_page_files (extensions) : NULL;
}

/* In the language that the process has now. */
static WebTemplates *
load_language (BooruExtensions *extensions, const char *source, GError **error)
{
  g_autoptr (WebTemplates) templates = web_templates_new (source != NULL);
  g_autoptr (GFile) folder = find_folder (source, "templates");
  GArray *all = list_plugin_files (extensions);

  if (!web_templates_add_folder (templates, folder, "", error))
    return NULL;
  for (guint i = 0; all && i < all->len; i++)
    {
      const BooruWebPageFiles *files = &g_array_index (all, BooruWebPageFiles, i);
      g_autoptr (GError) plugin_error = NULL;

      if (!load_templates (templates, files, &plugin_error))
        warn (files, plugin_error);
    }
  return g_steal_pointer (&templates);
}

static GHashTable *
load_plugin_assets (BooruExtensions *extensions)
{
  GHashTable *plugins
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)web_assets_free);
  GArray *all = list_plugin_files (extensions);

  for (guint i = 0; all && i < all->len; i++)
    {
      const BooruWebPageFiles *files = &g_array_index (all, BooruWebPageFiles, i);
      g_autoptr (GError) error = NULL;

      if (!load_assets (plugins, files, &error))
        warn (files, error);
    }
  return plugins;
}

gboolean
web_skin_load (BooruExtensions *extensions, gboolean dev, GError **error)
{
  const char *source = dev ? booru_paths_get_source_root () : NULL;
  g_autoptr (WebTemplates) templates = load_language (extensions, source, error);
  g_autoptr (GFile) folder = find_folder (source, "assets");
  WebAssets *assets = templates ? web_assets_new (folder, NULL, error) : NULL;

  if (assets == NULL)
    return FALSE;

  g_clear_pointer (&loaded.templates, g_hash_table_unref);
  g_clear_pointer (&loaded.assets, web_assets_free);
  g_clear_pointer (&loaded.plugins, g_hash_table_unref);
  loaded.templates
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)web_templates_free);
  g_hash_table_insert (loaded.templates, (gpointer)booru_i18n_get_language (),
                       g_steal_pointer (&templates));
  loaded.assets = assets;
  loaded.plugins = load_plugin_assets (extensions);
  loaded.extensions = extensions;
  loaded.source = source;
  return TRUE;
}

WebTemplates *
web_skin_get_templates (void)
{
  const char *language = booru_i18n_get_language ();
  WebTemplates *templates = g_hash_table_lookup (loaded.templates, language);
  g_autoptr (GError) error = NULL;

  if (templates)
    return templates;
  templates = load_language (loaded.extensions, loaded.source, &error);
  if (templates == NULL) /* those that were loaded at the start can be shown in any case */
    {
      GHashTableIter iter;

      g_warning ("The pages cannot be shown in the language “%s”: %s", language, error->message);
      g_hash_table_iter_init (&iter, loaded.templates);
      g_hash_table_iter_next (&iter, NULL, (gpointer *)&templates);
      return templates;
    }
  g_hash_table_insert (loaded.templates, (gpointer)language, templates);
  return templates;
}

WebAssets *
web_skin_get_assets (const char *plugin)
{
  return plugin ? g_hash_table_lookup (loaded.plugins, plugin) : loaded.assets;
}
