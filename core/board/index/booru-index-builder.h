/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the rows of a block to its image. */
#pragma once

#include "booru-index-image.h"
#include "booru-index-source.h"

G_BEGIN_DECLS

typedef struct _BooruIndexBuilder BooruIndexBuilder;

BooruIndexBuilder *booru_index_builder_new (guint32 number);
void booru_index_builder_free (BooruIndexBuilder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruIndexBuilder, booru_index_builder_free)

/* Rows of the block, ascending by their ids. BOORU_ERROR_LIMIT: it cannot be held. */
gboolean
booru_index_builder_add (BooruIndexBuilder *self, const BooruIndexRow *row, GError **error);

/* @identity: of the block. Transfer full. */
GBytes *booru_index_builder_finish (BooruIndexBuilder *self, const BooruIndexIdentity *identity);

G_END_DECLS
