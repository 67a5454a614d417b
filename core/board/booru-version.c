/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-version.h"

void
booru_version_free (BooruVersion *self)
{
  g_return_if_fail (self != NULL);
  g_strfreev (self->tags_before);
  g_strfreev (self->tags_after);
  g_free (self->note);
  g_free (self->source_before);
  g_free (self->source_after);
  g_free (self);
}

static GPtrArray *
subtract (char **from, char **what)
{
  GPtrArray *rest = g_ptr_array_new ();

  for (guint i = 0; from[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *)what, from[i]))
      g_ptr_array_add (rest, from[i]);
  return rest;
}

GPtrArray *
booru_version_get_added (const BooruVersion *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return subtract (self->tags_after, self->tags_before);
}

GPtrArray *
booru_version_get_removed (const BooruVersion *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return subtract (self->tags_before, self->tags_after);
}
