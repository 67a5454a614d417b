/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the monitor saw, applied in one durable transaction.
 *
 * The changes move rows of files about and note each post that won or lost one. Only when all are
 * done is it asked which of those posts have a file: so a file that vanishes in one change and
 * turns up in the next never makes its post missing.
 */
#include "board/sqlite/booru-sqlite-files.h"

#include "base/booru-error.h"
#include "board/sqlite/booru-sqlite-compare.h"
#include "board/sqlite/booru-sqlite-import.h"
#include "board/sqlite/booru-sqlite-posts.h"
#include "board/sqlite/booru-sqlite-uploads.h"

/* How old a post may be that was written beside another's file and then renamed over it. */
#define FRESH (10 * G_TIME_SPAN_MINUTE)

/* A file of @post_id has taken the place of one of @former_id. */
typedef struct
{
  gint64 post_id, former_id;
} Replacement;

typedef struct
{
  BooruSqliteDb *db;
  GPtrArray *changes;
  GHashTable *touched; /* ids of posts that won or lost a file */
  GHashTable *removed; /* ids of files that changes of this batch took away */
  GArray *replaced;    /* Replacement, by moves */
  BooruSqliteTagCounts *counts;
  gint64 now;
} Batch;

static void
note (GHashTable *ids, gint64 id)
{
  if (id != 0)
    g_hash_table_add (ids, g_memdup2 (&id, sizeof id));
}

static gboolean
fail_change (const char *what, gint64 id, GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
               "There is no %s %" G_GINT64_FORMAT "; nothing was changed", what, id);
  return FALSE;
}

/* Whether a row of that id exists. @name: of a statement. */
static gboolean
require (Batch *self, const char *name, const char *what, gint64 id, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (self->db, name, error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  code = booru_sqlite_db_step (self->db, statement, error);
  return code == SQLITE_ROW || (code == SQLITE_DONE && fail_change (what, id, error));
}

static gboolean
check_path (const char *path, GError **error)
{
  if (path != NULL && path[0] != '\0' && path[0] != '/')
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "\"%s\" is not a path below a folder; nothing was changed",
               path != NULL ? path : "");
  return FALSE;
}

static gboolean
check_media (const BooruMedia *media, GError **error)
{
  guint8 md5[16];

  if (booru_sqlite_md5_from_hex (media->md5, md5) && media->ext[0] != '\0' && media->size >= 0
      && media->width >= 0 && media->height >= 0)
    return TRUE;
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                       "A file was reported without md5, format or size; nothing was changed");
  return FALSE;
}

static void
bind_stat (BooruSqliteStatement *statement, int index, const BooruFileStat *stat)
{
  sqlite3_bind_int64 (statement, index, stat->size);
  sqlite3_bind_int64 (statement, index + 1, stat->mtime_ns);
  sqlite3_bind_int64 (statement, index + 2, (gint64)stat->inode);
  sqlite3_bind_int64 (statement, index + 3, (gint64)stat->device);
}

/* What a path holds according to the store. */
typedef struct
{
  gint64 file_id;   /* 0: nothing */
  gint64 post_id;   /* 0: no post */
  gint64 former_id; /* the post, or what it was before it could not be read */
} Place;

static gboolean
look_at_path (Batch *self, const BooruFileChange *change, Place *place, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (self->db, "look-at-path", error);
  int code;

  *place = (Place){ 0 };
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, change->folder_id);
  booru_sqlite_bind_bytes (statement, 2, change->path);
  code = booru_sqlite_db_step (self->db, statement, error);
  if (code == SQLITE_ROW)
    {
      place->file_id = sqlite3_column_int64 (statement, 0);
      place->post_id = sqlite3_column_int64 (statement, 1);
      place->former_id = sqlite3_column_int64 (statement, 2);
    }
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* What now lies at the change's path: a post's content, a failure, or something to ignore. */
static gboolean
put_file (Batch *self,
          const BooruFileChange *change,
          gint64 post_id,
          const char *failure,
          Place *before,
          GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = NULL;

  if (!check_path (change->path, error)
      || !require (self, "has-folder", "folder", change->folder_id, error)
      || !look_at_path (self, change, before, error))
    return FALSE;
  statement = booru_sqlite_db_statement (self->db, "put-file", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, change->folder_id);
  booru_sqlite_bind_bytes (statement, 2, change->path);
  bind_stat (statement, 3, &change->stat);
  booru_sqlite_bind_id (statement, 7, post_id);
  if (failure != NULL)
    {
      sqlite3_bind_text (statement, 8, g_utf8_make_valid (failure, -1), -1, g_free);
      sqlite3_bind_int64 (statement, 9, self->now);
    }
  note (self->touched, before->post_id);
  note (self->touched, post_id);
  return booru_sqlite_db_run (self->db, statement, error)
         && (change->taken_name == NULL
             || booru_sqlite_file_note_taken (self->db, change->taken_name, change->folder_id,
                                              change->path, error));
}

static void
bind_media (BooruSqliteStatement *statement, const BooruMedia *media)
{
  guint8 md5[16];

  booru_sqlite_md5_from_hex (media->md5, md5);
  sqlite3_bind_blob (statement, 1, md5, sizeof md5, SQLITE_TRANSIENT);
  sqlite3_bind_text (statement, 2, media->ext, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, media->size);
  sqlite3_bind_int (statement, 4, media->width);
  sqlite3_bind_int (statement, 5, media->height);
  if (media->duration >= 0)
    sqlite3_bind_double (statement, 6, media->duration);
  sqlite3_bind_int (statement, 7, media->frames);
  sqlite3_bind_int (statement, 8, media->has_sound != FALSE);
  sqlite3_bind_int (statement, 9, media->has_sample != FALSE);
  sqlite3_bind_int64 (statement, 10, (gint64)media->phash);
  sqlite3_bind_int (statement, 11, media->has_alpha != FALSE);
}

static gboolean
put_hashes (Batch *self, const BooruFileChange *change, GError **error)
{
  gboolean changed;

  return booru_sqlite_hashes_put (self->db, change->post_id, &change->media, &changed, error)
         && (!changed || booru_sqlite_compare_later (self->db, change->post_id, error));
}

static gboolean
create_post (Batch *self, BooruFileChange *change, GError **error)
{
  g_autoptr (GArray) tags = booru_sqlite_tag_ids_new ();
  BooruSqliteIndexRow row = { 0, BOORU_POST_ACTIVE, BOORU_RATING_GENERAL, tags };
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (self->db, "insert-post", error);

  if (statement == NULL)
    return FALSE;
  bind_media (statement, &change->media);
  sqlite3_bind_int64 (statement, 12, self->now);
  sqlite3_bind_int64 (statement, 13, BOORU_USER_OWNER);
  if (!booru_sqlite_db_run (self->db, statement, error))
    return FALSE;
  row.post_id = sqlite3_last_insert_rowid (self->db->handle);
  change->post_id = row.post_id;
  change->created = TRUE;
  return put_hashes (self, change, error) && booru_sqlite_index_add (self->db, &row, error);
}

/* The decoder looked at known content again: what it says now is the better knowledge. */
static gboolean
refresh_media (Batch *self, const BooruMedia *media, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (self->db, "update-media", error);

  if (statement == NULL)
    return FALSE;
  bind_media (statement, media);
  sqlite3_bind_int64 (statement, 12, self->now);
  return booru_sqlite_db_run (self->db, statement, error);
}

static gboolean
ensure_post (Batch *self, BooruFileChange *change, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = NULL;
  guint8 md5[16];
  int code;

  if (!check_media (&change->media, error))
    return FALSE;
  booru_sqlite_md5_from_hex (change->media.md5, md5);
  statement = booru_sqlite_db_statement (self->db, "find-post-by-md5", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_blob (statement, 1, md5, sizeof md5, SQLITE_STATIC);
  code = booru_sqlite_db_step (self->db, statement, error);
  if (code == SQLITE_DONE)
    return create_post (self, change, error);
  if (code != SQLITE_ROW)
    return FALSE;
  change->post_id = sqlite3_column_int64 (statement, 0);
  return refresh_media (self, &change->media, error) && put_hashes (self, change, error);
}

/* The post and place of a file that a change names by its id. */
static gboolean
look_at_file (Batch *self, gint64 file_id, gint64 *post_id, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (self->db, "get-file-post", error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, file_id);
  code = booru_sqlite_db_step (self->db, statement, error);
  if (code == SQLITE_ROW)
    *post_id = sqlite3_column_int64 (statement, 0);
  return code == SQLITE_ROW || (code == SQLITE_DONE && fail_change ("file", file_id, error));
}

static gboolean
delete_file (Batch *self, gint64 file_id, gint64 post_id, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (self->db, "delete-file", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, file_id);
  note (self->touched, post_id);
  note (self->removed, file_id);
  return booru_sqlite_db_run (self->db, statement, error);
}

static gboolean
remove_file (Batch *self, BooruFileChange *change, GError **error)
{
  /* A file that was moved onto it in this very batch has already taken its place. */
  if (g_hash_table_contains (self->removed, &change->file_id))
    return TRUE;
  return look_at_file (self, change->file_id, &change->post_id, error)
         && delete_file (self, change->file_id, change->post_id, error);
}

static gboolean
move_file (Batch *self, BooruFileChange *change, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = NULL;
  Place other;

  if (!check_path (change->path, error)
      || !require (self, "has-folder", "folder", change->folder_id, error)
      || !look_at_file (self, change->file_id, &change->post_id, error)
      || !look_at_path (self, change, &other, error))
    return FALSE;
  if (other.file_id != 0 && other.file_id != change->file_id)
    {
      Replacement replacement = { change->post_id, other.former_id };

      if (!delete_file (self, other.file_id, other.post_id, error))
        return FALSE;
      if (change->post_id != 0 && other.former_id != 0 && other.former_id != change->post_id)
        g_array_append_val (self->replaced, replacement);
    }

  statement = booru_sqlite_db_statement (self->db, "move-file", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, change->file_id);
  sqlite3_bind_int64 (statement, 2, change->folder_id);
  booru_sqlite_bind_bytes (statement, 3, change->path);
  bind_stat (statement, 4, &change->stat);
  note (self->touched, change->post_id);
  return booru_sqlite_db_run (self->db, statement, error);
}

static gboolean
touch_file (Batch *self, BooruFileChange *change, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = NULL;

  if (!look_at_file (self, change->file_id, &change->post_id, error))
    return FALSE;
  statement = booru_sqlite_db_statement (self->db, "touch-file", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, change->file_id);
  bind_stat (statement, 2, &change->stat);
  return booru_sqlite_db_run (self->db, statement, error);
}

/* What is said of the file that the change is about, once that is in its place. */
static gboolean
apply_imports (Batch *self, BooruFileChange *change, GError **error)
{
  gboolean changed = FALSE;
  gint64 file_id = change->file_id;
  Place place;

  if (change->imports == NULL || change->post_id == 0)
    return TRUE;
  if (change->kind == BOORU_FILE_ADD || change->kind == BOORU_FILE_LINK)
    {
      if (!look_at_path (self, change, &place, error))
        return FALSE;
      file_id = place.file_id;
    }
  for (guint i = 0; i < change->imports->len; i++)
    if (!booru_sqlite_import_apply (self->db, change->post_id, file_id, change->imports->pdata[i],
                                    self->now, self->counts, &changed, error))
      return FALSE;
  if (change->kind == BOORU_FILE_IMPORT && !changed)
    change->post_id = 0;
  return TRUE;
}

/* New content where a post's file was has taken its place: whoever edits a picture wants to find it
 * under its tags. */
static gboolean
add_file (Batch *self, BooruFileChange *change, GError **error)
{
  Place before;

  if (!ensure_post (self, change, error)
      || (change->metadata != NULL
          && !booru_sqlite_metadata_put (self->db, change->post_id, change->metadata, error))
      || !put_file (self, change, change->post_id, NULL, &before, error)
      || !apply_imports (self, change, error))
    return FALSE;
  return !change->created || before.former_id == 0
         || booru_sqlite_post_inherit (self->db, change->post_id, before.former_id, self->now,
                                       self->counts, error);
}

static gboolean
put_no_post (Batch *self, BooruFileChange *change, GError **error)
{
  const char *failure = change->failure != NULL ? change->failure : "It could not be read";
  Place before;

  if (!put_file (self, change, 0, change->kind == BOORU_FILE_FAIL ? failure : NULL, &before, error))
    return FALSE;
  change->post_id = before.post_id;
  return TRUE;
}

static gboolean
has_post_given (const BooruFileChange *change)
{
  return change->kind == BOORU_FILE_LINK || change->kind == BOORU_ASSET_JOIN;
}

static gboolean
apply_to_file (Batch *self, BooruFileChange *change, GError **error)
{
  Place before;

  change->created = FALSE;
  if (!has_post_given (change))
    change->post_id = 0;

  switch (change->kind)
    {
    case BOORU_FILE_ADD:
      return add_file (self, change, error);
    case BOORU_FILE_LINK:
      return require (self, "has-post", "post", change->post_id, error)
             && put_file (self, change, change->post_id, NULL, &before, error)
             && apply_imports (self, change, error);
    case BOORU_ASSET_JOIN:
      return require (self, "has-post", "post", change->post_id, error);
    case BOORU_ASSET_READY:
    case BOORU_ASSET_FAIL:
    case BOORU_ASSET_GONE:
      return TRUE;
    case BOORU_FILE_MOVE:
      return move_file (self, change, error) && apply_imports (self, change, error);
    case BOORU_FILE_IMPORT:
      return look_at_file (self, change->file_id, &change->post_id, error)
             && (change->metadata == NULL || change->post_id == 0
                 || booru_sqlite_metadata_patch (self->db, change->post_id, change->metadata,
                                                 error))
             && apply_imports (self, change, error);
    case BOORU_FILE_TOUCH:
      return touch_file (self, change, error);
    case BOORU_FILE_REMOVE:
      return remove_file (self, change, error);
    case BOORU_FILE_FAIL:
    case BOORU_FILE_IGNORE:
      return put_no_post (self, change, error);
    default:
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "Unknown kind of change %d",
                   (int)change->kind);
      return FALSE;
    }
}

static gboolean
apply_change (Batch *self, BooruFileChange *change, GError **error)
{
  return apply_to_file (self, change, error)
         && (change->asset_id == 0
             || booru_sqlite_asset_apply (self->db, change, self->now, error));
}

/* A post without any file is missing, one with a file is not. What was deleted stays so: in the
 * trash, or with a file, in the trash again. */
static BooruPostStatus
get_wanted_status (BooruPostStatus status, gboolean has_file)
{
  if (status == BOORU_POST_DELETED || (status == BOORU_POST_EXPUNGED && !has_file))
    return status;
  if (status == BOORU_POST_EXPUNGED)
    return BOORU_POST_DELETED;
  return has_file ? BOORU_POST_ACTIVE : BOORU_POST_MISSING;
}

static gboolean
settle_post (Batch *self, gint64 id, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (self->db, "get-post-presence", error);
  g_autoptr (GArray) tags = booru_sqlite_tag_ids_new ();
  BooruSqliteIndexRow row = { id, 0, 0, tags };
  BooruPostStatus wanted;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  if (booru_sqlite_db_step (self->db, statement, error) != SQLITE_ROW)
    return FALSE;
  row.status = sqlite3_column_int (statement, 0);
  wanted = get_wanted_status (row.status, sqlite3_column_int (statement, 3) != 0);
  if (row.status == wanted)
    return TRUE;
  if (sqlite3_column_bytes (statement, 1) < 1
      || !booru_sqlite_tag_ids_unpack (sqlite3_column_blob (statement, 2),
                                       sqlite3_column_bytes (statement, 2), tags))
    return booru_sqlite_db_fail_corrupt (self->db, "a post's list of tags cannot be read", error);
  row.rating = sqlite3_column_text (statement, 1)[0];
  return booru_sqlite_post_set_status (self->db, &row, wanted, self->counts, self->now, error);
}

/* Written under another name and renamed over the picture that it replaces: that is the same as
 * writing it in place, if the other one is gone and nobody has touched the new post. */
static gboolean
settle_replacement (Batch *self, const Replacement *replacement, GError **error)
{
  gboolean present, fresh;

  if (!booru_sqlite_post_has_file (self->db, replacement->former_id, &present, error)
      || !booru_sqlite_post_is_fresh (self->db, replacement->post_id, self->now - FRESH, &fresh,
                                      error))
    return FALSE;
  return present || !fresh
         || booru_sqlite_post_inherit (self->db, replacement->post_id, replacement->former_id,
                                       self->now, self->counts, error);
}

static gboolean
apply_batch (BooruSqliteDb *db, gpointer data, GError **error)
{
  Batch *self = data;
  GHashTableIter iter;
  gint64 *id;

  for (guint i = 0; i < self->changes->len; i++)
    if (!apply_change (self, self->changes->pdata[i], error))
      return FALSE;

  g_hash_table_iter_init (&iter, self->touched);
  while (g_hash_table_iter_next (&iter, (gpointer *)&id, NULL))
    if (!settle_post (self, *id, error))
      return FALSE;
  for (guint i = 0; i < self->replaced->len; i++)
    if (!settle_replacement (self, &g_array_index (self->replaced, Replacement, i), error))
      return FALSE;
  return booru_sqlite_tag_counts_apply (self->counts, db, error);
}

/* So that a caller never announces posts that were rolled back. */
static void
forget_results (GPtrArray *changes, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      BooruFileChange *change = changes->pdata[i];

      change->created = FALSE;
      if (!has_post_given (change))
        change->post_id = 0;
    }
}

/**
 * booru_sqlite_files_apply:
 *
 * See booru_store_apply_file_changes().
 */
gboolean
booru_sqlite_files_apply (BooruSqliteDb *db, GPtrArray *changes, GError **error)
{
  g_autoptr (GHashTable) touched
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GHashTable) removed
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (BooruSqliteTagCounts) counts = booru_sqlite_tag_counts_new ();
  g_autoptr (GArray) replaced = g_array_new (FALSE, FALSE, sizeof (Replacement));
  Batch batch = { db, changes, touched, removed, replaced, counts, g_get_real_time () };

  if (changes->len == 0)
    return TRUE;
  if (booru_sqlite_db_write (db, BOORU_SQLITE_DURABLE, apply_batch, &batch, error))
    return TRUE;
  forget_results (changes, changes->len);
  return FALSE;
}
