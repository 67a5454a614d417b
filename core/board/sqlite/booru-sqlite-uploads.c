/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/sqlite/booru-sqlite-uploads.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/sqlite/booru-sqlite-posts.h"
#include "board/sqlite/booru-sqlite-tag-edit.h"

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

static char *
dup_text (BooruSqliteStatement *row, int column)
{
  return g_strdup ((const char *)sqlite3_column_text (row, column));
}

static void
read_media (BooruSqliteStatement *row, BooruMedia *media)
{
  const char *ext = (const char *)sqlite3_column_text (row, COLUMN_EXT);

  media->size = sqlite3_column_int64 (row, COLUMN_SIZE);
  media->duration = -1;
  media->frames = 1;
  if (ext == NULL || sqlite3_column_bytes (row, COLUMN_MD5) != 16)
    return;
  booru_sqlite_md5_to_hex (sqlite3_column_blob (row, COLUMN_MD5), media->md5);
  g_strlcpy (media->ext, ext, sizeof media->ext);
  media->width = sqlite3_column_int (row, COLUMN_WIDTH);
  media->height = sqlite3_column_int (row, COLUMN_HEIGHT);
  if (sqlite3_column_type (row, COLUMN_DURATION) != SQLITE_NULL)
    media->duration = sqlite3_column_double (row, COLUMN_DURATION);
  media->frames = sqlite3_column_int (row, COLUMN_FRAMES);
  media->has_sound = sqlite3_column_int (row, COLUMN_HAS_SOUND);
  media->has_sample = sqlite3_column_int (row, COLUMN_HAS_SAMPLE);
  media->has_alpha = sqlite3_column_int (row, COLUMN_HAS_ALPHA);
}

static BooruAsset *
read_asset (BooruSqliteStatement *row)
{
  BooruAsset *asset = g_new0 (BooruAsset, 1);
  const char *rating = (const char *)sqlite3_column_text (row, COLUMN_RATING);

  asset->id = sqlite3_column_int64 (row, COLUMN_ID);
  asset->media_asset_id = sqlite3_column_int64 (row, COLUMN_MEDIA_ASSET);
  asset->upload_id = sqlite3_column_int64 (row, COLUMN_UPLOAD);
  asset->status = sqlite3_column_int (row, COLUMN_STATUS);
  asset->error = dup_text (row, COLUMN_ERROR);
  asset->file_name = dup_text (row, COLUMN_FILE_NAME);
  asset->spool = dup_text (row, COLUMN_SPOOL);
  read_media (row, &asset->media);
  asset->wanted = sqlite3_column_int (row, COLUMN_WANTED);
  asset->tag_string = dup_text (row, COLUMN_TAG_STRING);
  asset->rating = rating ? rating[0] : 0;
  asset->source = dup_text (row, COLUMN_SOURCE);
  asset->parent_id = sqlite3_column_int64 (row, COLUMN_PARENT);
  asset->post_id = sqlite3_column_int64 (row, COLUMN_POST);
  asset->created_at = sqlite3_column_int64 (row, COLUMN_CREATED_AT);
  asset->updated_at = sqlite3_column_int64 (row, COLUMN_UPDATED_AT);
  return asset;
}

static GPtrArray *
read_assets (BooruSqliteDb *db, BooruSqliteStatement *statement, GError **error)
{
  g_autoptr (GPtrArray) assets = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_asset_free);
  int code;

  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    g_ptr_array_add (assets, read_asset (statement));
  return code == SQLITE_DONE ? g_steal_pointer (&assets) : NULL;
}

BooruAsset *
booru_sqlite_asset_get (BooruSqliteDb *db, gint64 id, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "get-asset", error);
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, id);
  code = booru_sqlite_db_step (db, statement, error);
  if (code == SQLITE_ROW)
    return read_asset (statement);
  if (code == SQLITE_DONE)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "There is no upload_media_asset %" G_GINT64_FORMAT, id);
  return NULL;
}

GPtrArray *
booru_sqlite_assets_to_do (BooruSqliteDb *db, guint limit, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "list-assets-to-do", error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, limit);
  return read_assets (db, statement, error);
}

GPtrArray *
booru_sqlite_assets_stale (BooruSqliteDb *db, gint64 since, guint limit, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "list-assets-stale", error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, since);
  sqlite3_bind_int64 (statement, 2, limit);
  return read_assets (db, statement, error);
}

GHashTable *
booru_sqlite_spool_names (BooruSqliteDb *db, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "list-spool", error);
  int code;

  if (statement == NULL)
    return NULL;
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    g_hash_table_add (names, dup_text (statement, 0));
  return code == SQLITE_DONE ? g_steal_pointer (&names) : NULL;
}

gboolean
booru_sqlite_content_is_known (BooruSqliteDb *db, const char *md5, gboolean *known, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "is-content-known", error);
  guint8 bytes[16];

  *known = FALSE;
  if (statement == NULL)
    return FALSE;
  if (!booru_sqlite_md5_from_hex (md5, bytes))
    return TRUE;
  sqlite3_bind_blob (statement, 1, bytes, sizeof bytes, SQLITE_TRANSIENT);
  if (booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
    return FALSE;
  *known = sqlite3_column_int (statement, 0);
  return TRUE;
}

/* Uploads. */

static gboolean
add_assets (BooruSqliteDb *db, BooruUpload *upload, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "list-assets-of-upload", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, upload->id);
  upload->assets = read_assets (db, statement, error);
  for (guint i = 0; upload->assets != NULL && i < upload->assets->len; i++)
    {
      const BooruAsset *asset = upload->assets->pdata[i];

      upload->updated_at = MAX (upload->updated_at, asset->updated_at);
    }
  return upload->assets != NULL;
}

static BooruUpload *
read_upload (BooruSqliteStatement *row)
{
  BooruUpload *upload = g_new0 (BooruUpload, 1);

  upload->id = sqlite3_column_int64 (row, 0);
  upload->uploader_id = sqlite3_column_int64 (row, 1);
  upload->source = dup_text (row, 2);
  upload->created_at = upload->updated_at = sqlite3_column_int64 (row, 3);
  return upload;
}

BooruUpload *
booru_sqlite_upload_get (BooruSqliteDb *db, gint64 id, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "get-upload", error);
  g_autoptr (BooruUpload) upload = NULL;
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, id);
  code = booru_sqlite_db_step (db, statement, error);
  if (code == SQLITE_DONE)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no upload %" G_GINT64_FORMAT,
                 id);
  if (code != SQLITE_ROW)
    return NULL;
  upload = read_upload (statement);
  return add_assets (db, upload, error) ? g_steal_pointer (&upload) : NULL;
}

GPtrArray *
booru_sqlite_uploads_list (BooruSqliteDb *db, const BooruPage *page, GError **error)
{
  g_autoptr (GPtrArray) uploads
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_upload_free);
  gboolean after = page->kind == BOORU_PAGE_AFTER;
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, after ? "list-uploads-after" : "list-uploads", error);
  gint64 offset = page->kind == BOORU_PAGE_NUMBER ? (page->value - 1) * page->limit : 0;
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, page->kind == BOORU_PAGE_NUMBER ? G_MAXINT64 : page->value);
  sqlite3_bind_int64 (statement, 2, page->limit);
  sqlite3_bind_int64 (statement, 3, offset);
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    g_ptr_array_insert (uploads, after ? 0 : -1, read_upload (statement));
  if (code != SQLITE_DONE)
    return NULL;
  for (guint i = 0; i < uploads->len; i++)
    if (!add_assets (db, uploads->pdata[i], error))
      return NULL;
  return g_steal_pointer (&uploads);
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

static void
bind_text (BooruSqliteStatement *statement, int index, const char *text)
{
  if (text != NULL)
    sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
}

static gboolean
write_wanted (BooruSqliteDb *db,
              gint64 asset_id,
              const BooruPostEdit *wanted,
              gint64 now,
              GError **error)
{
  const char rating[] = { wanted->rating, '\0' };
  g_autoptr (BooruSqliteStatement) statement = NULL;

  if (wanted->parent_id > 0 && !booru_sqlite_post_check_parent (db, 0, wanted->parent_id, error))
    return FALSE;
  statement = booru_sqlite_db_statement (db, "want-post", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, asset_id);
  bind_text (statement, 2, wanted->tag_string);
  bind_text (statement, 3, wanted->rating ? rating : NULL);
  bind_text (statement, 4, wanted->source);
  booru_sqlite_bind_id (statement, 5, MAX (wanted->parent_id, 0));
  sqlite3_bind_int64 (statement, 6, now);
  return booru_sqlite_db_run (db, statement, error);
}

static gboolean
insert_asset (BooruSqliteDb *db, const Creation *self, const BooruUploadFile *file, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "insert-asset", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, self->id);
  sqlite3_bind_text (statement, 2, g_utf8_make_valid (file->file_name ? file->file_name : "", -1),
                     -1, g_free);
  bind_text (statement, 3, file->spool);
  sqlite3_bind_int64 (statement, 4, file->size);
  sqlite3_bind_int64 (statement, 5, self->now);
  return booru_sqlite_db_run (db, statement, error)
         && (self->wanted == NULL
             || write_wanted (db, sqlite3_last_insert_rowid (db->handle), self->wanted, self->now,
                              error));
}

static gboolean
create_in_transaction (BooruSqliteDb *db, gpointer data, GError **error)
{
  Creation *self = data;
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "insert-upload", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, self->uploader_id);
  bind_text (statement, 2, self->source ? self->source : "");
  sqlite3_bind_int64 (statement, 3, self->now);
  if (!booru_sqlite_db_run (db, statement, error))
    return FALSE;
  self->id = sqlite3_last_insert_rowid (db->handle);
  for (guint i = 0; i < self->files->len; i++)
    if (!insert_asset (db, self, self->files->pdata[i], error))
      return FALSE;
  return TRUE;
}

/**
 * booru_sqlite_upload_create:
 *
 * See booru_store_create_upload().
 */
BooruUpload *
booru_sqlite_upload_create (BooruSqliteDb *db,
                            const char *source,
                            GPtrArray *files,
                            const BooruPostEdit *wanted,
                            gint64 uploader_id,
                            GError **error)
{
  Creation creation = { source, files, wanted, uploader_id, g_get_real_time (), 0 };

  if ((wanted != NULL && !booru_sqlite_post_edit_check (wanted, error))
      || !booru_sqlite_db_write (db, BOORU_SQLITE_DURABLE, create_in_transaction, &creation, error))
    return NULL;
  return booru_sqlite_upload_get (db, creation.id, error);
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
fulfil (BooruSqliteDb *db,
        gint64 post_id,
        const BooruPostEdit *wanted,
        gboolean created,
        gint64 now,
        GError **error)
{
  gboolean fresh = created;
  BooruPostEdit edit = *wanted;

  if (!fresh && !booru_sqlite_post_is_fresh (db, post_id, 0, &fresh, error))
    return FALSE;
  if (!fresh)
    {
      edit.rating = 0;
      edit.source = NULL;
      edit.parent_id = -1;
    }
  return booru_sqlite_post_merge (db, post_id, &edit, now, error);
}

static gboolean
want_in_transaction (BooruSqliteDb *db, gpointer data, GError **error)
{
  const Wish *self = data;
  g_autoptr (BooruAsset) asset = booru_sqlite_asset_get (db, self->id, error);

  if (asset == NULL)
    return FALSE;
  switch (asset->status)
    {
    case BOORU_ASSET_PENDING:
    case BOORU_ASSET_ACTIVE:
      return write_wanted (db, asset->id, self->wanted, self->now, error);
    case BOORU_ASSET_POSTED:
      return fulfil (db, asset->post_id, self->wanted, FALSE, self->now, error);
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

/**
 * booru_sqlite_asset_want_post:
 *
 * See booru_store_want_post().
 */
BooruAsset *
booru_sqlite_asset_want_post (BooruSqliteDb *db,
                              gint64 id,
                              const BooruPostEdit *wanted,
                              GError **error)
{
  Wish wish = { id, wanted, g_get_real_time () };

  if (!booru_sqlite_post_edit_check (wanted, error)
      || !booru_sqlite_db_write (db, BOORU_SQLITE_DURABLE, want_in_transaction, &wish, error))
    return NULL;
  return booru_sqlite_asset_get (db, id, error);
}

/* What the monitor says. */

static gboolean
set_media (BooruSqliteDb *db, const BooruFileChange *change, gint64 now, GError **error)
{
  const BooruMedia *media = &change->media;
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "set-asset-media", error);
  guint8 md5[16];

  if (statement == NULL)
    return FALSE;
  if (!booru_sqlite_md5_from_hex (media->md5, md5))
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                           "An uploaded file was reported without its md5; nothing was changed");
      return FALSE;
    }
  sqlite3_bind_int64 (statement, 1, change->asset_id);
  sqlite3_bind_blob (statement, 2, md5, sizeof md5, SQLITE_TRANSIENT);
  bind_text (statement, 3, media->ext);
  sqlite3_bind_int (statement, 4, media->width);
  sqlite3_bind_int (statement, 5, media->height);
  if (media->duration >= 0)
    sqlite3_bind_double (statement, 6, media->duration);
  sqlite3_bind_int (statement, 7, media->frames);
  sqlite3_bind_int (statement, 8, media->has_sound != FALSE);
  sqlite3_bind_int (statement, 9, media->has_sample != FALSE);
  sqlite3_bind_int (statement, 10, media->has_alpha != FALSE);
  sqlite3_bind_int64 (statement, 11, now);
  return booru_sqlite_db_run (db, statement, error);
}

static gboolean
set_posted (BooruSqliteDb *db, const BooruFileChange *change, gint64 now, GError **error)
{
  g_autoptr (BooruAsset) asset = booru_sqlite_asset_get (db, change->asset_id, error);
  BooruPostEdit wanted = BOORU_POST_EDIT_INIT;
  g_autoptr (BooruSqliteStatement) statement = NULL;
  g_autoptr (GError) wish_error = NULL;

  if (asset == NULL)
    return FALSE;
  wanted.tag_string = asset->tag_string;
  wanted.rating = asset->rating;
  wanted.source = asset->source;
  if (asset->parent_id > 0 && asset->parent_id != change->post_id)
    wanted.parent_id = asset->parent_id;
  if (asset->wanted && !fulfil (db, change->post_id, &wanted, change->created, now, &wish_error)
      && !booru_err_invalid (wish_error))
    {
      g_propagate_error (error, g_steal_pointer (&wish_error));
      return FALSE;
    }
  statement = booru_sqlite_db_statement (db, "set-asset-posted", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, change->asset_id);
  sqlite3_bind_int64 (statement, 2, change->post_id);
  sqlite3_bind_int64 (statement, 3, now);
  /* More tags than a post may have, which only shows now: it is a post without them. */
  bind_text (statement, 4, wish_error ? wish_error->message : NULL);
  return booru_sqlite_db_run (db, statement, error);
}

static gboolean
set_failed (BooruSqliteDb *db, const BooruFileChange *change, gint64 now, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "set-asset-failed", error);
  const char *reason = change->failure ? change->failure : "It could not be read";

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, change->asset_id);
  sqlite3_bind_text (statement, 2, g_utf8_make_valid (reason, -1), -1, g_free);
  sqlite3_bind_int64 (statement, 3, now);
  return booru_sqlite_db_run (db, statement, error);
}

static gboolean
set_gone (BooruSqliteDb *db, const BooruFileChange *change, gint64 now, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "set-asset-gone", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, change->asset_id);
  sqlite3_bind_int64 (statement, 2, now);
  if (!booru_sqlite_db_run (db, statement, error))
    return FALSE;
  if (sqlite3_changes (db->handle) == 1)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
               "Uploaded file %" G_GINT64_FORMAT " is to become a post and stays in the spool",
               change->asset_id);
  return FALSE;
}

gboolean
booru_sqlite_asset_apply (BooruSqliteDb *db,
                          const BooruFileChange *change,
                          gint64 now,
                          GError **error)
{
  switch (change->kind)
    {
    case BOORU_FILE_ADD:
    case BOORU_FILE_LINK:
    case BOORU_ASSET_JOIN:
      return set_posted (db, change, now, error);
    case BOORU_ASSET_READY:
      return set_media (db, change, now, error);
    case BOORU_ASSET_FAIL:
      return set_failed (db, change, now, error);
    case BOORU_ASSET_GONE:
      return set_gone (db, change, now, error);
    case BOORU_FILE_MOVE:
    case BOORU_FILE_TOUCH:
    case BOORU_FILE_REMOVE:
    case BOORU_FILE_FAIL:
    case BOORU_FILE_IGNORE:
    default:
      return TRUE;
    }
}
