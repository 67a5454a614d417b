/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pairs are found from the side of a post that is new or has a new hash: a batch of such posts is
 * held against every row of hashes, some rows at a time, so that whoever asks is never kept for
 * long. What changes meanwhile is noted as not compared itself, so that no pair is missed; and what
 * was found is measured once more before it is stored. */
#include "board/sqlite/booru-sqlite-compare.h"

#include <string.h>

/* As many posts are compared with a row while it is at hand. */
#define BATCH 64
/* The nearest of a post; else the frames of one scene would fill the table with each other. */
#define PAIRS_PER_POST 20

typedef struct
{
  gint64 post_id;
  BooruSqliteNearest nearest;
} Candidate;

static void
candidate_clear (gpointer data)
{
  booru_sqlite_nearest_clear (&((Candidate *)data)->nearest);
}

void
booru_sqlite_comparison_clear (BooruSqliteComparison *self)
{
  g_clear_pointer (&self->posts, g_array_unref);
  self->next_block = self->next_frames = 0;
}

static gboolean
run_for_post (BooruSqliteDb *db, const char *name, gint64 post_id, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, name, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, post_id);
  return booru_sqlite_db_run (db, statement, error);
}

gboolean
booru_sqlite_compare_later (BooruSqliteDb *db, gint64 post_id, GError **error)
{
  return run_for_post (db, "delete-open-pairs-of-post", post_id, error)
         && run_for_post (db, "add-uncompared", post_id, error);
}

/* How far apart pairs may be */

/* -1: nothing was compared yet; -2: an error. */
static gint
read_max_distance (BooruSqliteDb *db, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "get-comparison", error);
  int code = statement ? booru_sqlite_db_step (db, statement, error) : SQLITE_ERROR;

  if (code == SQLITE_ROW)
    return sqlite3_column_int (statement, 0);
  return code == SQLITE_DONE ? -1 : -2;
}

static gboolean
run (BooruSqliteDb *db, const char *name, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, name, error);

  return statement && booru_sqlite_db_run (db, statement, error);
}

/* What was not looked for has to be; what is not wanted any more goes. */
static gboolean
change_max_distance (BooruSqliteDb *db, gpointer data, GError **error)
{
  gint wanted = GPOINTER_TO_INT (data), known = read_max_distance (db, error);

  if (known == -2)
    return FALSE;
  if (wanted > known && !run (db, "add-all-uncompared", error))
    return FALSE;
  return run_for_post (db, "delete-far-pairs", wanted, error)
         && run (db, "delete-comparison", error)
         && run_for_post (db, "put-comparison", wanted, error);
}

static gboolean
ensure_max_distance (BooruSqliteDb *db,
                     BooruSqliteComparison *self,
                     guint max_distance,
                     GError **error)
{
  gint known = read_max_distance (db, error);

  if (known == -2 || known == (gint)max_distance)
    return known != -2;
  booru_sqlite_comparison_clear (self);
  return booru_sqlite_db_write (db, BOORU_SQLITE_NORMAL, change_max_distance,
                                GUINT_TO_POINTER (max_distance), error);
}

/* Batches */

static gboolean
add_candidate (BooruSqliteDb *db, GArray *posts, gint64 id, guint max_distance, GError **error)
{
  g_autoptr (GArray) hashes = g_array_new (FALSE, FALSE, sizeof (guint64));
  Candidate candidate = { .post_id = id };

  if (!booru_sqlite_hashes_of_post (db, id, hashes, error))
    return FALSE;
  /* One more: it is near to itself. */
  booru_sqlite_nearest_init (&candidate.nearest, (const guint64 *)(gpointer)hashes->data,
                             hashes->len, max_distance, PAIRS_PER_POST + 1);
  g_array_append_val (posts, candidate);
  return TRUE;
}

static GArray *
take_batch (BooruSqliteDb *db, guint max_distance, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "list-uncompared", error);
  g_autoptr (GArray) posts = g_array_new (FALSE, FALSE, sizeof (Candidate));
  int code;

  g_array_set_clear_func (posts, candidate_clear);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int (statement, 1, BATCH);
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    if (!add_candidate (db, posts, sqlite3_column_int64 (statement, 0), max_distance, error))
      return NULL;
  return code == SQLITE_DONE ? g_steal_pointer (&posts) : NULL;
}

/* Looks at rows of one table from @next on until @deadline. */
static gboolean
look_at_rows (BooruSqliteDb *db,
              const char *name,
              GArray *posts,
              gint64 *next,
              gint64 deadline,
              GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, name, error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, *next);
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    {
      BooruSqliteHashRow row = booru_sqlite_hashes_read_row (statement);

      for (guint i = 0; i < posts->len; i++)
        booru_sqlite_nearest_look (&g_array_index (posts, Candidate, i).nearest, &row);
      *next = row.key + 1;
      if (g_get_monotonic_time () >= deadline)
        return TRUE;
    }
  if (code == SQLITE_DONE)
    *next = G_MAXINT64;
  return code == SQLITE_DONE;
}

/* Storing what was found */

/* The distance as it is now; G_MAXUINT if there is nothing to compare. */
static gboolean
measure_again (BooruSqliteDb *db, gint64 post_id, gint64 other_id, guint *distance, GError **error)
{
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GArray) theirs = g_array_new (FALSE, FALSE, sizeof (guint64));

  if (!booru_sqlite_hashes_of_post (db, post_id, ours, error)
      || !booru_sqlite_hashes_of_post (db, other_id, theirs, error))
    return FALSE;
  *distance = G_MAXUINT;
  for (guint i = 0; i < ours->len; i++)
    for (guint j = 0; j < theirs->len; j++)
      *distance
          = MIN (*distance, (guint)__builtin_popcountll (g_array_index (ours, guint64, i)
                                                         ^ g_array_index (theirs, guint64, j)));
  return TRUE;
}

static gboolean
store_pair (BooruSqliteDb *db, gint64 post_id, const BooruSimilar *similar, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = NULL;
  guint distance;

  if (similar->post_id == post_id)
    return TRUE;
  if (!measure_again (db, post_id, similar->post_id, &distance, error))
    return FALSE;
  if (distance > similar->distance) /* it has a new hash, and is compared again itself */
    return TRUE;
  statement = booru_sqlite_db_statement (db, "put-pair", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, MIN (post_id, similar->post_id));
  sqlite3_bind_int64 (statement, 2, MAX (post_id, similar->post_id));
  sqlite3_bind_int64 (statement, 3, distance);
  return booru_sqlite_db_run (db, statement, error);
}

/* Whether a post still looks as it did when its batch was taken. */
static gboolean
is_unchanged (BooruSqliteDb *db, const Candidate *candidate, gboolean *unchanged, GError **error)
{
  g_autoptr (GArray) now = g_array_new (FALSE, FALSE, sizeof (guint64));
  const GArray *then = candidate->nearest.wanted;

  if (!booru_sqlite_hashes_of_post (db, candidate->post_id, now, error))
    return FALSE;
  *unchanged
      = now->len == then->len
        && (now->len == 0 || memcmp (now->data, then->data, now->len * sizeof (guint64)) == 0);
  return TRUE;
}

static gboolean
store_batch (BooruSqliteDb *db, gpointer data, GError **error)
{
  const BooruSqliteComparison *self = data;

  for (guint i = 0; i < self->posts->len; i++)
    {
      Candidate *candidate = &g_array_index (self->posts, Candidate, i);
      g_autoptr (GArray) found = booru_sqlite_nearest_finish (&candidate->nearest);
      gboolean unchanged;

      if (!is_unchanged (db, candidate, &unchanged, error))
        return FALSE;
      if (!unchanged)
        continue;
      for (guint j = 0; j < found->len; j++)
        if (!store_pair (db, candidate->post_id, &g_array_index (found, BooruSimilar, j), error))
          return FALSE;
      if (!run_for_post (db, "remove-uncompared", candidate->post_id, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
booru_sqlite_compare (BooruSqliteDb *db,
                      BooruSqliteComparison *self,
                      guint max_distance,
                      gint64 duration,
                      gboolean *done,
                      GError **error)
{
  gint64 deadline = g_get_monotonic_time () + duration;

  *done = FALSE;
  if (!ensure_max_distance (db, self, max_distance, error))
    return FALSE;
  if (self->posts == NULL)
    self->posts = take_batch (db, max_distance, error);
  if (self->posts == NULL)
    return FALSE;
  if (self->posts->len == 0)
    {
      booru_sqlite_comparison_clear (self);
      *done = TRUE;
      return TRUE;
    }

  if (self->next_block != G_MAXINT64)
    return look_at_rows (db, "scan-hash-blocks", self->posts, &self->next_block, deadline, error);
  if (self->next_frames != G_MAXINT64)
    return look_at_rows (db, "scan-frame-hashes", self->posts, &self->next_frames, deadline, error);
  if (!booru_sqlite_db_write (db, BOORU_SQLITE_NORMAL, store_batch, self, error))
    return FALSE;
  booru_sqlite_comparison_clear (self);
  return TRUE;
}
