/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Editing a post: one transaction that keeps row, counts, search index and versions in step. */
#include "board/sqlite/booru-sqlite-posts.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/sqlite/booru-sqlite-post-state.h"
#include "board/sqlite/booru-sqlite-tag-edit.h"

#define MAX_SOURCE_LENGTH 8192 /* bytes */

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
               "The rating must be g, s, q or e, not \"%s\"", g_ascii_isprint (given) ? text : "?");
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

gboolean
booru_sqlite_post_check_parent (BooruSqliteDb *db, gint64 id, gint64 parent_id, GError **error)
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
decide_parent (BooruSqliteDb *db,
               const Request *request,
               BooruSqlitePostState *after,
               GError **error)
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
  return parent_id == 0 || booru_sqlite_post_check_parent (db, request->id, parent_id, error);
}

static gboolean
decide_state (BooruSqliteDb *db,
              const Request *request,
              const BooruPost *post,
              BooruSqlitePostState *after,
              GError **error)
{
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
edit_in_transaction (BooruSqliteDb *db, gpointer data, GError **error)
{
  const Request *request = data;
  BooruSqliteVersionBy by = { request->edit->editor_id, NULL, request->now };
  g_autoptr (BooruPost) post = booru_sqlite_post_get (db, request->id, error);
  g_autoptr (BooruSqliteTagCounts) counts = booru_sqlite_tag_counts_new ();
  g_auto (BooruSqlitePostState) before = { 0 };
  g_auto (BooruSqlitePostState) after = { 0 };

  return post != NULL && booru_sqlite_post_state_read (db, request->id, &before, error)
         && booru_sqlite_post_state_read (db, request->id, &after, error)
         && decide_state (db, request, post, &after, error)
         && booru_sqlite_post_state_write (db, &before, &after, &by, counts, error)
         && booru_sqlite_tag_counts_apply (counts, db, error);
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

gboolean
booru_sqlite_post_edit_check (const BooruPostEdit *edit, GError **error)
{
  g_auto (Request) request = { 0 };

  return request_init (&request, 0, edit, error);
}

/**
 * booru_sqlite_post_merge:
 * @id: a post
 * @edit: what is to be added
 * @now: microseconds since 1970
 *
 * Within a write. Tags are added to those that the post has; the rest is as in an edit.
 */
gboolean
booru_sqlite_post_merge (BooruSqliteDb *db,
                         gint64 id,
                         const BooruPostEdit *edit,
                         gint64 now,
                         GError **error)
{
  g_auto (Request) request = { 0 };
  BooruPostEdit merged = *edit;

  merged.old_tag_string = "";
  merged.old_rating = 0;
  if (!request_init (&request, id, &merged, error))
    return FALSE;
  request.now = now;
  return edit_in_transaction (db, &request, error);
}
