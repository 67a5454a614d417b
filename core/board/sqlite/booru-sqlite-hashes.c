/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hashes in their tables, and looking through all of them. */
#include "board/sqlite/booru-sqlite-hashes.h"

#include <string.h>

#define LENGTH BOORU_SQLITE_BLOCK_LENGTH

/* Functions for SQL */

typedef struct
{
  guint n; /* slots up to the last one with a hash */
  guint64 hashes[LENGTH];
} Block;

static void
pack_hash_step (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  Block *block = sqlite3_aggregate_context (context, sizeof (Block));
  gint64 slot = sqlite3_value_int64 (values[0]);
  guint64 hash = (guint64)sqlite3_value_int64 (values[1]);

  if (block == NULL || slot < 0 || slot >= LENGTH || hash == 0)
    return;
  block->hashes[slot] = GUINT64_TO_LE (hash);
  block->n = MAX (block->n, (guint)slot + 1);
}

static void
pack_hash_final (sqlite3_context *context)
{
  Block *block = sqlite3_aggregate_context (context, 0);

  if (block == NULL || block->n == 0)
    sqlite3_result_zeroblob (context, 0);
  else
    sqlite3_result_blob (context, block->hashes, (int)(block->n * sizeof (guint64)),
                         SQLITE_TRANSIENT);
}

static void
similar_distance (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const gint64 (*pairs)[2] = sqlite3_value_blob (values[0]);
  gint64 id = sqlite3_value_int64 (values[1]);
  gsize low = 0, high = (gsize)sqlite3_value_bytes (values[0]) / sizeof *pairs;

  while (low < high)
    {
      gsize middle = (low + high) / 2;

      if (pairs[middle][0] == id)
        {
          sqlite3_result_int64 (context, pairs[middle][1]);
          return;
        }
      if (pairs[middle][0] < id)
        low = middle + 1;
      else
        high = middle;
    }
}

gboolean
booru_sqlite_hashes_add_functions (sqlite3 *handle)
{
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

  return sqlite3_create_function_v2 (handle, "pack_hash", 2, flags, NULL, NULL, pack_hash_step,
                                     pack_hash_final, NULL)
             == SQLITE_OK
         && sqlite3_create_function_v2 (handle, "similar_distance", 2, flags, NULL,
                                        similar_distance, NULL, NULL, NULL)
                == SQLITE_OK;
}

/* One post */

static gboolean
read_blob (BooruSqliteDb *db, const char *name, gint64 key, GByteArray *bytes, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, name, error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, key);
  code = booru_sqlite_db_step (db, statement, error);
  if (code == SQLITE_ROW && sqlite3_column_bytes (statement, 0) > 0)
    g_byte_array_append (bytes, sqlite3_column_blob (statement, 0),
                         (guint)sqlite3_column_bytes (statement, 0));
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
write_blob (BooruSqliteDb *db, const char *name, gint64 key, GByteArray *bytes, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, name, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, key);
  sqlite3_bind_blob (statement, 2, bytes->data, (int)bytes->len, SQLITE_STATIC);
  return booru_sqlite_db_run (db, statement, error);
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
put_in_block (BooruSqliteDb *db, gint64 post_id, guint64 hash, gboolean *changed, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new (LENGTH * sizeof hash);
  gint64 block = post_id / LENGTH;
  guint slot = post_id % LENGTH, length;

  if (!read_blob (db, "get-hash-block", block, bytes, error))
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
  return write_blob (db, "put-hash-block", block, bytes, error);
}

static gboolean
put_frames (BooruSqliteDb *db,
            gint64 post_id,
            GByteArray *frames,
            gboolean *changed,
            GError **error)
{
  g_autoptr (GByteArray) known = g_byte_array_new ();
  g_autoptr (BooruSqliteStatement) statement = NULL;

  if (!read_blob (db, "get-frame-hashes", post_id, known, error))
    return FALSE;
  if (known->len == frames->len
      && (known->len == 0 || memcmp (known->data, frames->data, known->len) == 0))
    return TRUE;
  *changed = TRUE;
  if (frames->len > 0)
    return write_blob (db, "put-frame-hashes", post_id, frames, error);
  statement = booru_sqlite_db_statement (db, "delete-frame-hashes", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, post_id);
  return booru_sqlite_db_run (db, statement, error);
}

static void
append_hash (GByteArray *bytes, guint64 hash)
{
  hash = GUINT64_TO_LE (hash);
  if (hash != 0)
    g_byte_array_append (bytes, (const guint8 *)&hash, sizeof hash);
}

gboolean
booru_sqlite_hashes_put (BooruSqliteDb *db,
                         gint64 post_id,
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
  return put_in_block (db, post_id, frames->len > 0 ? 0 : media->phash, changed, error)
         && put_frames (db, post_id, frames, changed, error);
}

gboolean
booru_sqlite_hashes_of_post (BooruSqliteDb *db, gint64 post_id, GArray *hashes, GError **error)
{
  g_autoptr (GByteArray) block = g_byte_array_new (), frames = g_byte_array_new ();
  guint64 hash;

  if (!read_blob (db, "get-hash-block", post_id / LENGTH, block, error)
      || !read_blob (db, "get-frame-hashes", post_id, frames, error))
    return FALSE;
  hash = get_slot (block, post_id % LENGTH);
  if (hash != 0)
    g_array_append_val (hashes, hash);
  for (guint i = 0; (hash = get_slot (frames, i)) != 0; i++)
    g_array_append_val (hashes, hash);
  return TRUE;
}

/* All posts */

static gboolean
scan (BooruSqliteDb *db, const char *name, BooruSqliteNearest *nearest, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, name, error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, 0);
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    {
      BooruSqliteHashRow row = booru_sqlite_hashes_read_row (statement);

      booru_sqlite_nearest_look (nearest, &row);
    }
  return code == SQLITE_DONE;
}

/* Of either table that hashes lie in: key, hashes, how many posts' they are. */
BooruSqliteHashRow
booru_sqlite_hashes_read_row (BooruSqliteStatement *statement)
{
  gint64 n_posts = sqlite3_column_int64 (statement, 2);
  gsize length = (gsize)sqlite3_column_bytes (statement, 1);

  return (BooruSqliteHashRow){ .key = sqlite3_column_int64 (statement, 0),
                               .first_id = sqlite3_column_int64 (statement, 0) * n_posts,
                               .is_one_post = n_posts == 1,
                               .packed = sqlite3_column_blob (statement, 1),
                               .n = MIN (length / sizeof (guint64), LENGTH) };
}

GArray *
booru_sqlite_hashes_find (BooruSqliteDb *db,
                          const guint64 *hashes,
                          guint n_hashes,
                          guint max_distance,
                          guint limit,
                          GError **error)
{
  g_auto (BooruSqliteNearest) nearest = { 0 };

  booru_sqlite_nearest_init (&nearest, hashes, n_hashes, max_distance, limit);
  if (nearest.wanted->len > 0 && limit > 0
      && (!scan (db, "scan-hash-blocks", &nearest, error)
          || !scan (db, "scan-frame-hashes", &nearest, error)))
    return NULL;
  return booru_sqlite_nearest_finish (&nearest);
}

static gboolean
count_hidden (BooruSqliteDb *db, guint *n_hidden, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "count-hidden-posts", error);

  if (statement == NULL || booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
    return FALSE;
  *n_hidden = (guint)sqlite3_column_int64 (statement, 0);
  return TRUE;
}

static gboolean
is_active (BooruSqliteDb *db, gint64 post_id, gboolean *active, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "is-active", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, post_id);
  if (booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
    return FALSE;
  *active = sqlite3_column_int (statement, 0);
  return TRUE;
}

GArray *
booru_sqlite_hashes_find_active (BooruSqliteDb *db,
                                 const guint64 *hashes,
                                 guint n_hashes,
                                 guint max_distance,
                                 guint limit,
                                 GError **error)
{
  g_autoptr (GArray) found = NULL;
  guint n_hidden, kept = 0;

  /* Even if all hidden posts were among the nearest, enough would be left. */
  if (!count_hidden (db, &n_hidden, error))
    return NULL;
  found = booru_sqlite_hashes_find (db, hashes, n_hashes, max_distance, limit + n_hidden, error);
  if (found == NULL || n_hidden == 0)
    return g_steal_pointer (&found);

  for (guint i = 0; i < found->len && kept < limit; i++)
    {
      BooruSimilar similar = g_array_index (found, BooruSimilar, i);
      gboolean active;

      if (!is_active (db, similar.post_id, &active, error))
        return NULL;
      if (active)
        g_array_index (found, BooruSimilar, kept++) = similar;
    }
  g_array_set_size (found, kept);
  return g_steal_pointer (&found);
}
