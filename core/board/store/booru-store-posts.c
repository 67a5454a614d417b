/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/store/booru-store-posts-private.h"

#include "base/booru-error.h"
#include "board/store/booru-store-tags-private.h"

/* Columns of get-posts.sql. */
enum
{
  COLUMN_ID,
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
  COLUMN_NOTED_AT,
  COLUMN_COMMENTED_AT,
  COLUMN_BUMPED_AT,
};

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
read_media (BooruSqlStatement *row, BooruMedia *media)
{
  const char *ext = booru_sql_get_text (row, COLUMN_EXT);
  gsize length;
  const void *md5 = booru_sql_get_bytes (row, COLUMN_MD5, &length);

  if (length != 16 || ext == NULL)
    return FALSE;
  booru_md5_to_hex (md5, media->md5);
  g_strlcpy (media->ext, ext, sizeof media->ext);
  media->size = booru_sql_get_number (row, COLUMN_SIZE);
  media->width = (gint)booru_sql_get_number (row, COLUMN_WIDTH);
  media->height = (gint)booru_sql_get_number (row, COLUMN_HEIGHT);
  media->duration
      = booru_sql_is_null (row, COLUMN_DURATION) ? -1 : booru_sql_get_double (row, COLUMN_DURATION);
  media->frames = (gint)booru_sql_get_number (row, COLUMN_FRAMES);
  media->has_sound = booru_sql_get_number (row, COLUMN_HAS_SOUND) != 0;
  media->has_sample = booru_sql_get_number (row, COLUMN_HAS_SAMPLE) != 0;
  media->phash = (guint64)booru_sql_get_number (row, COLUMN_PHASH);
  media->has_alpha = booru_sql_get_number (row, COLUMN_HAS_ALPHA) != 0;
  return TRUE;
}

/* Without its tags; NULL: damaged. */
static BooruPost *
read_post (BooruSqlStatement *row)
{
  g_autoptr (BooruPost) post = booru_post_new ();
  const char *rating = booru_sql_get_text (row, COLUMN_RATING);
  const char *source = booru_sql_get_text (row, COLUMN_SOURCE);

  if (rating == NULL || source == NULL || !read_media (row, &post->media))
    return NULL;
  post->id = booru_sql_get_number (row, COLUMN_ID);
  post->media_asset_id = booru_sql_get_number (row, COLUMN_MEDIA_ASSET);
  post->status = (BooruPostStatus)booru_sql_get_number (row, COLUMN_STATUS);
  post->rating = rating[0];
  g_free (post->source);
  post->source = g_strdup (source);
  post->parent_id = booru_sql_get_number (row, COLUMN_PARENT);
  post->uploader_id = booru_sql_get_number (row, COLUMN_UPLOADER);
  post->approver_id = booru_sql_get_number (row, COLUMN_APPROVER);
  post->score = (gint)booru_sql_get_number (row, COLUMN_SCORE);
  post->up_score = (gint)booru_sql_get_number (row, COLUMN_UP_SCORE);
  post->down_score = (gint)booru_sql_get_number (row, COLUMN_DOWN_SCORE);
  post->fav_count = (gint)booru_sql_get_number (row, COLUMN_FAV_COUNT);
  post->created_at = booru_sql_get_number (row, COLUMN_CREATED_AT);
  post->updated_at = booru_sql_get_number (row, COLUMN_UPDATED_AT);
  post->last_noted_at = booru_sql_get_number (row, COLUMN_NOTED_AT);
  post->last_commented_at = booru_sql_get_number (row, COLUMN_COMMENTED_AT);
  post->last_comment_bumped_at = booru_sql_get_number (row, COLUMN_BUMPED_AT);
  post->has_children = !booru_sql_is_null (row, COLUMN_BEST_CHILD);
  post->has_active_children
      = post->has_children && booru_sql_get_number (row, COLUMN_BEST_CHILD) == BOORU_POST_ACTIVE;
  return g_steal_pointer (&post);
}

/* A post, and where its tags lie among those of the page. */
static gboolean
read_row (BooruStore *store,
          BooruSqlStatement *row,
          GPtrArray *posts,
          GArray *tags,
          GArray *ends,
          GError **error)
{
  g_autoptr (GArray) ids = booru_id_list_new ();
  BooruPost *post = read_post (row);
  gsize length;
  const void *packed;

  if (post == NULL)
    return booru_sql_fail_corrupt (store->sql, "a post cannot be read", error);
  g_ptr_array_add (posts, post);
  packed = booru_sql_get_bytes (row, COLUMN_TAGS, &length);
  if (!booru_id_list_unpack (packed, length, ids))
    return booru_sql_fail_corrupt (store->sql, "a post's list of tags cannot be read", error);
  g_array_append_vals (tags, ids->data, ids->len);
  g_array_append_val (ends, tags->len);
  return TRUE;
}

static gboolean
read_rows (BooruStore *store,
           const GArray *ids,
           GPtrArray *posts,
           GArray *tags,
           GArray *ends,
           GError **error)
{
  g_autofree char *json = booru_sql_numbers_to_json ((const gint64 *)(gpointer)ids->data, ids->len);
  g_autoptr (BooruSqlStatement) rows = booru_sql_query (store->sql, error, "get-posts", "s", json);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    if (!read_row (store, rows, posts, tags, ends, error))
      return FALSE;
  return step == BOORU_SQL_DONE;
}

static gboolean
add_tags (BooruStore *store,
          GPtrArray *posts,
          const GArray *tags,
          const GArray *ends,
          GError **error)
{
  guint next = 0;

  if (!booru_store_tags_load (store, tags, error))
    return FALSE;
  for (guint i = 0; i < posts->len; i++)
    {
      BooruPost *post = posts->pdata[i];

      for (; next < g_array_index (ends, guint, i); next++)
        {
          const BooruTagRef *tag
              = booru_store_tag_lookup (store, g_array_index (tags, gint64, next), error);

          if (tag == NULL)
            return FALSE;
          g_ptr_array_add (post->tags,
                           booru_tag_ref_new (tag->id, tag->name, tag->category, tag->post_count));
        }
      g_ptr_array_sort (post->tags, compare_tags);
    }
  return TRUE;
}

GPtrArray *
booru_store_posts_get (BooruStore *store, const GArray *ids, GError **error)
{
  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (store);
  g_autoptr (GPtrArray) posts = g_ptr_array_new_full (ids->len, (GDestroyNotify)booru_post_unref);
  g_autoptr (GArray) tags = booru_id_list_new ();
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (guint));

  if (ids->len > 0
      && (!read_rows (store, ids, posts, tags, ends, error)
          || !add_tags (store, posts, tags, ends, error)))
    return NULL;
  return g_steal_pointer (&posts);
}

BooruPost *
booru_store_get_post (BooruStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (GArray) ids = booru_id_list_new ();
  g_autoptr (GPtrArray) posts = NULL;

  g_array_append_val (ids, id);
  posts = booru_store_posts_get (self, ids, error);
  if (posts == NULL)
    return NULL;
  if (posts->len > 0)
    return booru_post_ref (posts->pdata[0]);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no post %" G_GINT64_FORMAT, id);
  return NULL;
}

BooruPost *
booru_store_get_post_by_md5 (BooruStore *self, const char *md5, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && md5 != NULL, NULL);

  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  gint64 id;

  if (!booru_sql_read_number (self->sql, &id, error, "find-post-by-md5", "h", md5))
    return NULL;
  if (id != 0)
    return booru_store_get_post (self, id, error);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no post of md5 %s", md5);
  return NULL;
}
