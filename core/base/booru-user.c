/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-user.h"

BooruUser *
booru_user_new (gint64 id, const char *name, BooruAccess access)
{
  BooruUser *self;

  g_return_val_if_fail (name != NULL && access > BOORU_ACCESS_DEFAULT, NULL);
  self = g_new0 (BooruUser, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->id = id;
  self->name = g_strdup (name);
  self->access = access;
  return self;
}

BooruUser *
booru_user_ref (BooruUser *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
booru_user_unref (BooruUser *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->name);
  g_free (self);
}
