/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of a post can be changed by users and by imports, and what follows from a change. */
#pragma once

#include "board/booru-post.h"
#include "board/booru-version.h"

G_BEGIN_DECLS

/* More than any picture needs; a list that is longer was pasted by mistake. */
#define BOORU_MAX_TAGS_PER_POST 1000
#define BOORU_MAX_SOURCE_LENGTH 8192 /* bytes */

typedef struct
{
  gint64 id;
  BooruPostStatus status;
  GArray *tags; /* ids, ascending */
  char rating;
  char *source;
  gint64 parent_id;
} BooruPostState;

void booru_post_state_clear (BooruPostState *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BooruPostState, booru_post_state_clear)

/* @self is empty. */
void booru_post_state_copy (BooruPostState *self, const BooruPostState *other);
/* All but the id and the status. */
void booru_post_state_replace (BooruPostState *self, const BooruPostState *by);
void booru_post_state_set_source (BooruPostState *self, const char *source);

gboolean booru_post_state_has_same_tags (const BooruPostState *a, const BooruPostState *b);
gboolean booru_post_state_equal (const BooruPostState *a, const BooruPostState *b);

/* BOORU_ERROR_INVALID: more than BOORU_MAX_TAGS_PER_POST. */
gboolean booru_post_state_check (const BooruPostState *self, GError **error);

/* Undoes the change from @before to @after: what that added goes, what it took away comes back, and
 * what others did since stays. */
void booru_post_state_undo (BooruPostState *self,
                            const BooruPostState *before,
                            const BooruPostState *after);

G_END_DECLS
