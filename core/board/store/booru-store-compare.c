/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pairs are found from the side of a post that is new or has a new hash: a batch of such posts is
 * held against every row of hashes, some rows at a time, so that whoever asks is never kept for
 * long. What changes meanwhile is noted as not compared itself, so that no pair is missed; and what
 * was found is measured once more before it is stored. */
#include "board/store/booru-store-compare-private.h"

#include <string.h>

#include "board/store/booru-store-hashes-private.h"

/* As many posts are compared with a row while it is at hand. */
#define BATCH 64
/* The nearest of a post; else the frames of one scene would fill the table with each other. */
#define PAIRS_PER_POST 20

typedef struct
{
  gint64 post_id;
  BooruNearest nearest;
} Candidate;

/* A batch of posts, and how far it has got. Nothing of it is lost with the process: posts stay
 * noted as not compared until their pairs are stored. */
struct _BooruComparison
{
  GArray *posts;      /* Candidate; NULL: no batch */
  gint64 next_block;  /* G_MAXINT64: all blocks were looked at … */
  gint64 next_frames; /* … and then all posts with frames, up to this one */
};

static void
candidate_clear (gpointer data)
{
  booru_nearest_clear (&((Candidate *)data)->nearest);
}

static void
comparison_free (gpointer data)
{
  BooruComparison *self = data;

  g_clear_pointer (&self->posts, g_array_unref);
  g_free (self);
}

static BooruComparison *
ensure_comparison (BooruStore *store)
{
  if (store->comparison == NULL)
    {
      store->comparison = g_new0 (BooruComparison, 1);
      booru_store_own (store, store->comparison, comparison_free);
    }
  return store->comparison;
}

gboolean
booru_store_compare_later (BooruStore *store, gint64 post_id, gboolean is_new, GError **error)
{
  return (is_new || booru_sql_run (store->sql, error, "delete-open-pairs-of-post", "x", post_id))
         && booru_sql_run (store->sql, error, "add-uncompared", "x", post_id);
}

/* How far apart pairs may be */

/* -1: nothing was compared yet. */
static gboolean
read_max_distance (BooruStore *store, gint64 *distance, GError **error)
{
  return booru_sql_read_number (store->sql, distance, error, "get-comparison", "");
}

/* What was not looked for has to be; what is not wanted any more goes. */
static gboolean
change_max_distance (BooruStore *store, gpointer data, GError **error)
{
  gint64 wanted = GPOINTER_TO_UINT (data), known;

  if (!read_max_distance (store, &known, error)
      || (wanted > known && !booru_sql_run (store->sql, error, "add-all-uncompared", "")))
    return FALSE;
  return booru_sql_run (store->sql, error, "delete-far-pairs", "x", wanted)
         && booru_sql_run (store->sql, error, "delete-comparison", "")
         && booru_sql_run (store->sql, error, "put-comparison", "x", wanted);
}

static gboolean
ensure_max_distance (BooruStore *store, guint max_distance, GError **error)
{
  gint64 known;

  if (!read_max_distance (store, &known, error))
    return FALSE;
  if (known == max_distance)
    return TRUE;
  g_clear_pointer (&ensure_comparison (store)->posts, g_array_unref);
  return booru_store_write (store, BOORU_SQL_NORMAL, change_max_distance,
                            GUINT_TO_POINTER (max_distance), error);
}

/* Batches */

static gboolean
add_candidate (BooruStore *store, GArray *posts, gint64 id, guint max_distance, GError **error)
{
  g_autoptr (GArray) hashes = booru_store_list_hashes (store, id, error);
  Candidate candidate = { .post_id = id };

  if (hashes == NULL)
    return FALSE;
  /* One more: it is near to itself. */
  booru_nearest_init (&candidate.nearest, (const guint64 *)(gpointer)hashes->data, hashes->len,
                      max_distance, PAIRS_PER_POST + 1);
  g_array_append_val (posts, candidate);
  return TRUE;
}

static GArray *
list_uncompared (BooruStore *store, GError **error)
{
  g_autoptr (GArray) ids = booru_id_list_new ();
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, "list-uncompared", "i", BATCH);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      gint64 id = booru_sql_get_number (rows, 0);

      g_array_append_val (ids, id);
    }
  return step == BOORU_SQL_DONE ? g_steal_pointer (&ids) : NULL;
}

/* FALSE with an error; TRUE with no batch begun where no post waits. */
static gboolean
begin_batch (BooruStore *store, guint max_distance, GError **error)
{
  BooruComparison *self = ensure_comparison (store);
  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (store);
  g_autoptr (GArray) ids = list_uncompared (store, error);
  g_autoptr (GArray) posts = g_array_new (FALSE, FALSE, sizeof (Candidate));

  g_array_set_clear_func (posts, candidate_clear);
  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!add_candidate (store, posts, g_array_index (ids, gint64, i), max_distance, error))
      return FALSE;
  if (posts->len > 0)
    {
      self->posts = g_steal_pointer (&posts);
      self->next_block = self->next_frames = 0;
    }
  return TRUE;
}

/* Looks at rows of one table from @next on until @deadline. */
static gboolean
look_at_rows (BooruStore *store,
              const char *name,
              GArray *posts,
              gint64 *next,
              gint64 deadline,
              GError **error)
{
  g_autoptr (BooruSqlStatement) rows = booru_sql_query (store->sql, error, name, "x", *next);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      BooruHashRow row = booru_store_hashes_read_row (rows);

      for (guint i = 0; i < posts->len; i++)
        booru_nearest_look (&g_array_index (posts, Candidate, i).nearest, &row);
      *next = row.key + 1;
      if (g_get_monotonic_time () >= deadline)
        return TRUE;
    }
  if (step == BOORU_SQL_DONE)
    *next = G_MAXINT64;
  return step == BOORU_SQL_DONE;
}

/* Storing what was found */

/* The distance as it is now; G_MAXUINT if there is nothing to compare. */
static gboolean
measure_again (BooruStore *store, gint64 post_id, gint64 other_id, guint *distance, GError **error)
{
  g_autoptr (GArray) ours = booru_store_list_hashes (store, post_id, error);
  g_autoptr (GArray) theirs
      = ours != NULL ? booru_store_list_hashes (store, other_id, error) : NULL;

  if (theirs == NULL)
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
store_pair (BooruStore *store, gint64 post_id, const BooruSimilar *similar, GError **error)
{
  guint distance;

  if (similar->post_id == post_id)
    return TRUE;
  if (!measure_again (store, post_id, similar->post_id, &distance, error))
    return FALSE;
  if (distance > similar->distance) /* it has a new hash, and is compared again itself */
    return TRUE;
  return booru_sql_run (store->sql, error, "put-pair", "xxu", MIN (post_id, similar->post_id),
                        MAX (post_id, similar->post_id), distance);
}

/* Whether a post still looks as it did when its batch was taken. */
static gboolean
is_unchanged (BooruStore *store, const Candidate *candidate, gboolean *unchanged, GError **error)
{
  g_autoptr (GArray) now = booru_store_list_hashes (store, candidate->post_id, error);
  const GArray *then = candidate->nearest.wanted;

  if (now == NULL)
    return FALSE;
  *unchanged
      = now->len == then->len
        && (now->len == 0 || memcmp (now->data, then->data, now->len * sizeof (guint64)) == 0);
  return TRUE;
}

static gboolean
store_batch (BooruStore *store, gpointer data, GError **error)
{
  const BooruComparison *self = data;

  for (guint i = 0; i < self->posts->len; i++)
    {
      Candidate *candidate = &g_array_index (self->posts, Candidate, i);
      g_autoptr (GArray) found = booru_nearest_finish (&candidate->nearest);
      gboolean unchanged;

      if (!is_unchanged (store, candidate, &unchanged, error))
        return FALSE;
      if (!unchanged)
        continue;
      for (guint j = 0; j < found->len; j++)
        if (!store_pair (store, candidate->post_id, &g_array_index (found, BooruSimilar, j), error))
          return FALSE;
      if (!booru_sql_run (store->sql, error, "remove-uncompared", "x", candidate->post_id))
        return FALSE;
    }
  return TRUE;
}

/* A part of the comparison under way. */
static gboolean
go_on (BooruStore *store, BooruComparison *self, gint64 deadline, GError **error)
{
  if (self->next_block != G_MAXINT64)
    return look_at_rows (store, "scan-hash-blocks", self->posts, &self->next_block, deadline,
                         error);
  if (self->next_frames != G_MAXINT64)
    return look_at_rows (store, "scan-frame-hashes", self->posts, &self->next_frames, deadline,
                         error);
  if (!booru_store_write (store, BOORU_SQL_NORMAL, store_batch, self, error))
    return FALSE;
  g_clear_pointer (&self->posts, g_array_unref);
  return TRUE;
}

gboolean
booru_store_compare_posts (BooruStore *self,
                           guint max_distance,
                           gint64 duration,
                           gboolean *done,
                           GError **error)
{
  gint64 deadline = g_get_monotonic_time () + duration;

  g_return_val_if_fail (BOORU_IS_STORE (self) && done != NULL, FALSE);

  *done = FALSE;
  if (!ensure_max_distance (self, max_distance, error)
      || (ensure_comparison (self)->posts == NULL && !begin_batch (self, max_distance, error)))
    return FALSE;
  if (self->comparison->posts != NULL)
    return go_on (self, self->comparison, deadline, error);
  *done = TRUE;
  return TRUE;
}
