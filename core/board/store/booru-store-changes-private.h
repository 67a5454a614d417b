/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-store-changes.h"
#include "board/store/booru-store-private.h"

G_BEGIN_DECLS

/* Forgets what changed more than a week ago. */
gboolean booru_store_prune_changes (BooruStore *self, GError **error);

G_END_DECLS
