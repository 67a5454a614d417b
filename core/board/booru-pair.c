/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-pair.h"

void
booru_pair_free (BooruPair *self)
{
  g_return_if_fail (self != NULL);
  g_clear_pointer (&self->post, booru_post_unref);
  g_clear_pointer (&self->other, booru_post_unref);
  g_free (self);
}
