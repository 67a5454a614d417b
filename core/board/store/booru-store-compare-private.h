/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing new posts with all others, a little at a time. */
#pragma once

#include "board/store/booru-store-private.h"

G_BEGIN_DECLS

/* Within a write: the hashes of a post are new, and so is the post itself, if @is_new. */
gboolean
booru_store_compare_later (BooruStore *store, gint64 post_id, gboolean is_new, GError **error);

G_END_DECLS
