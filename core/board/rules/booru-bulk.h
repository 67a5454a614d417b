/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One edit for many posts, and what people did to them meanwhile. */
#pragma once

#include "board/rules/booru-post-state.h"

G_BEGIN_DECLS

/* Whose names have been looked up. */
typedef struct
{
  GArray *added, *removed; /* ids, ascending */
  char rating;             /* 0: keep */
  char *source;            /* NULL: keep */
  gint64 parent_id;        /* -1: keep; 0: none */
  gint64 unparent_id;      /* taken away if it is the parent; 0: none */
} BooruBulk;

void booru_bulk_clear (BooruBulk *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruBulk, booru_bulk_clear)

/* A post is not made its own parent. */
void booru_bulk_apply (const BooruBulk *self, BooruPostState *state);

/* What of the change from @before to @wanted is left when somebody has changed the same from @then
 * to @since meanwhile: their change stays. Other things that @wanted changes stay changed. */
void booru_post_state_spare (BooruPostState *wanted,
                             const BooruPostState *before,
                             const BooruPostState *then,
                             const BooruPostState *since);

G_END_DECLS
