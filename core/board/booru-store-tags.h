/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags by themselves. */
#pragma once

#include "board/booru-store.h"

G_BEGIN_DECLS

/**
 * BooruTagChange:
 * @name: (nullable): its new name, as typed; %NULL: keep
 * @category: a #BooruTagCategory; -1: keep
 * @is_deprecated: whether it is deprecated; -1: keep
 *
 * What is to be changed of a tag.
 */
typedef struct
{
  const char *name;
  gint category;
  gint is_deprecated;
} BooruTagChange;

/**
 * BOORU_TAG_CHANGE_INIT:
 *
 * The initial value of a #BooruTagChange: nothing.
 */
#define BOORU_TAG_CHANGE_INIT                                                                      \
  {                                                                                                \
    .category = -1, .is_deprecated = -1                                                            \
  }

/**
 * booru_store_get_tag:
 * @self: a store
 * @id: a tag's number
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the tag
 */
BooruTag *booru_store_get_tag (BooruStore *self, gint64 id, GError **error);

/**
 * booru_store_edit_tag:
 * @self: a store
 * @id: a tag's number
 * @wanted: what to change
 * @editor_id: who changes it
 * @job_id: (out) (optional): the job that can be undone; 0: nothing has changed
 * @error: %BOORU_ERROR_NOT_FOUND; %BOORU_ERROR_INVALID: the name cannot be a tag;
 *   %BOORU_ERROR_EXISTS: another tag has it, or it is an alias of another
 *
 * A tag that is renamed keeps its posts, its aliases and implications; its old name becomes an
 * alias of the new one. Two tags become one by an alias (booru_store_add_relation()). A deprecated
 * tag stays on its posts, and people cannot add it to others.
 *
 * Returns: (transfer full): the tag as it is afterwards
 */
BooruTag *booru_store_edit_tag (BooruStore *self,
                                gint64 id,
                                const BooruTagChange *wanted,
                                gint64 editor_id,
                                gint64 *job_id,
                                GError **error);

G_END_DECLS
