/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/store/booru-store-post-set-private.h"

#include <string.h>

#include "board/sql/booru-sql-rows.h"
#include "board/store/booru-store-relations-private.h"

static void
change_free (gpointer data)
{
  BooruPostChange *self = data;

  booru_post_state_clear (&self->before);
  booru_post_state_clear (&self->after);
  g_free (self);
}

void
booru_post_set_free (BooruPostSet *self)
{
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->changes);
  g_free (self->ids);
  g_free (self);
}

BooruPostSet *
booru_post_set_read (BooruStore *store, const gint64 *ids, gsize n_ids, GError **error)
{
  g_autoptr (BooruPostSet) self = g_new0 (BooruPostSet, 1);
  g_autoptr (BooruSqlStatement) rows = NULL;
  BooruSqlStep step;

  self->changes = g_ptr_array_new_with_free_func (change_free);
  self->by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->ids = booru_sql_numbers_to_json (ids, n_ids);
  rows = booru_sql_query (store->sql, error, "get-post-states", "s", self->ids);
  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      BooruPostChange *change = g_new0 (BooruPostChange, 1);

      g_ptr_array_add (self->changes, change);
      change->before.id = booru_sql_get_number (rows, 5);
      if (!booru_store_get_state (store, rows, &change->before, error))
        return NULL;
      booru_post_state_copy (&change->after, &change->before);
      g_hash_table_insert (self->by_id, &change->before.id, change);
    }
  return step == BOORU_SQL_DONE ? g_steal_pointer (&self) : NULL;
}

/* Versions */

static gboolean
get_ids (BooruStore *store, BooruSqlStatement *row, guint column, GArray *ids, GError **error)
{
  gsize length;
  const void *packed = booru_sql_get_bytes (row, column, &length);

  return booru_id_list_unpack (packed, length, ids)
         || booru_sql_fail_corrupt (store->sql, "a version's list of tags cannot be read", error);
}

/* @first: the column of the tags; after is beside before. */
static gboolean
get_version_state (BooruStore *store,
                   BooruSqlStatement *row,
                   guint first,
                   BooruPostState *state,
                   GError **error)
{
  const char *rating = booru_sql_get_text (row, first + 2);

  state->rating = rating != NULL ? rating[0] : BOORU_RATING_GENERAL;
  state->source = booru_sql_dup_text (row, first + 4);
  state->parent_id = booru_sql_get_number (row, first + 6);
  state->tags = booru_id_list_new ();
  return get_ids (store, row, first, state->tags, error);
}

gboolean
booru_post_set_foreach_version (BooruPostSet *self,
                                BooruStore *store,
                                const char *name,
                                gint64 id,
                                BooruPostSetFunc func,
                                gpointer data,
                                GError **error)
{
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, name, "xs", id, self->ids);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      gint64 post_id = booru_sql_get_number (rows, 0);
      BooruPostChange *change = g_hash_table_lookup (self->by_id, &post_id);
      g_auto (BooruPostState) before = { 0 };
      g_auto (BooruPostState) after = { 0 };

      if (change == NULL)
        continue;
      if (!get_version_state (store, rows, 2, &before, error)
          || !get_version_state (store, rows, 3, &after, error))
        return FALSE;
      func (change, (BooruPostAction)booru_sql_get_number (rows, 1), &before, &after, data);
    }
  return step == BOORU_SQL_DONE;
}

/* Moves */

static gboolean
wants_file (const BooruPostChange *self)
{
  return self->move == BOORU_MOVE_RESTORE && self->before.status == BOORU_POST_DELETED;
}

gboolean
booru_post_set_settle_moves (BooruPostSet *self, BooruStore *store, GError **error)
{
  g_autoptr (BooruSqlStatement) rows = NULL;
  gboolean restores = FALSE;
  BooruSqlStep step;

  for (guint i = 0; i < self->changes->len; i++)
    {
      BooruPostChange *change = self->changes->pdata[i];

      restores = restores || wants_file (change);
      if (change->move == BOORU_MOVE_TRASH && !BOORU_POST_IS_DELETED (change->before.status))
        change->after.status = BOORU_POST_DELETED;
    }
  if (!restores)
    return TRUE;
  rows = booru_sql_query (store->sql, error, "list-presence", "s", self->ids);
  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      gint64 id = booru_sql_get_number (rows, 0);
      BooruPostChange *change = g_hash_table_lookup (self->by_id, &id);

      if (change != NULL && wants_file (change))
        change->after.status
            = booru_sql_get_number (rows, 2) != 0 ? BOORU_POST_ACTIVE : BOORU_POST_MISSING;
    }
  return step == BOORU_SQL_DONE;
}

/* Writing */

static gboolean
is_changed (const BooruPostChange *self)
{
  return self->before.status != self->after.status
         || !booru_post_state_equal (&self->before, &self->after);
}

static BooruPostAction
get_action (const BooruPostChange *self)
{
  if (self->before.status == self->after.status)
    return BOORU_ACTION_EDIT;
  return self->after.status == BOORU_POST_DELETED ? BOORU_ACTION_DELETE : BOORU_ACTION_UNDELETE;
}

/* Whether nothing but its tags is another now, which is what most jobs do. */
static gboolean
has_only_tags_changed (const BooruPostChange *self)
{
  const BooruPostState *before = &self->before, *after = &self->after;

  return before->status == after->status && before->rating == after->rating
         && before->parent_id == after->parent_id && strcmp (before->source, after->source) == 0;
}

/* Rows for the statements that change posts and record that: of tags alone, or of anything. */
typedef struct
{
  BooruSqlRows posts, versions;
} Rows;

static void
rows_init (Rows *self)
{
  booru_sql_rows_init (&self->posts);
  booru_sql_rows_init (&self->versions);
}

static void
rows_clear (Rows *self)
{
  booru_sql_rows_clear (&self->posts);
  booru_sql_rows_clear (&self->versions);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

static void
add_tags (Rows *self, const BooruPostChange *change)
{
  const BooruPostState *before = &change->before, *after = &change->after;

  booru_sql_rows_add (&self->posts, "xli", after->id, after->tags, (gint)after->tags->len);
  booru_sql_rows_add (&self->versions, "xll", after->id, before->tags, after->tags);
}

static void
add_any (Rows *self, const BooruPostChange *change)
{
  const BooruPostState *before = &change->before, *after = &change->after;

  if (!booru_post_state_equal (before, after))
    booru_sql_rows_add (&self->posts, "xlicsk", after->id, after->tags, (gint)after->tags->len,
                        after->rating, after->source, after->parent_id);
  booru_sql_rows_add (&self->versions, "xllccsskki", after->id, before->tags, after->tags,
                      before->rating, after->rating, before->source, after->source,
                      before->parent_id, after->parent_id, (gint)get_action (change));
}

static gboolean
run_rows (Rows *self,
          BooruStore *store,
          const char *update,
          const char *insert,
          const BooruVersionBy *by,
          GError **error)
{
  return (self->posts.n == 0
          || booru_sql_run (store->sql, error, update, "sx", booru_sql_rows_end (&self->posts),
                            by->now))
         && (self->versions.n == 0
             || booru_sql_run (store->sql, error, insert, "sxxsx",
                               booru_sql_rows_end (&self->versions), by->updater_id, by->now,
                               by->note, by->job_id));
}

static gboolean
write_rows (BooruPostSet *self, BooruStore *store, const BooruVersionBy *by, GError **error)
{
  g_auto (Rows) tags;
  g_auto (Rows) any;

  rows_init (&tags);
  rows_init (&any);
  for (guint i = 0; i < self->changes->len; i++)
    {
      const BooruPostChange *change = self->changes->pdata[i];

      if (is_changed (change) && has_only_tags_changed (change))
        add_tags (&tags, change);
      else if (is_changed (change))
        add_any (&any, change);
    }
  return run_rows (&tags, store, "update-post-tags", "insert-tag-versions", by, error)
         && run_rows (&any, store, "update-posts", "insert-versions", by, error);
}

static gboolean
note_children (BooruStore *store, const char *ids, GError **error)
{
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, "list-children-of", "s", ids);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    booru_sql_note_change (store->sql, BOORU_CHANGE_POST, booru_sql_get_number (rows, 0));
  return step == BOORU_SQL_DONE;
}

/* Of those that get @status. */
static gboolean
write_status (BooruPostSet *self,
              BooruStore *store,
              BooruPostStatus status,
              gint64 now,
              GError **error)
{
  g_autoptr (GArray) ids = booru_id_list_new ();
  g_autofree char *json = NULL;

  for (guint i = 0; i < self->changes->len; i++)
    {
      const BooruPostChange *change = self->changes->pdata[i];

      if (change->after.status == status && change->before.status != status)
        g_array_append_val (ids, change->after.id);
    }
  if (ids->len == 0)
    return TRUE;
  json = booru_sql_numbers_to_json ((const gint64 *)(gpointer)ids->data, ids->len);
  return booru_sql_run (store->sql, error, "set-post-statuses", "six", json, (gint)status, now)
         && note_children (store, json, error);
}

static gboolean
write_statuses (BooruPostSet *self, BooruStore *store, gint64 now, GError **error)
{
  static const BooruPostStatus statuses[]
      = { BOORU_POST_ACTIVE, BOORU_POST_MISSING, BOORU_POST_DELETED };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (!write_status (self, store, statuses[i], now, error))
      return FALSE;
  return TRUE;
}

gboolean
booru_post_set_write (BooruPostSet *self,
                      BooruStore *store,
                      const BooruVersionBy *by,
                      GArray *changed,
                      GError **error)
{
  g_autoptr (BooruTagCounts) counts = booru_tag_counts_new ();

  if (!booru_store_imply_all (store, self, by, error))
    return FALSE;
  for (guint i = 0; i < self->changes->len; i++)
    {
      BooruPostChange *change = self->changes->pdata[i];

      if (!is_changed (change))
        continue;
      g_array_append_val (changed, change->after.id);
      booru_store_note_states (store, &change->before, &change->after, counts);
    }
  return write_rows (self, store, by, error) && write_statuses (self, store, by->now, error)
         && booru_tag_counts_apply (counts, store, error);
}
