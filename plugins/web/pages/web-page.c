/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-page.h"

#include <string.h>

#include "page-text.h"
#include "web-pages.h"
#include "view/web-encoding.h"
#include "http/web-error.h"
#include "view/web-links.h"
#include "web-menu.h"
#include "web-skin.h"

#define HTML "text/html; charset=utf-8"

static void
reload (WebRequest *request)
{
  WebWorker *worker = web_request_get_worker (request);
  g_autoptr (GError) error = NULL;

  if (web_worker_get_settings (worker)->dev
      && !web_skin_load (booru_service_context_get_extensions (web_worker_get_context (worker)),
                         TRUE, &error))
    g_warning ("Reading the templates and assets again failed; the previous ones stay: %s",
               error->message);
}

/* What a module imports: named in the page's head, they are not found out about one by one. */
static void
add_modules (WebDict *values, const char *list_name, const char *module)
{
  const WebAsset *asset = web_assets_get (web_skin_get_assets (NULL), module);
  WebList *list = web_dict_add_list (values, list_name);

  for (guint i = 0; asset && i < asset->imports->len; i++)
    web_dict_set_static (web_list_append (list), "module",
                         ((const WebAsset *)asset->imports->pdata[i])->url);
}

void
web_page_set_module (WebPage *self, const char *module)
{
  const WebAsset *asset = web_assets_get (web_skin_get_assets (NULL), module);

  add_modules (self->values, "page-modules", module);
  web_dict_set_static (self->values, "page-module", asset ? asset->url : "");
}

void
web_page_set_assets (WebDict *values, const char *plugin)
{
  WebAssets *set = web_skin_get_assets (plugin);
  GPtrArray *assets = set ? web_assets_get_all (set) : NULL;

  for (guint i = 0; assets && i < assets->len; i++)
    {
      const WebAsset *asset = g_ptr_array_index (assets, i);

      web_dict_set_static (values, asset->variable, asset->url);
    }
}

/* Who is signed in, and what the user sees of that. */
static void
set_user (WebRequest *request, WebDict *values)
{
  const WebLogin *login = web_request_get_login (request);
  const BooruAccount *account = login->account;

  web_dict_set_boolean (values, "is-admin", login->user->access >= BOORU_ACCESS_ADMIN);
  web_dict_set_boolean (values, "is-editor", login->user->access >= BOORU_ACCESS_EDITOR);
  web_dict_set_boolean (values, "is-visitor", login->kind == WEB_LOGIN_VISITOR);
  web_dict_set_boolean (values, "is-local", login->kind == WEB_LOGIN_LOCAL);
  web_dict_set_string (values, "user-name", account ? account->name : "");
  web_dict_set_string (values, "theme", account ? account->theme : "");
}

static void
set_layout_values (WebRequest *request, WebDict *values)
{
  web_page_set_assets (values, NULL);
  add_modules (values, "modules", "app.js");
  web_dict_set_static (values, "page-module", "");
  web_dict_set_boolean (values, "page-modules", FALSE);
  web_menu_add (request, values);
  web_dict_set_static (values, "title", "booru");
  web_dict_set_static (values, "query", "");
  web_dict_set_static (values, "random-href", "/posts/random");
  web_dict_set_boolean (values, "on-posts", FALSE);
  web_dict_set_boolean (values, "on-tags", FALSE);
  web_dict_set_boolean (values, "on-pools", FALSE);
  web_dict_set_boolean (values, "on-upload", FALSE);
  web_dict_set_boolean (values, "on-duplicates", FALSE);
  web_dict_set_boolean (values, "on-system", FALSE);
  web_dict_set_boolean (values, "pager", FALSE);
  web_dict_set_boolean (values, "has-problems", FALSE);
  web_dict_set_static (values, "continue-href", "");
  set_user (request, values);
}

void
web_page_init (WebPage *self, BooruRequest *request)
{
  self->request = WEB_REQUEST (request);
  self->store = web_worker_get_store (web_request_get_worker (self->request));
  self->values = web_dict_new ();
  reload (self->request);
  set_layout_values (self->request, self->values);
}

void
web_page_clear (WebPage *self)
{
  g_clear_pointer (&self->values, web_dict_free);
}

void
web_page_set_title (WebPage *self, const char *title)
{
  web_dict_take_string (self->values, "title", g_strconcat (title, " · booru", NULL));
}

void
web_page_set_query (WebPage *self, const char *query)
{
  web_dict_set_string (self->values, "query", query);
  web_dict_take_string (self->values, "random-href", page_url_from_search ("/posts/random", query));
}

static void
add_token (WebRequest *request, GString *html)
{
  const WebLogin *login = web_request_get_login (request);
  g_autofree char *token = *login->form_token ? web_login_dup_form_token (login) : NULL;

  if (token)
    web_links_add_token (html, token);
}

static GString *
render (WebRequest *request, const char *template, WebDict *values)
{
  const WebSettings *settings = web_worker_get_settings (web_request_get_worker (request));
  g_autoptr (GString) html = g_string_sized_new (32 * 1024);
  g_autoptr (GError) error = NULL;

  if (web_templates_render (web_skin_get_templates (), template, values, html, &error))
    {
      web_links_add_base_path (html, settings->base_path);
      add_token (request, html);
      return g_steal_pointer (&html);
    }
  g_warning ("Rendering the template %s failed: %s", template, error->message);
  return NULL;
}

void
web_page_respond (WebPage *self, guint status, const char *template)
{
  GString *html = render (self->request, template, self->values);

  if (html == NULL)
    {
      web_request_fail_status (self->request, 500, "StandardError",
                               "The page's template is broken; the log says where.");
      return;
    }

  booru_request_set_header (BOORU_REQUEST (self->request), "Cache-Control", "no-cache");
  booru_request_set_header (BOORU_REQUEST (self->request), "Vary", "Accept, Cookie");
  web_request_respond_string (self->request, status, HTML, html);
}

void
web_page_redirect (WebPage *self, guint status, const char *url)
{
  booru_request_set_header (BOORU_REQUEST (self->request), "Cache-Control", "no-store");
  web_request_redirect (self->request, status, url);
}

void
web_page_fail (WebPage *self, guint status, const char *message)
{
  web_request_fail_status (self->request, status, web_error_get_class (status), message);
}

static const char *
get_heading (guint status)
{
  switch (status)
    {
    case 400:
      return "Bad request";
    case 401:
    case 403:
      return "Not allowed";
    case 404:
      return "Not found";
    case 405:
      return "Method not allowed";
    case 409:
      return "Changed in the meantime";
    case 410:
      return "Too many pages";
    case 413:
      return "Too large";
    case 422:
      return "Not possible";
    case 429:
      return "Too many requests";
    case 503:
      return "Busy";
    case 507:
      return "No space left";
    default:
      return "Something went wrong";
    }
}

/* Messages of errors have no full stop; here they are sentences. */
static char *
dup_sentence (const char *message)
{
  gsize length = strlen (message);

  return g_strconcat (message, length && strchr (".!?", message[length - 1]) ? "" : ".", NULL);
}

static void
set_error (WebDict *values, guint status, const char *message)
{
  web_dict_set_int (values, "status", status);
  web_dict_set_static (values, "heading", get_heading (status));
  web_dict_take_string (values, "message", dup_sentence (message));
  web_dict_take_string (values, "title", g_strconcat (get_heading (status), " · booru", NULL));
}

void
web_page_fail_with_way_on (WebPage *self, guint status, const char *message, const char *url)
{
  set_error (self->values, status, message);
  web_dict_set_string (self->values, "message", message);
  web_dict_set_string (self->values, "continue-href", url);
  web_page_respond (self, status, "error");
}

GBytes *
web_pages_render_error (WebRequest *request, guint status, const char *message)
{
  g_autoptr (WebDict) values = web_dict_new ();
  GString *html;

  set_layout_values (request, values);
  set_error (values, status, message);

  html = render (request, "error", values);
  if (html == NULL)
    {
      /* Not even that: plain words. */
      html = g_string_new ("<!doctype html><title>Error</title><p>");
      web_template_escape (html, message, strlen (message));
    }
  return g_string_free_to_bytes (html);
}

void
web_page_handle_asset (BooruRequest *request, gpointer user_data)
{
  const char *plugin = booru_request_get_capture (request, "plugin");
  gboolean current = FALSE;
  WebAssets *assets;
  WebAsset *asset;
  GBytes *packed = NULL;

  reload (WEB_REQUEST (request));
  assets = web_skin_get_assets (plugin);
  asset = assets ? web_assets_find (assets, booru_request_get_capture (request, "name"), &current)
                 : NULL;
  if (asset == NULL)
    {
      web_request_fail_status (WEB_REQUEST (request), 404, web_error_get_class (404),
                               "No such asset.");
      return;
    }

  /* While workers are replaced, a page of one version may ask a worker of another: it gets what
   * there is, and asks again the next time. */
  booru_request_set_header (request, "Cache-Control",
                            current ? "public, max-age=31536000, immutable" : "no-cache");
  if (web_encoding_is_wanted (asset->url, asset->content_type, g_bytes_get_size (asset->bytes))
      && web_request_accepts_gzip (WEB_REQUEST (request)))
    packed = web_asset_get_packed (asset);
  if (packed)
    booru_request_set_header (request, "Content-Encoding", "gzip");
  booru_request_respond (request, 200, asset->content_type, packed ? packed : asset->bytes);
}
