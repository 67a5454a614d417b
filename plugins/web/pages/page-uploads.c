/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Uploading in a browser: /upload, and what became of it: /uploads. */
#include <string.h>

#include "page-text.h"
#include "web-page.h"
#include "http/web-error.h"
#include "board/web-post.h"
#include "board/web-upload.h"

#define UPLOADS 40

typedef struct
{
  const char *tag_string, *rating, *source;
  const char *problem;
} Form;

static void
set_form (WebPage *page, const Form *form)
{
  static const char ratings[] = "gsqe";
  WebList *list = web_dict_add_list (page->values, "ratings");

  for (const char *rating = ratings; *rating; rating++)
    {
      WebDict *dict = web_list_append (list);

      web_dict_take_string (dict, "value", g_strdup_printf ("%c", *rating));
      web_dict_set_static (dict, "label", page_text_get_rating ((BooruRating)*rating));
      web_dict_set_boolean (dict, "checked",
                            form->rating ? *form->rating == *rating : *rating == 'g');
    }
  web_dict_set_string (page->values, "tag-string", form->tag_string);
  web_dict_set_string (page->values, "source-text", form->source);
  web_dict_set_string (page->values, "problem", form->problem);
}

static char *
describe_limit (WebPage *page)
{
  const WebSettings *settings = web_worker_get_settings (web_request_get_worker (page->request));

  return g_format_size_full (settings->max_upload_size, G_FORMAT_SIZE_IEC_UNITS);
}

static void
show_form (WebPage *page, guint status, const Form *form)
{
  web_page_set_title (page, "Upload");
  web_dict_set_boolean (page->values, "on-upload", TRUE);
  web_dict_take_string (page->values, "limit", describe_limit (page));
  set_form (page, form);
  web_page_respond (page, status, "upload");
}

void
web_page_handle_upload (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  Form form = { .tag_string = booru_request_get_param (request, "tags") };

  web_page_init (&page, request);
  show_form (&page, 200, &form);
}

static void
on_created (WebRequest *request, BooruUpload *upload, const GError *error)
{
  g_auto (WebPage) page = { 0 };
  BooruRequest *base = BOORU_REQUEST (request);
  g_autofree char *url = NULL;

  web_page_init (&page, base);
  if (upload)
    {
      url = g_strdup_printf ("/uploads/%" G_GINT64_FORMAT, upload->id);
      web_page_redirect (&page, 303, url);
    }
  else if (booru_err_invalid (error))
    {
      Form form = {
        booru_request_get_param (base, "post[tag_string]"),
        booru_request_get_param (base, "post[rating]"),
        booru_request_get_param (base, "post[source]"),
        error->message,
      };

      show_form (&page, 422, &form);
    }
  else
    web_upload_fail (request, error);
}

void
web_page_handle_do_upload (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (GError) error = NULL;
  BooruPostEdit edit;

  if (web_upload_read_edit (request, &edit, &error))
    web_upload_create (request, &edit, on_created);
  else
    on_created (request, NULL, error);
}

/* One upload, and all of them. */

static void
add_asset (WebList *list, const BooruAsset *asset)
{
  WebDict *dict = web_list_append (list);
  g_autoptr (BooruPost) like = booru_post_new ();
  gboolean shown = *asset->media.md5 && asset->status != BOORU_ASSET_EXPIRED;

  like->media = asset->media;
  web_dict_set_string (dict, "name", *asset->file_name ? asset->file_name : "a file");
  web_dict_set_int (dict, "id", asset->id);
  web_dict_take_string (dict, "size", g_format_size ((guint64)asset->media.size));
  web_dict_set_boolean (dict, "pending",
                        asset->status == BOORU_ASSET_PENDING
                            || (asset->status == BOORU_ASSET_ACTIVE && asset->wanted));
  web_dict_set_boolean (dict, "open", asset->status == BOORU_ASSET_ACTIVE && !asset->wanted);
  web_dict_set_boolean (dict, "expired", asset->status == BOORU_ASSET_EXPIRED);
  web_dict_set_string (dict, "failure", asset->status == BOORU_ASSET_FAILED ? asset->error : NULL);
  web_dict_set_string (dict, "remark", asset->status == BOORU_ASSET_POSTED ? asset->error : NULL);
  web_dict_take_string (dict, "post-href",
                        asset->post_id ? page_url_from_post (asset->post_id, NULL) : g_strdup (""));
  web_dict_set_int (dict, "post-id", asset->post_id);
  web_dict_take_string (dict, "thumbnail",
                        shown ? web_post_dup_variant_url (like, BOORU_VARIANT_180, "")
                              : g_strdup (""));
}

static gboolean
is_pending (const BooruUpload *upload)
{
  for (guint i = 0; i < upload->assets->len; i++)
    {
      const BooruAsset *asset = upload->assets->pdata[i];

      if (asset->status == BOORU_ASSET_PENDING
          || (asset->status == BOORU_ASSET_ACTIVE && asset->wanted))
        return TRUE;
    }
  return FALSE;
}

static void
add_upload (WebList *list, const BooruUpload *upload)
{
  WebDict *dict = web_list_append (list);
  WebList *assets = web_dict_add_list (dict, "assets");

  web_dict_set_int (dict, "upload-id", upload->id);
  web_dict_take_string (dict, "upload-href",
                        g_strdup_printf ("/uploads/%" G_GINT64_FORMAT, upload->id));
  web_dict_take_string (dict, "time", page_text_from_time (upload->created_at));
  for (guint i = 0; i < upload->assets->len; i++)
    add_asset (assets, upload->assets->pdata[i]);
}

void
web_page_handle_uploads (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  BooruPage part = { BOORU_PAGE_NUMBER, 1, UPLOADS };
  g_autoptr (GPtrArray) uploads = NULL;
  g_autoptr (GError) error = NULL;
  WebList *list;

  web_page_init (&page, request);
  uploads = booru_store_list_uploads (page.store, &part, &error);
  if (uploads == NULL)
    {
      booru_request_fail (request, error);
      return;
    }
  web_page_set_title (&page, "Uploads");
  web_dict_set_boolean (page.values, "on-upload", TRUE);
  web_dict_set_boolean (page.values, "pending", FALSE);
  web_dict_set_static (page.values, "heading", "Uploads");
  web_dict_set_boolean (page.values, "has-uploads", uploads->len > 0);
  list = web_dict_add_list (page.values, "uploads");
  for (guint i = 0; i < uploads->len; i++)
    add_upload (list, uploads->pdata[i]);
  web_page_respond (&page, 200, "uploads");
}

void
web_page_handle_one_upload (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (BooruUpload) upload = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *heading = NULL;
  gint64 id;

  web_page_init (&page, request);
  if (g_ascii_string_to_signed (booru_request_get_capture (request, "id"), 10, 1, G_MAXINT64, &id,
                                NULL))
    upload = booru_store_get_upload (page.store, id, &error);
  else
    g_set_error_literal (&error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "");
  if (upload == NULL)
    {
      if (booru_err_notfound (error))
        web_page_fail (&page, 404, "Upload not found.");
      else
        booru_request_fail (request, error);
      return;
    }
  heading = g_strdup_printf ("Upload %" G_GINT64_FORMAT, id);
  web_page_set_title (&page, heading);
  web_dict_set_boolean (page.values, "on-upload", TRUE);
  web_dict_set_string (page.values, "heading", heading);
  web_dict_set_boolean (page.values, "pending", is_pending (upload));
  web_dict_set_boolean (page.values, "has-uploads", TRUE);
  add_upload (web_dict_add_list (page.values, "uploads"), upload);
  if (is_pending (upload)) /* for those without scripts */
    booru_request_set_header (request, "Refresh", "2");
  web_page_respond (&page, 200, "uploads");
}

static void
on_posted (WebRequest *request, BooruPost *post, const GError *error)
{
  g_auto (WebPage) page = { 0 };
  g_autofree char *url = NULL;

  web_page_init (&page, BOORU_REQUEST (request));
  if (post)
    {
      url = page_url_from_post (post->id, NULL);
      web_page_redirect (&page, 303, url);
    }
  else
    web_upload_fail (request, error);
}

/* A post of a file that was uploaded over the API. */
void
web_page_handle_post_upload (BooruRequest *request, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  BooruPostEdit edit;
  gint64 asset_id = web_request_get_int (WEB_REQUEST (request), "upload_media_asset_id", 0);

  if (web_upload_read_edit (WEB_REQUEST (request), &edit, &error))
    web_upload_make_post (WEB_REQUEST (request), asset_id, &edit, on_posted);
  else
    web_upload_fail (WEB_REQUEST (request), error);
}
