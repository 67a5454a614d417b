/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/rules/booru-post-state.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/booru-id-list.h"

void
booru_post_state_clear (BooruPostState *self)
{
  g_clear_pointer (&self->tags, g_array_unref);
  g_clear_pointer (&self->source, g_free);
}

void
booru_post_state_set_source (BooruPostState *self, const char *source)
{
  char *copy = g_strdup (source);

  g_free (self->source);
  self->source = copy;
}

void
booru_post_state_copy (BooruPostState *self, const BooruPostState *other)
{
  *self = *other;
  self->tags = g_array_copy (other->tags);
  self->source = g_strdup (other->source);
}

void
booru_post_state_replace (BooruPostState *self, const BooruPostState *by)
{
  g_array_set_size (self->tags, 0);
  g_array_append_vals (self->tags, by->tags->data, by->tags->len);
  self->rating = by->rating;
  self->parent_id = by->parent_id;
  booru_post_state_set_source (self, by->source);
}

gboolean
booru_post_state_has_same_tags (const BooruPostState *a, const BooruPostState *b)
{
  return a->tags->len == b->tags->len
         && (a->tags->len == 0
             || memcmp (a->tags->data, b->tags->data, a->tags->len * sizeof (gint64)) == 0);
}

gboolean
booru_post_state_equal (const BooruPostState *a, const BooruPostState *b)
{
  return booru_post_state_has_same_tags (a, b) && a->rating == b->rating
         && a->parent_id == b->parent_id && strcmp (a->source, b->source) == 0;
}

gboolean
booru_post_state_check (const BooruPostState *self, GError **error)
{
  if (self->tags->len <= BOORU_MAX_TAGS_PER_POST)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "Post %" G_GINT64_FORMAT " would have %u tags; %d are allowed", self->id,
               self->tags->len, BOORU_MAX_TAGS_PER_POST);
  return FALSE;
}

static void
undo_tags (BooruPostState *self, const GArray *before, const GArray *after)
{
  g_autoptr (GArray) tags = g_steal_pointer (&self->tags);

  self->tags = booru_id_list_new ();
  for (guint i = 0; i < tags->len; i++)
    {
      gint64 id = g_array_index (tags, gint64, i);

      if (booru_id_list_contain (before, id) || !booru_id_list_contain (after, id))
        g_array_append_val (self->tags, id);
    }
  for (guint i = 0; i < before->len; i++)
    {
      gint64 id = g_array_index (before, gint64, i);

      if (!booru_id_list_contain (after, id))
        g_array_append_val (self->tags, id);
    }
  booru_id_list_sort (self->tags);
}

void
booru_post_state_undo (BooruPostState *self,
                       const BooruPostState *before,
                       const BooruPostState *after)
{
  undo_tags (self, before->tags, after->tags);
  if (self->rating == after->rating)
    self->rating = before->rating;
  if (self->parent_id == after->parent_id)
    self->parent_id = before->parent_id;
  if (strcmp (self->source, after->source) == 0)
    booru_post_state_set_source (self, before->source);
}
