/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Favourites and votes: rows of users, and the counts of what they are about. */
#include "board/store/booru-store-records-private.h"

#include "base/booru-error.h"

/* The statements about one kind of thing that is voted on. */
typedef struct
{
  const char *title;
  const char *has, *find, *insert, *take_back, *add_to_score;
} Target;

static const Target targets[] = {
  [BOORU_VOTE_ON_POST] = { "post", "has-post", "find-post-vote", "insert-post-vote",
                           "take-back-post-vote", "add-to-post-score" },
  [BOORU_VOTE_ON_COMMENT] = { "comment", "has-comment", "find-comment-vote", "insert-comment-vote",
                              "take-back-comment-vote", "add-to-comment-score" },
};

typedef struct
{
  BooruVoteTarget target;
  gint64 id; /* of what it is about */
  gint64 user_id;
  gint score;    /* 0: none */
  gboolean only; /* only if the vote is this one, which is then taken back */
  gint64 now;
  gint64 vote_id; /* of the vote afterwards */
} Vote;

static gboolean
check_there (BooruStore *store, const Vote *vote, GError **error)
{
  gint64 found;

  if (!booru_sql_read_number (store->sql, &found, error, targets[vote->target].has, "x", vote->id))
    return FALSE;
  if (found == 0)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no %s %" G_GINT64_FORMAT,
                 targets[vote->target].title, vote->id);
  return found != 0;
}

/* *id: 0: there is none. */
static gboolean
find_vote (BooruStore *store, const Vote *vote, gint64 *id, gint *score, GError **error)
{
  g_autoptr (BooruSqlStatement) row = booru_sql_query (
      store->sql, error, targets[vote->target].find, "xx", vote->id, vote->user_id);
  BooruSqlStep step = booru_sql_step (row, error);

  *id = step == BOORU_SQL_ROW ? booru_sql_get_number (row, 0) : 0;
  *score = step == BOORU_SQL_ROW ? (gint)booru_sql_get_number (row, 1) : 0;
  return step != BOORU_SQL_ERROR;
}

/* The score goes with the votes that make it. */
static gboolean
add_to_score (BooruStore *store, const Vote *vote, gint before, gint after, GError **error)
{
  gint up = (after > 0) - (before > 0), down = (before < 0) - (after < 0);

  if (vote->target == BOORU_VOTE_ON_POST)
    {
      booru_sql_note_change (store->sql, BOORU_CHANGE_POST, vote->id);
      booru_sql_note_change (store->sql, BOORU_CHANGE_VOTE, vote->id);
    }
  else
    booru_sql_note_change (store->sql, BOORU_CHANGE_COMMENT, vote->id);
  return booru_sql_run (store->sql, error, targets[vote->target].add_to_score, "xiii", vote->id,
                        up + down, up, down);
}

static gboolean
vote_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  Vote *vote = data;
  const Target *target = &targets[vote->target];
  gint64 old;
  gint before;

  if (!check_there (store, vote, error) || !find_vote (store, vote, &old, &before, error))
    return FALSE;
  vote->vote_id = old;
  if (before == vote->score || (vote->only && before != 1))
    return TRUE;
  vote->vote_id = 0;
  return (old == 0 || booru_sql_run (store->sql, error, target->take_back, "xx", old, vote->now))
         && (vote->score == 0
             || booru_sql_read_number (store->sql, &vote->vote_id, error, target->insert, "xxix",
                                       vote->id, vote->user_id, vote->score, vote->now))
         && add_to_score (store, vote, before, vote->score, error);
}

gboolean
booru_store_vote (BooruStore *self,
                  BooruVoteTarget target,
                  gint64 id,
                  gint score,
                  const BooruUser *by,
                  gint64 *vote_id,
                  GError **error)
{
  Vote vote = { target, id, by->id, CLAMP (score, -1, 1), .now = g_get_real_time () };

  g_return_val_if_fail (BOORU_IS_STORE (self) && by != NULL, FALSE);
  if (!booru_store_write (self, BOORU_SQL_NORMAL, vote_in_transaction, &vote, error))
    return FALSE;
  if (vote_id != NULL)
    *vote_id = vote.vote_id;
  return TRUE;
}

gboolean
booru_store_put_vote (BooruStore *store, gint64 post_id, gint score, gint64 user_id, GError **error)
{
  Vote vote = { BOORU_VOTE_ON_POST, post_id, user_id, score, .now = g_get_real_time () };

  return vote_in_transaction (store, &vote, error);
}

/* Favourites. As on Danbooru, one is a vote for the post, too, and goes with it. */

typedef struct
{
  Vote vote;
  gboolean wanted;
} Favorite;

static gboolean
set_favorite_row (BooruStore *store, const Favorite *favorite, GError **error)
{
  gint64 post_id = favorite->vote.id, id;

  if (!booru_sql_read_number (store->sql, &id, error, "find-favorite", "xx", favorite->vote.user_id,
                              post_id))
    return FALSE;
  if ((id != 0) == favorite->wanted)
    return TRUE;
  if (favorite->wanted ? !booru_sql_read_number (store->sql, &id, error, "insert-favorite", "xx",
                                                 favorite->vote.user_id, post_id)
                       : !booru_sql_run (store->sql, error, "delete-favorite", "x", id))
    return FALSE;
  booru_sql_note_change (store->sql, BOORU_CHANGE_FAVORITE, id);
  booru_sql_note_change (store->sql, BOORU_CHANGE_POST, post_id);
  return booru_sql_run (store->sql, error, "add-to-fav-count", "xi", post_id,
                        favorite->wanted ? 1 : -1);
}

static gboolean
set_favorite_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  Favorite *favorite = data;

  return vote_in_transaction (store, &favorite->vote, error)
         && set_favorite_row (store, favorite, error);
}

gboolean
booru_store_put_favorite (BooruStore *store,
                          gint64 post_id,
                          gboolean wanted,
                          gint64 user_id,
                          GError **error)
{
  Favorite favorite
      = { { BOORU_VOTE_ON_POST, post_id, user_id, wanted, !wanted, .now = g_get_real_time () },
          wanted };

  return set_favorite_in_transaction (store, &favorite, error);
}

gboolean
booru_store_set_favorite (BooruStore *self,
                          gint64 post_id,
                          gboolean wanted,
                          const BooruUser *by,
                          GError **error)
{
  Favorite favorite
      = { { BOORU_VOTE_ON_POST, post_id, by->id, wanted, !wanted, .now = g_get_real_time () },
          wanted };

  g_return_val_if_fail (BOORU_IS_STORE (self) && by != NULL, FALSE);
  return booru_store_write (self, BOORU_SQL_NORMAL, set_favorite_in_transaction, &favorite, error);
}

gboolean
booru_store_get_opinion (BooruStore *self,
                         gint64 post_id,
                         gint64 user_id,
                         gboolean *is_favorite,
                         gint *score,
                         GError **error)
{
  Vote vote = { BOORU_VOTE_ON_POST, post_id, user_id };
  gint64 id, vote_id;

  g_return_val_if_fail (BOORU_IS_STORE (self), FALSE);
  if (!booru_sql_read_number (self->sql, &id, error, "find-favorite", "xx", user_id, post_id)
      || !find_vote (self, &vote, &vote_id, score, error))
    return FALSE;
  *is_favorite = id != 0;
  return TRUE;
}
