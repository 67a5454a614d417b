/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/rules/booru-tag-edit.h"
#include "board/store/booru-store-private.h"

G_BEGIN_DECLS

/* Within a write: what else an edit says of a post. BOORU_ERROR_INVALID: what cannot be done. */
gboolean booru_store_apply_tag_edit_lists (BooruStore *store,
                                           gint64 post_id,
                                           const GPtrArray *lists,
                                           gint64 editor_id,
                                           GError **error);

G_END_DECLS
