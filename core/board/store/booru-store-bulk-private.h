/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/rules/booru-bulk.h"
#include "board/store/booru-store-private.h"

G_BEGIN_DECLS

/* Within a write: a script with its names looked up. What it adds is made; what it takes away and
 * does not exist is left out. @bulk: empty. */
gboolean booru_store_resolve_bulk (BooruStore *store,
                                   const char *script,
                                   gint64 now,
                                   BooruBulk *bulk,
                                   GError **error);

G_END_DECLS
