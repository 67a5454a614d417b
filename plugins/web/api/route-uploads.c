/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Uploading as Danbooru's clients do it: POST uploads.json, look at uploads/ID.json until it is
 * completed, POST posts.json. */
#include "web-routes.h"
#include "http/web-error.h"
#include "view/web-fields.h"
#include "board/web-post.h"
#include "board/web-upload.h"

#define JSON "application/json; charset=utf-8"
#define DEFAULT_LIMIT 20
#define MAX_LIMIT 1000
#define FORM_LIMIT (256 * 1024)

static BooruStore *
get_store (WebRequest *request)
{
  return web_worker_get_store (web_request_get_worker (request));
}

static void
respond_upload (WebRequest *request, guint status, const BooruUpload *upload)
{
  g_autoptr (WebFields) fields
      = web_fields_parse (booru_request_get_param (BOORU_REQUEST (request), "only"));
  WebJson json;

  web_json_init (&json, fields);
  web_upload_write_json (&json, upload, get_store (request), web_request_get_base_url (request));
  web_request_respond_string (request, status, JSON, web_json_finish (&json));
}

static void
on_created (WebRequest *request, BooruUpload *upload, const GError *error)
{
  if (upload)
    respond_upload (request, 201, upload);
  else
    web_upload_fail (request, error);
}

static void
handle_create (BooruRequest *request, gpointer user_data)
{
  web_upload_create (WEB_REQUEST (request), NULL, on_created);
}

/* FALSE: it is no id, and the request is answered. */
static void
handle_show (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (BooruUpload) upload = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!web_request_require_id (request, &id))
    return;
  upload = booru_store_get_upload (get_store (request), id, &error);
  if (upload)
    respond_upload (request, 200, upload);
  else
    booru_request_fail (base, error);
}

static void
handle_media_asset (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (WebFields) fields = web_fields_parse (booru_request_get_param (base, "only"));
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (BooruAsset) asset = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;
  WebJson json;

  if (!web_request_require_id (request, &id))
    return;
  if (!booru_store_find_media_asset (get_store (request), id, &post, &asset, &error))
    {
      booru_request_fail (base, error);
      return;
    }
  web_json_init (&json, fields);
  web_post_write_asset_json (&json, post, asset, web_request_get_base_url (request));
  web_request_respond_string (request, 200, JSON, web_json_finish (&json));
}

static void
handle_index (BooruRequest *base, gpointer user_data)
{
  static const char *const no_filters[] = { NULL };
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (WebFields) fields = web_fields_parse (booru_request_get_param (base, "only"));
  gint64 limit = web_request_get_int (request, "limit", DEFAULT_LIMIT);
  g_autoptr (GPtrArray) uploads = NULL;
  g_autoptr (GError) error = NULL;
  BooruPage page;
  WebJson json;

  if (!web_request_check_search (request, no_filters))
    return;
  limit = limit < 0 ? DEFAULT_LIMIT : MIN (limit, MAX_LIMIT);
  if (!booru_page_parse (booru_request_get_param (base, "page"), (guint)limit, &page, &error))
    {
      if (booru_err_limit (error))
        web_request_fail_status (request, 410, web_error_get_class (410), error->message);
      else
        booru_request_fail (base, error);
      return;
    }
  uploads = booru_store_list_uploads (get_store (request), &page, &error);
  if (uploads == NULL)
    {
      booru_request_fail (base, error);
      return;
    }
  web_json_init (&json, fields);
  web_json_begin_array (&json);
  for (guint i = 0; i < uploads->len; i++)
    web_upload_write_json (&json, uploads->pdata[i], get_store (request),
                           web_request_get_base_url (request));
  web_json_end_array (&json);
  web_request_respond_string (request, 200, JSON, web_json_finish (&json));
}

static void
on_posted (WebRequest *request, BooruPost *post, const GError *error)
{
  g_autoptr (WebFields) fields = NULL;
  WebJson json;

  if (post == NULL)
    {
      web_upload_fail (request, error);
      return;
    }
  web_worker_posts_changed (web_request_get_worker (request), &post->id, 1);
  fields = web_fields_parse (booru_request_get_param (BOORU_REQUEST (request), "only"));
  web_json_init (&json, fields);
  web_post_write_json (&json, post, NULL, web_request_get_base_url (request));
  web_request_respond_string (request, 201, JSON, web_json_finish (&json));
}

static void
handle_post (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (GError) error = NULL;
  BooruPostEdit edit;
  gint64 asset_id;

  asset_id = web_request_get_int (request, "upload_media_asset_id", 0);
  if (asset_id <= 0)
    asset_id = web_request_get_int (request, "post[upload_media_asset_id]", 0);
  if (asset_id <= 0)
    g_set_error_literal (&error, BOORU_ERROR, BOORU_ERROR_INVALID,
                         "upload_media_asset_id is missing: the id of a file of an upload");
  if (error == NULL && web_upload_read_edit (request, &edit, &error))
    web_upload_make_post (request, asset_id, &edit, on_posted);
  else
    web_upload_fail (request, error);
}

#define MAX_ASSETS 1000

/* "search[id]=5,7": a number that is none finds nothing. */
static gboolean
write_assets_by_id (WebRequest *request, WebJson *json, const char *list, GError **error)
{
  BooruStore *store = web_worker_get_store (web_request_get_worker (request));
  g_auto (GStrv) parts = g_strsplit_set (list, ", ", MAX_ASSETS);

  for (guint i = 0; parts[i]; i++)
    {
      g_autoptr (GError) local = NULL;
      g_autoptr (BooruPost) post = NULL;
      g_autoptr (BooruAsset) asset = NULL;
      gint64 id;

      if (!g_ascii_string_to_signed (parts[i], 10, 1, G_MAXINT64, &id, NULL))
        continue;
      if (booru_store_find_media_asset (store, id, &post, &asset, &local))
        web_post_write_asset_json (json, post, asset, web_request_get_base_url (request));
      else if (!booru_err_notfound (local))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
write_assets (WebRequest *request, WebJson *json, const BooruPage *page, GError **error)
{
  const char *md5 = web_request_get_search (request, "md5");
  g_autofree char *text = md5 && *md5 ? g_strconcat ("md5:", md5, NULL) : g_strdup ("");
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  g_autoptr (GPtrArray) posts = web_request_search (request, query, page, error);

  for (guint i = 0; posts && i < posts->len; i++)
    web_post_write_asset_json (json, posts->pdata[i], NULL, web_request_get_base_url (request));
  return posts != NULL;
}

/* The files of posts. */
static void
handle_media_assets (BooruRequest *base, gpointer user_data)
{
  static const char *const filters[] = { "id", "md5", NULL };
  WebRequest *request = WEB_REQUEST (base);
  const char *ids = web_request_get_search (request, "id");
  gint64 limit = web_request_get_int (request, "limit", 20);
  g_autoptr (WebFields) fields = web_fields_parse (booru_request_get_param (base, "only"));
  g_autoptr (GError) error = NULL;
  gboolean written;
  BooruPage page;
  WebJson json;

  limit = limit < 0 ? 20 : MIN (limit, MAX_ASSETS);
  if (!web_request_check_search (request, filters)
      || !web_routes_read_page (request, (guint)limit, &page))
    return;
  web_json_init (&json, fields);
  web_json_begin_array (&json);
  written = ids && *ids ? write_assets_by_id (request, &json, ids, &error)
                        : write_assets (request, &json, &page, &error);
  if (!written)
    {
      g_string_free (web_json_finish (&json), TRUE);
      booru_request_fail (base, error);
      return;
    }
  web_json_end_array (&json);
  web_request_respond_string (request, 200, "application/json; charset=utf-8",
                              web_json_finish (&json));
}

static const BooruRoute routes[] = {
  { "GET", "/uploads.json", 0, handle_index },
  { "POST", "/uploads.json", WEB_BODY_UPLOAD, handle_create },
  { "GET", "/uploads/:id.json", 0, handle_show },
  { "GET", "/media_assets.json", 0, handle_media_assets },
  { "GET", "/media_assets/:id.json", 0, handle_media_asset },
  { "POST", "/posts.json", FORM_LIMIT, handle_post },
};

void
web_routes_add_uploads (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i], NULL);
}
