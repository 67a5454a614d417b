/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-relation.h"

void
booru_relation_free (BooruRelation *self)
{
  g_free (self->antecedent);
  g_free (self->consequent);
  g_free (self->reason);
  g_free (self);
}

void
booru_relation_item_free (BooruRelationItem *self)
{
  g_free (self->antecedent);
  g_free (self->consequent);
  g_free (self->reason);
  g_free (self->message);
  g_free (self);
}
