/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Editing a post: one transaction that keeps row, counts, search index and versions in step. */
#include "board/sqlite/booru-sqlite-posts.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/sqlite/booru-sqlite-tag-edit.h"

#define MAX_SOURCE_LENGTH 8192 /* bytes */

/* What of a post an edit can change. */
typedef struct
{
  GArray *tags; /* ids */
  char rating;
  char *source;
  gint64 parent_id;
} State;

static void
state_clear (State *self)
{
  g_clear_pointer (&self->tags, g_array_unref);
  g_clear_pointer (&self->source, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (State, state_clear)

typedef struct
{
  gint64 id;
  const BooruPostEdit *edit;
  BooruSqliteTagEdit *tags; /* NULL: keep */
  GHashTable *old_tags;     /* NULL: no merge */
  char rating;              /* checked, lower case; 0: keep */
  char old_rating;
  char *source; /* checked, stripped; NULL: keep */
  gint64 now;
} Request;

static void
request_clear (Request *self)
{
  g_clear_pointer (&self->tags, booru_sqlite_tag_edit_free);
  g_clear_pointer (&self->old_tags, g_hash_table_unref);
  g_clear_pointer (&self->source, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

static gboolean
check_rating (char given, char *rating, GError **error)
{
  const char text[] = { given, '\0' };

  if (given == 0 || booru_sqlite_rating_parse (text, rating))
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "A rating is one of g, s, q and e, not \"%s\"",
               g_ascii_isprint (given) ? text : "?");
  return FALSE;
}

static gboolean
check_source (const char *given, char **source, GError **error)
{
  if (given == NULL)
    return TRUE;
  if (!g_utf8_validate (given, -1, NULL))
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                           "The source is not valid UTF-8 text");
      return FALSE;
    }
  if (strlen (given) > MAX_SOURCE_LENGTH)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "The source is longer than %d bytes",
                   MAX_SOURCE_LENGTH);
      return FALSE;
    }
  g_free (*source);
  *source = g_strstrip (g_strdup (given));
  return TRUE;
}

/* All that can be wrong with an edit by itself is found before anything is locked. */
static gboolean
request_init (Request *self, gint64 id, const BooruPostEdit *edit, GError **error)
{
  self->id = id;
  self->edit = edit;
  self->now = g_get_real_time ();
  if (!check_rating (edit->rating, &self->rating, error)
      || !check_source (edit->source, &self->source, error))
    return FALSE;
  if (edit->old_rating != 0)
    check_rating (edit->old_rating, &self->old_rating, NULL);
  if (edit->tag_string == NULL)
    return TRUE;

  self->tags = booru_sqlite_tag_edit_parse (edit->tag_string, error);
  if (self->tags == NULL)
    return FALSE;
  if (edit->old_tag_string != NULL)
    self->old_tags = booru_sqlite_tag_edit_parse_old (edit->old_tag_string);
  return check_source (self->tags->source, &self->source, error);
}

static GHashTable *
names_of (const BooruPost *post)
{
  GHashTable *names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < post->tags->len; i++)
    {
      BooruTagRef *tag = post->tags->pdata[i];

      g_hash_table_add (names, tag->name);
    }
  return names;
}

static gboolean
resolve_tags (BooruSqliteDb *db,
              const Request *request,
              const BooruPost *post,
              GArray *ids,
              GError **error)
{
  g_autoptr (GHashTable) current = names_of (post);
  g_autoptr (GHashTable) merged
      = booru_sqlite_tag_edit_merge (request->tags, current, request->old_tags);
  GHashTableIter iter;
  const char *name;

  if (g_hash_table_size (merged) > BOORU_MAX_TAGS_PER_POST)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "Post %" G_GINT64_FORMAT " would have %u tags; %d are allowed", request->id,
                   g_hash_table_size (merged), BOORU_MAX_TAGS_PER_POST);
      return FALSE;
    }

  g_hash_table_iter_init (&iter, merged);
  while (g_hash_table_iter_next (&iter, (gpointer *)&name, NULL))
    {
      gint category = GPOINTER_TO_INT (g_hash_table_lookup (request->tags->added, name)) - 1;
      gint64 id;

      if (!booru_sqlite_tag_ensure (db, name, category, request->now, &id, error))
        return FALSE;
      g_array_append_val (ids, id);
    }
  booru_sqlite_tag_ids_sort (ids);
  return TRUE;
}

static gboolean
check_parent (BooruSqliteDb *db, gint64 id, gint64 parent_id, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = NULL;
  int code;

  if (parent_id == id)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "Post %" G_GINT64_FORMAT " cannot be its own parent", id);
      return FALSE;
    }
  statement = booru_sqlite_db_statement (db, "has-post", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, parent_id);
  code = booru_sqlite_db_step (db, statement, error);
  if (code == SQLITE_DONE)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "There is no post %" G_GINT64_FORMAT " that could be the parent", parent_id);
  return code == SQLITE_ROW;
}

static gboolean
decide_parent (BooruSqliteDb *db, const Request *request, State *after, GError **error)
{
  gint64 parent_id = request->edit->parent_id;

  if (request->tags != NULL && request->tags->parent_id >= 0)
    parent_id = request->tags->parent_id;
  else if (request->tags != NULL && request->tags->unparent_id != 0
           && request->tags->unparent_id == after->parent_id)
    parent_id = 0;
  if (parent_id < 0 || parent_id == after->parent_id)
    return TRUE;
  after->parent_id = parent_id;
  return parent_id == 0 || check_parent (db, request->id, parent_id, error);
}

static void
read_state (const BooruPost *post, State *state)
{
  state->tags = booru_sqlite_tag_ids_new ();
  for (guint i = 0; i < post->tags->len; i++)
    g_array_append_val (state->tags, ((BooruTagRef *)post->tags->pdata[i])->id);
  booru_sqlite_tag_ids_sort (state->tags);
  state->rating = post->rating;
  state->source = g_strdup (post->source);
  state->parent_id = post->parent_id;
}

static gboolean
decide_state (BooruSqliteDb *db,
              const Request *request,
              const BooruPost *post,
              State *after,
              GError **error)
{
  read_state (post, after);
  if (request->tags != NULL)
    {
      g_array_set_size (after->tags, 0);
      if (!resolve_tags (db, request, post, after->tags, error))
        return FALSE;
      if (request->tags->rating != 0)
        after->rating = request->tags->rating;
    }
  /* An editor who left the rating as he saw it does not undo another's. */
  if (request->rating != 0 && request->rating != request->old_rating
      && (request->tags == NULL || request->tags->rating == 0))
    after->rating = request->rating;
  if (request->source != NULL)
    {
      g_free (after->source);
      after->source = g_strdup (request->source);
    }
  return decide_parent (db, request, after, error);
}

static gboolean
same_tags (const State *a, const State *b)
{
  return a->tags->len == b->tags->len
         && (a->tags->len == 0
             || memcmp (a->tags->data, b->tags->data, a->tags->len * sizeof (gint64)) == 0);
}

static void
bind_packed (BooruSqliteStatement *statement, int index, const GArray *tags)
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
write_post (BooruSqliteDb *db, const Request *request, const State *after, GError **error)
{
  guint counts[BOORU_TAG_META + 1] = { 0 };
  const char rating[] = { after->rating, '\0' };
  g_autoptr (BooruSqliteStatement) statement = NULL;

  if (!count_categories (db, after->tags, counts, error))
    return FALSE;
  statement = booru_sqlite_db_statement (db, "update-post", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, request->id);
  bind_packed (statement, 2, after->tags);
  sqlite3_bind_int64 (statement, 3, after->tags->len);
  sqlite3_bind_int64 (statement, 4, counts[BOORU_TAG_GENERAL]);
  sqlite3_bind_int64 (statement, 5, counts[BOORU_TAG_ARTIST]);
  sqlite3_bind_int64 (statement, 6, counts[BOORU_TAG_COPYRIGHT]);
  sqlite3_bind_int64 (statement, 7, counts[BOORU_TAG_CHARACTER]);
  sqlite3_bind_int64 (statement, 8, counts[BOORU_TAG_META]);
  sqlite3_bind_text (statement, 9, rating, 1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 10, after->source, -1, SQLITE_STATIC);
  booru_sqlite_bind_id (statement, 11, after->parent_id);
  sqlite3_bind_int64 (statement, 12, request->now);
  return booru_sqlite_db_run (db, statement, error);
}

static gboolean
write_version (BooruSqliteDb *db,
               const Request *request,
               const State *before,
               const State *after,
               GError **error)
{
  const char ratings[] = { before->rating, after->rating };
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "insert-version", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, request->id);
  sqlite3_bind_int64 (statement, 2, request->edit->editor_id);
  sqlite3_bind_int64 (statement, 3, request->now);
  bind_packed (statement, 4, before->tags);
  bind_packed (statement, 5, after->tags);
  sqlite3_bind_text (statement, 6, &ratings[0], 1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 7, &ratings[1], 1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 8, before->source, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 9, after->source, -1, SQLITE_STATIC);
  booru_sqlite_bind_id (statement, 10, before->parent_id);
  booru_sqlite_bind_id (statement, 11, after->parent_id);
  return booru_sqlite_db_run (db, statement, error);
}

static gboolean
write_index (BooruSqliteDb *db,
             const BooruPost *post,
             const State *before,
             const State *after,
             GError **error)
{
  BooruSqliteIndexRow old = { post->id, post->status, before->rating, before->tags };
  BooruSqliteIndexRow new = { post->id, post->status, after->rating, after->tags };
  g_autoptr (BooruSqliteTagCounts) counts = booru_sqlite_tag_counts_new ();

  if (!booru_sqlite_index_remove (db, &old, error) || !booru_sqlite_index_add (db, &new, error))
    return FALSE;
  /* A tag counts the posts that a search for it shows. */
  if (post->status != BOORU_POST_ACTIVE)
    return TRUE;
  booru_sqlite_tag_counts_add (counts, before->tags, -1);
  booru_sqlite_tag_counts_add (counts, after->tags, 1);
  return booru_sqlite_tag_counts_apply (counts, db, error);
}

static gboolean
edit_in_transaction (BooruSqliteDb *db, gpointer data, GError **error)
{
  const Request *request = data;
  g_autoptr (BooruPost) post = booru_sqlite_post_get (db, request->id, error);
  g_auto (State) before = { 0 };
  g_auto (State) after = { 0 };
  gboolean reindex;

  if (post == NULL)
    return FALSE;
  read_state (post, &before);
  if (!decide_state (db, request, post, &after, error))
    return FALSE;

  reindex = !same_tags (&before, &after) || before.rating != after.rating;
  if (!reindex && before.parent_id == after.parent_id && strcmp (before.source, after.source) == 0)
    return TRUE;
  return write_post (db, request, &after, error)
         && write_version (db, request, &before, &after, error)
         && (!reindex || write_index (db, post, &before, &after, error));
}

/**
 * booru_sqlite_post_edit:
 *
 * See booru_store_edit_post().
 *
 * Returns: (transfer full): the post as it is afterwards
 */
BooruPost *
booru_sqlite_post_edit (BooruSqliteDb *db, gint64 id, const BooruPostEdit *edit, GError **error)
{
  g_auto (Request) request = { 0 };

  if (!request_init (&request, id, edit, error)
      || !booru_sqlite_db_write (db, BOORU_SQLITE_NORMAL, edit_in_transaction, &request, error))
    return NULL;
  booru_sqlite_db_get_generation (db);
  return booru_sqlite_post_get (db, id, error);
}
