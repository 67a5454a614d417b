/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/booru-extensions.h"

G_BEGIN_DECLS

/**
 * BooruWebPage:
 * @size: `sizeof (BooruWebPage)`: later versions add members at the end
 * @path: where it is, as the pattern of a #BooruRoute: "/hello", "/hello/:name"
 * @template: the name of its template, among those of booru_extensions_set_web_page_files()
 * @title: what the window is called
 * @menu: (nullable): the entry in the menu that leads to @path; %NULL for none
 * @access: who may use it
 * @get_values: (transfer full): what the template shows, an a{sv}, which may be floating: strings,
 *   booleans, numbers, and aa{sv} for lists. Called at each request; %NULL with an error to fail it
 * @submit: (nullable): what a form on the page does, by POST to @path. It is called for forms that
 *   hold `<input type="hidden" name="token" value="{{form-token}}">`; then the page is shown again.
 *   %FALSE with an error to fail it. %NULL: the page has no form
 *
 * A page of a plugin within the board's layout. Its template says
 * `{{<layout}}{{$body}}<main id="main">…</main>{{/body}}{{/layout}}`. Constant data in a module.
 */
typedef struct
{
  gsize size;
  const char *path;
  const char *template;
  const char *title;
  const char *menu;
  BooruAccess access;
  GVariant *(*get_values) (BooruRequest *request, gpointer user_data, GError **error);
  gboolean (*submit) (BooruRequest *request, gpointer user_data, GError **error);
} BooruWebPage;

/**
 * booru_extensions_add_web_page:
 * @self: the process's extensions
 * @page: (transfer none): constant data in a resident module
 * @user_data: passed to the page's functions
 *
 * Adds a page to the web service. As with routes, the first one of a path wins.
 */
void
booru_extensions_add_web_page (BooruExtensions *self, const BooruWebPage *page, gpointer user_data);

/**
 * booru_extensions_set_web_page_files:
 * @self: the process's extensions
 * @templates: (nullable): where the templates of the plugin's pages are, files NAME.html:
 *   "resource:///org/example/hello/templates", or a folder, relative to that of the .plugin file
 * @assets: (nullable): likewise the styles, scripts and pictures of its pages. A template has the
 *   URL of "hello.css" of the plugin "greeter" as `{{asset-greeter-hello-css}}`; it changes with
 * the content
 *
 * Says where the files of the calling plugin's pages are.
 */
void booru_extensions_set_web_page_files (BooruExtensions *self,
                                          const char *templates,
                                          const char *assets);

/**
 * BooruWebPageEntry:
 * @page: a page
 * @user_data: for its functions
 * @plugin: the plugin that added it
 *
 * A page as the web service reads it.
 */
typedef struct
{
  const BooruWebPage *page;
  gpointer user_data;
  const char *plugin;
} BooruWebPageEntry;

/**
 * BooruWebPageFiles:
 * @plugin: a plugin that adds pages
 * @templates: (nullable): a resource's URI, or the path of a folder
 * @assets: (nullable): likewise
 *
 * Where the files of a plugin's pages are, as the web service reads it.
 */
typedef struct
{
  const char *plugin;
  char *templates, *assets;
} BooruWebPageFiles;

/**
 * booru_extensions_get_web_pages:
 * @self: the process's extensions
 *
 * Returns: (transfer none) (element-type BooruWebPageEntry): the pages in order of registration
 */
GArray *booru_extensions_get_web_pages (BooruExtensions *self);

/**
 * booru_extensions_get_web_page_files:
 * @self: the process's extensions
 *
 * Returns: (transfer none) (element-type BooruWebPageFiles): the files of each plugin that has some
 */
GArray *booru_extensions_get_web_page_files (BooruExtensions *self);

G_END_DECLS
