/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hashes in their tables, and looking through all of them. */
#include "board/store/booru-store-hashes-private.h"

#include <string.h>

#define LENGTH BOORU_STORE_BLOCK_LENGTH
#define MAX_ASKED 1000 /* posts in one statement */

/* One post */

static gboolean
read_blob (BooruStore *store, const char *name, gint64 key, GByteArray *bytes, GError **error)
{
  g_autoptr (BooruSqlStatement) row = booru_sql_query (store->sql, error, name, "x", key);
  BooruSqlStep step = booru_sql_step (row, error);
  const void *blob;
  gsize length;

  if (step != BOORU_SQL_ROW)
    return step == BOORU_SQL_DONE;
  blob = booru_sql_get_bytes (row, 0, &length);
  if (length > 0)
    g_byte_array_append (bytes, blob, (guint)length);
  return TRUE;
}

static gboolean
write_blob (BooruStore *store, const char *name, gint64 key, GByteArray *bytes, GError **error)
{
  g_autoptr (GBytes) blob = g_bytes_new_static (bytes->data, bytes->len);

  return booru_sql_run (store->sql, error, name, "xB", key, blob);
}

static guint64
get_slot (const GByteArray *bytes, guint slot)
{
  guint64 hash = 0;

  if (bytes->len >= (slot + 1) * sizeof hash)
    memcpy (&hash, bytes->data + slot * sizeof hash, sizeof hash);
  return GUINT64_FROM_LE (hash);
}

static gboolean
put_in_block (BooruStore *store, gint64 post_id, guint64 hash, gboolean *changed, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new (LENGTH * sizeof hash);
  gint64 block = post_id / LENGTH;
  guint slot = post_id % LENGTH, length;

  if (!read_blob (store, "get-hash-block", block, bytes, error))
    return FALSE;
  if (get_slot (bytes, slot) == hash)
    return TRUE;
  *changed = TRUE;
  length = bytes->len;
  if (length < (slot + 1) * sizeof hash)
    {
      g_byte_array_set_size (bytes, (slot + 1) * sizeof hash);
      memset (bytes->data + length, 0, bytes->len - length);
    }
  hash = GUINT64_TO_LE (hash);
  memcpy (bytes->data + slot * sizeof hash, &hash, sizeof hash);
  return write_blob (store, "put-hash-block", block, bytes, error);
}

static gboolean
put_frames (BooruStore *store,
            gint64 post_id,
            GByteArray *frames,
            gboolean *changed,
            GError **error)
{
  g_autoptr (GByteArray) known = g_byte_array_new ();

  if (!read_blob (store, "get-frame-hashes", post_id, known, error))
    return FALSE;
  if (known->len == frames->len
      && (known->len == 0 || memcmp (known->data, frames->data, known->len) == 0))
    return TRUE;
  *changed = TRUE;
  if (frames->len > 0)
    return write_blob (store, "put-frame-hashes", post_id, frames, error);
  return booru_sql_run (store->sql, error, "delete-frame-hashes", "x", post_id);
}

static void
append_hash (GByteArray *bytes, guint64 hash)
{
  hash = GUINT64_TO_LE (hash);
  if (hash != 0)
    g_byte_array_append (bytes, (const guint8 *)&hash, sizeof hash);
}

gboolean
booru_store_hashes_put (BooruStore *store,
                        gint64 post_id,
                        gboolean is_new,
                        const BooruMedia *media,
                        gboolean *changed,
                        GError **error)
{
  g_autoptr (GByteArray) frames = g_byte_array_new ();

  *changed = FALSE;
  if (media->n_frame_hashes > 0)
    append_hash (frames, media->phash);
  for (guint i = 0; i < MIN (media->n_frame_hashes, BOORU_MAX_FRAME_HASHES); i++)
    append_hash (frames, media->frame_hashes[i]);
  return put_in_block (store, post_id, frames->len > 0 ? 0 : media->phash, changed, error)
         && ((is_new && frames->len == 0) || put_frames (store, post_id, frames, changed, error));
}

GArray *
booru_store_list_hashes (BooruStore *self, gint64 post_id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  g_autoptr (GArray) hashes = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GByteArray) block = g_byte_array_new (), frames = g_byte_array_new ();
  guint64 hash;

  if (!read_blob (self, "get-hash-block", post_id / LENGTH, block, error)
      || !read_blob (self, "get-frame-hashes", post_id, frames, error))
    return NULL;
  hash = get_slot (block, post_id % LENGTH);
  if (hash != 0)
    g_array_append_val (hashes, hash);
  for (guint i = 0; (hash = get_slot (frames, i)) != 0; i++)
    g_array_append_val (hashes, hash);
  return g_steal_pointer (&hashes);
}

/* All posts */

/* Of either table that hashes lie in: key, hashes, how many posts' they are. */
BooruHashRow
booru_store_hashes_read_row (BooruSqlStatement *row)
{
  gint64 key = booru_sql_get_number (row, 0), n_posts = booru_sql_get_number (row, 2);
  gsize length;
  const void *packed = booru_sql_get_bytes (row, 1, &length);

  return (BooruHashRow){ .key = key,
                         .first_id = key * n_posts,
                         .is_one_post = n_posts == 1,
                         .packed = packed,
                         .n = MIN (length / sizeof (guint64), LENGTH) };
}

static gboolean
scan (BooruStore *store, const char *name, BooruNearest *nearest, GError **error)
{
  g_autoptr (BooruSqlStatement) rows = booru_sql_query (store->sql, error, name, "x", (gint64)0);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      BooruHashRow row = booru_store_hashes_read_row (rows);

      booru_nearest_look (nearest, &row);
    }
  return step == BOORU_SQL_DONE;
}

GArray *
booru_store_hashes_find (BooruStore *store,
                         const guint64 *hashes,
                         guint n_hashes,
                         guint max_distance,
                         guint limit,
                         GError **error)
{
  g_auto (BooruNearest) nearest = { 0 };

  booru_nearest_init (&nearest, hashes, n_hashes, max_distance, limit);
  if (nearest.wanted->len > 0 && limit > 0
      && (!scan (store, "scan-hash-blocks", &nearest, error)
          || !scan (store, "scan-frame-hashes", &nearest, error)))
    return NULL;
  return booru_nearest_finish (&nearest);
}

/* Which of @n posts from the one at @first on are active: ids, ascending. */
static GArray *
list_active (BooruStore *store, const GArray *found, guint first, guint n, GError **error)
{
  g_autoptr (GArray) ids = booru_id_list_new ();
  g_autoptr (GArray) active = booru_id_list_new ();
  g_autoptr (BooruSqlStatement) rows = NULL;
  g_autofree char *json = NULL;
  BooruSqlStep step;

  for (guint i = first; i < first + n; i++)
    g_array_append_val (ids, g_array_index (found, BooruSimilar, i).post_id);
  json = booru_sql_numbers_to_json ((const gint64 *)(gpointer)ids->data, ids->len);
  rows = booru_sql_query (store->sql, error, "list-active", "s", json);
  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      gint64 id = booru_sql_get_number (rows, 0);

      g_array_append_val (active, id);
    }
  return step == BOORU_SQL_DONE ? g_steal_pointer (&active) : NULL;
}

/* The first @limit that are active. */
static gboolean
keep_active (BooruStore *store, GArray *found, guint limit, GError **error)
{
  guint kept = 0, n;

  for (guint first = 0; first < found->len && kept < limit; first += n)
    {
      g_autoptr (GArray) active = NULL;

      n = MIN (found->len - first, MAX_ASKED);
      active = list_active (store, found, first, n, error);
      if (active == NULL)
        return FALSE;
      for (guint i = first; i < first + n && kept < limit; i++)
        {
          const BooruSimilar similar = g_array_index (found, BooruSimilar, i);

          if (booru_id_list_contain (active, similar.post_id))
            g_array_index (found, BooruSimilar, kept++) = similar;
        }
    }
  g_array_set_size (found, kept);
  return TRUE;
}

GArray *
booru_store_find_similar (BooruStore *self,
                          const guint64 *hashes,
                          guint n_hashes,
                          guint max_distance,
                          guint limit,
                          GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && (hashes != NULL || n_hashes == 0), NULL);

  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  g_autoptr (GArray) found = NULL;
  gint64 n_hidden;

  /* Even if all hidden posts were among the nearest, enough would be left. */
  if (!booru_sql_read_number (self->sql, &n_hidden, error, "count-hidden-posts", ""))
    return NULL;
  found = booru_store_hashes_find (self, hashes, n_hashes, max_distance, limit + (guint)n_hidden,
                                   error);
  if (found == NULL || (n_hidden > 0 && !keep_active (self, found, limit, error)))
    return NULL;
  return g_steal_pointer (&found);
}
