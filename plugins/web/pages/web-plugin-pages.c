/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-plugin-pages.h"

#include "http/web-lookup.h"
#include "web-form-token.h"
#include "web-menu.h"
#include "web-page.h"

#define FORM_LIMIT (256 * 1024)

static void add_value (WebDict *dict, const char *key, GVariant *value);

static void
add_values (WebDict *dict, GVariant *values)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, values);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      add_value (dict, g_intern_string (key), value);
      g_variant_unref (value);
    }
}

static void
add_list (WebDict *dict, const char *name, GVariant *items)
{
  WebList *list = web_dict_add_list (dict, name);

  for (gsize i = 0; i < g_variant_n_children (items); i++)
    {
      g_autoptr (GVariant) item = g_variant_get_child_value (items, i);

      add_values (web_list_append (list), item);
    }
}

static void
add_value (WebDict *dict, const char *name, GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    web_dict_set_string (dict, name, g_variant_get_string (value, NULL));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    web_dict_set_boolean (dict, name, g_variant_get_boolean (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE ("aa{sv}")))
    add_list (dict, name, value);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    add_values (web_dict_add_dict (dict, name), value);
  else
    web_dict_take_string (dict, name, g_variant_print (value, FALSE));
}

static void
fail (BooruRequest *request, const BooruWebPageEntry *entry, const GError *error)
{
  g_autoptr (GError) mute = g_error_new (BOORU_ERROR, BOORU_ERROR_FAILED,
                                         "The plugin %s does not say why", entry->plugin);

  booru_request_fail (request, error ? error : mute);
}

static void
respond (BooruRequest *request, const BooruWebPageEntry *entry, GVariant *values)
{
  g_autofree char *template = g_strconcat (entry->plugin, "/", entry->page->template, NULL);
  g_auto (WebPage) page = { 0 };

  web_page_init (&page, request);
  web_page_set_title (&page, entry->page->title);
  web_page_set_assets (page.values, entry->plugin);
  if (entry->page->submit)
    web_dict_take_string (page.values, "form-token", web_form_token_dup (WEB_REQUEST (request)));
  else
    web_dict_set_static (page.values, "form-token", "");
  add_values (page.values, values);
  web_page_respond (&page, 200, template);
}

static void
handle_get (BooruRequest *request, gpointer user_data)
{
  const BooruWebPageEntry *entry = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) values = NULL;

  values = entry->page->get_values (request, entry->user_data, &error);
  if (values)
    g_variant_take_ref (values);
  if (values && g_variant_is_of_type (values, G_VARIANT_TYPE_VARDICT))
    respond (request, entry, values);
  else
    fail (request, entry, error);
}

static void
handle_post (BooruRequest *request, gpointer user_data)
{
  const BooruWebPageEntry *entry = user_data;
  WebRequest *web = WEB_REQUEST (request);
  g_autoptr (GError) error = NULL;

  if (!web_form_token_check (web))
    return;
  if (entry->page->submit (request, entry->user_data, &error))
    web_request_redirect (web, 303, web_request_get_incoming (web)->path);
  else
    fail (request, entry, error);
}

void
web_plugin_pages_add_routes (BooruExtensions *extensions)
{
  GArray *pages = booru_extensions_get_web_pages (extensions);
  BooruRoute *routes = g_new0 (BooruRoute, 2 * pages->len);

  g_object_set_data_full (G_OBJECT (extensions), "web-plugin-routes", routes, g_free);
  for (guint i = 0; i < pages->len; i++)
    {
      BooruWebPageEntry *entry = &g_array_index (pages, BooruWebPageEntry, i);
      BooruRoute *get = &routes[2 * i], *post = get + 1;

      *get = (BooruRoute){ "GET", entry->page->path, 0, handle_get, entry->page->access };
      *post
          = (BooruRoute){ "POST", entry->page->path, FORM_LIMIT, handle_post, entry->page->access };
      booru_extensions_set_plugin (extensions, entry->plugin, NULL);
      booru_extensions_add_route (extensions, get, entry);
      if (entry->page->submit)
        booru_extensions_add_route (extensions, post, entry);
    }
}

void
web_plugin_pages_fill_menu (BooruExtensions *extensions, const WebRouter *router)
{
  GArray *pages = booru_extensions_get_web_pages (extensions);
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (WebMenuEntry));

  for (guint i = 0; i < pages->len; i++)
    {
      BooruWebPageEntry *entry = &g_array_index (pages, BooruWebPageEntry, i);
      const BooruWebPage *page = entry->page;
      WebMenuEntry shown = { page->path, page->menu, page->access };
      g_autoptr (WebLookup) lookup = web_lookup_new (router, page->path);
      g_auto (WebMatch) match = { 0 };

      if (page->menu
          && web_lookup_match (lookup, WEB_SPELLING_EXACT, "GET", &match) == WEB_MATCH_FOUND
          && match.entry->user_data == entry)
        g_array_append_val (entries, shown);
    }
  web_menu_set (entries);
}
