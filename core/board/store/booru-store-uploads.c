/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-error.h"
#include "board/store/booru-store-files-private.h"
#include "board/store/booru-store-post-state-private.h"

/* Columns of get-asset.sql and its like. */
enum
{
  COLUMN_ID,
  COLUMN_UPLOAD,
  COLUMN_STATUS,
  COLUMN_ERROR,
  COLUMN_FILE_NAME,
  COLUMN_SPOOL,
  COLUMN_SIZE,
  COLUMN_MD5,
  COLUMN_EXT,
  COLUMN_WIDTH,
  COLUMN_HEIGHT,
  COLUMN_DURATION,
  COLUMN_FRAMES,
  COLUMN_HAS_SOUND,
  COLUMN_HAS_SAMPLE,
  COLUMN_HAS_ALPHA,
  COLUMN_WANTED,
  COLUMN_TAG_STRING,
  COLUMN_RATING,
  COLUMN_SOURCE,
  COLUMN_PARENT,
  COLUMN_POST,
  COLUMN_CREATED_AT,
  COLUMN_UPDATED_AT,
  COLUMN_MEDIA_ASSET,
};

static void
read_media (BooruSqlStatement *row, BooruMedia *media)
{
  const char *ext = booru_sql_get_text (row, COLUMN_EXT);
  gsize length;
  const guint8 *md5 = booru_sql_get_bytes (row, COLUMN_MD5, &length);

  media->size = booru_sql_get_number (row, COLUMN_SIZE);
  media->duration = -1;
  media->frames = 1;
  if (ext == NULL || length != 16)
    return;
  booru_md5_to_hex (md5, media->md5);
  g_strlcpy (media->ext, ext, sizeof media->ext);
  media->width = (gint)booru_sql_get_number (row, COLUMN_WIDTH);
  media->height = (gint)booru_sql_get_number (row, COLUMN_HEIGHT);
  if (!booru_sql_is_null (row, COLUMN_DURATION))
    media->duration = booru_sql_get_double (row, COLUMN_DURATION);
  media->frames = (gint)booru_sql_get_number (row, COLUMN_FRAMES);
  media->has_sound = booru_sql_get_number (row, COLUMN_HAS_SOUND) != 0;
  media->has_sample = booru_sql_get_number (row, COLUMN_HAS_SAMPLE) != 0;
  media->has_alpha = booru_sql_get_number (row, COLUMN_HAS_ALPHA) != 0;
}

static BooruAsset *
read_asset (BooruSqlStatement *row)
{
  BooruAsset *asset = g_new0 (BooruAsset, 1);
  const char *rating = booru_sql_get_text (row, COLUMN_RATING);

  asset->rating = rating ? rating[0] : 0;
  asset->id = booru_sql_get_number (row, COLUMN_ID);
  asset->media_asset_id = booru_sql_get_number (row, COLUMN_MEDIA_ASSET);
  asset->upload_id = booru_sql_get_number (row, COLUMN_UPLOAD);
  asset->status = (BooruAssetStatus)booru_sql_get_number (row, COLUMN_STATUS);
  asset->error = g_strdup (booru_sql_get_text (row, COLUMN_ERROR));
  asset->file_name = booru_sql_dup_text (row, COLUMN_FILE_NAME);
  asset->spool = g_strdup (booru_sql_get_text (row, COLUMN_SPOOL));
  read_media (row, &asset->media);
  asset->wanted = booru_sql_get_number (row, COLUMN_WANTED) != 0;
  asset->tag_string = g_strdup (booru_sql_get_text (row, COLUMN_TAG_STRING));
  asset->source = g_strdup (booru_sql_get_text (row, COLUMN_SOURCE));
  asset->parent_id = booru_sql_get_number (row, COLUMN_PARENT);
  asset->post_id = booru_sql_get_number (row, COLUMN_POST);
  asset->created_at = booru_sql_get_number (row, COLUMN_CREATED_AT);
  asset->updated_at = booru_sql_get_number (row, COLUMN_UPDATED_AT);
  return asset;
}

static GPtrArray *
read_assets (BooruSqlStatement *row, GError **error)
{
  g_autoptr (GPtrArray) assets = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_asset_free);
  BooruSqlStep step;

  while ((step = booru_sql_step (row, error)) == BOORU_SQL_ROW)
    g_ptr_array_add (assets, read_asset (row));
  return step == BOORU_SQL_DONE ? g_steal_pointer (&assets) : NULL;
}

BooruAsset *
booru_store_get_asset (BooruStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (BooruSqlStatement) row = booru_sql_query (self->sql, error, "get-asset", "x", id);
  BooruSqlStep step = booru_sql_step (row, error);

  if (step == BOORU_SQL_ROW)
    return read_asset (row);
  if (step == BOORU_SQL_DONE)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "There is no upload_media_asset %" G_GINT64_FORMAT, id);
  return NULL;
}

GPtrArray *
booru_store_list_assets_to_do (BooruStore *self, guint limit, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (self->sql, error, "list-assets-to-do", "u", limit);

  return read_assets (row, error);
}

GPtrArray *
booru_store_list_assets_stale (BooruStore *self, gint64 since, guint limit, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (self->sql, error, "list-assets-stale", "xu", since, limit);

  return read_assets (row, error);
}

GHashTable *
booru_store_list_spool_names (BooruStore *self, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (BooruSqlStatement) row = booru_sql_query (self->sql, error, "list-spool", "");
  BooruSqlStep step;

  while ((step = booru_sql_step (row, error)) == BOORU_SQL_ROW)
    g_hash_table_add (names, booru_sql_dup_text (row, 0));
  return step == BOORU_SQL_DONE ? g_steal_pointer (&names) : NULL;
}

gboolean
booru_store_is_content_known (BooruStore *self, const char *md5, gboolean *known, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && md5 != NULL && known != NULL, FALSE);

  gint64 is_known;
  gboolean done = booru_sql_read_number (self->sql, &is_known, error, "is-content-known", "h", md5);

  *known = is_known != 0;
  return done;
}

/* Uploads. */

static BooruUpload *
read_upload (BooruSqlStatement *row)
{
  BooruUpload *upload = g_new0 (BooruUpload, 1);

  upload->id = booru_sql_get_number (row, 0);
  upload->uploader_id = booru_sql_get_number (row, 1);
  upload->source = booru_sql_dup_text (row, 2);
  upload->created_at = upload->updated_at = booru_sql_get_number (row, 3);
  upload->assets = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_asset_free);
  return upload;
}

static GPtrArray *
read_uploads (BooruSqlStatement *row, GError **error)
{
  g_autoptr (GPtrArray) uploads
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_upload_free);
  BooruSqlStep step;

  while ((step = booru_sql_step (row, error)) == BOORU_SQL_ROW)
    g_ptr_array_add (uploads, read_upload (row));
  return step == BOORU_SQL_DONE ? g_steal_pointer (&uploads) : NULL;
}

/* @uploads: consecutive ones, the newest first, as their assets come. */
static gboolean
add_assets (BooruStore *store, GPtrArray *uploads, GError **error)
{
  const BooruUpload *newest = uploads->len > 0 ? uploads->pdata[0] : NULL;
  const BooruUpload *oldest = newest != NULL ? uploads->pdata[uploads->len - 1] : NULL;
  g_autoptr (BooruSqlStatement) row = NULL;
  BooruSqlStep step;
  guint i = 0;

  if (newest == NULL)
    return TRUE;
  row = booru_sql_query (store->sql, error, "list-assets-of-uploads", "xx", oldest->id, newest->id);
  while ((step = booru_sql_step (row, error)) == BOORU_SQL_ROW)
    {
      BooruAsset *asset = read_asset (row);
      BooruUpload *upload = uploads->pdata[i];

      while (upload->id > asset->upload_id && i + 1 < uploads->len)
        upload = uploads->pdata[++i];
      upload->updated_at = MAX (upload->updated_at, asset->updated_at);
      g_ptr_array_add (upload->assets, asset);
    }
  return step == BOORU_SQL_DONE;
}

BooruUpload *
booru_store_get_upload (BooruStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  g_autoptr (BooruSqlStatement) row = booru_sql_query (self->sql, error, "get-upload", "x", id);
  g_autoptr (GPtrArray) uploads = read_uploads (row, error);

  if (uploads == NULL || !add_assets (self, uploads, error))
    return NULL;
  if (uploads->len == 1)
    return g_ptr_array_steal_index (uploads, 0);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no upload %" G_GINT64_FORMAT,
               id);
  return NULL;
}

GPtrArray *
booru_store_list_uploads (BooruStore *self, const BooruPage *page, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && page != NULL, NULL);

  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  gboolean by_number = page->kind == BOORU_PAGE_NUMBER;
  gboolean after = page->kind == BOORU_PAGE_AFTER;
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (self->sql, error, after ? "list-uploads-after" : "list-uploads", "xxx",
                         by_number ? G_MAXINT64 : page->value, (gint64)page->limit,
                         by_number ? (page->value - 1) * page->limit : (gint64)0);
  g_autoptr (GPtrArray) uploads = read_uploads (row, error);

  if (uploads != NULL && after)
    booru_store_reverse (uploads);
  return uploads != NULL && add_assets (self, uploads, error) ? g_steal_pointer (&uploads) : NULL;
}

typedef struct
{
  const char *source;
  GPtrArray *files;
  const BooruPostEdit *wanted; /* NULL: no posts yet */
  gint64 uploader_id;
  gint64 now;
  gint64 id; /* out */
} Creation;

static gboolean
write_wanted (BooruStore *store,
              gint64 asset_id,
              const BooruPostEdit *wanted,
              gint64 now,
              GError **error)
{
  const char rating[] = { wanted->rating, '\0' };

  if (wanted->parent_id > 0 && !booru_store_check_parent (store, 0, wanted->parent_id, error))
    return FALSE;
  booru_sql_note_change (store->sql, BOORU_CHANGE_UPLOAD, asset_id);
  return booru_sql_run (store->sql, error, "want-post", "xssskx", asset_id, wanted->tag_string,
                        wanted->rating ? rating : NULL, wanted->source, MAX (wanted->parent_id, 0),
                        now);
}

static gboolean
insert_asset (BooruStore *store, const Creation *self, const BooruUploadFile *file, GError **error)
{
  g_autofree char *name = g_utf8_make_valid (file->file_name ? file->file_name : "", -1);
  gint64 id;

  if (!booru_sql_read_number (store->sql, &id, error, "insert-asset", "xssxx", self->id, name,
                              file->spool, file->size, self->now))
    return FALSE;
  booru_sql_note_change (store->sql, BOORU_CHANGE_UPLOAD, id);
  return self->wanted == NULL || write_wanted (store, id, self->wanted, self->now, error);
}

static gboolean
create_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  Creation *self = data;

  if (!booru_sql_read_number (store->sql, &self->id, error, "insert-upload", "xsx",
                              self->uploader_id, self->source ? self->source : "", self->now))
    return FALSE;
  for (guint i = 0; i < self->files->len; i++)
    if (!insert_asset (store, self, self->files->pdata[i], error))
      return FALSE;
  return TRUE;
}

BooruUpload *
booru_store_create_upload (BooruStore *self,
                           const char *source,
                           GPtrArray *files,
                           const BooruPostEdit *wanted,
                           gint64 uploader_id,
                           GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && files != NULL, NULL);

  Creation creation = { source, files, wanted, uploader_id, g_get_real_time (), 0 };

  if ((wanted != NULL && !booru_post_edit_check (wanted, error))
      || !booru_store_write (self, BOORU_SQL_DURABLE, create_in_transaction, &creation, error))
    return NULL;
  return booru_store_get_upload (self, creation.id, error);
}

/* A post of it. */

typedef struct
{
  gint64 id;
  const BooruPostEdit *wanted;
  gint64 now;
} Wish;

/* Of content that was there before only tags are added to: its rating and source are what somebody
 * chose. A post that nobody has touched yet is as good as a new one. */
static gboolean
fulfil (BooruStore *store,
        gint64 post_id,
        const BooruPostEdit *wanted,
        gboolean created,
        gint64 now,
        GError **error)
{
  gboolean fresh = created;
  BooruPostEdit edit = *wanted;

  if (!fresh && !booru_store_post_is_fresh (store, post_id, 0, &fresh, error))
    return FALSE;
  if (!fresh)
    {
      edit.rating = 0;
      edit.source = NULL;
      edit.parent_id = -1;
    }
  return booru_store_post_merge (store, post_id, &edit, now, error);
}

static gboolean
want_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  const Wish *self = data;
  g_autoptr (BooruAsset) asset = booru_store_get_asset (store, self->id, error);

  if (asset == NULL)
    return FALSE;
  switch (asset->status)
    {
    case BOORU_ASSET_PENDING:
    case BOORU_ASSET_ACTIVE:
      return write_wanted (store, asset->id, self->wanted, self->now, error);
    case BOORU_ASSET_POSTED:
      return fulfil (store, asset->post_id, self->wanted, FALSE, self->now, error);
    case BOORU_ASSET_FAILED:
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "%s cannot be a post: %s",
                   *asset->file_name ? asset->file_name : "The upload", asset->error);
      return FALSE;
    case BOORU_ASSET_EXPIRED:
    default:
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "%s was uploaded too long ago and is not kept any more; upload it again",
                   *asset->file_name ? asset->file_name : "The file");
      return FALSE;
    }
}

BooruAsset *
booru_store_want_post (BooruStore *self,
                       gint64 asset_id,
                       const BooruPostEdit *wanted,
                       GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && wanted != NULL, NULL);

  Wish wish = { asset_id, wanted, g_get_real_time () };

  if (!booru_post_edit_check (wanted, error)
      || !booru_store_write (self, BOORU_SQL_DURABLE, want_in_transaction, &wish, error))
    return NULL;
  return booru_store_get_asset (self, asset_id, error);
}

/* What the monitor says. */

static gboolean
set_media (BooruStore *store, const BooruFileChange *change, gint64 now, GError **error)
{
  const BooruMedia *media = &change->media;
  guint8 md5[16];

  if (!booru_md5_from_hex (media->md5, md5))
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                           "An uploaded file was reported without its md5; nothing was changed");
      return FALSE;
    }
  return booru_sql_run (store->sql, error, "set-asset-media", "xhsiiDibbbx", change->asset_id,
                        media->md5, media->ext, media->width, media->height, media->duration,
                        media->frames, media->has_sound, media->has_sample, media->has_alpha, now);
}

typedef struct
{
  BooruStore *store;
  gint64 post_id;
  const BooruPostEdit *wanted;
  gboolean created;
  gint64 now;
} Fulfilment;

static gboolean
try_to_fulfil (gpointer data, GError **error)
{
  const Fulfilment *self = data;

  return fulfil (self->store, self->post_id, self->wanted, self->created, self->now, error);
}

/* Rather than of the database: trying again would not help. */
static gboolean
is_of_wish (const GError *error)
{
  return booru_err_invalid (error) || booru_err_limit (error) || booru_err_notfound (error);
}

static gboolean
set_posted (BooruStore *store, const BooruFileChange *change, gint64 now, GError **error)
{
  g_autoptr (BooruAsset) asset = booru_store_get_asset (store, change->asset_id, error);
  BooruPostEdit wanted = BOORU_POST_EDIT_INIT;
  Fulfilment fulfilment = { store, change->post_id, NULL, change->created, now };
  g_autoptr (GError) wish_error = NULL;

  if (asset == NULL)
    return FALSE;
  wanted.tag_string = asset->tag_string;
  wanted.rating = asset->rating;
  wanted.source = asset->source;
  if (asset->parent_id > 0 && asset->parent_id != change->post_id)
    wanted.parent_id = asset->parent_id;
  fulfilment.wanted = &wanted;
  if (asset->wanted
      && !booru_sql_attempt (store->sql, try_to_fulfil, &fulfilment, &wish_error, error))
    return FALSE;
  if (wish_error != NULL && !is_of_wish (wish_error))
    {
      g_propagate_error (error, g_steal_pointer (&wish_error));
      return FALSE;
    }
  /* Such as more tags than a post may have, which only shows now: it is a post without them. */
  return booru_sql_run (store->sql, error, "set-asset-posted", "xxxs", change->asset_id,
                        change->post_id, now, wish_error ? wish_error->message : NULL);
}

static gboolean
set_failed (BooruStore *store, const BooruFileChange *change, gint64 now, GError **error)
{
  g_autofree char *reason
      = g_utf8_make_valid (change->failure ? change->failure : "It could not be read", -1);

  return booru_sql_run (store->sql, error, "set-asset-failed", "xsx", change->asset_id, reason,
                        now);
}

static gboolean
set_gone (BooruStore *store, const BooruFileChange *change, gint64 now, GError **error)
{
  gint64 id;

  if (!booru_sql_read_number (store->sql, &id, error, "set-asset-gone", "xx", change->asset_id,
                              now))
    return FALSE;
  if (id != 0)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
               "Uploaded file %" G_GINT64_FORMAT " is to become a post and stays in the spool",
               change->asset_id);
  return FALSE;
}

gboolean
booru_store_asset_apply (BooruStore *store,
                         const BooruFileChange *change,
                         gint64 now,
                         GError **error)
{
  if (change->asset_id != 0)
    booru_sql_note_change (store->sql, BOORU_CHANGE_UPLOAD, change->asset_id);
  switch (change->kind)
    {
    case BOORU_FILE_ADD:
    case BOORU_FILE_LINK:
    case BOORU_ASSET_JOIN:
      return set_posted (store, change, now, error);
    case BOORU_ASSET_READY:
      return set_media (store, change, now, error);
    case BOORU_ASSET_FAIL:
      return set_failed (store, change, now, error);
    case BOORU_ASSET_GONE:
      return set_gone (store, change, now, error);
    case BOORU_FILE_MOVE:
    case BOORU_FILE_TOUCH:
    case BOORU_FILE_REMOVE:
    case BOORU_FILE_FAIL:
    case BOORU_FILE_IGNORE:
    default:
      return TRUE;
    }
}
