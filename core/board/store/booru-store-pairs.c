/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pairs of posts that look alike: listing them, and what is decided about them. */
#include "board/booru-store-similar.h"

#include "base/booru-error.h"
#include "board/store/booru-store-post-state-private.h"
#include "board/store/booru-store-posts-private.h"

/* Pairs without their posts, whose ids are appended to @ids, two for each. */
static gboolean
read_pairs (BooruStore *store,
            gint64 limit,
            gint64 offset,
            GPtrArray *pairs,
            GArray *ids,
            GError **error)
{
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, "list-pairs", "xx", limit, offset);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      const gint64 both[] = { booru_sql_get_number (rows, 0), booru_sql_get_number (rows, 1) };
      BooruPair *pair = g_new0 (BooruPair, 1);

      pair->distance = (guint)booru_sql_get_number (rows, 2);
      g_ptr_array_add (pairs, pair);
      g_array_append_vals (ids, both, G_N_ELEMENTS (both));
    }
  return step == BOORU_SQL_DONE;
}

GPtrArray *
booru_store_list_pairs (BooruStore *self, guint limit, guint page, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_pair_free);
  g_autoptr (GPtrArray) posts = NULL;
  g_autoptr (GArray) ids = booru_id_list_new ();

  if (!read_pairs (self, limit, (gint64)(MAX (page, 1) - 1) * limit, pairs, ids, error))
    return NULL;
  posts = booru_store_posts_get (self, ids, error);
  if (posts == NULL)
    return NULL;
  if (posts->len != ids->len)
    {
      booru_sql_fail_corrupt (self->sql, "a pair has a post that does not exist", error);
      return NULL;
    }
  for (guint i = 0; i < pairs->len; i++)
    {
      BooruPair *pair = pairs->pdata[i];

      pair->post = booru_post_ref (posts->pdata[2 * i]);
      pair->other = booru_post_ref (posts->pdata[2 * i + 1]);
    }
  return g_steal_pointer (&pairs);
}

gint64
booru_store_count_pairs (BooruStore *self, GError **error)
{
  gint64 count;

  g_return_val_if_fail (BOORU_IS_STORE (self), -1);

  return booru_sql_read_number (self->sql, &count, error, "count-pairs", "") ? count : -1;
}

/* Deciding */

static gboolean
require_pair (BooruStore *store, const BooruPairVerdict *verdict, GError **error)
{
  gint64 found;

  if (!booru_sql_read_number (store->sql, &found, error, "has-pair", "xx",
                              MIN (verdict->post_id, verdict->other_id),
                              MAX (verdict->post_id, verdict->other_id)))
    return FALSE;
  if (!found)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "Posts %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT
                 " are not a similar pair; nothing was changed",
                 verdict->post_id, verdict->other_id);
  return found != 0;
}

static gboolean
set_decision (BooruStore *store,
              const BooruPairVerdict *verdict,
              BooruPairDecision decision,
              gint64 now,
              GError **error)
{
  return booru_sql_run (store->sql, error, "set-pair-decision", "xxix",
                        MIN (verdict->post_id, verdict->other_id),
                        MAX (verdict->post_id, verdict->other_id), (gint)decision, now);
}

/* A verdict being carried out. */
typedef struct
{
  const BooruPairVerdict *verdict;
  BooruVersionBy by;
  BooruTagCounts *counts;
} Decision;

/* Makes @parent_id the post's parent; 0: none, if @former is it now. */
static gboolean
set_parent (BooruStore *store,
            Decision *self,
            gint64 id,
            gint64 parent_id,
            gint64 former,
            GError **error)
{
  g_auto (BooruPostState) before = { 0 };
  BooruPostState after;

  if (!booru_store_read_state (store, id, &before, error))
    return FALSE;
  if (parent_id == 0 && before.parent_id != former)
    return TRUE;
  after = before; /* what it refers to stays @before's */
  after.parent_id = parent_id;
  return booru_store_write_state (store, &before, &after, &self->by, self->counts, error);
}

static gboolean
merge_tags (BooruStore *store, Decision *self, gint64 into_id, gint64 from_id, GError **error)
{
  g_auto (BooruPostState) into = { 0 };
  g_auto (BooruPostState) from = { 0 };
  g_auto (BooruPostState) after = { 0 };

  if (!booru_store_read_state (store, into_id, &into, error)
      || !booru_store_read_state (store, from_id, &from, error))
    return FALSE;
  booru_post_state_copy (&after, &into);
  booru_id_list_unite (after.tags, from.tags);
  return booru_post_state_check (&after, error)
         && booru_store_write_state (store, &into, &after, &self->by, self->counts, error);
}

static gboolean
carry_out (BooruStore *store, Decision *self, GError **error)
{
  const BooruPairVerdict *verdict = self->verdict;
  gint64 post_id = verdict->post_id, other_id = verdict->other_id, now = self->by.now;

  switch (verdict->action)
    {
    case BOORU_PAIR_KEEP:
      return set_decision (store, verdict, BOORU_PAIR_KEPT, now, error);
    case BOORU_PAIR_PARENT:
      /* Where it was the other way round, it is turned. */
      return set_parent (store, self, post_id, 0, other_id, error)
             && set_parent (store, self, other_id, post_id, 0, error)
             && set_decision (store, verdict, BOORU_PAIR_VARIANT, now, error);
    case BOORU_PAIR_MERGE:
      return merge_tags (store, self, post_id, other_id, error);
    case BOORU_PAIR_TRASH:
      return (!verdict->merge_tags || merge_tags (store, self, post_id, other_id, error))
             && booru_store_put_deleted (store, other_id, TRUE, &self->by, error);
    case BOORU_PAIR_REOPEN:
      return set_parent (store, self, post_id, 0, other_id, error)
             && set_parent (store, self, other_id, 0, post_id, error)
             && set_decision (store, verdict, BOORU_PAIR_OPEN, now, error);
    default:
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "Unknown verdict %d on a pair",
                   (int)verdict->action);
      return FALSE;
    }
}

static gboolean
decide_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  const BooruPairVerdict *verdict = data;
  g_autoptr (BooruTagCounts) counts = booru_tag_counts_new ();
  Decision decision
      = { verdict, { verdict->editor_id, NULL, g_get_real_time (), BOORU_ACTION_EDIT }, counts };

  return require_pair (store, verdict, error) && carry_out (store, &decision, error)
         && booru_tag_counts_apply (counts, store, error);
}

gboolean
booru_store_decide_pair (BooruStore *self, const BooruPairVerdict *verdict, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && verdict != NULL, FALSE);

  return booru_store_write (self, BOORU_SQL_NORMAL, decide_in_transaction, (gpointer)verdict,
                            error);
}
