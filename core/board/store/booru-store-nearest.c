/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inner loop of every search for alike pictures, and the best of what it sees. */
#include "board/store/booru-store-hashes-private.h"

#include <string.h>

#define MAX_BITS 64
#define NO_HASH 255 /* farther than anything can be */

/* The distance of each of @n packed hashes from the nearest of @wanted. */
static inline __attribute__ ((always_inline)) void
measure (const guint8 *packed, guint n, const guint64 *wanted, guint n_wanted, guint8 *distances)
{
  for (guint i = 0; i < n; i++)
    {
      guint64 hash;
      guint nearest = NO_HASH;

      memcpy (&hash, packed + (gsize)i * sizeof hash,
              sizeof hash); /* it lies as it lies in the page */
      hash = GUINT64_FROM_LE (hash);
      for (guint j = 0; j < n_wanted; j++)
        nearest = MIN (nearest, (guint)__builtin_popcountll (hash ^ wanted[j]));
      distances[i] = hash != 0 ? nearest : NO_HASH;
    }
}

#if defined(__x86_64__)
/* Every such processor since 2008 has the instruction, but compilers may not take that for granted.
 * No ifunc: its resolver runs before the sanitizers are ready. */
__attribute__ ((target ("popcnt"))) static void
measure_by_instruction (const guint8 *packed,
                        guint n,
                        const guint64 *wanted,
                        guint n_wanted,
                        guint8 *distances)
{
  measure (packed, n, wanted, n_wanted, distances);
}
#endif

static void
measure_quickly (const BooruHashRow *row, GArray *wanted, guint8 *distances)
{
  const guint64 *hashes = (const guint64 *)(gpointer)wanted->data;

#if defined(__x86_64__)
  if (__builtin_cpu_supports ("popcnt"))
    {
      measure_by_instruction (row->packed, row->n, hashes, wanted->len, distances);
      return;
    }
#endif
  measure (row->packed, row->n, hashes, wanted->len, distances);
}

void
booru_nearest_init (BooruNearest *self,
                    const guint64 *hashes,
                    guint n_hashes,
                    guint max_distance,
                    guint limit)
{
  *self = (BooruNearest){ .wanted = g_array_new (FALSE, FALSE, sizeof (guint64)),
                          .found = g_array_new (FALSE, FALSE, sizeof (BooruSimilar)),
                          .max_distance = MIN (max_distance, MAX_BITS),
                          .limit = limit };
  for (guint i = 0; i < n_hashes; i++)
    if (hashes[i] != 0)
      g_array_append_val (self->wanted, hashes[i]);
}

void
booru_nearest_clear (BooruNearest *self)
{
  g_clear_pointer (&self->wanted, g_array_unref);
  g_clear_pointer (&self->found, g_array_unref);
}

static void
drop_far (BooruNearest *self)
{
  guint kept = 0;

  for (guint i = 0; i < self->found->len; i++)
    {
      const BooruSimilar *similar = &g_array_index (self->found, BooruSimilar, i);

      if (similar->distance <= self->max_distance)
        g_array_index (self->found, BooruSimilar, kept++) = *similar;
    }
  g_array_set_size (self->found, kept);
}

/* What is farther than as many others as are wanted is not taken up any more. */
static void
take (BooruNearest *self, gint64 post_id, guint distance)
{
  BooruSimilar similar = { post_id, distance };

  g_array_append_val (self->found, similar);
  self->n_at[distance]++;
  self->n++;
  while (self->max_distance > 0 && self->n - self->n_at[self->max_distance] >= self->limit)
    self->n -= self->n_at[self->max_distance--];
  if (self->found->len > 2 * self->n + 1024)
    drop_far (self);
}

/**
 * booru_nearest_look:
 * @self: what is wanted, and what was found before
 * @row: more hashes
 *
 * Takes up what is near enough.
 */
void
booru_nearest_look (BooruNearest *self, const BooruHashRow *row)
{
  guint8 distances[BOORU_STORE_BLOCK_LENGTH];
  guint best = NO_HASH;

  measure_quickly (row, self->wanted, distances);
  for (guint i = 0; i < row->n; i++)
    if (row->is_one_post)
      best = MIN (best, distances[i]);
    else if (distances[i] <= self->max_distance)
      take (self, row->first_id + i, distances[i]);
  if (best <= self->max_distance)
    take (self, row->first_id, best);
}

static int
compare_similar (gconstpointer a, gconstpointer b)
{
  const BooruSimilar *left = a, *right = b;

  if (left->distance != right->distance)
    return left->distance < right->distance ? -1 : 1;
  return (left->post_id < right->post_id) - (left->post_id > right->post_id);
}

GArray *
booru_nearest_finish (BooruNearest *self)
{
  drop_far (self);
  g_array_sort (self->found, compare_similar);
  g_array_set_size (self->found, MIN (self->found->len, self->limit));
  return g_array_ref (self->found);
}
