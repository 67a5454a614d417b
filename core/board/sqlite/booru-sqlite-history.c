/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Versions of posts: reading them, undoing one, going back to one. What undoes is a version too. */
#include "board/sqlite/booru-sqlite-post-state.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/sqlite/booru-sqlite-tag-edit.h"

/* Columns of list-versions.sql and its like. */
enum
{
  COLUMN_ID,
  COLUMN_POST,
  COLUMN_UPDATER,
  COLUMN_CREATED_AT,
  COLUMN_ACTION,
  COLUMN_TAGS_BEFORE,
  COLUMN_TAGS_AFTER,
  COLUMN_RATING_BEFORE,
  COLUMN_RATING_AFTER,
  COLUMN_SOURCE_BEFORE,
  COLUMN_SOURCE_AFTER,
  COLUMN_PARENT_BEFORE,
  COLUMN_PARENT_AFTER,
  COLUMN_NOTE,
  COLUMN_NUMBER,
};

static gboolean
read_ids (BooruSqliteDb *db, BooruSqliteStatement *row, int column, GArray *ids, GError **error)
{
  if (booru_sqlite_tag_ids_unpack (sqlite3_column_blob (row, column),
                                   sqlite3_column_bytes (row, column), ids))
    return TRUE;
  return booru_sqlite_db_fail_corrupt (db, "a version's list of tags cannot be read", error);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static char **
read_names (BooruSqliteDb *db, BooruSqliteStatement *row, int column, GError **error)
{
  g_autoptr (GArray) ids = booru_sqlite_tag_ids_new ();
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (!read_ids (db, row, column, ids, error))
    return NULL;
  for (guint i = 0; i < ids->len; i++)
    {
      const BooruTagRef *tag = booru_sqlite_tag_lookup (db, g_array_index (ids, gint64, i), error);

      if (tag == NULL)
        return NULL;
      g_ptr_array_add (names, g_strdup (tag->name));
    }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static BooruVersion *
read_version (BooruSqliteDb *db, BooruSqliteStatement *row, GError **error)
{
  g_autoptr (BooruVersion) version = g_new0 (BooruVersion, 1);

  version->id = sqlite3_column_int64 (row, COLUMN_ID);
  version->post_id = sqlite3_column_int64 (row, COLUMN_POST);
  version->updater_id = sqlite3_column_int64 (row, COLUMN_UPDATER);
  version->created_at = sqlite3_column_int64 (row, COLUMN_CREATED_AT);
  version->action = sqlite3_column_int (row, COLUMN_ACTION);
  version->rating_before = (char)sqlite3_column_text (row, COLUMN_RATING_BEFORE)[0];
  version->rating_after = (char)sqlite3_column_text (row, COLUMN_RATING_AFTER)[0];
  version->source_before = g_strdup ((const char *)sqlite3_column_text (row, COLUMN_SOURCE_BEFORE));
  version->source_after = g_strdup ((const char *)sqlite3_column_text (row, COLUMN_SOURCE_AFTER));
  version->parent_before = sqlite3_column_int64 (row, COLUMN_PARENT_BEFORE);
  version->parent_after = sqlite3_column_int64 (row, COLUMN_PARENT_AFTER);
  version->note = g_strdup ((const char *)sqlite3_column_text (row, COLUMN_NOTE));
  version->number = (guint)sqlite3_column_int64 (row, COLUMN_NUMBER);
  version->tags_before = read_names (db, row, COLUMN_TAGS_BEFORE, error);
  if (version->tags_before != NULL)
    version->tags_after = read_names (db, row, COLUMN_TAGS_AFTER, error);
  return version->tags_after != NULL ? g_steal_pointer (&version) : NULL;
}

static const char *
choose_statement (const BooruVersionFilter *filter)
{
  gboolean oldest_first = filter->page.kind == BOORU_PAGE_AFTER;

  if (filter->post_id != 0)
    return oldest_first ? "list-versions-of-post-after" : "list-versions-of-post";
  return oldest_first ? "list-versions-after" : "list-versions";
}

static void
reverse (GPtrArray *array)
{
  for (guint i = 0; i < array->len / 2; i++)
    {
      gpointer other = array->pdata[array->len - 1 - i];

      array->pdata[array->len - 1 - i] = array->pdata[i];
      array->pdata[i] = other;
    }
}

/**
 * booru_sqlite_versions_list:
 *
 * See booru_store_list_versions().
 */
GPtrArray *
booru_sqlite_versions_list (BooruSqliteDb *db, const BooruVersionFilter *filter, GError **error)
{
  g_autoptr (GPtrArray) versions
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_version_free);
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, choose_statement (filter), error);
  const BooruPage *page = &filter->page;
  gint64 offset = page->kind == BOORU_PAGE_NUMBER ? (page->value - 1) * page->limit : 0;
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, filter->post_id);
  sqlite3_bind_int64 (statement, 2, filter->updater_id);
  sqlite3_bind_int64 (statement, 3, filter->id);
  sqlite3_bind_int64 (statement, 4, page->kind == BOORU_PAGE_BEFORE ? page->value : G_MAXINT64);
  sqlite3_bind_int64 (statement, 5, page->kind == BOORU_PAGE_AFTER ? page->value : 0);
  sqlite3_bind_int64 (statement, 6, page->limit);
  sqlite3_bind_int64 (statement, 7, MAX (offset, 0));
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    {
      BooruVersion *version = read_version (db, statement, error);

      if (version == NULL)
        return NULL;
      g_ptr_array_add (versions, version);
    }
  if (page->kind == BOORU_PAGE_AFTER)
    reverse (versions);
  return code == SQLITE_DONE ? g_steal_pointer (&versions) : NULL;
}

/* What is to be undone or gone back to. */
typedef struct
{
  gint64 post_id;    /* 0: that of the version */
  gint64 version_id; /* 0: before the first one */
  BooruSqliteVersionBy by;
} Return;

typedef struct
{
  BooruPostAction action;
  BooruSqlitePostState before, after;
} Row;

static void
row_clear (Row *self)
{
  booru_sqlite_post_state_clear (&self->before);
  booru_sqlite_post_state_clear (&self->after);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Row, row_clear)

static gboolean
read_row (BooruSqliteDb *db, BooruSqliteStatement *statement, Row *row, GError **error)
{
  row->action = sqlite3_column_int (statement, COLUMN_ACTION);
  row->before.tags = booru_sqlite_tag_ids_new ();
  row->after.tags = booru_sqlite_tag_ids_new ();
  row->before.rating = (char)sqlite3_column_text (statement, COLUMN_RATING_BEFORE)[0];
  row->after.rating = (char)sqlite3_column_text (statement, COLUMN_RATING_AFTER)[0];
  row->before.source
      = g_strdup ((const char *)sqlite3_column_text (statement, COLUMN_SOURCE_BEFORE));
  row->after.source = g_strdup ((const char *)sqlite3_column_text (statement, COLUMN_SOURCE_AFTER));
  row->before.parent_id = sqlite3_column_int64 (statement, COLUMN_PARENT_BEFORE);
  row->after.parent_id = sqlite3_column_int64 (statement, COLUMN_PARENT_AFTER);
  return read_ids (db, statement, COLUMN_TAGS_BEFORE, row->before.tags, error)
         && read_ids (db, statement, COLUMN_TAGS_AFTER, row->after.tags, error);
}

/* FALSE with an error; for version 0 of a post that never changed, *found is FALSE. */
static gboolean
find_row (BooruSqliteDb *db, Return *self, Row *row, gboolean *found, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (
      db, self->version_id != 0 ? "get-version" : "get-first-version", error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, self->version_id != 0 ? self->version_id : self->post_id);
  code = booru_sqlite_db_step (db, statement, error);
  *found
      = code == SQLITE_ROW
        && (self->post_id == 0 || sqlite3_column_int64 (statement, COLUMN_POST) == self->post_id);
  if (*found)
    {
      self->post_id = sqlite3_column_int64 (statement, COLUMN_POST);
      return read_row (db, statement, row, error);
    }
  if (code == SQLITE_DONE && self->version_id == 0)
    return TRUE;
  if (code == SQLITE_DONE || code == SQLITE_ROW)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "There is no version %" G_GINT64_FORMAT "%s", self->version_id,
                 self->post_id != 0 ? " of that post" : "");
  return FALSE;
}

static void
replace_state (BooruSqlitePostState *state, const BooruSqlitePostState *by)
{
  g_array_set_size (state->tags, 0);
  g_array_append_vals (state->tags, by->tags->data, by->tags->len);
  state->rating = by->rating;
  g_free (state->source);
  state->source = g_strdup (by->source);
  state->parent_id = by->parent_id;
}

static gboolean
write_state (BooruSqliteDb *db,
             const BooruSqlitePostState *before,
             const BooruSqlitePostState *after,
             const BooruSqliteVersionBy *by,
             GError **error)
{
  g_autoptr (BooruSqliteTagCounts) counts = booru_sqlite_tag_counts_new ();

  return booru_sqlite_post_state_write (db, before, after, by, counts, error)
         && booru_sqlite_tag_counts_apply (counts, db, error);
}

static gboolean
revert_in_transaction (BooruSqliteDb *db, gpointer data, GError **error)
{
  Return *self = data;
  g_auto (BooruSqlitePostState) before = { 0 };
  g_auto (BooruSqlitePostState) after = { 0 };
  g_auto (Row) row = { 0 };
  gboolean found;

  if (!booru_sqlite_post_state_read (db, self->post_id, &before, error)
      || !booru_sqlite_post_state_read (db, self->post_id, &after, error)
      || !find_row (db, self, &row, &found, error))
    return FALSE;
  if (!found)
    return TRUE;
  replace_state (&after, self->version_id != 0 ? &row.after : &row.before);
  return write_state (db, &before, &after, &self->by, error);
}

/* What the change added goes, what it took away comes back; what others did since stays. */
static void
undo_tags (BooruSqlitePostState *state, const Row *row)
{
  g_autoptr (GArray) tags = g_steal_pointer (&state->tags);

  state->tags = booru_sqlite_tag_ids_new ();
  for (guint i = 0; i < tags->len; i++)
    {
      gint64 id = g_array_index (tags, gint64, i);

      if (booru_sqlite_tag_ids_contain (row->before.tags, id)
          || !booru_sqlite_tag_ids_contain (row->after.tags, id))
        g_array_append_val (state->tags, id);
    }
  for (guint i = 0; i < row->before.tags->len; i++)
    {
      gint64 id = g_array_index (row->before.tags, gint64, i);

      if (!booru_sqlite_tag_ids_contain (row->after.tags, id))
        g_array_append_val (state->tags, id);
    }
  booru_sqlite_tag_ids_sort (state->tags);
}

static void
undo_rest (BooruSqlitePostState *state, const Row *row)
{
  if (state->rating == row->after.rating)
    state->rating = row->before.rating;
  if (state->parent_id == row->after.parent_id)
    state->parent_id = row->before.parent_id;
  if (strcmp (state->source, row->after.source) != 0)
    return;
  g_free (state->source);
  state->source = g_strdup (row->before.source);
}

static gboolean
undo_in_transaction (BooruSqliteDb *db, gpointer data, GError **error)
{
  Return *self = data;
  g_auto (BooruSqlitePostState) before = { 0 };
  g_auto (BooruSqlitePostState) after = { 0 };
  g_auto (Row) row = { 0 };
  gboolean found;

  if (!find_row (db, self, &row, &found, error))
    return FALSE;
  if (row.action == BOORU_ACTION_DELETE || row.action == BOORU_ACTION_UNDELETE)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "Version %" G_GINT64_FORMAT " cannot be undone: it %s post %" G_GINT64_FORMAT
                   ". %s the post instead",
                   self->version_id, row.action == BOORU_ACTION_DELETE ? "deleted" : "restored",
                   self->post_id, row.action == BOORU_ACTION_DELETE ? "Restore" : "Delete");
      return FALSE;
    }

  if (!booru_sqlite_post_state_read (db, self->post_id, &before, error)
      || !booru_sqlite_post_state_read (db, self->post_id, &after, error))
    return FALSE;
  undo_tags (&after, &row);
  undo_rest (&after, &row);
  if (after.tags->len <= BOORU_MAX_TAGS_PER_POST)
    return write_state (db, &before, &after, &self->by, error);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "Post %" G_GINT64_FORMAT " would have %u tags; %d are allowed", self->post_id,
               after.tags->len, BOORU_MAX_TAGS_PER_POST);
  return FALSE;
}

/**
 * booru_sqlite_post_revert:
 *
 * See booru_store_revert_post().
 */
BooruPost *
booru_sqlite_post_revert (BooruSqliteDb *db,
                          gint64 id,
                          gint64 version_id,
                          gint64 editor_id,
                          GError **error)
{
  Return wanted = { id, version_id, { editor_id, NULL, g_get_real_time (), BOORU_ACTION_EDIT } };

  if (!booru_sqlite_db_write (db, BOORU_SQLITE_NORMAL, revert_in_transaction, &wanted, error))
    return NULL;
  booru_sqlite_db_get_generation (db);
  return booru_sqlite_post_get (db, id, error);
}

/**
 * booru_sqlite_version_undo:
 *
 * See booru_store_undo_version().
 */
BooruPost *
booru_sqlite_version_undo (BooruSqliteDb *db, gint64 version_id, gint64 editor_id, GError **error)
{
  Return wanted = { 0, version_id, { editor_id, NULL, g_get_real_time (), BOORU_ACTION_EDIT } };

  if (!booru_sqlite_db_write (db, BOORU_SQLITE_NORMAL, undo_in_transaction, &wanted, error))
    return NULL;
  booru_sqlite_db_get_generation (db);
  return booru_sqlite_post_get (db, wanted.post_id, error);
}
