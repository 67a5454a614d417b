/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Aliases and implications as the store uses them. */
#pragma once

#include "board/booru-store-relations.h"
#include "board/rules/booru-relations.h"
#include "board/store/booru-store-post-state-private.h"

G_BEGIN_DECLS

/* Those that are in force in the view that the caller reads from, or in its write. They are kept
 * until somebody changes one; that nobody did is known without a statement, or within a read, by
 * one for each generation of the store. Transfer none, until the next call. */
BooruRelations *booru_store_get_relations (BooruStore *store, GError **error);

/* The board's generations: of its last write, and of the last one that changed relations. */
typedef struct
{
  guint64 board;
  gint64 relations;
} BooruGenerations;

/* Outside of a write: of the view that the caller reads from. */
gboolean
booru_store_read_generations (BooruStore *store, BooruGenerations *generations, GError **error);

/* Within a write: what aliases and implications make of the tags of a post that goes from @before
 * to @after. */
gboolean booru_store_imply (BooruStore *store,
                            const BooruPostState *before,
                            BooruPostState *after,
                            const BooruVersionBy *by,
                            GError **error);

G_END_DECLS
