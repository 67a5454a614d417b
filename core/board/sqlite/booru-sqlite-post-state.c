/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Row, counts, search index and versions of a post are kept in step here. */
#include "board/sqlite/booru-sqlite-post-state.h"

#include <string.h>

#include "base/booru-error.h"

void
booru_sqlite_post_state_clear (BooruSqlitePostState *self)
{
  g_clear_pointer (&self->tags, g_array_unref);
  g_clear_pointer (&self->source, g_free);
}

gboolean
booru_sqlite_post_state_read (BooruSqliteDb *db,
                              gint64 id,
                              BooruSqlitePostState *state,
                              GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "get-post-state", error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  code = booru_sqlite_db_step (db, statement, error);
  if (code == SQLITE_DONE)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no post %" G_GINT64_FORMAT,
                 id);
  if (code != SQLITE_ROW)
    return FALSE;

  state->id = id;
  state->status = sqlite3_column_int (statement, 0);
  state->parent_id = sqlite3_column_int64 (statement, 3);
  state->tags = booru_sqlite_tag_ids_new ();
  state->source = g_strdup ((const char *)sqlite3_column_text (statement, 2));
  if (sqlite3_column_bytes (statement, 1) < 1 || state->source == NULL
      || !booru_sqlite_tag_ids_unpack (sqlite3_column_blob (statement, 4),
                                       sqlite3_column_bytes (statement, 4), state->tags))
    return booru_sqlite_db_fail_corrupt (db, "a post cannot be read", error);
  state->rating = (char)sqlite3_column_text (statement, 1)[0];
  return TRUE;
}

static gboolean
same_tags (const BooruSqlitePostState *a, const BooruSqlitePostState *b)
{
  return a->tags->len == b->tags->len
         && (a->tags->len == 0
             || memcmp (a->tags->data, b->tags->data, a->tags->len * sizeof (gint64)) == 0);
}

void
booru_sqlite_bind_packed (BooruSqliteStatement *statement, int index, const GArray *tags)
{
  GBytes *packed = booru_sqlite_tag_ids_pack (tags);
  gsize length;
  const void *data = g_bytes_get_data (packed, &length);

  if (length == 0)
    sqlite3_bind_zeroblob (statement, index, 0);
  else
    sqlite3_bind_blob (statement, index, data, length, SQLITE_TRANSIENT);
  g_bytes_unref (packed);
}

/* Read from the table: the cache does not know yet what this transaction did. */
static gboolean
count_categories (BooruSqliteDb *db, const GArray *tags, guint counts[6], GError **error)
{
  for (guint i = 0; i < tags->len; i++)
    {
      g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "get-tag", error);
      int category;

      if (statement == NULL)
        return FALSE;
      sqlite3_bind_int64 (statement, 1, g_array_index (tags, gint64, i));
      if (booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
        return FALSE;
      category = sqlite3_column_int (statement, 1);
      if (category >= 0 && category <= BOORU_TAG_META)
        counts[category]++;
    }
  return TRUE;
}

static gboolean
write_post (BooruSqliteDb *db, const BooruSqlitePostState *after, gint64 now, GError **error)
{
  guint counts[BOORU_TAG_META + 1] = { 0 };
  const char rating[] = { after->rating, '\0' };
  g_autoptr (BooruSqliteStatement) statement = NULL;

  if (!count_categories (db, after->tags, counts, error))
    return FALSE;
  statement = booru_sqlite_db_statement (db, "update-post", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, after->id);
  booru_sqlite_bind_packed (statement, 2, after->tags);
  sqlite3_bind_int64 (statement, 3, after->tags->len);
  sqlite3_bind_int64 (statement, 4, counts[BOORU_TAG_GENERAL]);
  sqlite3_bind_int64 (statement, 5, counts[BOORU_TAG_ARTIST]);
  sqlite3_bind_int64 (statement, 6, counts[BOORU_TAG_COPYRIGHT]);
  sqlite3_bind_int64 (statement, 7, counts[BOORU_TAG_CHARACTER]);
  sqlite3_bind_int64 (statement, 8, counts[BOORU_TAG_META]);
  sqlite3_bind_text (statement, 9, rating, 1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 10, after->source, -1, SQLITE_STATIC);
  booru_sqlite_bind_id (statement, 11, after->parent_id);
  sqlite3_bind_int64 (statement, 12, now);
  return booru_sqlite_db_run (db, statement, error);
}

static gboolean
write_version (BooruSqliteDb *db,
               const BooruSqlitePostState *before,
               const BooruSqlitePostState *after,
               const BooruSqliteVersionBy *by,
               GError **error)
{
  const char ratings[] = { before->rating, after->rating };
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "insert-version", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, after->id);
  sqlite3_bind_int64 (statement, 2, by->updater_id);
  sqlite3_bind_int64 (statement, 3, by->now);
  booru_sqlite_bind_packed (statement, 4, before->tags);
  booru_sqlite_bind_packed (statement, 5, after->tags);
  sqlite3_bind_text (statement, 6, &ratings[0], 1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 7, &ratings[1], 1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 8, before->source, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 9, after->source, -1, SQLITE_STATIC);
  booru_sqlite_bind_id (statement, 10, before->parent_id);
  booru_sqlite_bind_id (statement, 11, after->parent_id);
  sqlite3_bind_text (statement, 12, by->note, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 13, by->action);
  return booru_sqlite_db_run (db, statement, error);
}

static gboolean
write_index (BooruSqliteDb *db,
             const BooruSqlitePostState *before,
             const BooruSqlitePostState *after,
             BooruSqliteTagCounts *counts,
             GError **error)
{
  BooruSqliteIndexRow old = { before->id, before->status, before->rating, before->tags };
  BooruSqliteIndexRow new = { after->id, before->status, after->rating, after->tags };

  if (!booru_sqlite_index_remove (db, &old, error) || !booru_sqlite_index_add (db, &new, error))
    return FALSE;
  /* A tag counts the posts that a search for it shows. */
  if (before->status != BOORU_POST_ACTIVE)
    return TRUE;
  booru_sqlite_tag_counts_add (counts, before->tags, -1);
  booru_sqlite_tag_counts_add (counts, after->tags, 1);
  return TRUE;
}

gboolean
booru_sqlite_post_state_equal (const BooruSqlitePostState *a, const BooruSqlitePostState *b)
{
  return same_tags (a, b) && a->rating == b->rating && a->parent_id == b->parent_id
         && strcmp (a->source, b->source) == 0;
}

gboolean
booru_sqlite_post_state_write (BooruSqliteDb *db,
                               const BooruSqlitePostState *before,
                               const BooruSqlitePostState *after,
                               const BooruSqliteVersionBy *by,
                               BooruSqliteTagCounts *counts,
                               GError **error)
{
  gboolean reindex = !same_tags (before, after) || before->rating != after->rating;

  if (booru_sqlite_post_state_equal (before, after))
    return TRUE;
  return write_post (db, after, by->now, error) && write_version (db, before, after, by, error)
         && (!reindex || write_index (db, before, after, counts, error));
}

gboolean
booru_sqlite_post_state_note (BooruSqliteDb *db,
                              const BooruSqlitePostState *state,
                              const BooruSqliteVersionBy *by,
                              GError **error)
{
  return write_version (db, state, state, by, error);
}
