/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-web-page.h"

static void
clear_files (gpointer data)
{
  BooruWebPageFiles *files = data;

  g_free (files->templates);
  g_free (files->assets);
}

static GArray *
ensure_array (BooruExtensions *self, const char *name, gsize element, GDestroyNotify clear)
{
  GArray *array = g_object_get_data (G_OBJECT (self), name);

  if (array == NULL)
    {
      array = g_array_new (FALSE, FALSE, (guint)element);
      g_array_set_clear_func (array, clear);
      g_object_set_data_full (G_OBJECT (self), name, array, (GDestroyNotify)g_array_unref);
    }
  return array;
}

GArray *
booru_extensions_get_web_pages (BooruExtensions *self)
{
  g_return_val_if_fail (BOORU_IS_EXTENSIONS (self), NULL);
  return ensure_array (self, "booru-pages", sizeof (BooruWebPageEntry), NULL);
}

GArray *
booru_extensions_get_web_page_files (BooruExtensions *self)
{
  g_return_val_if_fail (BOORU_IS_EXTENSIONS (self), NULL);
  return ensure_array (self, "booru-page-files", sizeof (BooruWebPageFiles), clear_files);
}

void
booru_extensions_add_web_page (BooruExtensions *self, const BooruWebPage *page, gpointer user_data)
{
  BooruWebPageEntry entry = { page, user_data, NULL };

  g_return_if_fail (BOORU_IS_EXTENSIONS (self));
  g_return_if_fail (page && page->size >= sizeof (BooruWebPage));
  g_return_if_fail (page->path && page->template && page->title && page->get_values);
  entry.plugin = booru_extensions_get_plugin (self);
  g_array_append_val (booru_extensions_get_web_pages (self), entry);
}

static char *
make_absolute (BooruExtensions *self, const char *location)
{
  if (location == NULL || g_str_has_prefix (location, "resource://"))
    return g_strdup (location);
  return g_canonicalize_filename (location, booru_extensions_get_folder (self));
}

void
booru_extensions_set_web_page_files (BooruExtensions *self,
                                     const char *templates,
                                     const char *assets)
{
  BooruWebPageFiles files = { NULL, NULL, NULL };

  g_return_if_fail (BOORU_IS_EXTENSIONS (self));
  files.plugin = booru_extensions_get_plugin (self);
  files.templates = make_absolute (self, templates);
  files.assets = make_absolute (self, assets);
  g_array_append_val (booru_extensions_get_web_page_files (self), files);
}
