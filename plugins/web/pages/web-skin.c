/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-skin.h"

#include "web-resources.h"

/* One for the process, as the resources that it is made of. */
static struct
{
  WebTemplates *templates;
  WebAssets *assets;
  GHashTable *plugins; /* name → WebAssets */
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

static GHashTable *
load_plugins (BooruExtensions *extensions, WebTemplates *templates)
{
  GHashTable *plugins
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)web_assets_free);
  GArray *all = extensions ? booru_extensions_get_web_page_files (extensions) : NULL;

  for (guint i = 0; all && i < all->len; i++)
    {
      const BooruWebPageFiles *files = &g_array_index (all, BooruWebPageFiles, i);
      g_autoptr (GError) error = NULL;

      if (!load_templates (templates, files, &error) || !load_assets (plugins, files, &error))
        g_warning ("The pages of the plugin “%s” are broken: %s", files->plugin, error->message);
    }
  return plugins;
}

gboolean
web_skin_load (BooruExtensions *extensions, gboolean dev, GError **error)
{
  const char *source = dev ? booru_paths_get_source_root () : NULL;
  g_autoptr (WebTemplates) templates = web_templates_new (source != NULL);
  g_autoptr (WebAssets) assets = NULL;
  g_autoptr (GFile) template_folder = find_folder (source, "templates");
  g_autoptr (GFile) asset_folder = find_folder (source, "assets");

  if (!web_templates_add_folder (templates, template_folder, "", error))
    return FALSE;
  assets = web_assets_new (asset_folder, NULL, error);
  if (assets == NULL)
    return FALSE;

  g_clear_pointer (&loaded.templates, web_templates_free);
  g_clear_pointer (&loaded.assets, web_assets_free);
  g_clear_pointer (&loaded.plugins, g_hash_table_unref);
  loaded.plugins = load_plugins (extensions, templates);
  loaded.templates = g_steal_pointer (&templates);
  loaded.assets = g_steal_pointer (&assets);
  return TRUE;
}

WebTemplates *
web_skin_get_templates (void)
{
  return loaded.templates;
}

WebAssets *
web_skin_get_assets (const char *plugin)
{
  return plugin ? g_hash_table_lookup (loaded.plugins, plugin) : loaded.assets;
}
