/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pairs of posts that look alike: listing them, and what is decided about them. */
#include "base/booru-error.h"
#include "board/booru-pair.h"
#include "board/sqlite/booru-sqlite-compare.h"
#include "board/sqlite/booru-sqlite-post-state.h"
#include "board/sqlite/booru-sqlite-tag-edit.h"

static BooruPair *
read_pair (BooruSqliteDb *db, gint64 post_id, gint64 other_id, guint distance, GError **error)
{
  g_autoptr (BooruPair) pair = g_new0 (BooruPair, 1);

  pair->distance = distance;
  pair->post = booru_sqlite_post_get (db, post_id, error);
  if (pair->post)
    pair->other = booru_sqlite_post_get (db, other_id, error);
  return pair->other ? g_steal_pointer (&pair) : NULL;
}

GPtrArray *
booru_sqlite_pairs_list (BooruSqliteDb *db, guint limit, guint page, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "list-pairs", error);
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_pair_free);
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, limit);
  sqlite3_bind_int64 (statement, 2, (gint64)(MAX (page, 1) - 1) * limit);
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    {
      BooruPair *pair
          = read_pair (db, sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1),
                       (guint)sqlite3_column_int (statement, 2), error);

      if (pair == NULL)
        return NULL;
      g_ptr_array_add (pairs, pair);
    }
  return code == SQLITE_DONE ? g_steal_pointer (&pairs) : NULL;
}

gint64
booru_sqlite_pairs_count (BooruSqliteDb *db, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "count-pairs", error);

  if (statement == NULL || booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
    return -1;
  return sqlite3_column_int64 (statement, 0);
}

/* Deciding */

static gboolean
require_pair (BooruSqliteDb *db, const BooruPairVerdict *verdict, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "has-pair", error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, MIN (verdict->post_id, verdict->other_id));
  sqlite3_bind_int64 (statement, 2, MAX (verdict->post_id, verdict->other_id));
  code = booru_sqlite_db_step (db, statement, error);
  if (code == SQLITE_DONE)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "Posts %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT
                 " are not a similar pair; nothing was changed",
                 verdict->post_id, verdict->other_id);
  return code == SQLITE_ROW;
}

static gboolean
set_decision (BooruSqliteDb *db,
              const BooruPairVerdict *verdict,
              BooruPairDecision decision,
              gint64 now,
              GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "set-pair-decision", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, MIN (verdict->post_id, verdict->other_id));
  sqlite3_bind_int64 (statement, 2, MAX (verdict->post_id, verdict->other_id));
  sqlite3_bind_int (statement, 3, decision);
  sqlite3_bind_int64 (statement, 4, now);
  return booru_sqlite_db_run (db, statement, error);
}

/* A verdict being carried out. */
typedef struct
{
  const BooruPairVerdict *verdict;
  BooruSqliteVersionBy by;
  BooruSqliteTagCounts *counts;
} Decision;

/* Makes @parent_id the post's parent; 0: none, if @former is it now. */
static gboolean
set_parent (BooruSqliteDb *db,
            Decision *self,
            gint64 id,
            gint64 parent_id,
            gint64 former,
            GError **error)
{
  g_auto (BooruSqlitePostState) before = { 0 };
  BooruSqlitePostState after;

  if (!booru_sqlite_post_state_read (db, id, &before, error))
    return FALSE;
  if (parent_id == 0 && before.parent_id != former)
    return TRUE;
  after = before; /* what it refers to stays @before's */
  after.parent_id = parent_id;
  return booru_sqlite_post_state_write (db, &before, &after, &self->by, self->counts, error);
}

static gboolean
merge_tags (BooruSqliteDb *db, Decision *self, gint64 into_id, gint64 from_id, GError **error)
{
  g_auto (BooruSqlitePostState) into = { 0 };
  g_auto (BooruSqlitePostState) from = { 0 };
  g_autoptr (GArray) tags = booru_sqlite_tag_ids_new ();
  BooruSqlitePostState after;

  if (!booru_sqlite_post_state_read (db, into_id, &into, error)
      || !booru_sqlite_post_state_read (db, from_id, &from, error))
    return FALSE;
  g_array_append_vals (tags, into.tags->data, into.tags->len);
  g_array_append_vals (tags, from.tags->data, from.tags->len);
  booru_sqlite_tag_ids_sort (tags);
  if (tags->len > BOORU_MAX_TAGS_PER_POST)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "Post %" G_GINT64_FORMAT " would have %u tags; %d are allowed", into_id,
                   tags->len, BOORU_MAX_TAGS_PER_POST);
      return FALSE;
    }
  after = into;
  after.tags = tags;
  return booru_sqlite_post_state_write (db, &into, &after, &self->by, self->counts, error);
}

static gboolean
carry_out (BooruSqliteDb *db, Decision *self, GError **error)
{
  const BooruPairVerdict *verdict = self->verdict;
  gint64 post_id = verdict->post_id, other_id = verdict->other_id, now = self->by.now;

  switch (verdict->action)
    {
    case BOORU_PAIR_KEEP:
      return set_decision (db, verdict, BOORU_PAIR_KEPT, now, error);
    case BOORU_PAIR_PARENT:
      /* Where it was the other way round, it is turned. */
      return set_parent (db, self, post_id, 0, other_id, error)
             && set_parent (db, self, other_id, post_id, 0, error)
             && set_decision (db, verdict, BOORU_PAIR_VARIANT, now, error);
    case BOORU_PAIR_MERGE:
      return merge_tags (db, self, post_id, other_id, error);
    case BOORU_PAIR_TRASH:
      return (!verdict->merge_tags || merge_tags (db, self, post_id, other_id, error))
             && booru_sqlite_post_put_deleted (db, other_id, TRUE, &self->by, error);
    case BOORU_PAIR_REOPEN:
      return set_parent (db, self, post_id, 0, other_id, error)
             && set_parent (db, self, other_id, 0, post_id, error)
             && set_decision (db, verdict, BOORU_PAIR_OPEN, now, error);
    default:
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "Unknown verdict %d on a pair",
                   (int)verdict->action);
      return FALSE;
    }
}

static gboolean
decide_in_transaction (BooruSqliteDb *db, gpointer data, GError **error)
{
  const BooruPairVerdict *verdict = data;
  g_autoptr (BooruSqliteTagCounts) counts = booru_sqlite_tag_counts_new ();
  Decision decision
      = { verdict, { verdict->editor_id, NULL, g_get_real_time (), BOORU_ACTION_EDIT }, counts };

  return require_pair (db, verdict, error) && carry_out (db, &decision, error)
         && booru_sqlite_tag_counts_apply (counts, db, error);
}

gboolean
booru_sqlite_pair_decide (BooruSqliteDb *db, const BooruPairVerdict *verdict, GError **error)
{
  return booru_sqlite_db_write (db, BOORU_SQLITE_NORMAL, decide_in_transaction, (gpointer)verdict,
                                error);
}
