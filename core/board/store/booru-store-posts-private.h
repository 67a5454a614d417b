/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/store/booru-store-private.h"

G_BEGIN_DECLS

/* The posts of these ids (GArray of gint64), in this order, by at most two statements; those that
 * do not exist are left out. Transfer full, of BooruPost. */
GPtrArray *booru_store_posts_get (BooruStore *store, const GArray *ids, GError **error);

G_END_DECLS
