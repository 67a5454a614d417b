/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Editing a post: one transaction that keeps row, counts, change log and versions in step. */
#include <string.h>

#include "base/booru-error.h"
#include "board/rules/booru-tag-edit.h"
#include "board/store/booru-store-edit-lists-private.h"
#include "board/store/booru-store-relations-private.h"

typedef struct
{
  gint64 id;
  const BooruPostEdit *edit;
  BooruTagEdit *tags;   /* NULL: keep */
  GHashTable *old_tags; /* NULL: no merge */
  char rating;          /* checked, lower case; 0: keep */
  char old_rating;
  char *source; /* checked, stripped; NULL: keep */
  gint64 now;
  gboolean strict; /* deprecated tags are refused */
} Request;

static void
request_clear (Request *self)
{
  g_clear_pointer (&self->tags, booru_tag_edit_free);
  g_clear_pointer (&self->old_tags, g_hash_table_unref);
  g_clear_pointer (&self->source, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

static gboolean
check_rating (char given, char *rating, GError **error)
{
  const char text[] = { given, '\0' };

  if (given == 0 || booru_rating_parse (text, rating))
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
  if (strlen (given) > BOORU_MAX_SOURCE_LENGTH)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "The source is longer than %d bytes",
                   BOORU_MAX_SOURCE_LENGTH);
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

  self->tags = booru_tag_edit_parse (edit->tag_string, error);
  if (self->tags == NULL)
    return FALSE;
  if (edit->old_tag_string != NULL)
    self->old_tags = booru_tag_edit_parse_old (edit->old_tag_string);
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

/* The edit with the names that aliases stand for, in place of these. Transfer full, both. */
static gboolean
resolve_aliases (BooruStore *store,
                 const Request *request,
                 BooruTagEdit *edit,
                 GHashTable **old,
                 GError **error)
{
  *old = NULL;
  edit->added = booru_store_resolve_names (store, request->tags->added, error);
  edit->removed = booru_store_resolve_names (store, request->tags->removed, error);
  if (request->old_tags != NULL)
    *old = booru_store_resolve_names (store, request->old_tags, error);
  return edit->added != NULL && edit->removed != NULL
         && (request->old_tags == NULL || *old != NULL);
}

/* Tags that somebody does not want though others imply them: ids. */
static gboolean
list_refused (BooruStore *store,
              const GHashTable *removed,
              const GArray *tags,
              GArray *refused,
              GError **error)
{
  BooruRelations *relations = booru_store_get_relations (store, error);
  g_autoptr (GArray) implied = booru_id_list_new ();

  if (relations == NULL)
    return FALSE;
  booru_relations_imply (relations, tags, implied);
  for (guint i = 0; i < implied->len; i++)
    {
      gint64 id = g_array_index (implied, gint64, i);

      if (g_hash_table_contains ((GHashTable *)removed, booru_relations_get_name (relations, id)))
        g_array_append_val (refused, id);
    }
  return TRUE;
}

static gboolean
resolve_tags (BooruStore *store,
              const Request *request,
              const BooruPost *post,
              GArray *ids,
              GArray *refused,
              GError **error)
{
  g_autoptr (GHashTable) names = names_of (post);
  g_autoptr (GHashTable) current = booru_store_resolve_names (store, names, error);
  g_autoptr (GHashTable) added = NULL, removed = NULL, old = NULL, merged = NULL;
  BooruTagEdit edit = { 0 };
  gboolean resolved = current != NULL && resolve_aliases (store, request, &edit, &old, error);

  added = edit.added;
  removed = edit.removed;
  if (!resolved)
    return FALSE;
  merged = booru_tag_edit_merge (&edit, current, old);
  if (g_hash_table_size (merged) > BOORU_MAX_TAGS_PER_POST)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "Post %" G_GINT64_FORMAT " would have %u tags; %d are allowed", request->id,
                   g_hash_table_size (merged), BOORU_MAX_TAGS_PER_POST);
      return FALSE;
    }
  return booru_store_tags_ensure (store, merged, FALSE, request->now, ids, error)
         && list_refused (store, removed, ids, refused, error);
}

gboolean
booru_store_check_parent (BooruStore *store, gint64 id, gint64 parent_id, GError **error)
{
  gint64 found;

  if (parent_id == id)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "Post %" G_GINT64_FORMAT " cannot be its own parent", id);
      return FALSE;
    }
  if (!booru_sql_read_number (store->sql, &found, error, "has-post", "x", parent_id))
    return FALSE;
  if (!found)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "There is no post %" G_GINT64_FORMAT " that could be the parent", parent_id);
  return found != 0;
}

static gboolean
decide_parent (BooruStore *store, const Request *request, BooruPostState *after, GError **error)
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
  return parent_id == 0 || booru_store_check_parent (store, request->id, parent_id, error);
}

static gboolean
decide_state (BooruStore *store,
              const Request *request,
              const BooruPost *post,
              BooruPostState *after,
              GArray *refused,
              GError **error)
{
  if (request->tags != NULL)
    {
      g_array_set_size (after->tags, 0);
      if (!resolve_tags (store, request, post, after->tags, refused, error))
        return FALSE;
      if (request->tags->rating != 0)
        after->rating = request->tags->rating;
    }
  /* An editor who left the rating as he saw it does not undo another's. */
  if (request->rating != 0 && request->rating != request->old_rating
      && (request->tags == NULL || request->tags->rating == 0))
    after->rating = request->rating;
  if (request->source != NULL)
    booru_post_state_set_source (after, request->source);
  return decide_parent (store, request, after, error);
}

static gboolean
check_added (BooruStore *store,
             const Request *request,
             const BooruPostState *before,
             const BooruPostState *after,
             GError **error)
{
  g_autoptr (GArray) added = NULL;

  if (!request->strict)
    return TRUE;
  added = g_array_copy (after->tags);
  booru_id_list_keep (added, before->tags, FALSE);
  return booru_store_check_deprecated (store, added, error);
}

static gboolean
edit_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  const Request *request = data;
  g_autoptr (GArray) refused = booru_id_list_new ();
  BooruVersionBy by
      = { .updater_id = request->edit->editor_id, .now = request->now, .refused = refused };
  g_autoptr (BooruPost) post = booru_store_get_post (store, request->id, error);
  g_autoptr (BooruTagCounts) counts = booru_tag_counts_new ();
  g_auto (BooruPostState) before = { 0 };
  g_auto (BooruPostState) after = { 0 };

  if (post == NULL || !booru_store_read_state (store, request->id, &before, error))
    return FALSE;
  booru_post_state_copy (&after, &before);
  return decide_state (store, request, post, &after, refused, error)
         && check_added (store, request, &before, &after, error)
         && booru_store_write_state (store, &before, &after, &by, counts, error)
         && booru_tag_counts_apply (counts, store, error)
         && (request->tags == NULL
             || booru_store_apply_tag_edit_lists (store, request->id, request->tags->lists,
                                                  request->edit->editor_id, error));
}

BooruPost *
booru_store_edit_post (BooruStore *self, gint64 id, const BooruPostEdit *edit, GError **error)
{
  g_auto (Request) request = { 0 };

  g_return_val_if_fail (BOORU_IS_STORE (self) && edit != NULL, NULL);
  request.strict = TRUE;
  if (!request_init (&request, id, edit, error)
      || !booru_store_write (self, BOORU_SQL_NORMAL, edit_in_transaction, &request, error))
    return NULL;
  return booru_store_get_post (self, id, error);
}

gboolean
booru_post_edit_check (const BooruPostEdit *edit, GError **error)
{
  g_auto (Request) request = { 0 };

  return request_init (&request, 0, edit, error);
}

gboolean
booru_store_post_merge (BooruStore *store,
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
  return edit_in_transaction (store, &request, error);
}
