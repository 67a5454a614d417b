/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/rules/booru-bulk.h"

#include <string.h>

#include "board/booru-id-list.h"

void
booru_bulk_clear (BooruBulk *self)
{
  g_clear_pointer (&self->added, g_array_unref);
  g_clear_pointer (&self->removed, g_array_unref);
  g_clear_pointer (&self->source, g_free);
}

void
booru_bulk_apply (const BooruBulk *self, BooruPostState *state)
{
  booru_id_list_unite (state->tags, self->added);
  booru_id_list_keep (state->tags, self->removed, FALSE);
  if (self->rating != 0)
    state->rating = self->rating;
  if (self->source != NULL)
    booru_post_state_set_source (state, self->source);
  if (self->unparent_id != 0 && self->unparent_id == state->parent_id)
    state->parent_id = 0;
  if (self->parent_id >= 0 && self->parent_id != state->id)
    state->parent_id = self->parent_id;
}

/* What was added to @from or taken away from it on the way to @to: ids. */
static GArray *
list_differences (const GArray *from, const GArray *to)
{
  g_autoptr (GArray) gone = g_array_copy ((GArray *)from);
  GArray *differences = g_array_copy ((GArray *)to);

  booru_id_list_keep (differences, from, FALSE);
  booru_id_list_keep (gone, to, FALSE);
  booru_id_list_unite (differences, gone);
  return differences;
}

void
booru_post_state_spare (BooruPostState *wanted,
                        const BooruPostState *before,
                        const BooruPostState *then,
                        const BooruPostState *since)
{
  g_autoptr (GArray) touched = list_differences (then->tags, since->tags);
  g_autoptr (GArray) kept = g_array_copy (before->tags);

  booru_id_list_keep (kept, touched, TRUE);
  booru_id_list_keep (wanted->tags, touched, FALSE);
  booru_id_list_unite (wanted->tags, kept);
  if (then->rating != since->rating)
    wanted->rating = before->rating;
  if (then->parent_id != since->parent_id)
    wanted->parent_id = before->parent_id;
  if (strcmp (then->source, since->source) != 0)
    booru_post_state_set_source (wanted, before->source);
}
