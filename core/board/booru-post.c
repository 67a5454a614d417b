/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-post.h"

#include <string.h>

BooruPost *
booru_post_new (void)
{
  BooruPost *self = g_new0 (BooruPost, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->rating = BOORU_RATING_GENERAL;
  self->source = g_strdup ("");
  self->media.duration = -1;
  self->media.frames = 1;
  self->tags = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_tag_ref_free);
  return self;
}

BooruPost *
booru_post_ref (BooruPost *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
booru_post_unref (BooruPost *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->tags);
  g_free (self->source);
  g_free (self);
}

guint
booru_post_count_tags (const BooruPost *self, BooruTagCategory category)
{
  guint count = 0;

  g_return_val_if_fail (self != NULL, 0);
  for (guint i = 0; i < self->tags->len; i++)
    count += ((const BooruTagRef *)self->tags->pdata[i])->category == category;
  return count;
}

void
booru_post_append_tags (const BooruPost *self, BooruTagCategory category, GString *out)
{
  g_return_if_fail (self != NULL && out != NULL);

  gsize start = out->len;

  for (guint i = 0; i < self->tags->len; i++)
    {
      const BooruTagRef *tag = self->tags->pdata[i];

      if (tag->category != category)
        continue;
      if (out->len > start)
        g_string_append_c (out, ' ');
      g_string_append (out, tag->name);
    }
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const BooruTagRef *const *first = a, *const *second = b;

  return strcmp ((*first)->name, (*second)->name);
}

char *
booru_post_dup_tag_string (const BooruPost *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_autofree gpointer *sorted = g_memdup2 (self->tags->pdata, self->tags->len * sizeof (gpointer));
  GString *out = g_string_new (NULL);

  if (self->tags->len > 0)
    qsort (sorted, self->tags->len, sizeof (gpointer), compare_names);
  for (guint i = 0; i < self->tags->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ' ');
      g_string_append (out, ((const BooruTagRef *)sorted[i])->name);
    }
  return g_string_free (out, FALSE);
}
