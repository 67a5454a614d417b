/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the monitor saw, applied in one durable transaction.
 *
 * The changes move rows of files about and note each post that won or lost one. Only when all are
 * done is it asked which of those posts have a file: so a file that vanishes in one change and
 * turns up in the next never makes its post missing.
 */
#include "base/booru-error.h"
#include "board/store/booru-store-compare-private.h"
#include "board/store/booru-store-hashes-private.h"
#include "board/store/booru-store-files-private.h"
#include "board/store/booru-store-import-private.h"
#include "board/store/booru-store-post-state-private.h"

/* How old a post may be that was written beside another's file and then renamed over it. */
#define FRESH (10 * G_TIME_SPAN_MINUTE)

/* A file of @post_id has taken the place of one of @former_id. */
typedef struct
{
  gint64 post_id, former_id;
} Replacement;

typedef struct
{
  BooruStore *store;
  GPtrArray *changes;
  GArray *touched;     /* ids of posts that won or lost a file */
  GHashTable *removed; /* ids of files that changes of this batch took away */
  GArray *replaced;    /* Replacement, by moves */
  BooruTagCounts *counts;
  gint64 now;
} Batch;

/* Its files change, which its page lists, and with them perhaps its status. */
static void
touch_post (Batch *self, gint64 id)
{
  if (id == 0)
    return;
  g_array_append_val (self->touched, id);
  booru_sql_note_change (self->store->sql, BOORU_CHANGE_POST, id);
}

static gboolean
fail_change (const char *what, gint64 id, GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
               "There is no %s %" G_GINT64_FORMAT "; nothing was changed", what, id);
  return FALSE;
}

static gboolean
require_post (Batch *self, gint64 id, GError **error)
{
  gint64 found;

  return booru_sql_read_number (self->store->sql, &found, error, "has-post", "x", id)
         && (found != 0 || fail_change ("post", id, error));
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

  if (booru_md5_from_hex (media->md5, md5) && media->ext[0] != '\0' && media->size >= 0
      && media->width >= 0 && media->height >= 0)
    return TRUE;
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                       "A file was reported without md5, format or size; nothing was changed");
  return FALSE;
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
  g_autoptr (BooruSqlStatement) row = booru_sql_query (self->store->sql, error, "look-at-path",
                                                       "xy", change->folder_id, change->path);
  BooruSqlStep step = booru_sql_step (row, error);

  if (step != BOORU_SQL_ROW)
    return step == BOORU_SQL_DONE && fail_change ("folder", change->folder_id, error);
  place->file_id = booru_sql_get_number (row, 0);
  place->post_id = booru_sql_get_number (row, 1);
  place->former_id = booru_sql_get_number (row, 2);
  return TRUE;
}

/* Of the files that came last. */
static gboolean
note_taken_name (Batch *self, const char *name, gint64 file_id, GError **error)
{
  return booru_sql_run (self->store->sql, error, "put-taken-file", "yx", name, file_id)
         && booru_sql_run (self->store->sql, error, "forget-taken-files", "i",
                           BOORU_TAKEN_FILES_KEPT);
}

/* What now lies at the change's path: a post's content, a failure, or something to ignore.
 * @place: what it held before; its file is what lies there now. */
static gboolean
put_file (Batch *self,
          const BooruFileChange *change,
          gint64 post_id,
          const char *failure,
          Place *place,
          GError **error)
{
  g_autofree char *valid = failure != NULL ? g_utf8_make_valid (failure, -1) : NULL;
  const BooruFileStat *stat = &change->stat;

  if (!check_path (change->path, error) || !look_at_path (self, change, place, error))
    return FALSE;
  touch_post (self, place->post_id);
  if (!change->created)
    touch_post (self, post_id);
  return booru_sql_read_number (self->store->sql, &place->file_id, error, "put-file", "xyxxttksk",
                                change->folder_id, change->path, stat->size, stat->mtime_ns,
                                stat->inode, stat->device, post_id, valid,
                                valid != NULL ? self->now : (gint64)0)
         && (change->taken_name == NULL
             || note_taken_name (self, change->taken_name, place->file_id, error));
}

/* By insert-post.sql or update-media.sql. *id: of the post, 0 if nothing was written. */
static gboolean
write_media (Batch *self, const char *name, const BooruMedia *media, gint64 *id, GError **error)
{
  if (!booru_sql_read_number (self->store->sql, id, error, name, "hsxiiDibbtbx", media->md5,
                              media->ext, media->size, media->width, media->height, media->duration,
                              media->frames, media->has_sound, media->has_sample, media->phash,
                              media->has_alpha, self->now))
    return FALSE;
  if (*id != 0)
    booru_sql_note_change (self->store->sql, BOORU_CHANGE_POST, *id);
  return TRUE;
}

static gboolean
put_hashes (Batch *self, const BooruFileChange *change, GError **error)
{
  gboolean changed;

  if (!booru_store_hashes_put (self->store, change->post_id, change->created, &change->media,
                               &changed, error))
    return FALSE;
  if (!changed)
    return TRUE;
  /* A search can ask what is similar. */
  booru_sql_note_change (self->store->sql, BOORU_CHANGE_POST, change->post_id);
  return booru_store_compare_later (self->store, change->post_id, change->created, error);
}

static gboolean
ensure_post (Batch *self, BooruFileChange *change, GError **error)
{
  const BooruMedia *media = &change->media;
  gint64 refreshed;

  if (!check_media (media, error)
      || !booru_sql_read_number (self->store->sql, &change->post_id, error, "find-post-by-md5", "h",
                                 media->md5))
    return FALSE;
  change->created = change->post_id == 0;
  /* Of known content, what the decoder says now is the better knowledge. */
  return (change->created ? write_media (self, "insert-post", media, &change->post_id, error)
                          : write_media (self, "update-media", media, &refreshed, error))
         && put_hashes (self, change, error);
}

/* The post of a file that a change names by its id. */
static gboolean
look_at_file (Batch *self, gint64 file_id, gint64 *post_id, GError **error)
{
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (self->store->sql, error, "get-file-post", "x", file_id);
  BooruSqlStep step = booru_sql_step (row, error);

  if (step == BOORU_SQL_ROW)
    *post_id = booru_sql_get_number (row, 0);
  return step == BOORU_SQL_ROW || (step == BOORU_SQL_DONE && fail_change ("file", file_id, error));
}

static gboolean
delete_file (Batch *self, gint64 file_id, gint64 post_id, GError **error)
{
  touch_post (self, post_id);
  g_hash_table_add (self->removed, g_memdup2 (&file_id, sizeof file_id));
  return booru_sql_run (self->store->sql, error, "delete-file", "x", file_id);
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
  const BooruFileStat *stat = &change->stat;
  Place other;

  if (!check_path (change->path, error) || !look_at_path (self, change, &other, error)
      || !look_at_file (self, change->file_id, &change->post_id, error))
    return FALSE;
  if (other.file_id != 0 && other.file_id != change->file_id)
    {
      Replacement replacement = { change->post_id, other.former_id };

      if (!delete_file (self, other.file_id, other.post_id, error))
        return FALSE;
      if (change->post_id != 0 && other.former_id != 0 && other.former_id != change->post_id)
        g_array_append_val (self->replaced, replacement);
    }

  touch_post (self, change->post_id);
  return booru_sql_run (self->store->sql, error, "move-file", "xxyxxtt", change->file_id,
                        change->folder_id, change->path, stat->size, stat->mtime_ns, stat->inode,
                        stat->device);
}

static gboolean
touch_file (Batch *self, BooruFileChange *change, GError **error)
{
  const BooruFileStat *stat = &change->stat;

  return look_at_file (self, change->file_id, &change->post_id, error)
         && booru_sql_run (self->store->sql, error, "touch-file", "xxxtt", change->file_id,
                           stat->size, stat->mtime_ns, stat->inode, stat->device);
}

/* What is said of the file that the change is about, once that is in its place. */
static gboolean
apply_imports (Batch *self, BooruFileChange *change, gint64 file_id, GError **error)
{
  gboolean changed = FALSE;

  if (change->imports == NULL || change->post_id == 0)
    return TRUE;
  for (guint i = 0; i < change->imports->len; i++)
    if (!booru_store_import_apply (self->store, change->post_id, change->created && i == 0, file_id,
                                   change->imports->pdata[i], self->now, self->counts, &changed,
                                   error))
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
  Place place;

  if (!ensure_post (self, change, error)
      || (change->metadata != NULL
          && !booru_store_metadata_put (self->store, change->post_id, change->metadata, error))
      || !put_file (self, change, change->post_id, NULL, &place, error)
      || !apply_imports (self, change, place.file_id, error))
    return FALSE;
  return !change->created || place.former_id == 0
         || booru_store_post_inherit (self->store, change->post_id, place.former_id, self->now,
                                      self->counts, error);
}

static gboolean
link_file (Batch *self, BooruFileChange *change, GError **error)
{
  Place place;

  return require_post (self, change->post_id, error)
         && put_file (self, change, change->post_id, NULL, &place, error)
         && apply_imports (self, change, place.file_id, error);
}

static gboolean
put_no_post (Batch *self, BooruFileChange *change, GError **error)
{
  const char *failure = change->failure != NULL ? change->failure : "It could not be read";
  Place place;

  if (!put_file (self, change, 0, change->kind == BOORU_FILE_FAIL ? failure : NULL, &place, error))
    return FALSE;
  change->post_id = place.post_id;
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
  change->created = FALSE;
  if (!has_post_given (change))
    change->post_id = 0;

  switch (change->kind)
    {
    case BOORU_FILE_ADD:
      return add_file (self, change, error);
    case BOORU_FILE_LINK:
      return link_file (self, change, error);
    case BOORU_ASSET_JOIN:
      return require_post (self, change->post_id, error);
    case BOORU_ASSET_READY:
    case BOORU_ASSET_FAIL:
    case BOORU_ASSET_GONE:
      return TRUE;
    case BOORU_FILE_MOVE:
      return move_file (self, change, error)
             && apply_imports (self, change, change->file_id, error);
    case BOORU_FILE_IMPORT:
      return look_at_file (self, change->file_id, &change->post_id, error)
             && (change->metadata == NULL || change->post_id == 0
                 || booru_store_metadata_patch (self->store, change->post_id, change->metadata,
                                                error))
             && apply_imports (self, change, change->file_id, error);
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
             || booru_store_asset_apply (self->store, change, self->now, error));
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

/* A post, and what it becomes. */
typedef struct
{
  gint64 post_id;
  BooruPostStatus status;
} Settlement;

/* Of the touched posts, those whose status is not what their files make of them. Read to the end
 * before anything is written: what is written is what is searched. */
static GArray *
list_unsettled (Batch *self, GError **error)
{
  g_autoptr (GArray) unsettled = g_array_new (FALSE, FALSE, sizeof (Settlement));
  g_autofree char *ids
      = booru_sql_numbers_to_json ((const gint64 *)self->touched->data, self->touched->len);
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (self->store->sql, error, "list-presence", "s", ids);
  BooruSqlStep step;

  while ((step = booru_sql_step (row, error)) == BOORU_SQL_ROW)
    {
      BooruPostStatus status = (BooruPostStatus)booru_sql_get_number (row, 1);
      Settlement settlement = { booru_sql_get_number (row, 0),
                                get_wanted_status (status, booru_sql_get_number (row, 2) != 0) };

      if (settlement.status != status)
        g_array_append_val (unsettled, settlement);
    }
  return step == BOORU_SQL_DONE ? g_steal_pointer (&unsettled) : NULL;
}

static gboolean
settle_posts (Batch *self, GError **error)
{
  g_autoptr (GArray) unsettled = list_unsettled (self, error);

  for (guint i = 0; unsettled != NULL && i < unsettled->len; i++)
    {
      const Settlement *settlement = &g_array_index (unsettled, Settlement, i);
      g_auto (BooruPostState) state = { 0 };

      if (!booru_store_read_state (self->store, settlement->post_id, &state, error)
          || !booru_store_set_status (self->store, &state, settlement->status, self->counts,
                                      self->now, error))
        return FALSE;
    }
  return unsettled != NULL;
}

/* Written under another name and renamed over the picture that it replaces: that is the same as
 * writing it in place, if the other one is gone and nobody has touched the new post. */
static gboolean
settle_replacement (Batch *self, const Replacement *replacement, GError **error)
{
  gboolean present, fresh;

  if (!booru_store_post_has_file (self->store, replacement->former_id, &present, error)
      || !booru_store_post_is_fresh (self->store, replacement->post_id, self->now - FRESH, &fresh,
                                     error))
    return FALSE;
  return present || !fresh
         || booru_store_post_inherit (self->store, replacement->post_id, replacement->former_id,
                                      self->now, self->counts, error);
}

static gboolean
apply_batch (BooruStore *store, gpointer data, GError **error)
{
  Batch *self = data;

  for (guint i = 0; i < self->changes->len; i++)
    if (!apply_change (self, self->changes->pdata[i], error))
      return FALSE;
  if (self->touched->len > 0 && !settle_posts (self, error))
    return FALSE;
  for (guint i = 0; i < self->replaced->len; i++)
    if (!settle_replacement (self, &g_array_index (self->replaced, Replacement, i), error))
      return FALSE;
  return booru_tag_counts_apply (self->counts, store, error);
}

/* So that a caller never announces posts that were rolled back. */
static void
forget_results (GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    {
      BooruFileChange *change = changes->pdata[i];

      change->created = FALSE;
      if (!has_post_given (change))
        change->post_id = 0;
    }
}

gboolean
booru_store_apply_file_changes (BooruStore *self, GPtrArray *changes, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && changes != NULL, FALSE);

  g_autoptr (GArray) touched = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) removed
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GArray) replaced = g_array_new (FALSE, FALSE, sizeof (Replacement));
  g_autoptr (BooruTagCounts) counts = booru_tag_counts_new ();
  Batch batch = { self, changes, touched, removed, replaced, counts, g_get_real_time () };

  if (changes->len == 0)
    return TRUE;
  if (booru_store_write (self, BOORU_SQL_DURABLE, apply_batch, &batch, error))
    return TRUE;
  forget_results (changes);
  return FALSE;
}
