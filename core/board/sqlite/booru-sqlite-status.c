/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a post is: active, in the trash, missing, expunged. */
#include "board/sqlite/booru-sqlite-post-state.h"

#include "base/booru-error.h"

/**
 * booru_sqlite_post_set_status:
 * @row: what the search index knows of the post; its status is set
 * @status: what it becomes
 * @counts: how often tags are used: changed, not yet applied
 * @now: microseconds since 1970
 */
gboolean
booru_sqlite_post_set_status (BooruSqliteDb *db,
                              BooruSqliteIndexRow *row,
                              BooruPostStatus status,
                              BooruSqliteTagCounts *counts,
                              gint64 now,
                              GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "set-post-status", error);
  gint delta = (status == BOORU_POST_ACTIVE) - (row->status == BOORU_POST_ACTIVE);

  if (statement == NULL || !booru_sqlite_index_remove (db, row, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, row->post_id);
  sqlite3_bind_int (statement, 2, status);
  sqlite3_bind_int64 (statement, 3, now);
  if (!booru_sqlite_db_run (db, statement, error))
    return FALSE;
  /* A tag counts the posts that a search for it shows. */
  if (delta != 0)
    booru_sqlite_tag_counts_add (counts, row->tags, delta);
  row->status = status;
  return booru_sqlite_index_add (db, row, error);
}

gboolean
booru_sqlite_post_has_file (BooruSqliteDb *db, gint64 id, gboolean *present, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "get-post-presence", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  if (booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
    return FALSE;
  *present = sqlite3_column_int (statement, 3);
  return TRUE;
}

/**
 * booru_sqlite_post_put_deleted:
 * @id: a post
 * @deleted: whether it is to be in the trash
 * @by: who says so; the version is one of deleting or undeleting, whatever @by's action is
 *
 * Within a write. See booru_store_delete_post() and booru_store_undelete_post().
 */
gboolean
booru_sqlite_post_put_deleted (BooruSqliteDb *db,
                               gint64 id,
                               gboolean deleted,
                               const BooruSqliteVersionBy *by,
                               GError **error)
{
  g_autoptr (BooruSqliteTagCounts) counts = booru_sqlite_tag_counts_new ();
  g_auto (BooruSqlitePostState) state = { 0 };
  BooruSqliteVersionBy version = *by;
  BooruPostStatus status = BOORU_POST_DELETED;
  BooruSqliteIndexRow row;
  gboolean present = FALSE;

  version.action = deleted ? BOORU_ACTION_DELETE : BOORU_ACTION_UNDELETE;
  if (!booru_sqlite_post_state_read (db, id, &state, error))
    return FALSE;
  if (BOORU_POST_IS_DELETED (state.status) == deleted)
    return TRUE;
  if (!deleted)
    {
      if (!booru_sqlite_post_has_file (db, id, &present, error))
        return FALSE;
      status = present ? BOORU_POST_ACTIVE : BOORU_POST_MISSING;
    }
  row = (BooruSqliteIndexRow){ state.id, state.status, state.rating, state.tags };
  return booru_sqlite_post_set_status (db, &row, status, counts, by->now, error)
         && booru_sqlite_tag_counts_apply (counts, db, error)
         && booru_sqlite_post_state_note (db, &state, &version, error);
}

typedef struct
{
  gint64 id;
  gboolean deleted;
  BooruSqliteVersionBy by;
} Deletion;

static gboolean
delete_in_transaction (BooruSqliteDb *db, gpointer data, GError **error)
{
  const Deletion *self = data;

  return booru_sqlite_post_put_deleted (db, self->id, self->deleted, &self->by, error);
}

/**
 * booru_sqlite_post_set_deleted:
 *
 * See booru_store_delete_post() and booru_store_undelete_post().
 */
gboolean
booru_sqlite_post_set_deleted (BooruSqliteDb *db,
                               gint64 id,
                               gboolean deleted,
                               gint64 editor_id,
                               GError **error)
{
  Deletion deletion = { id, deleted, { editor_id, NULL, g_get_real_time (), BOORU_ACTION_EDIT } };

  return booru_sqlite_db_write (db, BOORU_SQLITE_NORMAL, delete_in_transaction, &deletion, error);
}
