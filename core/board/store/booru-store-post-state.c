/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Row, counts, versions and change log of a post are kept in step here. */
#include "base/booru-error.h"
#include "board/store/booru-store-relations-private.h"

gboolean
booru_store_get_state (BooruStore *store,
                       BooruSqlStatement *row,
                       BooruPostState *state,
                       GError **error)
{
  const char *rating = booru_sql_get_text (row, 1);
  const void *tags;
  gsize length;

  state->status = (BooruPostStatus)booru_sql_get_number (row, 0);
  state->rating = rating != NULL ? rating[0] : '\0';
  state->source = booru_sql_dup_text (row, 2);
  state->parent_id = booru_sql_get_number (row, 3);
  state->tags = booru_id_list_new ();
  tags = booru_sql_get_bytes (row, 4, &length);
  return (state->rating != '\0' && booru_id_list_unpack (tags, length, state->tags))
         || booru_sql_fail_corrupt (store->sql, "a post cannot be read", error);
}

gboolean
booru_store_read_state (BooruStore *store, gint64 id, BooruPostState *state, GError **error)
{
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (store->sql, error, "get-post-state", "x", id);
  BooruSqlStep step = booru_sql_step (row, error);

  if (step == BOORU_SQL_DONE)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no post %" G_GINT64_FORMAT,
                 id);
  state->id = id;
  return step == BOORU_SQL_ROW && booru_store_get_state (store, row, state, error);
}

static gboolean
write_version (BooruStore *store,
               const BooruPostState *before,
               const BooruPostState *after,
               const BooruVersionBy *by,
               GError **error)
{
  return booru_sql_run (store->sql, error, "insert-version", "xxxllccsskksi", after->id,
                        by->updater_id, by->now, before->tags, after->tags, before->rating,
                        after->rating, before->source, after->source, before->parent_id,
                        after->parent_id, by->note, (gint)by->action);
}

/* Only what differs: most of a post's tags do not. */
static void
count_differences (BooruTagCounts *counts, const GArray *before, const GArray *after)
{
  g_autoptr (GArray) gone = g_array_copy ((GArray *)before);
  g_autoptr (GArray) come = g_array_copy ((GArray *)after);

  booru_id_list_keep (gone, after, FALSE);
  booru_id_list_keep (come, before, FALSE);
  booru_tag_counts_add (counts, gone, -1);
  booru_tag_counts_add (counts, come, 1);
}

/* A tag counts the posts that a search for it shows. */
static void
count_tags (BooruTagCounts *counts, const BooruPostState *before, const BooruPostState *after)
{
  if (before->status == BOORU_POST_ACTIVE && after->status == BOORU_POST_ACTIVE)
    {
      count_differences (counts, before->tags, after->tags);
      return;
    }
  if (before->status == BOORU_POST_ACTIVE)
    booru_tag_counts_add (counts, before->tags, -1);
  if (after->status == BOORU_POST_ACTIVE)
    booru_tag_counts_add (counts, after->tags, 1);
}

/* A search can ask whether a post has a parent or children, and in which state these are. */
static void
note_post_and_parents (BooruStore *store, const BooruPostState *before, const BooruPostState *after)
{
  booru_sql_note_change (store->sql, BOORU_CHANGE_POST, after->id);
  if (before->parent_id == after->parent_id && before->status == after->status)
    return;
  if (before->parent_id != 0)
    booru_sql_note_change (store->sql, BOORU_CHANGE_POST, before->parent_id);
  if (after->parent_id != 0)
    booru_sql_note_change (store->sql, BOORU_CHANGE_POST, after->parent_id);
}

void
booru_store_note_states (BooruStore *store,
                         const BooruPostState *before,
                         const BooruPostState *after,
                         BooruTagCounts *counts)
{
  note_post_and_parents (store, before, after);
  if (before->status != after->status || !booru_post_state_has_same_tags (before, after))
    count_tags (counts, before, after);
}

gboolean
booru_store_write_state (BooruStore *store,
                         const BooruPostState *before,
                         const BooruPostState *wanted,
                         const BooruVersionBy *by,
                         BooruTagCounts *counts,
                         GError **error)
{
  g_auto (BooruPostState) after = { 0 };

  if (booru_post_state_equal (before, wanted))
    return TRUE;
  booru_post_state_copy (&after, wanted);
  if (!booru_store_imply (store, before, &after, by, error))
    return FALSE;
  if (booru_post_state_equal (before, &after))
    return TRUE;
  booru_store_note_states (store, before, &after, counts);
  return booru_sql_run (store->sql, error, "update-post", "xlucskx", after.id, after.tags,
                        after.tags->len, after.rating, after.source, after.parent_id, by->now)
         && write_version (store, before, &after, by, error);
}

gboolean
booru_store_note_state (BooruStore *store,
                        const BooruPostState *state,
                        const BooruVersionBy *by,
                        GError **error)
{
  return write_version (store, state, state, by, error);
}

static gboolean
note_children (BooruStore *store, gint64 id, GError **error)
{
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, "list-children", "x", id);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    booru_sql_note_change (store->sql, BOORU_CHANGE_POST, booru_sql_get_number (rows, 0));
  return step == BOORU_SQL_DONE;
}

gboolean
booru_store_set_status (BooruStore *store,
                        BooruPostState *state,
                        BooruPostStatus status,
                        BooruTagCounts *counts,
                        gint64 now,
                        GError **error)
{
  const BooruPostState before = *state; /* what it refers to stays @state's */

  if (!booru_sql_run (store->sql, error, "set-post-status", "xix", state->id, (gint)status, now)
      || !note_children (store, state->id, error))
    return FALSE;
  state->status = status;
  booru_store_note_states (store, &before, state, counts);
  return TRUE;
}
