/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-upload.h"

#include <string.h>

#include "http/web-error.h"
#include "web-post.h"

/* How long a client waits for the monitor to make a post. */
#define PATIENCE 30 /* seconds */

static const char *
get_asset_status (const BooruAsset *asset)
{
  switch (asset->status)
    {
    case BOORU_ASSET_ACTIVE:
    case BOORU_ASSET_POSTED:
      return "active";
    case BOORU_ASSET_FAILED:
      return "failed";
    case BOORU_ASSET_EXPIRED:
      return "expired";
    case BOORU_ASSET_PENDING:
    default:
      return "pending";
    }
}

static guint
count (const BooruUpload *upload, BooruAssetStatus status)
{
  guint n = 0;

  for (guint i = 0; i < upload->assets->len; i++)
    n += ((const BooruAsset *)upload->assets->pdata[i])->status == status;
  return n;
}

static const char *
get_status (const BooruUpload *upload)
{
  guint n_pending = count (upload, BOORU_ASSET_PENDING);

  if (n_pending == upload->assets->len)
    return "pending";
  if (n_pending > 0)
    return "processing";
  return count (upload, BOORU_ASSET_FAILED) == upload->assets->len ? "error" : "completed";
}

static const char *
get_error (const BooruUpload *upload)
{
  for (guint i = 0; i < upload->assets->len; i++)
    {
      const BooruAsset *asset = upload->assets->pdata[i];

      if (asset->status == BOORU_ASSET_FAILED)
        return asset->error;
    }
  return NULL;
}

/* Its own, or the one that has been there before with the same content. */
static BooruPost *
find_post (const BooruAsset *asset, BooruStore *store)
{
  if (asset->post_id != 0)
    return booru_store_get_post (store, asset->post_id, NULL);
  return *asset->media.md5 ? booru_store_get_post_by_md5 (store, asset->media.md5, NULL) : NULL;
}

static void
write_asset (WebJson *json, const BooruAsset *asset, BooruStore *store, const char *base_url)
{
  g_autoptr (BooruPost) post = find_post (asset, store);

  web_json_begin_object (json);
  web_json_member_int (json, "id", asset->id);
  web_json_member_int (json, "upload_id", asset->upload_id);
  web_json_member_int_or_null (json, "media_asset_id", asset->media_asset_id);
  web_json_member_time (json, "created_at", asset->created_at);
  web_json_member_time (json, "updated_at", asset->updated_at);
  web_json_member_string (json, "status", get_asset_status (asset));
  web_json_member_string (json, "error", asset->error);
  web_json_member_string (json, "source_url", asset->file_name);
  web_json_member_null (json, "page_url");
  if (web_json_member (json, "media_asset"))
    {
      if (*asset->media.md5)
        web_post_write_asset_json (json, post, asset, base_url);
      else
        web_json_null (json);
    }
  web_json_end_object (json);
}

void
web_upload_write_json (WebJson *json,
                       const BooruUpload *upload,
                       BooruStore *store,
                       const char *base_url)
{
  web_json_begin_object (json);
  web_json_member_int (json, "id", upload->id);
  web_json_member_time (json, "created_at", upload->created_at);
  web_json_member_time (json, "updated_at", upload->updated_at);
  web_json_member_string (json, "source", upload->source);
  web_json_member_int (json, "uploader_id", upload->uploader_id);
  web_json_member_string (json, "status", get_status (upload));
  web_json_member_null (json, "referer_url");
  web_json_member_string (json, "error", get_error (upload));
  web_json_member_int (json, "media_asset_count", upload->assets->len);
  if (web_json_member (json, "upload_media_assets"))
    {
      web_json_begin_array (json);
      for (guint i = 0; i < upload->assets->len; i++)
        write_asset (json, upload->assets->pdata[i], store, base_url);
      web_json_end_array (json);
    }
  web_json_end_object (json);
}

static gboolean
fail_invalid (GError **error, const char *message)
{
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID, message);
  return FALSE;
}

/* A rating by its letter or its name. */
static gboolean
read_rating (const char *text, char *rating, GError **error)
{
  static const char *const names[] = { "general", "sensitive", "questionable", "explicit" };

  if (text == NULL || *text == '\0')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (text, names[i]) == 0
        || (text[1] == '\0' && g_ascii_tolower (*text) == names[i][0]))
      {
        *rating = names[i][0];
        return TRUE;
      }
  return fail_invalid (error, "Rating not selected: use g, s, q or e");
}

gboolean
web_upload_read_edit (WebRequest *request, BooruPostEdit *edit, GError **error)
{
  BooruRequest *base = BOORU_REQUEST (request);
  const char *parent = booru_request_get_param (base, "post[parent_id]");

  *edit = (BooruPostEdit)BOORU_POST_EDIT_INIT;
  edit->editor_id = web_request_get_user_id (request);
  edit->tag_string = booru_request_get_param (base, "post[tag_string]");
  edit->source = booru_request_get_param (base, "post[source]");
  if (parent && *parent
      && !g_ascii_string_to_signed (parent, 10, 1, G_MAXINT64, &edit->parent_id, NULL))
    return fail_invalid (error, "The parent is not a post id");
  return read_rating (booru_request_get_param (base, "post[rating]"), &edit->rating, error);
}

void
web_upload_fail (WebRequest *request, const GError *error)
{
  if (booru_err_limit (error)) /* as web_request_check_params() */
    web_request_fail_status (request, 507, web_error_get_class (507), error->message);
  else if (booru_err_invalid (error))
    web_request_fail_status (request, 422, "ActiveRecord::RecordInvalid", error->message);
  else
    booru_request_fail (BOORU_REQUEST (request), error);
}

/* Creating. */

typedef struct
{
  WebRequest *request;
  const BooruPostEdit *wanted; /* edit, or NULL */
  BooruPostEdit edit;
  WebUploadFunc func;
} Creation;

static void
creation_free (Creation *self)
{
  g_object_unref (self->request);
  g_free (self);
}

static void
tell_monitor (WebRequest *request, const BooruUpload *upload)
{
  WebWorker *worker = web_request_get_worker (request);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < upload->assets->len; i++)
    g_array_append_val (ids, ((const BooruAsset *)upload->assets->pdata[i])->id);
  booru_service_context_publish (
      web_worker_get_context (worker), BOORU_EVENT_UPLOADS_CHANGED,
      g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, ids->data, ids->len, sizeof (gint64)));
}

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Creation *self = user_data;
  WebBody *body = web_request_get_upload (self->request);
  GPtrArray *spooled = web_body_get_files (body);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  const char *source_url
      = booru_request_get_param (BOORU_REQUEST (self->request), "upload[source]");
  g_autoptr (BooruUpload) upload = NULL;
  g_autoptr (GError) error = NULL;

  if (web_body_store_finish (body, result, &error))
    {
      for (guint i = 0; i < spooled->len; i++)
        {
          const WebBodyFile *file = spooled->pdata[i];
          BooruUploadFile named = { file->spool, file->file_name, file->size };

          g_ptr_array_add (files, g_memdup2 (&named, sizeof named));
        }
      upload = booru_store_create_upload (
          web_worker_get_store (web_request_get_worker (self->request)), source_url, files,
          self->wanted, web_request_get_user_id (self->request), &error);
    }
  if (upload)
    tell_monitor (self->request, upload);
  self->func (self->request, upload, error);
  creation_free (self);
}

void
web_upload_create (WebRequest *request, const BooruPostEdit *wanted, WebUploadFunc func)
{
  WebBody *body = web_request_get_upload (request);
  const char *source = booru_request_get_param (BOORU_REQUEST (request), "upload[source]");
  g_autoptr (GError) error = NULL;
  Creation *creation;

  if (body == NULL || web_body_get_files (body)->len == 0)
    {
      fail_invalid (
          &error, source && *source
                      ? "Files are not fetched from URLs, since a URL could point into your own "
                        "network. Send the file itself as upload[files][0], and the URL as "
                        "upload[source]"
                      : "The upload has no file: send it as upload[files][0] in a multipart form");
      func (request, NULL, error);
      return;
    }
  creation = g_new0 (Creation, 1);
  creation->request = g_object_ref (request);
  creation->func = func;
  if (wanted)
    {
      creation->edit = *wanted;
      creation->wanted = &creation->edit;
    }
  web_body_store_async (body, on_stored, creation);
}

/* Waiting for a post. */

typedef struct
{
  WebRequest *request;
  gint64 asset_id;
  WebUploadPostFunc func;
  gulong handler;
  guint timeout;
} Waiting;

static void
finish (Waiting *self, BooruPost *post, const GError *error)
{
  BooruServiceContext *context = web_worker_get_context (web_request_get_worker (self->request));

  g_clear_signal_handler (&self->handler, context);
  g_clear_handle_id (&self->timeout, g_source_remove);
  self->func (self->request, post, error);
  g_object_unref (self->request);
  g_free (self);
}

/* TRUE: it is decided, and @self is gone. */
static gboolean
look (Waiting *self)
{
  BooruStore *store = web_worker_get_store (web_request_get_worker (self->request));
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruAsset) asset = booru_store_get_asset (store, self->asset_id, &error);
  g_autoptr (BooruPost) post = NULL;

  if (asset && asset->status == BOORU_ASSET_POSTED)
    post = booru_store_get_post (store, asset->post_id, &error);
  else if (asset && asset->status != BOORU_ASSET_FAILED && asset->status != BOORU_ASSET_EXPIRED)
    return FALSE;
  else if (asset)
    g_set_error (&error, BOORU_ERROR, BOORU_ERROR_INVALID, "%s cannot be a post: %s",
                 *asset->file_name ? asset->file_name : "The file",
                 asset->error ? asset->error : "it has been deleted");
  finish (self, post, error);
  return TRUE;
}

static void
on_uploads_changed (BooruServiceContext *context,
                    const char *topic,
                    GVariant *payload,
                    gpointer user_data)
{
  look (user_data);
}

static gboolean
on_timeout (gpointer user_data)
{
  Waiting *self = user_data;
  g_autoptr (GError) error = NULL;

  self->timeout = 0;
  if (look (self))
    return G_SOURCE_REMOVE;
  g_set_error_literal (&error, BOORU_ERROR, BOORU_ERROR_BUSY,
                       "The post is still being processed. It will be created even if you don't "
                       "wait; try again to see it");
  finish (self, NULL, error);
  return G_SOURCE_REMOVE;
}

void
web_upload_make_post (WebRequest *request,
                      gint64 asset_id,
                      const BooruPostEdit *wanted,
                      WebUploadPostFunc func)
{
  WebWorker *worker = web_request_get_worker (request);
  BooruServiceContext *context = web_worker_get_context (worker);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruAsset) asset
      = booru_store_want_post (web_worker_get_store (worker), asset_id, wanted, &error);
  Waiting *waiting;

  if (asset == NULL)
    {
      func (request, NULL, error);
      return;
    }
  waiting = g_new0 (Waiting, 1);
  waiting->request = g_object_ref (request);
  waiting->asset_id = asset_id;
  waiting->func = func;
  if (look (waiting))
    return;
  waiting->handler = g_signal_connect (context, "event::" BOORU_EVENT_UPLOADS_CHANGED,
                                       G_CALLBACK (on_uploads_changed), waiting);
  waiting->timeout = g_timeout_add_seconds (PATIENCE, on_timeout, waiting);
  booru_service_context_publish (
      context, BOORU_EVENT_UPLOADS_CHANGED,
      g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, &asset_id, 1, sizeof asset_id));
}
