/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-run.h"

void
booru_index_run_init (BooruIndexRun *self,
                      BooruIndexBlocks *blocks,
                      const BooruIndexPlan *plan,
                      guint columns)
{
  self->blocks = blocks;
  self->plan = plan;
  self->columns = columns | booru_index_plan_get_columns (plan);
  self->levels = g_aligned_alloc (booru_index_plan_get_depth (plan), sizeof *self->levels, 64);
  self->spare = g_aligned_alloc (1, sizeof *self->spare, 64);
  self->base = g_aligned_alloc (1, sizeof *self->base, 64);
  self->merged = g_aligned_alloc (1, sizeof *self->merged, 64);
}

void
booru_index_run_clear (BooruIndexRun *self)
{
  g_clear_pointer (&self->levels, g_aligned_free);
  g_clear_pointer (&self->spare, g_aligned_free);
  g_clear_pointer (&self->base, g_aligned_free);
  g_clear_pointer (&self->merged, g_aligned_free);
}

gboolean
booru_index_run_find (BooruIndexRun *self, guint i, BooruIndexFound *found, GError **error)
{
  const BooruIndexSlot *slot = booru_index_blocks_get (self->blocks, i, self->columns, error);

  if (slot == NULL)
    return FALSE;
  found->n = 1;
  found->views[0] = (BooruIndexView){ slot->number, slot->block, NULL };
  found->sets[0] = booru_index_evaluate (self->plan, &found->views[0], self->levels);
  if (slot->overlay == NULL || booru_index_overlay_get_changed (slot->overlay).n == 0)
    return TRUE;

  /* Into a buffer of its own, as the levels are used again. */
  found->n = 2;
  found->sets[0] = booru_index_set_without (
      found->sets[0], booru_index_overlay_get_changed (slot->overlay), self->base);
  found->views[1] = (BooruIndexView){ slot->number, slot->block, slot->overlay };
  found->sets[1] = booru_index_evaluate (self->plan, &found->views[1], self->levels);
  return TRUE;
}

BooruIndexSet
booru_index_run_merge (BooruIndexRun *self, const BooruIndexFound *found)
{
  return found->n == 1 ? found->sets[0]
                       : booru_index_set_or (found->sets[0], found->sets[1], self->merged);
}

guint
booru_index_found_count (const BooruIndexFound *self)
{
  guint n = booru_index_set_count (self->sets[0]);

  return self->n == 1 ? n : n + booru_index_set_count (self->sets[1]);
}
