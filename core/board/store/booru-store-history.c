/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Versions of posts: reading them, undoing one, going back to one. What undoes is a version too. */
#include "board/store/booru-store-post-state-private.h"

#include <string.h>

#include "base/booru-error.h"

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
read_ids (BooruStore *store, BooruSqlStatement *row, guint column, GArray *ids, GError **error)
{
  gsize length;
  const void *packed = booru_sql_get_bytes (row, column, &length);

  return booru_id_list_unpack (packed, length, ids)
         || booru_sql_fail_corrupt (store->sql, "a version's list of tags cannot be read", error);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static char **
read_names (BooruStore *store, BooruSqlStatement *row, guint column, GError **error)
{
  g_autoptr (GArray) ids = booru_id_list_new ();
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (!read_ids (store, row, column, ids, error))
    return NULL;
  for (guint i = 0; i < ids->len; i++)
    {
      const BooruTagRef *tag
          = booru_store_tag_lookup (store, g_array_index (ids, gint64, i), error);

      if (tag == NULL)
        return NULL;
      g_ptr_array_add (names, g_strdup (tag->name));
    }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static char
get_rating (BooruSqlStatement *row, guint column)
{
  const char *rating = booru_sql_get_text (row, column);

  return rating != NULL ? rating[0] : BOORU_RATING_GENERAL; /* NULL only if damaged */
}

static BooruVersion *
read_version (BooruStore *store, BooruSqlStatement *row, GError **error)
{
  g_autoptr (BooruVersion) version = g_new0 (BooruVersion, 1);

  version->id = booru_sql_get_number (row, COLUMN_ID);
  version->post_id = booru_sql_get_number (row, COLUMN_POST);
  version->updater_id = booru_sql_get_number (row, COLUMN_UPDATER);
  version->created_at = booru_sql_get_number (row, COLUMN_CREATED_AT);
  version->action = (BooruPostAction)booru_sql_get_number (row, COLUMN_ACTION);
  version->rating_before = get_rating (row, COLUMN_RATING_BEFORE);
  version->rating_after = get_rating (row, COLUMN_RATING_AFTER);
  version->source_before = booru_sql_dup_text (row, COLUMN_SOURCE_BEFORE);
  version->source_after = booru_sql_dup_text (row, COLUMN_SOURCE_AFTER);
  version->parent_before = booru_sql_get_number (row, COLUMN_PARENT_BEFORE);
  version->parent_after = booru_sql_get_number (row, COLUMN_PARENT_AFTER);
  version->note = g_strdup (booru_sql_get_text (row, COLUMN_NOTE));
  version->number = (guint)booru_sql_get_number (row, COLUMN_NUMBER);
  version->tags_before = read_names (store, row, COLUMN_TAGS_BEFORE, error);
  if (version->tags_before != NULL)
    version->tags_after = read_names (store, row, COLUMN_TAGS_AFTER, error);
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

GPtrArray *
booru_store_list_versions (BooruStore *self, const BooruVersionFilter *filter, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && filter != NULL, NULL);

  const BooruPage *page = &filter->page;
  gint64 offset = page->kind == BOORU_PAGE_NUMBER ? (page->value - 1) * page->limit : 0;
  g_autoptr (GPtrArray) versions
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_version_free);
  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  g_autoptr (BooruSqlStatement) rows = booru_sql_query (
      self->sql, error, choose_statement (filter), "xxxxxux", filter->post_id, filter->updater_id,
      filter->id, page->kind == BOORU_PAGE_BEFORE ? page->value : G_MAXINT64,
      page->kind == BOORU_PAGE_AFTER ? page->value : (gint64)0, page->limit, MAX (offset, 0));
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      BooruVersion *version = read_version (self, rows, error);

      if (version == NULL)
        return NULL;
      g_ptr_array_add (versions, version);
    }
  if (page->kind == BOORU_PAGE_AFTER)
    booru_store_reverse (versions);
  return step == BOORU_SQL_DONE ? g_steal_pointer (&versions) : NULL;
}

/* What is to be undone or gone back to. */
typedef struct
{
  gint64 post_id;    /* 0: that of the version */
  gint64 version_id; /* 0: before the first one */
  BooruVersionBy by;
} Return;

typedef struct
{
  BooruPostAction action;
  BooruPostState before, after;
} Row;

static void
row_clear (Row *self)
{
  booru_post_state_clear (&self->before);
  booru_post_state_clear (&self->after);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Row, row_clear)

static gboolean
read_row (BooruStore *store, BooruSqlStatement *statement, Row *row, GError **error)
{
  row->action = (BooruPostAction)booru_sql_get_number (statement, COLUMN_ACTION);
  row->before.tags = booru_id_list_new ();
  row->after.tags = booru_id_list_new ();
  row->before.rating = get_rating (statement, COLUMN_RATING_BEFORE);
  row->after.rating = get_rating (statement, COLUMN_RATING_AFTER);
  row->before.source = booru_sql_dup_text (statement, COLUMN_SOURCE_BEFORE);
  row->after.source = booru_sql_dup_text (statement, COLUMN_SOURCE_AFTER);
  row->before.parent_id = booru_sql_get_number (statement, COLUMN_PARENT_BEFORE);
  row->after.parent_id = booru_sql_get_number (statement, COLUMN_PARENT_AFTER);
  return read_ids (store, statement, COLUMN_TAGS_BEFORE, row->before.tags, error)
         && read_ids (store, statement, COLUMN_TAGS_AFTER, row->after.tags, error);
}

/* FALSE with an error; for version 0 of a post that never changed, *found is FALSE. */
static gboolean
find_row (BooruStore *store, Return *self, Row *row, gboolean *found, GError **error)
{
  g_autoptr (BooruSqlStatement) statement = booru_sql_query (
      store->sql, error, self->version_id != 0 ? "get-version" : "get-first-version", "x",
      self->version_id != 0 ? self->version_id : self->post_id);
  BooruSqlStep step = booru_sql_step (statement, error);

  *found
      = step == BOORU_SQL_ROW
        && (self->post_id == 0 || booru_sql_get_number (statement, COLUMN_POST) == self->post_id);
  if (*found)
    {
      self->post_id = booru_sql_get_number (statement, COLUMN_POST);
      return read_row (store, statement, row, error);
    }
  if (step == BOORU_SQL_DONE && self->version_id == 0)
    return TRUE;
  if (step != BOORU_SQL_ERROR)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "There is no version %" G_GINT64_FORMAT "%s", self->version_id,
                 self->post_id != 0 ? " of that post" : "");
  return FALSE;
}

static gboolean
write_state (BooruStore *store,
             const BooruPostState *before,
             const BooruPostState *after,
             const BooruVersionBy *by,
             GError **error)
{
  g_autoptr (BooruTagCounts) counts = booru_tag_counts_new ();

  return booru_post_state_check (after, error)
         && booru_store_write_state (store, before, after, by, counts, error)
         && booru_tag_counts_apply (counts, store, error);
}

static gboolean
revert_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  Return *self = data;
  g_auto (BooruPostState) before = { 0 };
  g_auto (BooruPostState) after = { 0 };
  g_auto (Row) row = { 0 };
  gboolean found;

  if (!booru_store_read_state (store, self->post_id, &before, error)
      || !find_row (store, self, &row, &found, error))
    return FALSE;
  if (!found)
    return TRUE;
  booru_post_state_copy (&after, &before);
  booru_post_state_replace (&after, self->version_id != 0 ? &row.after : &row.before);
  return write_state (store, &before, &after, &self->by, error);
}

static gboolean
check_undo (const Return *self, BooruPostAction action, GError **error)
{
  if (action != BOORU_ACTION_DELETE && action != BOORU_ACTION_UNDELETE)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "Version %" G_GINT64_FORMAT " cannot be undone: it %s post %" G_GINT64_FORMAT
               ". %s the post instead",
               self->version_id, action == BOORU_ACTION_DELETE ? "deleted" : "restored",
               self->post_id, action == BOORU_ACTION_DELETE ? "Restore" : "Delete");
  return FALSE;
}

static gboolean
undo_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  Return *self = data;
  g_auto (BooruPostState) before = { 0 };
  g_auto (BooruPostState) after = { 0 };
  g_auto (Row) row = { 0 };
  gboolean found;

  if (!find_row (store, self, &row, &found, error) || !check_undo (self, row.action, error)
      || !booru_store_read_state (store, self->post_id, &before, error))
    return FALSE;
  booru_post_state_copy (&after, &before);
  booru_post_state_undo (&after, &row.before, &row.after);
  return write_state (store, &before, &after, &self->by, error);
}

BooruPost *
booru_store_revert_post (BooruStore *self,
                         gint64 id,
                         gint64 version_id,
                         gint64 editor_id,
                         GError **error)
{
  Return wanted = { id, version_id, { editor_id, NULL, g_get_real_time (), BOORU_ACTION_EDIT } };

  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  if (!booru_store_write (self, BOORU_SQL_NORMAL, revert_in_transaction, &wanted, error))
    return NULL;
  return booru_store_get_post (self, id, error);
}

BooruPost *
booru_store_undo_version (BooruStore *self, gint64 version_id, gint64 editor_id, GError **error)
{
  Return wanted = { 0, version_id, { editor_id, NULL, g_get_real_time (), BOORU_ACTION_EDIT } };

  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);
  if (!booru_store_write (self, BOORU_SQL_NORMAL, undo_in_transaction, &wanted, error))
    return NULL;
  return booru_store_get_post (self, wanted.post_id, error);
}
