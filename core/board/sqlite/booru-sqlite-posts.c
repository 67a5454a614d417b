/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/sqlite/booru-sqlite-posts.h"

#include "base/booru-error.h"

/* Columns of get-post.sql. */
enum
{
  COLUMN_MD5,
  COLUMN_EXT,
  COLUMN_SIZE,
  COLUMN_WIDTH,
  COLUMN_HEIGHT,
  COLUMN_DURATION,
  COLUMN_FRAMES,
  COLUMN_HAS_SOUND,
  COLUMN_HAS_SAMPLE,
  COLUMN_PHASH,
  COLUMN_HAS_ALPHA,
  COLUMN_STATUS,
  COLUMN_RATING,
  COLUMN_SOURCE,
  COLUMN_PARENT,
  COLUMN_UPLOADER,
  COLUMN_APPROVER,
  COLUMN_SCORE,
  COLUMN_UP_SCORE,
  COLUMN_DOWN_SCORE,
  COLUMN_FAV_COUNT,
  COLUMN_CREATED_AT,
  COLUMN_UPDATED_AT,
  COLUMN_TAGS,
  COLUMN_MEDIA_ASSET,
  COLUMN_BEST_CHILD, /* lowest status among the children: 0 if one is active; NULL: no children */
};

gboolean
booru_sqlite_md5_from_hex (const char *hex, guint8 bytes[16])
{
  for (guint i = 0; i < 16; i++)
    {
      if (!g_ascii_isxdigit (hex[2 * i]) || !g_ascii_isxdigit (hex[2 * i + 1]))
        return FALSE;
      bytes[i] = g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]);
    }
  return hex[32] == '\0';
}

void
booru_sqlite_md5_to_hex (const guint8 *bytes, char hex[33])
{
  static const char digits[] = "0123456789abcdef";

  for (guint i = 0; i < 16; i++)
    {
      hex[2 * i] = digits[bytes[i] >> 4];
      hex[2 * i + 1] = digits[bytes[i] & 15];
    }
  hex[32] = '\0';
}

static gboolean
read_media (BooruSqliteStatement *row, BooruMedia *media)
{
  const char *ext = (const char *)sqlite3_column_text (row, COLUMN_EXT);

  if (sqlite3_column_bytes (row, COLUMN_MD5) != 16 || ext == NULL)
    return FALSE;
  booru_sqlite_md5_to_hex (sqlite3_column_blob (row, COLUMN_MD5), media->md5);
  g_strlcpy (media->ext, ext, sizeof media->ext);
  media->size = sqlite3_column_int64 (row, COLUMN_SIZE);
  media->width = sqlite3_column_int (row, COLUMN_WIDTH);
  media->height = sqlite3_column_int (row, COLUMN_HEIGHT);
  media->duration = sqlite3_column_type (row, COLUMN_DURATION) == SQLITE_NULL
                        ? -1
                        : sqlite3_column_double (row, COLUMN_DURATION);
  media->frames = sqlite3_column_int (row, COLUMN_FRAMES);
  media->has_sound = sqlite3_column_int (row, COLUMN_HAS_SOUND);
  media->has_sample = sqlite3_column_int (row, COLUMN_HAS_SAMPLE);
  media->phash = (guint64)sqlite3_column_int64 (row, COLUMN_PHASH);
  media->has_alpha = sqlite3_column_int (row, COLUMN_HAS_ALPHA);
  return TRUE;
}

static guint
category_rank (BooruTagCategory category)
{
  for (guint i = 0; i < BOORU_N_TAG_CATEGORIES; i++)
    if (booru_tag_categories[i] == category)
      return i;
  return BOORU_N_TAG_CATEGORIES;
}

static int
compare_tags (gconstpointer a, gconstpointer b)
{
  const BooruTagRef *left = *(const BooruTagRef *const *)a;
  const BooruTagRef *right = *(const BooruTagRef *const *)b;

  if (left->category != right->category)
    return (int)category_rank (left->category) - (int)category_rank (right->category);
  return strcmp (left->name, right->name);
}

static gboolean
read_tags (BooruSqliteDb *db, BooruSqliteStatement *row, GPtrArray *tags, GError **error)
{
  g_autoptr (GArray) ids = booru_sqlite_tag_ids_new ();

  if (!booru_sqlite_tag_ids_unpack (sqlite3_column_blob (row, COLUMN_TAGS),
                                    sqlite3_column_bytes (row, COLUMN_TAGS), ids))
    return booru_sqlite_db_fail_corrupt (db, "a post's list of tags cannot be read", error);

  for (guint i = 0; i < ids->len; i++)
    {
      const BooruTagRef *tag = booru_sqlite_tag_lookup (db, g_array_index (ids, gint64, i), error);

      if (tag == NULL)
        return FALSE;
      g_ptr_array_add (tags,
                       booru_tag_ref_new (tag->id, tag->name, tag->category, tag->post_count));
    }
  g_ptr_array_sort (tags, compare_tags);
  return TRUE;
}

static BooruPost *
read_post (BooruSqliteDb *db, gint64 id, BooruSqliteStatement *row, GError **error)
{
  g_autoptr (BooruPost) post = booru_post_new ();
  gboolean has_children = sqlite3_column_type (row, COLUMN_BEST_CHILD) != SQLITE_NULL;
  const char *rating = (const char *)sqlite3_column_text (row, COLUMN_RATING);
  const char *source = (const char *)sqlite3_column_text (row, COLUMN_SOURCE);

  post->id = id;
  post->media_asset_id = sqlite3_column_int64 (row, COLUMN_MEDIA_ASSET);
  if (rating == NULL || source == NULL || !read_media (row, &post->media))
    {
      booru_sqlite_db_fail_corrupt (db, "a post cannot be read", error);
      return NULL;
    }
  post->status = sqlite3_column_int (row, COLUMN_STATUS);
  post->rating = rating[0];
  g_free (post->source);
  post->source = g_strdup (source);
  post->parent_id = sqlite3_column_int64 (row, COLUMN_PARENT);
  post->uploader_id = sqlite3_column_int64 (row, COLUMN_UPLOADER);
  post->approver_id = sqlite3_column_int64 (row, COLUMN_APPROVER);
  post->score = sqlite3_column_int (row, COLUMN_SCORE);
  post->up_score = sqlite3_column_int (row, COLUMN_UP_SCORE);
  post->down_score = sqlite3_column_int (row, COLUMN_DOWN_SCORE);
  post->fav_count = sqlite3_column_int (row, COLUMN_FAV_COUNT);
  post->created_at = sqlite3_column_int64 (row, COLUMN_CREATED_AT);
  post->updated_at = sqlite3_column_int64 (row, COLUMN_UPDATED_AT);
  post->has_children = has_children;
  post->has_active_children
      = has_children && sqlite3_column_int (row, COLUMN_BEST_CHILD) == BOORU_POST_ACTIVE;
  if (!read_tags (db, row, post->tags, error))
    return NULL;
  return g_steal_pointer (&post);
}

/* FALSE with an error; TRUE with *post NULL where there is none. */
static gboolean
find_post (BooruSqliteDb *db, gint64 id, BooruPost **post, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "get-post", error);
  int code;

  *post = NULL;
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  code = booru_sqlite_db_step (db, statement, error);
  if (code != SQLITE_ROW)
    return code == SQLITE_DONE;
  *post = read_post (db, id, statement, error);
  return *post != NULL;
}

BooruPost *
booru_sqlite_post_get (BooruSqliteDb *db, gint64 id, GError **error)
{
  BooruPost *post;

  if (!find_post (db, id, &post, error))
    return NULL;
  if (post == NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no post %" G_GINT64_FORMAT,
                 id);
  return post;
}

BooruPost *
booru_sqlite_post_get_by_md5 (BooruSqliteDb *db, const char *md5, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "find-post-by-md5", error);
  guint8 bytes[16];
  int code = SQLITE_DONE;

  if (statement == NULL)
    return NULL;
  if (booru_sqlite_md5_from_hex (md5, bytes))
    {
      sqlite3_bind_blob (statement, 1, bytes, sizeof bytes, SQLITE_STATIC);
      code = booru_sqlite_db_step (db, statement, error);
    }
  if (code == SQLITE_ROW)
    return booru_sqlite_post_get (db, sqlite3_column_int64 (statement, 0), error);
  if (code == SQLITE_DONE)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no post of md5 %s", md5);
  return NULL;
}

GPtrArray *
booru_sqlite_posts_get (BooruSqliteDb *db, const GArray *ids, GError **error)
{
  g_autoptr (GPtrArray) posts = g_ptr_array_new_full (ids->len, (GDestroyNotify)booru_post_unref);

  for (guint i = 0; i < ids->len; i++)
    {
      BooruPost *post;

      if (!find_post (db, g_array_index (ids, gint64, i), &post, error))
        return NULL;
      if (post != NULL)
        g_ptr_array_add (posts, post);
    }
  return g_steal_pointer (&posts);
}
