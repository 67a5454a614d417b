/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/store/booru-store-index-private.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/booru-source.h"
#include "board/booru-store-changes.h"
#include "board/store/booru-store-hashes-private.h"
#include "board/store/booru-store-leaves-private.h"
#include "board/store/booru-store-relations-private.h"

/* The nearest of those that are alike; nobody looks through more. */
#define MAX_SIMILAR_POSTS 1000

/* Columns of list-index-rows.sql. */
enum
{
  COLUMN_ID,
  COLUMN_STATUS,
  COLUMN_RATING,
  COLUMN_EXT,
  COLUMN_SCORE,
  COLUMN_UP_SCORE,
  COLUMN_DOWN_SCORE,
  COLUMN_FAV_COUNT,
  COLUMN_WIDTH,
  COLUMN_HEIGHT,
  COLUMN_SIZE,
  COLUMN_DURATION,
  COLUMN_CREATED_AT,
  COLUMN_UPDATED_AT,
  COLUMN_MD5,
  COLUMN_SOURCE,
  COLUMN_IS_INCOMPLETE,
  COLUMN_PARENT_MASK,
  COLUMN_LIVE_CHILDREN, /* active and, times 2^31, deleted */
  COLUMN_GONE_CHILDREN, /* missing and, times 2^31, expunged */
  COLUMN_TAGS,
};

#define CHILDREN (G_GINT64_CONSTANT (1) << 31)

static gboolean
get_generation (gpointer data, guint64 *generation, GError **error)
{
  BooruGenerations generations;

  if (!booru_store_read_generations (data, &generations, error))
    return FALSE;
  *generation = generations.board;
  return TRUE;
}

/* The log says when each change was made, and what is made anew is made at another time. */
static gboolean
get_stamp (gpointer data, guint64 generation, gint64 *stamp, GError **error)
{
  BooruStore *store = data;

  return booru_sql_read_number (store->sql, stamp, error, "get-change-time", "x",
                                (gint64)generation);
}

static gboolean
find_next_id (gpointer data, gint64 from, gint64 *id, GError **error)
{
  BooruStore *store = data;

  if (!booru_sql_read_number (store->sql, id, error, "find-next-post", "x", from))
    return FALSE;
  if (*id == 0)
    *id = -1;
  return TRUE;
}

static void
put_category (BooruStoreIndex *self, gint64 id, gint64 category)
{
  if (id < 0 || id > G_MAXINT32)
    return;
  if (self->categories->len <= id)
    {
      guint known = self->categories->len;

      g_byte_array_set_size (self->categories, (guint)id + 1 + known / 4);
      memset (self->categories->data + known, 0, self->categories->len - known);
    }
  self->categories->data[id] = (guint8)CLAMP (category, 0, BOORU_TAG_META);
}

static gboolean
load_categories (BooruStore *store, gint64 first, gint64 last, GError **error)
{
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, "list-tag-categories", "xx", first, last);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    put_category (store->index, booru_sql_get_number (rows, 0), booru_sql_get_number (rows, 1));
  return step == BOORU_SQL_DONE;
}

/* A tag's category is looked up for each tag of each post that is read: they are all kept. */
static gboolean
refresh_categories (BooruStore *store, GError **error)
{
  BooruStoreIndex *self = store->index;
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BooruChangedRange));
  guint64 generation = self->categories_are_of;
  gboolean all;

  if (!booru_store_list_changes (store, BOORU_CHANGE_TAG, &generation, ranges, &all, error))
    return FALSE;
  if (all && !load_categories (store, 0, G_MAXINT64, error))
    return FALSE;
  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruChangedRange *range = &g_array_index (ranges, BooruChangedRange, i);

      if (!load_categories (store, range->first, range->last, error))
        return FALSE;
    }
  self->categories_are_of = generation;
  return TRUE;
}

static void
count_categories (BooruStoreIndex *self, const GArray *tags, gint64 *values)
{
  static const BooruIndexColumn columns[BOORU_TAG_META + 1] = {
    [BOORU_TAG_GENERAL] = BOORU_INDEX_GENTAGS,    [BOORU_TAG_ARTIST] = BOORU_INDEX_ARTTAGS,
    [BOORU_TAG_COPYRIGHT] = BOORU_INDEX_COPYTAGS, [BOORU_TAG_CHARACTER] = BOORU_INDEX_CHARTAGS,
    [BOORU_TAG_META] = BOORU_INDEX_METATAGS,
  };

  values[BOORU_INDEX_TAGCOUNT] = tags->len;
  for (guint i = 0; i < tags->len; i++)
    {
      gint64 id = g_array_index (tags, gint64, i);
      guint category = id < self->categories->len ? self->categories->data[id] : 0;

      if (columns[category] != 0)
        values[columns[category]]++;
    }
}

static void
read_values (BooruSqlStatement *row, gint64 *values)
{
  gsize length;
  const void *md5 = booru_sql_get_bytes (row, COLUMN_MD5, &length);

  values[BOORU_INDEX_SCORE] = booru_sql_get_number (row, COLUMN_SCORE);
  values[BOORU_INDEX_UPVOTES] = booru_sql_get_number (row, COLUMN_UP_SCORE);
  values[BOORU_INDEX_DOWNVOTES] = ABS (booru_sql_get_number (row, COLUMN_DOWN_SCORE));
  values[BOORU_INDEX_FAVCOUNT] = booru_sql_get_number (row, COLUMN_FAV_COUNT);
  values[BOORU_INDEX_WIDTH] = booru_sql_get_number (row, COLUMN_WIDTH);
  values[BOORU_INDEX_HEIGHT] = booru_sql_get_number (row, COLUMN_HEIGHT);
  values[BOORU_INDEX_FILESIZE] = booru_sql_get_number (row, COLUMN_SIZE);
  values[BOORU_INDEX_DURATION] = booru_index_duration_to_value (
      booru_sql_is_null (row, COLUMN_DURATION) ? -1 : booru_sql_get_double (row, COLUMN_DURATION));
  values[BOORU_INDEX_CREATED] = booru_sql_get_number (row, COLUMN_CREATED_AT);
  values[BOORU_INDEX_UPDATED] = booru_sql_get_number (row, COLUMN_UPDATED_AT);
  values[BOORU_INDEX_MD5] = length == 16 ? booru_index_md5_to_value (md5) : 0;
}

static void
count_children (BooruSqlStatement *row, BooruIndexRow *post)
{
  gint64 live = booru_sql_get_number (row, COLUMN_LIVE_CHILDREN);
  gint64 gone = booru_sql_get_number (row, COLUMN_GONE_CHILDREN);
  gint64 counts[] = {
    [BOORU_POST_ACTIVE] = live % CHILDREN,
    [BOORU_POST_DELETED] = live / CHILDREN,
    [BOORU_POST_MISSING] = gone % CHILDREN,
    [BOORU_POST_EXPUNGED] = gone / CHILDREN,
  };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      gboolean deleted = BOORU_POST_IS_DELETED (i);

      if (counts[i] > 0)
        post->child_mask |= BOORU_STATUS_MASK (i);
      post->values[BOORU_INDEX_CHILDREN] += counts[i];
      post->values[deleted ? BOORU_INDEX_DELETED_CHILDREN : BOORU_INDEX_ACTIVE_CHILDREN]
          += counts[i];
    }
}

static gboolean
read_row (BooruStore *store,
          BooruSqlStatement *row,
          GArray *tags,
          BooruIndexRow *post,
          GError **error)
{
  const char *rating = booru_sql_get_text (row, COLUMN_RATING);
  const char *source = booru_sql_get_text (row, COLUMN_SOURCE);
  gsize length;
  const void *packed = booru_sql_get_bytes (row, COLUMN_TAGS, &length);

  *post = (BooruIndexRow){ .id = booru_sql_get_number (row, COLUMN_ID) };
  post->ext = booru_sql_get_text (row, COLUMN_EXT);
  if (rating == NULL || source == NULL || post->ext == NULL
      || !booru_id_list_unpack (packed, length, tags))
    return booru_sql_fail_corrupt (store->sql, "a post cannot be read", error);
  post->status = (BooruPostStatus)booru_sql_get_number (row, COLUMN_STATUS);
  post->rating = rating[0];
  post->facts
      = (source[0] != '\0' ? BOORU_INDEX_HAS_SOURCE : 0)
        | (booru_sql_get_number (row, COLUMN_IS_INCOMPLETE) ? BOORU_INDEX_IS_INCOMPLETE : 0);
  post->parent_mask = (guint)booru_sql_get_number (row, COLUMN_PARENT_MASK);
  read_values (row, post->values);
  count_children (row, post);
  post->values[BOORU_INDEX_PIXIV] = booru_source_get_pixiv_id (source);
  count_categories (store->index, tags, post->values);
  post->tags = (const gint64 *)(gpointer)tags->data;
  post->n_tags = tags->len;
  return TRUE;
}

static gboolean
read_rows (gpointer data,
           gint64 first,
           gint64 last,
           BooruIndexRowFunc func,
           gpointer func_data,
           GError **error)
{
  BooruStore *store = data;
  g_autoptr (GArray) tags = booru_id_list_new ();
  g_autoptr (BooruSqlStatement) rows = NULL;
  BooruSqlStep step;
  BooruIndexRow post;

  if (!refresh_categories (store, error))
    return FALSE;
  rows = booru_sql_query (store->sql, error, "list-index-rows", "xx", first, last);
  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    if (!read_row (store, rows, tags, &post, error) || !func (&post, func_data, error))
      return FALSE;
  return step == BOORU_SQL_DONE;
}

/* More tags than these in one range: all posts are read again. */
#define MAX_CATEGORIES 10000

static void
append_range (GArray *changes, BooruChangeKind kind, const BooruChangedRange *range)
{
  BooruIndexChange change = { range->generation, range->first, range->last, 0 };

  if (kind == BOORU_CHANGE_CATEGORY && range->last - range->first < MAX_CATEGORIES)
    for (change.tag = range->first; change.tag <= range->last; change.tag++)
      g_array_append_val (changes, change);
  else
    {
      if (kind == BOORU_CHANGE_CATEGORY)
        change = (BooruIndexChange){ range->generation, 0, G_MAXINT64, 0 };
      g_array_append_val (changes, change);
    }
}

static gboolean
append_changes (BooruStore *store,
                BooruChangeKind kind,
                guint64 after,
                GArray *changes,
                GError **error)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BooruChangedRange));
  guint64 generation = after;
  gboolean all;

  if (!booru_store_list_changes (store, kind, &generation, ranges, &all, error))
    return FALSE;
  if (all)
    {
      BooruChangedRange everything = { generation, 0, G_MAXINT64 };

      g_array_set_size (ranges, 0);
      g_array_append_val (ranges, everything);
    }
  for (guint i = 0; i < ranges->len; i++)
    append_range (changes, kind, &g_array_index (ranges, BooruChangedRange, i));
  return TRUE;
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  guint64 left = ((const BooruIndexChange *)a)->generation;
  guint64 right = ((const BooruIndexChange *)b)->generation;

  return (left > right) - (left < right);
}

static gboolean
read_changes (gpointer data, guint64 after, GArray *changes, GError **error)
{
  BooruStore *store = data;

  if (!append_changes (store, BOORU_CHANGE_POST, after, changes, error)
      || !append_changes (store, BOORU_CHANGE_CATEGORY, after, changes, error))
    return FALSE;
  g_array_sort (changes, compare_changes);
  return TRUE;
}

static gboolean
read_tag_range (BooruStore *store,
                gint64 first,
                gint64 last,
                BooruIndexTagFunc func,
                gpointer data,
                GError **error)
{
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, "list-index-tags", "xx", first, last);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      BooruTagRef tag = { .id = booru_sql_get_number (rows, 0),
                          .name = (char *)booru_sql_get_text (rows, 1),
                          .category = (BooruTagCategory)booru_sql_get_number (rows, 2),
                          .post_count = booru_sql_get_number (rows, 3) };

      if (tag.name != NULL && !func (&tag, data, error))
        return FALSE;
    }
  return step == BOORU_SQL_DONE;
}

static gboolean
read_tags (gpointer data, guint64 after, BooruIndexTagFunc func, gpointer func_data, GError **error)
{
  BooruStore *store = data;
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BooruChangedRange));
  gboolean all;

  if (!booru_store_list_changes (store, BOORU_CHANGE_TAG, &after, ranges, &all, error))
    return FALSE;
  if (all)
    return read_tag_range (store, 0, G_MAXINT64, func, func_data, error);
  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruChangedRange *range = &g_array_index (ranges, BooruChangedRange, i);

      if (!read_tag_range (store, range->first, range->last, func, func_data, error))
        return FALSE;
    }
  return TRUE;
}

static int
compare_hits (gconstpointer a, gconstpointer b)
{
  gint64 left = ((const BooruIndexHit *)a)->id, right = ((const BooruIndexHit *)b)->id;

  return (left > right) - (left < right);
}

/* Which posts those are is a matter of all hashes, not of a row. */
static gboolean
read_similar (BooruStore *store, const BooruQueryNode *node, GArray *hits, GError **error)
{
  gint64 id = g_array_index (node->ranges, BooruQueryRange, 0).low;
  g_autoptr (GArray) hashes = booru_store_list_hashes (store, id, error);
  g_autoptr (GArray) found = NULL;

  if (hashes == NULL)
    return FALSE;
  found = booru_store_hashes_find (store, (const guint64 *)(gpointer)hashes->data, hashes->len,
                                   node->distance, MAX_SIMILAR_POSTS, error);
  if (found == NULL)
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    {
      const BooruSimilar *similar = &g_array_index (found, BooruSimilar, i);
      BooruIndexHit hit = { similar->post_id, similar->distance };

      g_array_append_val (hits, hit);
    }
  g_array_sort (hits, compare_hits);
  return TRUE;
}

/* Takes over the ids that a statement returns, ascending. */
static gboolean
collect (BooruSqlStatement *rows, GArray *hits, GError **error)
{
  g_autoptr (BooruSqlStatement) ended = rows;
  BooruSqlStep step;

  while ((step = booru_sql_step (ended, error)) == BOORU_SQL_ROW)
    {
      BooruIndexHit hit = { booru_sql_get_number (ended, 0), 0 };

      g_array_append_val (hits, hit);
    }
  return step == BOORU_SQL_DONE;
}

static gboolean
read_md5s (BooruStore *store, const GPtrArray *words, GArray *hits, GError **error)
{
  for (guint i = 0; i < words->len; i++)
    {
      BooruIndexHit hit = { 0, 0 };

      if (!booru_sql_read_number (store->sql, &hit.id, error, "find-post-by-md5", "h",
                                  (const char *)words->pdata[i]))
        return FALSE;
      if (hit.id != 0)
        g_array_append_val (hits, hit);
    }
  g_array_sort (hits, compare_hits);
  return TRUE;
}

/* "KEY" or "KEY=VALUE" of what the files say of themselves. */
static BooruSqlStatement *
query_exif (BooruStore *store, const BooruQueryNode *node, GError **error)
{
  g_auto (GStrv) parts = NULL;

  if (node->presence == BOORU_QUERY_ANY)
    return booru_sql_query (store->sql, error, "list-posts-with-metadata", "");
  parts = g_strsplit (node->words->pdata[0], "=", 2);
  return booru_sql_query (store->sql, error, "list-posts-by-metadata", "ss", parts[0],
                          parts[0] ? parts[1] : NULL);
}

static gboolean
read_leaf (gpointer data, const BooruQueryNode *node, GArray *hits, GError **error)
{
  BooruStore *store = data;
  g_autofree char *beginning = NULL, *pattern = NULL;
  gint64 id;

  switch (node->metatag)
    {
    case BOORU_METATAG_SIMILAR:
      return read_similar (store, node, hits, error);
    case BOORU_METATAG_MD5:
      return read_md5s (store, node->words, hits, error);
    case BOORU_METATAG_SOURCE:
      beginning = g_strconcat (node->words->pdata[0], "*", NULL);
      pattern = booru_sql_pattern_to_like (beginning);
      return collect (booru_sql_query (store->sql, error, "list-posts-by-source", "s", pattern),
                      hits, error);
    case BOORU_METATAG_PARENT:
      id = g_array_index (node->ranges, BooruQueryRange, 0).low;
      return collect (booru_sql_query (store->sql, error, "list-family", "x", id), hits, error);
    case BOORU_METATAG_EXIF:
      return collect (query_exif (store, node, error), hits, error);
    default:
      return booru_store_read_record_leaf (store, node, hits, error);
    }
}

static gboolean
list_names (gpointer data, const char *name, GPtrArray *names, GError **error)
{
  BooruRelations *relations = booru_store_get_relations (data, error);
  const char *target = relations != NULL ? booru_relations_resolve (relations, name) : NULL;

  if (relations == NULL)
    return FALSE;
  g_ptr_array_add (names, target != NULL ? (gpointer)target : (gpointer)name);
  booru_relations_list_others (relations, names->pdata[0], names);
  return TRUE;
}

static gboolean
read_order (gpointer data, BooruQueryOrder order, GArray *hits, GError **error)
{
  return booru_store_read_record_order (data, order, hits, error);
}

static const BooruIndexSource source = {
  .get_generation = get_generation,
  .get_stamp = get_stamp,
  .find_next_id = find_next_id,
  .read_rows = read_rows,
  .read_changes = read_changes,
  .read_tags = read_tags,
  .list_names = list_names,
  .read_leaf = read_leaf,
  .read_order = read_order,
};

static void
index_free (gpointer data)
{
  BooruStoreIndex *self = data;

  g_clear_pointer (&self->index, booru_index_free);
  g_byte_array_unref (self->categories);
  g_free (self);
}

char *
booru_store_dup_id (BooruStore *store, GError **error)
{
  g_autoptr (BooruSqlStatement) row = booru_sql_query (store->sql, error, "get-store-id", "");
  BooruSqlStep step = booru_sql_step (row, error);

  if (step == BOORU_SQL_DONE)
    booru_sql_fail_corrupt (store->sql, "the board's own row is gone", error);
  return step == BOORU_SQL_ROW ? booru_sql_dup_text (row, 0) : NULL;
}

BooruIndex *
booru_store_get_index (BooruStore *store, GError **error)
{
  g_autofree char *store_id = NULL;
  gboolean same;

  /* What a write has not committed yet must not get into it. */
  g_return_val_if_fail (!booru_sql_is_writing (store->sql), NULL);

  if (!booru_store_check_history (store, &store->index_history, &same, error))
    return NULL;
  if (store->index != NULL && same && store->index->index != NULL)
    return store->index->index;
  store_id = booru_store_dup_id (store, error);
  if (store_id == NULL)
    return NULL;
  if (store->index == NULL)
    {
      store->index = g_new0 (BooruStoreIndex, 1);
      store->index->categories = g_byte_array_new ();
      booru_store_own (store, store->index, index_free);
    }
  /* What the files hold is compared with the log once more when they are read again. */
  g_clear_pointer (&store->index->index, booru_index_free);
  g_byte_array_set_size (store->index->categories, 0);
  store->index->categories_are_of = 0;
  store->index->index = booru_index_new (store->index_folder, store_id, &source, store);
  return store->index->index;
}
