/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/store/booru-store-jobs-private.h"

G_BEGIN_DECLS

/* Within a write that makes @undo, which takes back an edit of a tag: does so at once. */
gboolean booru_store_turn_tag (BooruStore *store,
                               GVariant *params,
                               gint64 user_id,
                               BooruJobDraft *undo,
                               GError **error);

G_END_DECLS
